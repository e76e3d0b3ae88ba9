package inspection_test

import (
	"context"
	"testing"

	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/tenants"
)

// A violation is inspection's alone until the hearing; upheld it costs its unit
// points, which only a reversing line gives back.
func TestAViolation(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	var v *inspection.Violation
	finding := inspection.Finding{UnitID: o.unit, StaffID: o.head.ID, Kind: "conduct", Severity: "serious", Text: "تندی با مراجع"}
	try := func(who tenants.Actor, fn func(context.Context, *tenants.Tx) error) error {
		t.Helper()
		return o.Try(t, who, func(tx *tenants.Tx) error { return fn(ctx, tx) })
	}
	report := func(in inspection.Finding) error {
		return try(o.inspector, func(ctx context.Context, tx *tenants.Tx) (err error) {
			v, err = inspection.ReportViolation(ctx, tx, in)
			return err
		})
	}
	for field, change := range map[string]func(*inspection.Finding){
		"unit": func(f *inspection.Finding) { f.UnitID, f.StaffID = o.inspector.UnitID, 0 }, "person": func(f *inspection.Finding) { f.StaffID = o.manager.ID },
		"kind": func(f *inspection.Finding) { f.Kind = "x" }, "severity": func(f *inspection.Finding) { f.Severity = "" }, "text": func(f *inspection.Finding) { f.Text = " " },
	} {
		in := finding
		change(&in)
		if err := report(in); fault.As(err).Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := report(finding); err != nil {
		t.Fatal(err)
	}
	sees := func(who tenants.Actor) bool {
		db := o.Root.For(o.A)
		defer db.Release()
		_, err := inspection.ViolationByID(ctx, db, who, v.ID)
		list, _, listErr := inspection.Violations(ctx, db, who, inspection.ViolationFilter{})
		if listErr != nil || (err == nil) != (len(list) == 1) {
			t.Fatalf("%v, %d in the list: %v", err, len(list), listErr)
		}
		return err == nil
	}
	inspected := o.head
	inspected.Inspects = true
	if sees(o.head) || sees(o.manager) || sees(inspected) || !sees(o.inspector) {
		t.Fatal("shown too early")
	}
	decide := func(ctx context.Context, tx *tenants.Tx) error {
		return inspection.Decide(ctx, tx, v.ID, inspection.Upheld, "تذکر کتبی")
	}
	want(t, try(o.inspector, decide), fault.Conflict, "violation.conflict.state")
	if err := try(o.inspector, func(ctx context.Context, tx *tenants.Tx) error {
		return inspection.Hear(ctx, tx, v.ID, "نپذیرفت")
	}); err != nil {
		t.Fatal(err)
	}
	if !sees(o.head) || sees(o.manager) {
		t.Fatal("the unit does not see what was heard, or others do")
	}
	want(t, try(o.head, decide), fault.Forbidden, "violation.error.own")
	if err := try(o.inspector, decide); err != nil { // nobody else inspects here
		t.Fatal(err)
	}
	costs := func() (sum int) {
		db := o.Root.For(o.A)
		defer db.Release()
		list, err := inspection.CostsOf(ctx, db, v.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			sum += c.Points
		}
		return sum
	}
	if costs() != -30 {
		t.Fatalf("it cost %d", costs())
	}
	overturn := func(ctx context.Context, tx *tenants.Tx) error {
		return inspection.Overturn(ctx, tx, v.ID, "شاهد تازه")
	}
	if err := try(o.inspector, overturn); err != nil || costs() != 0 {
		t.Fatalf("%d left: %v", costs(), err)
	}
	want(t, try(o.inspector, overturn), fault.Conflict, "violation.conflict.state")
	err := try(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Delete(ctx, (*inspection.Cost)(nil), "violation_id = ?", v.ID)
		return err
	})
	if err == nil {
		t.Error("a line of the ledger can be removed")
	}
}
