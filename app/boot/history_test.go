package boot

import (
	"os"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/files"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// onboardPast makes an organization of a sector as it stood before its past.
func onboardPast(t *testing.T, w *dbtest.World, clock *pastClock, root *tenants.Root, kind tenants.Kind) *tenants.Tenant {
	t.Helper()
	spec, err := tenants.Sector(kind)
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := tenants.Onboard(t.Context(), root, spec)
	if err != nil {
		t.Fatal(err)
	}
	db := root.For(tenant)
	defer db.Release()
	err = db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := staff.Seed(t.Context(), tx, staff.Cheap(), spec.Staff, func(string) string { return DemoPassword }); err != nil {
			return err
		}
		return seedExecutives(t.Context(), tx, spec.Executives)
	})
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func TestTry(t *testing.T) {
	w := dbtest.Empty(t)
	clock := &pastClock{}
	now := time.Date(2026, 11, 22, 3, 5, 0, 0, time.UTC)
	clock.now = nineMonths(now).from.AddDate(0, 0, -30)
	root, err := tenants.Open(t.Context(), w.URL, w.Dir, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	tenant := onboardPast(t, w, clock, root, tenants.Kind(os.Getenv("KIND")))
	h, err := openHistory(t.Context(), root, clock, tenant, now)
	if err != nil {
		t.Fatal(err)
	}
	if h.store, err = files.OpenStore(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := h.write(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(began), h.acts)
	if keep := os.Getenv("KEEP"); keep != "" {
		h.db.Release()
		root.Close()
		for _, suffix := range []string{"", "-wal"} {
			raw, _ := os.ReadFile(w.Dir + "/pasokh.db" + suffix)
			os.WriteFile(keep+suffix, raw, 0o600)
		}
	}
}
