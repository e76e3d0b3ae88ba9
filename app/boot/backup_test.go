package boot_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/backup"
	"pasokh/app/boot"
	"pasokh/app/citizens"
	"pasokh/app/files"
	"pasokh/tenants"
)

// installed is an installation with the demonstration's data and files in it.
func installed(t *testing.T) boot.Config {
	t.Helper()
	c := configured(t)
	a, err := boot.Open(t.Context(), c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.LoadDemo(t.Context(), io.Discard), many(t, a, 3000), a.Close()); err != nil {
		t.Fatal(err)
	}
	return c
}

// many writes rows with every letter that a format could stumble over.
func many(t *testing.T, a *boot.App, n int) error {
	list, err := a.Root.UnscopedTenants(t.Context())
	if err != nil {
		return err
	}
	db := a.Root.For(&list[0])
	defer db.Release()
	got, err := a.Files.Receive(db, files.Upload{Name: "حکم.pdf", Body: strings.NewReader("%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")})
	if err != nil {
		return err
	}
	return db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		if _, err := files.Save(t.Context(), tx, got, files.Place{Subject: files.Subject{Kind: "complaint", ID: 1}}); err != nil {
			return err
		}
		for range n {
			if err := audit.Record(t.Context(), tx, "test", "backup", 1, "تب\tسطر\n نقل' \\N \\. \"\u200c"); err != nil {
				return err
			}
		}
		return nil
	})
}

// elsewhere is a new, empty place to restore to.
func elsewhere(t *testing.T, c boot.Config) boot.Config {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(c.Data, "key")) // no archive holds it
	if err != nil {
		t.Fatal(err)
	}
	c.Data, c.KeyFile = t.TempDir(), filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(c.KeyFile, key, 0o600); err != nil {
		t.Fatal(err)
	}
	if c.DatabaseURL == "" {
		return c
	}
	empty := dbtest.Empty(t)
	c.DatabaseURL = empty.URL
	return c
}

func backedUp(t *testing.T, c boot.Config) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "one.tar.zst")
	var out bytes.Buffer
	if err := boot.WriteBackup(t.Context(), c, boot.Backup{To: name, Verify: true}, &out); err != nil {
		t.Fatal(err)
	}
	t.Log(strings.TrimSpace(out.String()))
	return name
}

// The restore drill: backup, restore into a new place, the same sums, the
// program starts there, a page answers, the audit chain holds.
func TestRestoreDrill(t *testing.T) {
	from := installed(t)
	archive := backedUp(t, from)
	to := elsewhere(t, from)
	var out bytes.Buffer
	if err := boot.RestoreBackup(t.Context(), to, boot.Restore{From: archive}, &out); err != nil {
		t.Fatal(err)
	}
	t.Log(strings.TrimSpace(out.String()))
	t.Run("nothing is overwritten", func(t *testing.T) {
		if err := boot.RestoreBackup(t.Context(), to, boot.Restore{From: archive}, io.Discard); err == nil || !strings.Contains(err.Error(), "empty") {
			t.Fatal(err)
		}
		bare := to
		bare.Data = t.TempDir()
		if bare.DatabaseURL == "" {
			return
		}
		if err := boot.RestoreBackup(t.Context(), bare, boot.Restore{From: archive}, io.Discard); !errors.Is(err, tenants.ErrNotEmpty) {
			t.Fatal(err)
		}
	})
	t.Run("the same again", func(t *testing.T) { sameSums(t, from, to) })
	t.Run("serves", func(t *testing.T) { serves(t, to) })
}

func sameSums(t *testing.T, from, to boot.Config) {
	before, after := manifest(t, from), manifest(t, to)
	if before.Rows() < 3000 || before.Files == 0 || before.Files != after.Files || before.Missing+after.Missing > 0 {
		t.Fatalf("%d rows, %d and %d files, %d and %d missing", before.Rows(), before.Files, after.Files, before.Missing, after.Missing)
	}
	for name, sum := range before.Tables {
		if after.Tables[name] != sum {
			t.Errorf("%s: %+v became %+v", name, sum, after.Tables[name])
		}
	}
}

func manifest(t *testing.T, c boot.Config) *backup.Manifest {
	t.Helper()
	f, err := os.Open(backedUp(t, c))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	m, err := backup.Verify(f, tenants.SystemClock, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func serves(t *testing.T, c boot.Config) {
	a := opened(t, c)
	list, err := a.Root.UnscopedTenants(t.Context())
	if err != nil || len(list) < 3 {
		t.Fatal(len(list), err)
	}
	lines := int64(0)
	for i := range list {
		db := a.Root.For(&list[i])
		good, broken, err := audit.Verify(t.Context(), db)
		db.Release()
		if err != nil || broken != 0 {
			t.Errorf("%s: the audit chain breaks at %d, %v", list[i].Slug, broken, err)
		}
		lines += good
	}
	if lines < 3000 {
		t.Errorf("only %d lines of audit", lines)
	}
	if a.Root.Postgres() {
		walled(t, a.Root)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- boot.Serve(ctx, c, false, io.Discard) }()
	if got := get(t, c.Addr, "gas.localhost", ended); got != 200 {
		t.Errorf("the restored page answers %d", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// walled tells whether row-level security came back with the rows.
func walled(t *testing.T, root *tenants.Root) {
	tables, err := tenants.UnscopedSchema(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if len(table.Columns) > 0 && strings.Contains(strings.Join(table.Columns, ","), "tenant_id") && !table.Secured {
			t.Errorf("%s is not secured", table.Name)
		}
	}
	if n, err := tenants.UnscopedVisibleWithoutTenant(t.Context(), root, "units"); err != nil || n != 0 {
		t.Errorf("%d units are seen without a tenant, %v", n, err)
	}
}

// A damaged archive is refused before anything is touched.
func TestDamagedArchivesAreRefused(t *testing.T) {
	c := installed(t)
	whole, err := os.ReadFile(backedUp(t, c))
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 0x40
	for name, content := range map[string][]byte{
		"flipped": flipped, "cut": whole[:len(whole)*2/3], "end cut": whole[:len(whole)-9], "empty": nil, "other": []byte("PK\x03\x04 something else"),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a.tar.zst")
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			to := c
			to.Data, to.DatabaseURL = t.TempDir(), ""
			err := boot.RestoreBackup(t.Context(), to, boot.Restore{From: file}, io.Discard)
			if !errors.Is(err, backup.ErrDamaged) {
				t.Fatalf("%v", err)
			}
			if _, err := os.Stat(filepath.Join(to.Data, "pasokh.db")); !errors.Is(err, os.ErrNotExist) {
				t.Fatal("something was written")
			}
		})
	}
}

// An archive of another schema names both and what to do.
func TestArchiveOfAnotherSchemaIsRefused(t *testing.T) {
	c := installed(t)
	if err := alter(t, c, "INSERT INTO bun_migrations (name, group_id) VALUES ('29990101000000', 99)"); err != nil {
		t.Fatal(err)
	}
	archive := backedUp(t, c)
	err := boot.RestoreBackup(t.Context(), elsewhere(t, c), boot.Restore{From: archive}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "29990101000000") || !strings.Contains(err.Error(), "then upgrade") {
		t.Fatal(err)
	}
}

// alter changes the database behind the program's back.
func alter(t *testing.T, c boot.Config, statement string) error {
	driver, source := "pgx", c.DatabaseURL
	if source == "" {
		driver, source = "sqlite", (&url.URL{Scheme: "file", Opaque: filepath.Join(c.Data, "pasokh.db")}).String()
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(t.Context(), statement)
	return errors.Join(err, db.Close())
}

// Whoever was erased after the backup was made does not come back with it.
func TestTheErasedStayErased(t *testing.T) {
	from := installed(t)
	a := opened(t, from)
	tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), "gas")
	if err != nil {
		t.Fatal(err)
	}
	var gone *citizens.Citizen
	db := a.Root.For(tenant)
	err = db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		gone, err = citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: "09121112233", NationalID: "0499370899", Name: "سارا محمدی", Verified: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	archive := backedUp(t, from)
	if err := a.EraseCitizen(t.Context(), boot.EraseOrder{Tenant: "gas", Citizen: gone.ID, Reason: "به درخواست خودشان"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	to := elsewhere(t, from)
	if err := boot.RestoreBackup(t.Context(), to, boot.Restore{From: archive, Erasures: filepath.Join(from.Data, "erasures.log")}, io.Discard); err != nil {
		t.Fatal(err)
	}
	b := opened(t, to)
	there := b.Root.For(tenant)
	defer there.Release()
	c, err := citizens.ByID(t.Context(), there, gone.ID)
	if err != nil || c.ErasedAt == nil || c.SubjectKey != "" || c.Name == gone.Name {
		t.Error("the erased person came back", err)
	}
}
