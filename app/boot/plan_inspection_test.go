package boot_test

import (
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/app/quality"
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
	readWarnings(t, db, actor, unit)
}

// readWarnings runs what the pages of early warnings read.
func readWarnings(t *testing.T, db *tenants.DB, actor tenants.Actor, unit int64) {
	t.Helper()
	ctx := t.Context()
	for _, state := range []string{quality.Open, quality.Closed} {
		if _, _, err := quality.Warnings(ctx, db, quality.Filter{State: state, Before: 1 << 60}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := quality.Acts(ctx, db, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := quality.OpenCount(ctx, db); err != nil {
		t.Fatal(err)
	}
	if _, err := complaints.Takeovers(ctx, db, 1); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, w := range []quality.Warning{
		{Kind: quality.Spike, Dimension: quality.Topic, SubjectID: 1}, {Kind: quality.Spike, Dimension: quality.Unit, SubjectID: unit},
		{Kind: quality.Repeat, Dimension: quality.Citizen, SubjectID: 1, OtherID: 1}, {Kind: quality.Dissatisfied, Dimension: quality.Unit, SubjectID: unit},
	} {
		w.FromAt, w.UntilAt = now.AddDate(0, 0, -1), now
		if _, _, err := complaints.List(ctx, db, actor, complaints.Filter{Among: quality.Behind(db, &w), Limit: 25}); err != nil {
			t.Fatal(err)
		}
	}
}
