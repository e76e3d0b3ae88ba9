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

func TestRecallEndsTheUnitsClockAndCountsNoRefusal(t *testing.T) {
	o := newOffice(t)
	pr, head := o.as("pr", "pr_officer"), o.as("network", "unit_head")
	c := o.register()
	recall := func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Recall(ctx, tx, c.ID, "به واحد دیگری مربوط است")
	}
	o.refuse(fault.Conflict, pr, recall) // nothing to take back yet
	o.do(pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: o.units["network"].ID, Others: []int64{o.units["safety"].ID}})
	})
	o.do(head, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
	o.refuse(fault.Forbidden, head, recall) // a unit sends it back, with a count
	o.refuse(fault.Invalid, pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Recall(ctx, tx, c.ID, " ")
	})
	o.do(pr, recall)
	got := o.plain(c.ID)
	if got.State != complaints.Triage || got.UnitID != o.units["pr"].ID || got.Bounces != 0 || got.UnitDueAt != nil || got.HolderID != nil {
		t.Fatalf("%+v", got)
	}
	legs, err := complaints.Legs(t.Context(), o.DB(t), c.ID)
	if err != nil || len(legs) != 2 {
		t.Fatal(legs, err)
	}
	for _, leg := range legs {
		if leg.State != "withdrawn" || leg.Running() {
			t.Errorf("%+v", leg)
		}
	}
	o.do(pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: o.units["network"].ID})
	})
	o.do(head, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
	o.do(head, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, c.ID, "پاسخ")
	})
	o.refuse(fault.Conflict, pr, recall) // answered
}

func TestStuckCaseIsTakenBackByTheManager(t *testing.T) {
	o := newOffice(t)
	pr, head := o.as("pr", "pr_officer"), o.as("network", "unit_head")
	c := o.register()
	o.do(pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: o.units["network"].ID})
	})
	o.do(head, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Take(ctx, tx, c.ID)
	})
	o.do(head, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, c.ID, "پاسخ")
	})
	recall := func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Recall(ctx, tx, c.ID, "مانده است")
	}
	manager := o.as("pr", "pr_manager")
	o.refuse(fault.Conflict, manager, recall) // it has a clock
	o.Clock.Advance(60 * 24 * time.Hour)
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(t.Context(), tx, c.ID) })
	if got := o.plain(c.ID); got.NextClockAt != nil {
		t.Fatal("not stuck")
	}
	o.refuse(fault.Conflict, pr, recall) // only the manager
	o.do(manager, recall)
	if got := o.plain(c.ID); got.State != complaints.Triage || got.Cycle != 2 || got.NextClockAt == nil || got.Result != "" {
		t.Errorf("%+v", got)
	}
}
