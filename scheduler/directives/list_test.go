package directives_test

import (
	"slices"
	"testing"
	"time"

	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

func ids(list []directives.Listed) []int64 {
	var all []int64
	for _, d := range list {
		all = append(all, d.ID)
	}
	return all
}

func TestListsPageByDueTime(t *testing.T) {
	o := newOffice(t)
	var want []int64
	for i := range 7 {
		due := o.Clock.Now().AddDate(0, 0, 3+i/2) // pairs share a due time
		want = append(want, o.issue(func(in *directives.Issuance) { in.DueAt = due }).ID)
	}
	var got []int64
	f := directives.Filter{Limit: 3}
	for range 4 {
		list, more, err := directives.OfExecutive(t.Context(), o.DB(t), o.executive.ID, f)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ids(list)...)
		if !more {
			break
		}
		f.After = got[len(got)-1]
	}
	if !slices.Equal(got, want) {
		t.Fatalf("pages %v, want %v", got, want)
	}
}

func TestViewsAndCounts(t *testing.T) {
	o := newOffice(t)
	late, kept, missed, judged, fresh := o.issue(), o.issue(), o.issue(), o.issue(), o.issue()
	o.done(kept.ID)
	o.do(o.as("expert"), report(judged.ID, "انجام شد"))
	o.do(o.as("ceo"), changeDue(fresh.ID, fresh.DueAt.AddDate(0, 1, 0), "بلندمدت"))
	o.Clock.Set(late.DueAt.Add(time.Hour))
	o.done(missed.ID)
	tally, err := directives.Counts(t.Context(), o.DB(t), tenants.SystemActor(), o.executive.ID)
	if err != nil {
		t.Fatal(err)
	}
	if want := (directives.Tally{Open: 2, Overdue: 1, Reported: 1, Done: 2, Kept: 1}); tally != want {
		t.Fatalf("%+v, want %+v", tally, want)
	}
	for view, want := range map[directives.View][]int64{
		directives.ToDo: {late.ID, fresh.ID}, directives.Late: {late.ID}, directives.ToJudge: {judged.ID},
		directives.Ended: {kept.ID, missed.ID}, directives.All: {late.ID, kept.ID, missed.ID, judged.ID, fresh.ID},
	} {
		list, more, err := directives.OfUnit(t.Context(), o.DB(t), o.unit.ID, directives.Filter{View: view})
		if err != nil || more || !slices.Equal(ids(list), want) {
			t.Errorf("view %q: %v, want %v (%v)", view, ids(list), want, err)
		}
	}
	none, err := directives.Counts(t.Context(), o.DB(t), tenants.SystemActor(), 1)
	if err != nil || none != (directives.Tally{}) {
		t.Fatalf("%+v: %v", none, err)
	}
}

func TestFiltersByAgeAndUnit(t *testing.T) {
	o := newOffice(t)
	old := o.issue()
	o.Clock.Advance(48 * time.Hour)
	o.issue()
	list, _, err := directives.OfExecutive(t.Context(), o.DB(t), o.executive.ID,
		directives.Filter{IssuedBefore: o.Clock.Now().Add(-24 * time.Hour), UnitID: o.unit.ID})
	if err != nil || !slices.Equal(ids(list), []int64{old.ID}) {
		t.Fatalf("%v: %v", ids(list), err)
	}
	if list[0].UnitFA != o.unit.NameFA || list[0].PostFA != o.executive.PostFA {
		t.Fatalf("names %q %q", list[0].UnitFA, list[0].PostFA)
	}
	list, _, err = directives.OfExecutive(t.Context(), o.DB(t), o.executive.ID, directives.Filter{UnitID: 1})
	if err != nil || len(list) > 0 {
		t.Fatalf("%v: %v", ids(list), err)
	}
}

func TestOpenHoldsItsOriginUntilDone(t *testing.T) {
	o := newOffice(t)
	open := func() (n int) {
		o.view(func(r tenants.Reader) (err error) {
			n, err = directives.Open(t.Context(), r, directives.OnMeeting, meetingID)
			return err
		})
		return n
	}
	if open() != 0 {
		t.Fatal("nothing was issued")
	}
	a, b := o.issue(), o.issue()
	o.issue(func(in *directives.Issuance) { in.OriginID++ })
	if open() != 2 {
		t.Fatalf("%d open", open())
	}
	o.done(a.ID)
	o.do(o.as("expert"), report(b.ID, "انجام شد"))
	if open() != 1 {
		t.Fatal("a report is no end")
	}
	o.do(o.as("ceo"), accept(b.ID))
	if open() != 0 {
		t.Fatalf("%d open", open())
	}
	list, err := directives.Of(t.Context(), o.DB(t), tenants.SystemActor(), directives.OnMeeting, meetingID)
	if err != nil || !slices.Equal(ids(list), []int64{a.ID, b.ID}) {
		t.Fatalf("%v: %v", ids(list), err)
	}
	events, err := directives.EventsOf(t.Context(), o.DB(t), directives.OnMeeting, meetingID, true)
	if err != nil || len(events) != 6 { // issued, progress, accepted; twice
		t.Fatalf("%d events: %v", len(events), err)
	}
}
