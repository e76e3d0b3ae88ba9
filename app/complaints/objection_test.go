package complaints_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// blamed makes a case that is late at the network unit, and gives its first
// line of the ledger.
func (o *office) blamed() complaints.Score {
	o.t.Helper()
	c := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	o.Clock.Advance(49 * time.Hour)
	o.sweep(c.ID)
	list, err := complaints.ScoresOf(o.t.Context(), o.DB(o.t), c.ID)
	if err != nil || len(list) == 0 {
		o.t.Fatalf("%d scores, %v", len(list), err)
	}
	return list[0]
}

func object(score int64, text string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return nil, complaints.ObjectTo(ctx, tx, score, text)
	}
}

func decide(score int64, decision, reason string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return nil, complaints.DecideOn(ctx, tx, score, decision, reason)
	}
}

func (o *office) objection(score int64) complaints.Objection {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	found, err := complaints.ObjectionsOf(o.t.Context(), db, []int64{score})
	if err != nil {
		o.t.Fatal(err)
	}
	return found[score]
}

func TestAUnitObjectsOnceAndTheManagerDecides(t *testing.T) {
	o := newOffice(t)
	s := o.blamed()
	head, manager := o.as("network", "unit_head"), o.as("pr", "pr_manager")
	o.refuse(fault.Invalid, head, object(s.ID, " "))
	o.refuse(fault.NotFound, o.as("service", "unit_head"), object(s.ID, "از ما نیست"))
	o.refuse(fault.Conflict, manager, decide(s.ID, complaints.ScoreUpheld, "اعتراضی نیست"))
	o.do(head, object(s.ID, "جاده بسته بود"))
	o.refuse(fault.Conflict, head, object(s.ID, "باز هم"))
	if waiting, err := complaints.OpenObjections(t.Context(), o.DB(t), tenants.SystemActor(), 0); err != nil || len(waiting) != 1 || waiting[0].Code == "" || waiting[0].Points != s.Points {
		t.Fatalf("%+v, %v", waiting, err)
	}
	o.refuse(fault.Invalid, manager, decide(s.ID, "perhaps", "نمی‌دانم"))
	o.refuse(fault.Invalid, manager, decide(s.ID, complaints.ScoreUpheld, ""))
	o.do(manager, decide(s.ID, complaints.ScoreUpheld, "جاده باز بود"))
	if got := o.objection(s.ID); got.Decision != complaints.ScoreUpheld || got.Reason != "جاده باز بود" || got.DecidedBy == nil {
		t.Errorf("%+v", got)
	}
	o.refuse(fault.Conflict, manager, decide(s.ID, complaints.ScoreUpheld, "باز هم"))
	if lines, err := complaints.ScoresOf(t.Context(), o.DB(t), s.ComplaintID); err != nil || len(lines) != 1 {
		t.Errorf("%d lines after an upheld score, %v", len(lines), err)
	}
	if o.events(s.ComplaintID, "complaint.score_objected") != 1 || o.events(s.ComplaintID, "complaint.score_upheld") != 1 {
		t.Error("the case does not tell of it")
	}
}

func TestAReversedObjectionIsALineOfItsOwn(t *testing.T) {
	o := newOffice(t)
	s := o.blamed()
	o.do(o.as("network", "unit_head"), object(s.ID, "جاده بسته بود"))
	o.do(o.as("pr", "pr_manager"), decide(s.ID, complaints.ScoreReversed, "درست است"))
	lines, err := complaints.ScoresOf(t.Context(), o.DB(t), s.ComplaintID)
	if err != nil || len(lines) != 2 || lines[1].Points != -s.Points || *lines[1].ReversesID != s.ID || lines[1].Reason != "درست است" {
		t.Fatalf("%+v, %v", lines, err)
	}
	if got := o.objection(s.ID); got.Decision != complaints.ScoreReversed {
		t.Errorf("%+v", got)
	}
	o.refuse(fault.Conflict, o.as("network", "unit_head"), object(lines[1].ID, "به بازگشت"))
	o.refuse(fault.Conflict, o.as("pr", "pr_manager"), decide(s.ID, complaints.ScoreReversed, "باز هم"))
}

func TestNobodyDecidesOnTheirOwnObjection(t *testing.T) {
	o := newOffice(t)
	c := o.register() // late in the PR office itself
	o.Clock.Advance(72 * time.Hour)
	o.sweep(c.ID)
	list, err := complaints.ScoresOf(t.Context(), o.DB(t), c.ID)
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	manager := o.as("pr", "pr_manager")
	o.do(manager, object(list[0].ID, "تعطیل بود"))
	for _, decision := range []string{complaints.ScoreReversed, complaints.ScoreUpheld} {
		o.refuse(fault.Forbidden, manager, decide(list[0].ID, decision, "درست است"))
	}
}

// The ledger of every case can be told from its events alone.
func TestReplayGivesTheSameLedger(t *testing.T) {
	o := newOffice(t)
	actors := []tenants.Actor{
		o.as("pr", "pr_officer"), o.as("pr", "pr_manager"), o.as("network", "unit_head"), o.as("service", "unit_head"),
		o.as("feedback", "feedback_agent"), o.as("followup", "special_followup"), citizen(),
	}
	lines := 0
	fewer(t, "12")
	rapid.Check(t, func(rt *rapid.T) {
		c := o.register(func(in *complaints.Registration) {
			in.TopicID = o.topic[rapid.SampledFrom([]string{"network", "safety"}).Draw(rt, "topic")].ID
		})
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			steps := o.steps(c.ID)
			for _, s := range o.ledger(c.ID) {
				steps = append(steps, object(s.ID, "اعتراض"), decide(s.ID, complaints.ScoreUpheld, "دلیل"), decide(s.ID, complaints.ScoreReversed, "دلیل"))
			}
			_, _ = o.try(rapid.SampledFrom(actors).Draw(rt, "actor"), rapid.SampledFrom(steps).Draw(rt, "step"))
			o.Clock.Advance(time.Duration(rapid.IntRange(0, 60).Draw(rt, "hours")) * time.Hour)
			o.sweep(c.ID)
		}
		lines += o.checkReplay(rt, c.ID)
	})
	if lines == 0 {
		t.Error("no walk ever cost a point")
	}
}

func (o *office) ledger(id int64) []complaints.Score {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	list, err := complaints.ScoresOf(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o *office) checkReplay(t *rapid.T, id int64) int {
	db := o.Root.For(o.A)
	defer db.Release()
	c, err := complaints.Plain(o.t.Context(), db, id)
	if err != nil {
		t.Fatal(err)
	}
	class, err := tenants.SLAClassByID(o.t.Context(), db, c.SLAClassID)
	if err != nil {
		t.Fatal(err)
	}
	events, err := timeline.Of(o.t.Context(), db, c.Subject(), false)
	if err != nil {
		t.Fatal(err)
	}
	kept := o.ledger(id)
	cause := map[int64]int64{}
	for _, s := range kept {
		cause[s.ID] = s.EventID
	}
	type line struct {
		unit, leg, event, reverses int64
		cycle, level, points       int
		version                    int
		reason                     string
		at                         int64
	}
	flat := func(s complaints.Score, reverses int64) line {
		return line{s.UnitID, s.LegID, s.EventID, reverses, s.Cycle, s.Level, s.Points, s.RuleVersion, s.Reason, s.At.UnixMicro()}
	}
	var want, got []line
	for _, s := range kept {
		of := int64(0)
		if s.ReversesID != nil {
			of = cause[*s.ReversesID]
		}
		want = append(want, flat(s, of))
	}
	for _, s := range complaints.Replay(events, class) {
		of := int64(0)
		if s.ReversesID != nil {
			of = *s.ReversesID
		}
		got = append(got, flat(s, of))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("replayed\n%+v\nkept\n%+v", got, want)
	}
	return len(want)
}
