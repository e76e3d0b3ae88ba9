package boot_test

import (
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/tenants"
)

// readInspection runs what the pages of inspection read.
func readInspection(t *testing.T, db *tenants.DB, actor tenants.Actor, unit int64) {
	t.Helper()
	ctx := t.Context()
	inspector, head := actor, actor
	inspector.Inspects = true
	head.SeesAll, head.UnitID = false, unit
	after := inspection.Cursor{Day: "2026-01-01", ID: 1}
	for _, who := range []tenants.Actor{inspector, actor, head} {
		for _, f := range []inspection.Filter{{After: after}, {State: inspection.Done, After: after}, {State: inspection.Done, UnitID: unit, After: after}} {
			if _, _, err := inspection.Visits(ctx, db, who, f); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := inspection.ByID(ctx, db, who, 1); !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
	}
	for _, f := range []inspection.ViolationFilter{{Before: 1 << 60}, {State: inspection.Heard, Before: 1 << 60}, {UnitID: unit}} {
		for _, who := range []tenants.Actor{inspector, head} {
			if _, _, err := inspection.Violations(ctx, db, who, f); err != nil {
				t.Fatal(err)
			}
		}
	}
	from := time.Now().AddDate(0, -1, 0)
	_, err := inspection.Results(ctx, db, actor, from, time.Now())
	if err == nil {
		_, err = inspection.Lost(ctx, db, from, time.Now())
	}
	if err == nil {
		_, err = complaints.Conduct(ctx, db, []int64{unit}, from, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inspection.CostsOf(ctx, db, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := inspection.Items(ctx, db, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := inspection.Openings(ctx, db, 1); err != nil {
		t.Fatal(err)
	}
}
