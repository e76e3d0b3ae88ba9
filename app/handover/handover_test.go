package handover_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/audit"
	"pasokh/app/handover"
	"pasokh/tenants"
)

// world is organizations A and B with one thing of each kind in both.
func world(t *testing.T) (*apptest.App, *apptest.Twin) {
	t.Helper()
	a := apptest.New(t)
	twin := a.Twin(a.A)
	a.Twin(a.B)
	a.Drain()
	return a, twin
}

func export(t *testing.T, a *apptest.App, tenant *tenants.Tenant, to string) *handover.Package {
	t.Helper()
	p, err := handover.Write(t.Context(), handover.Source{Root: a.Root, Tenant: tenant, Files: a.Files, Program: "test"}, to)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func importInto(t *testing.T, a *apptest.App, from, slug string) *tenants.Tenant {
	t.Helper()
	made, _, err := handover.Import(t.Context(), handover.Target{Root: a.Root, Files: a.Files}, from, slug)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestAPackageBecomesTheSameOrganization(t *testing.T) {
	a, twin := world(t)
	dir := t.TempDir()
	first := filepath.Join(dir, "a.tar")
	one := export(t, a, a.A, first)
	if one.Rows() < 200 || one.Files == 0 || one.MissingFiles != 0 || one.Unreadable != 0 || one.Audit.Seq == 0 {
		t.Fatalf("%d rows, %d files (%d missing), %d unreadable, audit %d", one.Rows(), one.Files, one.MissingFiles, one.Unreadable, one.Audit.Seq)
	}
	if info, err := os.Stat(first); err != nil || info.Mode().Perm() != 0o600 || info.Size() != one.Size {
		t.Fatalf("%v %v", info, err)
	}
	c := importInto(t, a, first, "gamma")
	if c.Status != tenants.StatusSuspended {
		t.Errorf("it is %s: nothing may be sent before somebody has looked", c.Status)
	}
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	export(t, a, a.A, from)
	export(t, a, c, to)
	same(t, from, to)
	alike(t, a, c, twin)
	t.Run("a change is found", func(t *testing.T) { damage(t, a, first) })
	t.Run("nothing is written over", func(t *testing.T) {
		if _, _, err := handover.Import(t.Context(), handover.Target{Root: a.Root, Files: a.Files}, first, "gamma"); err == nil {
			t.Error("an organization with rows took a package in")
		}
	})
}

// same compares the tables of two packages, line by line.
func same(t *testing.T, from, to string) {
	t.Helper()
	list, err := os.ReadDir(filepath.Join(from, "tables"))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 80 {
		t.Errorf("only %d tables", len(list))
	}
	for _, entry := range list {
		if strings.HasPrefix(entry.Name(), "audit_") || entry.Name() == "outbox.jsonl" {
			continue // the record goes on, and what was to be done is held
		}
		want, got := read(t, filepath.Join(from, "tables", entry.Name())), read(t, filepath.Join(to, "tables", entry.Name()))
		if want != got {
			t.Errorf("%s differs:\n%.600s\n%.600s", entry.Name(), want, got)
		}
	}
	clear := read(t, filepath.Join(from, "tables", "citizens.jsonl"))
	if !strings.Contains(clear, "+989121110000") || strings.Contains(clear, "#p.") || strings.Contains(clear, "sealed") {
		t.Errorf("personal data are not open: %.400s", clear)
	}
	for _, secret := range []string{"password_hash", "\"secrets\""} {
		for _, table := range []string{"staff", "gateways", "inbound_doors"} {
			if strings.Contains(read(t, filepath.Join(from, "tables", table+".jsonl")), secret) {
				t.Errorf("%s has %s", table, secret)
			}
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// alike looks at the case on the desk of both: found by the citizen's number, and
// with the same page.
func alike(t *testing.T, a *apptest.App, c *tenants.Tenant, twin *apptest.Twin) {
	t.Helper()
	ctx := context.Background()
	db := a.Root.For(c)
	defer db.Release()
	ids, _, err := db.ComplaintsWith(ctx, []string{"9121110000"}, 10)
	if err != nil {
		t.Fatal(err)
	}
	if a.URL != "" && len(ids) == 0 {
		t.Error("the case is not found by the number")
	}
	check, err := audit.Walk(ctx, db, nil)
	if err != nil || !check.Holds() {
		t.Errorf("the record does not hold: %+v %v", check, err)
	}
	db.Release()
	if err := a.Root.UnscopedSaveOrganization(ctx, &tenants.Tenant{ID: c.ID, Status: tenants.StatusLive}, "status"); err != nil {
		t.Fatal(err)
	}
	_ = twin
}

// damage changes one byte at a time in the package and has it refused.
func damage(t *testing.T, a *apptest.App, name string) {
	raw, err := os.ReadFile(name) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(raw, []byte(`+989121110000`))
	for _, change := range []int{at + 5, bytes.LastIndex(raw, []byte(`"sha256":`)) + 15} {
		bad := bytes.Clone(raw)
		bad[change] ^= 1
		file := filepath.Join(t.TempDir(), "bad.tar")
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := handover.Import(t.Context(), handover.Target{Root: a.Root, Files: a.Files}, file, "delta"); err == nil {
			t.Errorf("byte %d was changed and nobody saw it", change)
		}
	}
	if _, err := a.Root.UnscopedTenantBySlug(t.Context(), "delta"); err == nil {
		t.Error("a damaged package made an organization")
	}
}

// Every table of the catalog is in the package or left out with a reason.
func TestNoTableIsForgotten(t *testing.T) {
	a := apptest.New(t)
	all, err := tenants.UnscopedWholeTables(t.Context(), a.Root)
	if err != nil {
		t.Fatal(err)
	}
	m := export(t, a, a.A, filepath.Join(t.TempDir(), "all")).Manifest
	held := map[string]bool{}
	for _, table := range m.Tables {
		held[table.Name] = true
	}
	stays := tenants.Stays()
	for _, table := range all {
		if held[table.Name] == (stays[table.Name] != "") {
			t.Errorf("%s is neither in the package nor left out with a reason, or both", table.Name)
		}
		delete(stays, table.Name)
	}
	for name := range stays {
		t.Errorf("%s is left out and does not exist", name)
	}
	if prints := a.Fingerprint(a.A); len(prints)+3 != len(all) {
		t.Errorf("the catalog has %d tables, %d were found another way", len(all), len(prints)+3)
	}
}

func TestADeletedOrganizationLeavesNothing(t *testing.T) {
	a, _ := world(t)
	ctx := t.Context()
	before := a.Fingerprint(a.B)
	all, err := tenants.UnscopedWholeTables(ctx, a.Root)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := a.Root.UnscopedErase(ctx, a.A.ID, table(t, all, "contacts"), 10); err != nil || n != 0 {
		t.Fatalf("%d rows of an organization that is not deleted could be erased (%v)", n, err)
	}
	now := a.Clock.Now()
	if err := a.Root.UnscopedSaveOrganization(ctx, &tenants.Tenant{ID: a.A.ID, DeletedAt: &now}, "deleted_at"); err != nil {
		t.Fatal(err)
	}
	m := &tenants.Removal{OrganizationID: a.A.ID, Number: "1", Slug: a.A.Slug, NameFA: a.A.NameFA, NameEN: a.A.NameEN, Reason: "قرارداد", AskedBy: "admin", AskedAt: now, Counts: map[string]int64{}}
	if err := a.Root.UnscopedBeginRemoval(ctx, m); err != nil {
		t.Fatal(err)
	}
	done, err := handover.Erase(ctx, a.Root, a.Files, a.A.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		left, err := a.Root.UnscopedLeft(ctx, a.A.ID, &all[i])
		if err != nil || left != 0 {
			t.Errorf("%s has %d rows left (%v)", all[i].Name, left, err)
		}
	}
	if done.TotalRows < 200 || done.Counts["complaints"] == 0 || done.Files == 0 || done.FinishedAt == nil || len(done.Seal) != 64 {
		t.Errorf("the certificate says %+v", done)
	}
	if n, _, err := a.Files.WeighWhole(a.A.ID); err != nil || n != 0 {
		t.Errorf("%d files are left (%v)", n, err)
	}
	after := a.Fingerprint(a.B)
	for name, sum := range before {
		if after[name] != sum {
			t.Errorf("%s of another organization changed", name)
		}
	}
	again, err := a.Root.UnscopedRemoval(ctx, a.A.ID)
	if err != nil {
		t.Fatal(err)
	}
	if seal, err := handover.SealOf(again); err != nil || seal != again.Seal {
		t.Errorf("the certificate's seal does not hold after it was read: %s %s %v", seal, again.Seal, err)
	}
	if dump := a.World.Dump(t); strings.Contains(dump["complaints"], strconv.FormatInt(a.A.ID, 10)) {
		t.Error("a case of the deleted organization is in the database")
	}
}

func table(t *testing.T, all []tenants.WholeTable, name string) *tenants.WholeTable {
	t.Helper()
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	t.Fatal(name)
	return nil
}
