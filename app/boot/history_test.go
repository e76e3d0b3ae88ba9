package boot

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// today is Sunday 1 Azar 1405 in Tehran, before the CEO's meetings begin.
var today = time.Date(2026, 11, 22, 3, 5, 0, 0, time.UTC)

// newHistory makes an organization of a sector as it stood before its past, in
// a database of its own behind a clock that the history moves.
func newHistory(t *testing.T, kind tenants.Kind, now time.Time) *history {
	t.Helper()
	w, clock := dbtest.Empty(t), &pastClock{beforeHistory(now)}
	root, err := tenants.Open(t.Context(), w.URL, w.Dir, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	root.UseKeys(dbtest.Keys())
	t.Cleanup(func() { _ = root.Close() })
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
	return reopen(t, &history{root: root, clock: clock, tenant: tenant}, now)
}

// reopen begins again with an organization of which nothing is written yet.
func reopen(t *testing.T, h *history, now time.Time) *history {
	t.Helper()
	h, err := openHistory(t.Context(), h.root, h.clock, h.tenant, now)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The one heavy test: the past of the gas company with all its promises. Under
// the race detector, which makes SQLite twenty times slower, it is shorter
// and without pictures; that the numbers are exact, TestHistoryOnAnyDay shows there.
func TestGasHistory(t *testing.T) {
	h := newHistory(t, tenants.Gas, today)
	if raceDetector {
		h.words.Cases, h.words.Open, h.words.Meetings, h.words.People = 36, 20, 5, 8
	}
	if !raceDetector {
		var err error
		if h.store, err = files.OpenStore(t.TempDir()); err != nil {
			t.Fatal(err)
		}
		defer h.store.Close() //nolint:errcheck // a folder of the test
	}
	last := 0
	if err := h.write(t.Context(), func(done, total int) { last = 100 * done / total }); err != nil {
		t.Fatal(err)
	}
	if last != 100 {
		t.Errorf("progress ends at %d %%", last)
	}
	db := h.root.For(h.tenant)
	defer db.Release()
	t.Run("cases", func(t *testing.T) { checkCases(t, h, db) })
	t.Run("meetings", func(t *testing.T) { checkMeetings(t, h, db) })
	t.Run("record", func(t *testing.T) { checkRecord(t, h, db) })
	t.Run("committee", func(t *testing.T) { checkCommittee(t, db) })
	t.Run("files", func(t *testing.T) { checkFiles(t, h, db) })
	t.Run("quality", func(t *testing.T) { checkQuality(t, h, db) })
}

// The numbers are exact on whatever day the demonstration is loaded.
func TestHistoryOnAnyDay(t *testing.T) {
	h := newHistory(t, tenants.Gas, today)
	for _, at := range []string{"1405-09-01", "1405-08-30", "1405-09-19", "1405-10-01", "1405-10-20", "1405-12-29", "1406-01-02", "1406-05-15"} {
		t.Run(at, func(t *testing.T) {
			d, err := persian.ParseDate(at)
			if err != nil {
				t.Fatal(err)
			}
			now := d.Time(11, 20, persian.Tehran).UTC()
			h := reopen(t, h, now)
			defer h.db.Release()
			if err := h.plan(t.Context()); err != nil {
				t.Fatal(err)
			}
			cases, people := 0, 0
			for _, c := range h.cases {
				if !c.start.Before(h.months.from) && c.start.Before(h.months.until) {
					cases++
				}
				if c.at.After(now) {
					t.Errorf("a step of a %s case lies ahead: %s", c.route, c.at)
				}
			}
			for _, m := range h.met {
				people += m.people
			}
			if passed := persian.DateOf(h.months.end(now).In(persian.Tehran)); passed.Month < 9 || cases != 432 || people != 118 {
				t.Errorf("until %s: %d cases, %d people met", passed, cases, people)
			}
		})
	}
}

// The same day gives the same history.
func TestHistoryIsTheSame(t *testing.T) {
	for _, kind := range []tenants.Kind{tenants.Gas, tenants.Municipality} {
		h := newHistory(t, kind, today)
		var stories [2][]string
		for i := range stories {
			h = reopen(t, h, today)
			if err := h.plan(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.db.Release()
			stories[i] = tell(h)
		}
		if !slices.Equal(stories[0], stories[1]) {
			t.Errorf("%s: two histories differ", kind)
		}
	}
}

func tell(h *history) (list []string) {
	for _, c := range h.cases {
		list = append(list, fmt.Sprint(c.route, c.start, c.at, c.in.Kind, c.in.Channel, c.in.Text, c.in.Place, len(c.acts)))
	}
	for _, m := range h.met {
		list = append(list, fmt.Sprint(m.start, m.slot, m.people, m.about.Subject, m.who.name))
	}
	return list
}

// A shorter past of each other sector runs to its end too, with districts,
// lines and all.
func TestOtherHistories(t *testing.T) {
	for _, kind := range []tenants.Kind{tenants.Water, tenants.Metro, tenants.Municipality, tenants.FreeZone} {
		t.Run(string(kind), func(t *testing.T) {
			h := newHistory(t, kind, today)
			if h.words.Cases, h.words.Meetings, h.words.People = h.words.Open+30, 8, 11; raceDetector {
				h.words.Cases, h.words.Open, h.words.Meetings, h.words.People = 10, 8, 1, 2
			}
			if err := h.write(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			checkPeople(t, h)
		})
	}
}

func checkPeople(t *testing.T, h *history) {
	t.Helper()
	db := h.root.For(h.tenant)
	defer db.Release()
	n, err := db.Select((*complaints.Complaint)(nil)).Count(context.Background())
	met, metErr := meetings.PeopleMet(t.Context(), db, 0, h.months.from, h.months.until)
	if err != nil || metErr != nil || int(n) != h.words.Cases || met.People != h.words.People {
		t.Errorf("%d cases, %+v met, %v %v", n, met, err, metErr)
	}
}
