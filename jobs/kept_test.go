package jobs_test

import (
	"path/filepath"
	"testing"
	"time"

	"pasokh/app/privacy"
	"pasokh/app/staff"
	"pasokh/jobs"
	"pasokh/tenants"
)

// What has had its time goes from a suspended organization too.
func TestASuspendedOrganizationIsPurged(t *testing.T) {
	w := newWorld(t)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		s := &staff.Staff{ID: tenants.NewID(), UserName: "someone", NameFA: "کسی", NameEN: "Someone", Mobile: "+989121112233", CreatedAt: tx.Now()}
		if err := tx.Insert(t.Context(), s); err != nil {
			return err
		}
		return staff.SetEmail(t.Context(), tx, s.ID, "someone@example.ir")
	})
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Move(t.Context(), tenants.StatusSuspended, "قرارداد پایان یافت")
	})
	w.Clock.Advance(32 * 24 * time.Hour)
	if err := jobs.RunClock(t.Context(), w.Deps, "purge"); err != nil {
		t.Fatal(err)
	}
	if n, err := w.For(t, w.A).Select((*staff.Left)(nil)).Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d rows are left, %v", n, err)
	}
}

// That an organization was deleted stands outside the database.
func TestADeletionIsKeptOutside(t *testing.T) {
	w := newWorld(t)
	w.Deps.Erasures = privacy.NewLedger(filepath.Join(t.TempDir(), "erasures.log"))
	at := w.Clock.Now()
	m := &tenants.Removal{OrganizationID: w.B.ID, Number: "1", Slug: w.B.Slug, NameFA: "ب", NameEN: "B", Reason: "x", AskedAt: at, Counts: map[string]int64{}}
	if err := w.Root.UnscopedBeginRemoval(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if err := w.Root.UnscopedSaveOrganization(t.Context(), &tenants.Tenant{ID: w.B.ID, DeletedAt: &at}, "deleted_at"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := jobs.RunClock(t.Context(), w.Deps, "handover.removals"); err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.Deps.Erasures.Read()
	if err != nil || len(all) != 1 || len(all[w.B.ID]) != 1 || all[w.B.ID][0].CitizenID != 0 {
		t.Errorf("%v, %v", all, err)
	}
}
