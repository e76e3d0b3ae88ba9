package complaints_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func objectTo(id complaints.ID, reason string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Object(ctx, tx, id, reason)
	}
}

func TestObjectionOpensTheNextCycleOncePerClosure(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	o.refuse(fault.Conflict, citizen(), objectTo(c.ID, "هنوز نه"))
	o.do(citizen(), hear(c.ID, "satisfied", ""))
	o.refuse(fault.Forbidden, o.as("pr", "pr_manager"), objectTo(c.ID, "هنوز نه"))
	o.refuse(fault.Invalid, citizen(), objectTo(c.ID, " "))
	o.Clock.Advance(29 * 24 * time.Hour)
	before := o.Clock.Now()
	o.do(citizen(), objectTo(c.ID, "باز قطع شد"))
	got := o.want(c.ID, complaints.Triage)
	if got.Cycle != 2 || got.UnitID != o.units["pr"].ID || got.Fact != "" || got.ClosedAt != nil || got.NextClockAt == nil || !got.PromisedAt.After(before) {
		t.Errorf("after the objection: %+v", got)
	}
	o.refuse(fault.Conflict, citizen(), objectTo(c.ID, "دوباره"))
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.do(o.as("network", "unit_expert"), answer(c.ID, "تعویض شد"))
	o.do(citizen(), hear(c.ID, "satisfied", ""))
	o.want(c.ID, complaints.Closed)
}

func TestObjectionHasAnEnd(t *testing.T) {
	o := newOffice(t)
	c := o.toFeedback()
	o.do(citizen(), hear(c.ID, "satisfied", ""))
	o.Clock.Advance(31 * 24 * time.Hour)
	o.refuse(fault.Conflict, citizen(), objectTo(c.ID, "هنوز نه"))
}

func TestWhoeverWithdrewDoesNotObject(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.do(citizen(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Withdraw(ctx, tx, c.ID, "خودم درست کردم")
	})
	o.refuse(fault.Conflict, citizen(), objectTo(c.ID, "نه"))
}

// way reads the stands of a case's steps, in their order.
func (o *office) way(id complaints.ID) (stands []complaints.Stand) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	c, err := complaints.Plain(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	events, err := timeline.Of(o.t.Context(), db, c.Subject(), true)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, stop := range c.Way(events) {
		stands = append(stands, stop.Stand)
	}
	return stands
}

func TestWayShowsWhereTheCaseStands(t *testing.T) {
	const done, now, ahead, skipped = complaints.StandDone, complaints.StandCurrent, complaints.StandAhead, complaints.StandSkipped
	o := newOffice(t)
	want := func(when string, id complaints.ID, stands ...complaints.Stand) {
		t.Helper()
		got := o.way(id)
		for i := range stands {
			if got[i] != stands[i] {
				t.Errorf("%s: %s is %s, want %s", when, complaints.Steps()[i], got[i], stands[i])
			}
		}
	}
	c := o.register()
	want("registered", c.ID, done, now, ahead, ahead, ahead, ahead)
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	want("referred", c.ID, done, done, now, ahead, ahead, ahead)
	o.do(o.as("network", "unit_expert"), take(c.ID))
	o.do(o.as("network", "unit_expert"), answer(c.ID, "انجام شد"))
	want("answered", c.ID, done, done, done, done, now, ahead)
	o.do(citizen(), hear(c.ID, "not_satisfied", "نه"))
	want("follow-up", c.ID, done, done, done, done, now, ahead)
	o.do(o.as("followup", "special_followup"), inspect(c.ID, false))
	want("round 2", c.ID, done, done, now, ahead, ahead, ahead)
	other := o.register()
	o.do(o.as("pr", "pr_officer"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Settle(ctx, tx, other.ID, complaints.GuidanceGiven, "به سامانه قبوض مراجعه کنید")
	})
	want("settled", other.ID, done, done, skipped, skipped, skipped, done)
}

// The usual due time of a unit stands within what the citizen was promised.
func TestUsualDueIsWithinThePromise(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.Clock.Advance(5 * time.Hour)
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	got := o.want(c.ID, complaints.Referred)
	if got.UnitDueAt == nil || !got.UnitDueAt.Equal(got.PromisedAt) {
		t.Errorf("unit due %v, promised %v", got.UnitDueAt, got.PromisedAt)
	}
	late := o.register()
	o.Clock.Advance(10 * 24 * time.Hour)
	o.do(o.as("pr", "pr_officer"), o.refer(late.ID, "network"))
	if got := o.want(late.ID, complaints.Referred); !got.UnitDueAt.After(o.Clock.Now()) {
		t.Errorf("the promise has passed and the unit is due at %v", got.UnitDueAt)
	}
}
