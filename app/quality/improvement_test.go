package quality_test

import (
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/tenants"
)

// An action is planned from a finding, done by its unit, and verified by
// somebody else; a confidential visit does not show itself by it.
func TestAnAction(t *testing.T) {
	o := newOffice(t)
	ctx, head, expert := t.Context(), o.who("head"), o.who("expert")
	inspector := o.who("inspector")
	inspector.Inspects, inspector.SeesAll = true, true
	today := persian.DateOf(o.Clock.Now().In(persian.Tehran))
	var visit *inspection.Visit
	o.Write(t, inspector, func(tx *tenants.Tx) (err error) {
		visit, err = inspection.Order(ctx, tx, inspection.Plan{UnitID: head.UnitID, Day: today, InspectorID: inspector.ID, Confidential: true})
		return err
	})
	source := quality.Source{Kind: quality.FromInspection, ID: visit.ID}
	plan := quality.ActionPlan{Source: source, UnitID: head.UnitID, Title: "تابلوی راهنما نصب شود", Due: today.AddDays(5)}
	var i *quality.Improvement
	try := func(who tenants.Actor, do func(tx *tenants.Tx) error) error { return o.Try(t, who, do) }
	planned := func(who tenants.Actor, in quality.ActionPlan) error {
		return try(who, func(tx *tenants.Tx) (err error) {
			i, err = quality.PlanImprovement(ctx, tx, in)
			return err
		})
	}
	if err := planned(o.manager, plan); !fault.Is(err, fault.NotFound) {
		t.Fatalf("from a visit that is kept from them: %v", err)
	}
	err := planned(inspector, quality.ActionPlan{Source: source, UnitID: head.UnitID, OwnerID: inspector.ID, Due: today.AddDays(-1)})
	for _, field := range []string{"title", "owner", "due"} {
		if fault.As(err).Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := planned(inspector, plan); err != nil {
		t.Fatal(err)
	}
	db := o.Root.For(o.A)
	defer db.Release()
	if _, err := quality.ImprovementByID(ctx, db, head, i.ID); err != nil {
		t.Fatalf("its unit does not see it: %v", err)
	}
	if _, _, err := quality.SourceShown(ctx, db, head, i.Source()); !fault.Is(err, fault.NotFound) {
		t.Fatalf("the unit learns of the visit: %v", err)
	}
	if _, err := quality.ImprovementByID(ctx, db, tenants.Actor{Kind: tenants.Staff, ID: 1, UnitID: 1}, i.ID); !fault.Is(err, fault.NotFound) {
		t.Fatalf("shown to another unit: %v", err)
	}
	finish := func(who tenants.Actor) error {
		return try(who, func(tx *tenants.Tx) error { return quality.FinishImprovement(ctx, tx, i.ID, "نصب شد") })
	}
	verify := func(who tenants.Actor, in quality.Verdict) error {
		return try(who, func(tx *tenants.Tx) error { return quality.VerifyImprovement(ctx, tx, i.ID, in) })
	}
	if err := try(head, func(tx *tenants.Tx) error { return quality.StartImprovement(ctx, tx, i.ID) }); err != nil {
		t.Fatal(err)
	}
	if err := finish(inspector); fault.Of(err) != fault.Forbidden {
		t.Fatalf("another unit does it: %v", err)
	}
	if err := verify(inspector, quality.Verdict{Accept: true, Note: "دیدم"}); fault.Of(err) != fault.Conflict {
		t.Fatalf("verified before it is done: %v", err)
	}
	if err := finish(expert); err != nil {
		t.Fatal(err)
	}
	if err := verify(expert, quality.Verdict{Accept: true, Note: "دیدم"}); fault.Of(err) != fault.Forbidden {
		t.Fatalf("the doer verifies: %v", err)
	}
	if err := verify(inspector, quality.Verdict{Note: "ناقص است", Due: today.AddDays(9)}); err != nil {
		t.Fatal(err)
	}
	if err := finish(head); err != nil {
		t.Fatal(err)
	}
	if err := verify(inspector, quality.Verdict{Accept: true, Note: "دیدم"}); err != nil {
		t.Fatal(err)
	}
	db.Release()
	if i, err = quality.ImprovementByID(ctx, db, head, i.ID); err != nil || i.State != quality.ActionVerified || i.Late(o.Clock.Now().Add(900*time.Hour)) {
		t.Fatalf("%+v %v", i, err)
	}
	lines, err := quality.ImprovementActs(ctx, db, i.ID)
	if err != nil || len(lines) != 6 {
		t.Fatalf("%d lines: %v", len(lines), err)
	}
	if _, err := quality.EffectOf(ctx, db, i); err != nil {
		t.Fatal(err)
	}
}
