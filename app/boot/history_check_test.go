package boot

import (
	"slices"
	"testing"

	"pasokh/app/audit"
	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

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
	tally, err := directives.Counts(t.Context(), db, tenants.SystemActor(), h.cast.executives[0].ID)
	if err != nil || tally.Open == 0 || tally.Overdue == 0 || tally.Reported == 0 || tally.Done < 40 || tally.Kept == tally.Done {
		t.Errorf("directives %+v, %v", tally, err)
	}
}

// checkCommittee: one sitting was held with decisions, one is announced, and a
// unit has a part of its own.
func checkCommittee(t *testing.T, db *tenants.DB) {
	list, err := committees.List(t.Context(), db, committees.Viewer{All: true})
	if err != nil || len(list) != 1 {
		t.Fatalf("committees %+v, %v", list, err)
	}
	past, _, err := committees.Earlier(t.Context(), db, tenants.SystemActor(), list[0].ID, db.Now())
	held := slices.IndexFunc(past, func(s committees.ListedSitting) bool { return s.State == committees.Held })
	if err != nil || held < 0 || past[held].Minutes == "" {
		t.Fatalf("sittings %+v, %v", past, err)
	}
	coming, err := committees.Coming(t.Context(), db, tenants.SystemActor(), list[0].ID)
	if err != nil || !slices.ContainsFunc(coming, func(s committees.ListedSitting) bool { return s.State == committees.Invited }) {
		t.Errorf("none is announced: %+v, %v", coming, err)
	}
	orders, err := directives.Of(t.Context(), db, tenants.SystemActor(), directives.OnCommittee, past[held].ID)
	if err != nil || len(orders) != 2 {
		t.Fatalf("decisions %+v, %v", orders, err)
	}
	parts := 0
	for i := range orders {
		list, err := directives.Parts(t.Context(), db, orders[i].ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		parts += len(list)
	}
	if parts != 1 {
		t.Errorf("%d parts", parts)
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
