package complaints_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// sorted is the event of a correction that promises until a time.
func sorted(state complaints.State, at, until time.Time, id int64) timeline.Event {
	e := due(event("reclassified", state, at), until)
	e.RefID = &id
	return e
}

// byClass is a referral whose due time the class gave.
func byClass(at time.Time) timeline.Event {
	e, class := due(event("referred", complaints.Referred, at), at), int64(1)
	e.RefID = &class
	return e
}

func TestAChangeOfClassGoesOnFromNow(t *testing.T) {
	at := func(hours float64) time.Time { return dbtest.Start.Add(time.Duration(hours * float64(time.Hour))) }
	class := func(id int64, respond, first, pause int) *tenants.SLAClass {
		return &tenants.SLAClass{ID: id, RespondMinutes: respond * 60, FirstActionMinutes: first * 60, Hours: "calendar", PauseCapMinutes: pause * 60}
	}
	slow, quick, urgent := class(1, 72, 0, 48), class(2, 24, 0, 10), class(3, 12, 1, 0)
	registered, asked := event("registered", complaints.Registered, at(0)), event("asked", complaints.WaitingCitizen, at(5))
	referred, taken := byClass(at(1)), event("taken", complaints.InProgress, at(2))
	interim := due(event("interim", complaints.InProgress, at(10)), at(200))
	manual := due(event("referred", complaints.Referred, at(1)), at(60))
	cases := []struct {
		name          string
		from, to      *tenants.SLAClass
		events        []timeline.Event
		promised, due float64
	}{
		{"shorter, in triage", slow, quick, []timeline.Event{registered, sorted(complaints.Registered, at(1), at(25), 9)}, 25, 2},
		{"shorter: the unit's time, too", slow, quick, []timeline.Event{registered, referred, taken, sorted(complaints.InProgress, at(3), at(27), 9)}, 27, 27},
		{"longer keeps what was promised", quick, slow, []timeline.Event{registered, referred, taken, sorted(complaints.InProgress, at(3), at(24), 9)}, 24, 24},
		{"what has passed stays", quick, slow, []timeline.Event{registered, referred, taken, sorted(complaints.InProgress, at(30), at(24), 9)}, 24, 24},
		{"an interim report stands", slow, quick, []timeline.Event{registered, referred, taken, interim, sorted(complaints.InProgress, at(11), at(200), 9)}, 200, 200},
		{"a date that a person gave stands", slow, quick, []timeline.Event{registered, manual, taken, sorted(complaints.InProgress, at(3), at(27), 9)}, 27, 60},
		{"the pause that was used is used", slow, quick, []timeline.Event{registered, referred, taken, asked, sorted(complaints.WaitingCitizen, at(9), at(33), 9)}, 33, 33 + 6},
		{"first action counts from now", slow, urgent, []timeline.Event{registered, referred, sorted(complaints.Referred, at(3), at(15), 9)}, 15, 4},
		{"a first action that is not asked any more", urgent, quick, []timeline.Event{registered, referred, sorted(complaints.Referred, at(0.5), at(12), 9)}, 12, 12},
		{"a first action that was missed stays missed", urgent, slow, []timeline.Event{registered, referred, sorted(complaints.Referred, at(3), at(12), 9)}, 12, 1},
		{"a later cycle is all of the new class", slow, quick, []timeline.Event{registered, sorted(complaints.Registered, at(1), at(25), 9), event("reopened", complaints.Triage, at(100)), byClass(at(100))}, 124, 124},
	}
	for _, c := range cases {
		change := complaints.ClassChange{ID: 9, From: c.from, To: c.to}
		got := complaints.Wind(c.events, c.to, calendar(), tenants.Settings{}.Defaults(), change)
		if !got.Promised.Equal(at(c.promised)) || !got.Due.Equal(at(c.due)) {
			t.Errorf("%s: promised after %s due after %s, want %v %v", c.name, got.Promised.Sub(at(0)), got.Due.Sub(at(0)), c.promised, c.due)
		}
	}
}

// Whatever the classes and whenever the change: the times of before are those of
// before, no time becomes later, and none that is new lies in the past.
func TestAChangeOfClassLeavesThePast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(id int64) *tenants.SLAClass {
			return &tenants.SLAClass{
				ID: id, RespondMinutes: rapid.IntRange(60, 6000).Draw(t, "respond"), FirstActionMinutes: rapid.SampledFrom([]int{0, 60, 300}).Draw(t, "first"),
				Hours: rapid.SampledFrom([]string{"working", "calendar"}).Draw(t, "hours"), PauseCapMinutes: rapid.IntRange(0, 3000).Draw(t, "cap"),
			}
		}
		from, to := draw(1), draw(2)
		start := dbtest.Start.Add(time.Duration(rapid.IntRange(0, 20000).Draw(t, "start")) * time.Minute)
		now, state := start, complaints.Registered
		var events []timeline.Event
		for i, kind := range []string{"registered", "referred", "taken", "asked", "completed"}[:rapid.IntRange(1, 5).Draw(t, "steps")] {
			state = []complaints.State{complaints.Registered, complaints.Referred, complaints.InProgress, complaints.WaitingCitizen, complaints.InProgress}[i]
			if events = append(events, event(kind, state, now)); kind == "referred" {
				events[i] = byClass(now)
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "later")) * time.Minute)
		}
		hours, settings := calendar(), tenants.Settings{}.Defaults()
		before := complaints.Wind(events, from, hours, settings)
		until := now.Add(time.Duration(to.RespondMinutes) * time.Minute)
		if to.Working() {
			until = hours.Add(now, time.Duration(to.RespondMinutes)*time.Minute)
		}
		if before.Promised.Before(until) {
			until = before.Promised
		}
		change := complaints.ClassChange{ID: 9, From: from, To: to}
		all := append(slices.Clone(events), sorted(state, now, until, 9))
		for i := range events {
			if was, is := complaints.Wind(events[:i+1], from, hours, settings), complaints.Wind(all[:i+1], to, hours, settings, change); !alike(was, is) {
				t.Fatalf("the times after event %d were %+v and are %+v", i, was, is)
			}
		}
		after := complaints.Wind(all, to, hours, settings, change)
		neither := func(what string, was, is time.Time) {
			if is.After(was) {
				t.Fatalf("%s is later: %s, was %s", what, is, was)
			}
			if !is.Equal(was) && !is.After(now) {
				t.Fatalf("%s was %s and is in the past now: %s", what, was, is)
			}
		}
		neither("the promise", before.Promised, after.Promised)
		if before.UnitDue != nil && state != complaints.WaitingCitizen { // while waiting it says how late it can become
			neither("the unit's time", *before.UnitDue, *after.UnitDue)
		}
	})
}

func alike(a, b complaints.Clocks) bool {
	same := func(a, b *time.Time) bool { return a == nil && b == nil || a != nil && b != nil && a.Equal(*b) }
	return a.Promised.Equal(b.Promised) && a.Due.Equal(b.Due) && a.Stage == b.Stage && same(a.UnitDue, b.UnitDue) && same(a.AskedUntil, b.AskedUntil)
}

func (o *office) sort(id complaints.ID, topic string, kind complaints.Kind) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Reclassify(ctx, tx, id, complaints.Correction{TopicID: o.topic[topic].ID, Kind: kind, Reason: "موضوع نادرست انتخاب شده بود"})
	}
}

func TestACorrectedTopicBringsItsClassAndWay(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.Clock.Advance(time.Hour)
	officer := o.as("pr", "pr_officer")
	e := o.do(officer, o.sort(c.ID, "service", complaints.KindRequest))
	got := o.read(c.ID)
	if got.TopicID != o.topic["service"].ID || got.SLAClassID != o.topic["service"].SLAClassID || got.Kind != complaints.KindRequest || got.State != c.State {
		t.Fatalf("%+v", got)
	}
	if got.PromisedAt.After(c.PromisedAt) || e.DueAt == nil || !e.DueAt.Equal(got.PromisedAt) || !e.Public {
		t.Errorf("promised %s, was %s, told %v", got.PromisedAt, c.PromisedAt, e.DueAt)
	}
	if route, err := complaints.RouteOf(t.Context(), o.DB(t), got); err != nil || got.RouteWhy != route.Why {
		t.Errorf("why %q, want %q: %v", got.RouteWhy, route.Why, err)
	}
	list, err := complaints.Reclassifications(t.Context(), o.DB(t), c.ID)
	if err != nil || len(list) != 1 || list[0].ID != *e.RefID || list[0].FromTopicID != c.TopicID || list[0].ToKind != complaints.KindRequest || list[0].Reason == "" {
		t.Errorf("%+v %v", list, err)
	}
	o.refuse(fault.Invalid, officer, o.sort(c.ID, "service", complaints.KindRequest)) // nothing would change
	o.refuse(fault.Invalid, officer, o.sort(c.ID, "none", complaints.KindRequest))
	o.refuse(fault.Invalid, officer, o.sort(c.ID, "network", "gossip"))
}

func TestOnlyTheArbiterCorrectsWhatAUnitHas(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	officer, manager := o.as("pr", "pr_officer"), o.as("pr", "pr_manager")
	o.do(officer, o.refer(c.ID, "network"))
	o.refuse(fault.Conflict, officer, o.sort(c.ID, "service", c.Kind))
	o.do(manager, o.sort(c.ID, "service", c.Kind))
	if got := o.want(c.ID, complaints.Referred); got.UnitID != o.units["network"].ID || got.RouteWhy != complaints.WhyStaff {
		t.Errorf("unit %d, why %q", got.UnitID, got.RouteWhy)
	}
	done := o.toFeedback()
	o.refuse(fault.Conflict, manager, o.sort(done.ID, "service", done.Kind))
}

func TestAnUrgentTopicIsReferredAtOnceWhenItIsFoundOut(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.Clock.Advance(30 * time.Minute)
	o.do(o.as("pr", "pr_officer"), o.sort(c.ID, "safety", c.Kind))
	if got := o.want(c.ID, complaints.Referred); got.UnitID != o.units["safety"].ID || !got.DueAt.Equal(o.Clock.Now().Add(time.Hour)) {
		t.Errorf("unit %d, due in %s", got.UnitID, got.DueAt.Sub(o.Clock.Now()))
	}
}

func TestANamelessReportBecomesNoComplaint(t *testing.T) {
	o := newOffice(t)
	c := o.register(func(in *complaints.Registration) { in.Kind, in.CitizenID = complaints.KindReport, nil })
	o.refuse(fault.Invalid, o.as("pr", "pr_officer"), o.sort(c.ID, "service", complaints.KindComplaint))
	o.do(o.as("pr", "pr_officer"), o.sort(c.ID, "service", complaints.KindReport))
}

func TestAConfidentialTopicSealsAndLeavingItLifts(t *testing.T) {
	o := newOffice(t)
	conduct := o.topic["service"]
	conduct.Confidential = true
	o.Write(t, o.as("pr", "tenant_admin"), func(tx *tenants.Tx) error { return complaints.SaveTopic(t.Context(), tx, &conduct) })
	c := o.register()
	officer, manager := o.as("pr", "pr_officer"), o.as("pr", "pr_manager")
	o.do(officer, o.sort(c.ID, "service", c.Kind))
	if got := o.read(c.ID); !got.Confidential || got.SearchKey == c.SearchKey {
		t.Fatalf("not sealed: %+v", got)
	}
	o.refuse(fault.NotFound, officer, o.sort(c.ID, "network", c.Kind))
	o.do(manager, o.sort(c.ID, "network", c.Kind)) // who keeps it, as nobody inspects
	if got := o.want(c.ID, complaints.Triage); got.Confidential || got.TopicID != o.topic["network"].ID {
		t.Fatalf("not lifted: %+v", got)
	}
	o.do(officer, o.refer(c.ID, "network"))
	o.refuse(fault.Invalid, manager, o.sort(c.ID, "service", c.Kind)) // sealing what a unit has is inspection's
}
