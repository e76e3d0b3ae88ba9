package files_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/files"
	"pasokh/tenants"
)

func TestEveryOrganizationHasItsOwnFolder(t *testing.T) {
	w := dbtest.New(t)
	store, dir := newStore(t)
	f, content := stored(t, w, store, upload("a.pdf", []byte(pdf)), files.Place{Subject: desk})
	path := filepath.Join(dir, strconv.FormatInt(w.A.ID, 10), f.Blob[:2], f.Blob)
	raw, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(raw, content) {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	foreign := *f
	foreign.TenantID = w.B.ID
	if r, err := store.Open(&foreign); err == nil {
		_ = r.Close()
		t.Error("another organization opens the bytes")
	}
}

func TestStoreOpensItsOwnKeysOnly(t *testing.T) {
	_, dir := newStore(t)
	store, err := files.OpenStore(dir) // opening a store that stands is fine
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // read only
	if err := os.WriteFile(filepath.Join(dir, "..", "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, blob := range []string{"", "x", "../secret", "../../secret", "/etc/passwd", "0123456789abcdef0123456789abcdef"} {
		if r, err := store.Open(&files.File{Blob: blob}); err == nil {
			_ = r.Close()
			t.Errorf("%q opens", blob)
		}
	}
}

func TestSweepTakesWhatNoRowNames(t *testing.T) {
	w := dbtest.New(t)
	store, dir := newStore(t)
	kept, _ := stored(t, w, store, upload("kept.pdf", []byte(pdf)), files.Place{Subject: desk})
	if _, err := receive(t, w, store, upload("never saved.pdf", []byte(pdf))); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(dir, strconv.FormatInt(w.A.ID, 10), "ab")
	if err := os.MkdirAll(half, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "abcd.part"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	age(t, dir, dbtest.Start)
	sweep := func(tenant *tenants.Tenant) int {
		db := w.Root.For(tenant)
		defer db.Release()
		n, err := files.Sweep(t.Context(), db, store)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	w.Clock.Advance(59 * time.Minute)
	if n := sweep(w.A); n != 0 {
		t.Errorf("%d taken that may still be saved", n)
	}
	w.Clock.Advance(time.Minute)
	if n := sweep(w.B); n != 0 {
		t.Errorf("another organization took %d", n)
	}
	if n := sweep(w.A); n != 2 || count(t, dir) != 1 {
		t.Errorf("%d taken, %d left", n, count(t, dir))
	}
	if content := bytesOf(t, store, kept); string(content) != pdf {
		t.Error("a file with a row is gone")
	}
}

// age puts all files to an instant of the test's clock.
func age(t *testing.T, dir string, at time.Time) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, at, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}
