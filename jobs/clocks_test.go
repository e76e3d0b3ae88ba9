package jobs_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/jobs"
	"pasokh/tenants"
)

func runClock(t testing.TB, o *office, name string) {
	t.Helper()
	if err := jobs.RunClock(t.Context(), o.Deps, name); err != nil {
		t.Fatal(err)
	}
}

func TestUnknownClock(t *testing.T) {
	w := newWorld(t)
	if err := jobs.RunClock(t.Context(), w.Deps, "nothing"); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
}

func TestSessionsAreGeneratedAsTimeGoesOn(t *testing.T) {
	o := newOffice(t)
	sessions := func() (n int) {
		db := o.Root.For(o.A)
		defer db.Release()
		if _, _, err := laterSession(t.Context(), db); err == nil {
			n = 1
		}
		return n
	}
	for range 3 {
		o.Clock.Advance(60 * 24 * time.Hour)
		runClock(t, o, "meetings.sessions")
		if sessions() == 0 {
			t.Fatal("no session can be booked")
		}
	}
}

func TestPurgeRemovesWhatHasEnded(t *testing.T) {
	o := newOffice(t)
	d := &citizens.Draft{Kind: citizens.DraftComplaint, Holder: tenants.HashToken(tenants.NewToken()), Content: []byte(`{}`)}
	o.write(tenants.Actor{Kind: tenants.Citizen}, func(ctx context.Context, tx *tenants.Tx) error { return citizens.SaveDraft(ctx, tx, d) })
	rows := func() int {
		db := o.Root.For(o.A)
		defer db.Release()
		var list []citizens.Draft
		if err := db.Select(&list).Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	runClock(t, o, "purge")
	if rows() != 1 {
		t.Fatal("a live draft is gone")
	}
	o.Clock.Advance(citizens.DraftLife + time.Minute)
	runClock(t, o, "purge")
	if rows() != 0 {
		t.Fatal("an ended draft stays")
	}
}

func TestFixedHolidaysAreWrittenOnce(t *testing.T) {
	o := newOffice(t)
	for range 2 {
		runClock(t, o, "holidays")
		list, err := o.Root.UnscopedHolidays(t.Context(), "2026-11-21", "2028-11-20")
		if err != nil || len(list) < 20 || len(list) > 22 {
			t.Fatalf("%d holidays, %v", len(list), err)
		}
		if list[0].Day != "2027-02-11" { // 22 Bahman 1405
			t.Fatalf("first: %+v", list[0])
		}
	}
}
