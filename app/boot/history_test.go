package boot

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
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
	t.Run("files", func(t *testing.T) { checkFiles(t, h, db) })
}

func checkCases(t *testing.T, h *history, db *tenants.DB) {
	var all []complaints.Complaint
	if err := db.Select(&all).Order("c.id").Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	states, facts, texts, open := map[complaints.State]int{}, map[complaints.Fact]int{}, map[string]bool{}, 0
	for i := range all {
		c := &all[i]
		states[c.State]++
		texts[c.Text] = true
		if c.RegisteredAt.Before(h.months.from) || c.RegisteredAt.After(h.now) {
			t.Errorf("case registered at %s", c.RegisteredAt)
		}
		if c.Open() {
			open++
			checkOpen(t, db, c)
			continue
		}
		facts[c.Fact]++
		if c.Fact == "" || c.Result == "" || c.ClosedAt == nil || c.ClosedAt.After(h.now) {
			t.Errorf("case %s closed at %v with fact %q, result %q", c.Code, c.ClosedAt, c.Fact, c.Result)
		}
	}
	if len(states) != 9 {
		t.Errorf("states %v: some never are", states)
	}
	if raceDetector {
		return
	}
	if len(all) != 432 || len(facts) != 7 {
		t.Errorf("%d cases, want 432; facts %v", len(all), facts)
	}
	if open < len(all)*8/100 || open > len(all)*12/100 {
		t.Errorf("%d of %d cases are open", open, len(all))
	}
	if len(texts) < 350 {
		t.Errorf("only %d different texts", len(texts))
	}
}

// checkOpen: no open case without an owner and a clock that is the one its
// events make.
func checkOpen(t *testing.T, db *tenants.DB, c *complaints.Complaint) {
	t.Helper()
	events, err := timeline.Of(t.Context(), db, c.Subject(), false)
	if err != nil {
		t.Fatal(err)
	}
	class, err := tenants.SLAClassByID(t.Context(), db, c.SLAClassID)
	if err != nil {
		t.Fatal(err)
	}
	hours, err := tenants.WorkingTimeOf(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	clocks := complaints.Wind(events, class, hours, db.Tenant().Settings)
	if c.UnitID == 0 || !clocks.Due.Equal(c.DueAt) || !clocks.Promised.Equal(c.PromisedAt) {
		t.Errorf("case %s of unit %d is due %s and promised %s, its events say %+v", c.Code, c.UnitID, c.DueAt, c.PromisedAt, clocks)
	}
	if c.NextClockAt != nil && !c.NextClockAt.After(db.Now()) {
		t.Errorf("the clock of case %s came at %s and nobody looked", c.Code, c.NextClockAt)
	}
}

func checkMeetings(t *testing.T, h *history, db *tenants.DB) {
	met, err := meetings.PeopleMet(t.Context(), db, 0, h.months.from, h.months.until)
	if err != nil || met.People != h.words.People || !raceDetector && met.People != 118 {
		t.Errorf("met %+v, %v; want 118 people", met, err)
	}
	day, err := meetings.Day(t.Context(), db, 0, h.now)
	if err != nil || len(day) != 1 || len(day[0].Meetings) < 4 {
		t.Errorf("the session of today: %+v, %v", day, err)
	}
	if raceDetector {
		return
	}
	var all []meetings.Meeting
	if err := db.Select(&all).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	states := map[meetings.State]int{}
	for _, m := range all {
		states[m.State]++
	}
	for _, s := range []meetings.State{meetings.Requested, meetings.Approved, meetings.FollowUp, meetings.Closed, meetings.Absent, meetings.Cancelled} {
		if states[s] == 0 {
			t.Errorf("no meeting is %s: %v", s, states)
		}
	}
	tally, err := directives.Counts(t.Context(), db, h.cast.executives[0].ID)
	if err != nil || tally.Open == 0 || tally.Overdue == 0 || tally.Reported == 0 || tally.Done < 40 || tally.Kept == tally.Done {
		t.Errorf("directives %+v, %v", tally, err)
	}
}

// checkRecord: events and audit tell the story in its order, and nothing of it
// is sent to anybody.
func checkRecord(t *testing.T, h *history, db *tenants.DB) {
	if good, broken, err := audit.Verify(t.Context(), db); err != nil || broken != 0 || good < 200 {
		t.Errorf("audit: %d lines hold, %d is broken, %v", good, broken, err)
	}
	var events []timeline.Event
	if err := db.Select(&events).Order("event.id").Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(events, func(a, b timeline.Event) int { return a.At.Compare(b.At) }) {
		t.Error("the events are not in the order of time")
	}
	var scores []complaints.Score
	if err := db.Select(&scores).Scan(t.Context()); err != nil || len(scores) < 5 {
		t.Errorf("%d scores, %v", len(scores), err)
	}
	due, err := h.root.UnscopedDueTasks(t.Context(), h.now, 10)
	if err != nil || len(due) > 0 {
		t.Errorf("%d tasks would tell of the past, %v", len(due), err)
	}
	due, err = h.root.UnscopedDueTasks(t.Context(), h.now.AddDate(0, 0, 14), 100)
	if err != nil || len(due) < 2 {
		t.Errorf("%d reminders lie ahead, %v", len(due), err)
	}
}

func checkFiles(t *testing.T, h *history, db *tenants.DB) {
	var all []files.File
	if err := db.Select(&all).Order("file.id").Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h.store == nil {
		return // and so no file
	}
	kinds := map[string]int{}
	for i := range all {
		kinds[all[i].SubjectKind]++
		blob, err := h.store.Open(&all[i])
		if err != nil {
			t.Fatal(err)
		}
		_ = blob.Close()
	}
	if kinds["complaint"] != 3 || kinds["directive"] != 2 {
		t.Errorf("files by subject: %v", kinds)
	}
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
