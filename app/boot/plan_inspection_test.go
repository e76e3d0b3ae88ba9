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
	readReviews(t, db, actor, unit)
}

// readReviews runs what the pages of reviews, conduct and actions read.
func readReviews(t *testing.T, db *tenants.DB, actor tenants.Actor, unit int64) {
	t.Helper()
	ctx, until := t.Context(), time.Now()
	from := until.AddDate(0, 0, -30)
	must := func(err error) {
		t.Helper()
		if err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
	}
	for _, f := range []quality.ReviewFilter{{OperatorID: 1, Before: 1 << 60}, {OperatorID: 1, From: from, Until: until}} {
		_, _, err := quality.Reviews(ctx, db, f)
		must(err)
	}
	_, err := quality.OpenObjections(ctx, db)
	must(err)
	_, _, err = quality.CallCounts(ctx, db, from, until)
	must(err)
	_, err = quality.Sample(ctx, db, 1, from, until)
	must(err)
	_, err = quality.CriterionMeans(ctx, db, 1, from, until)
	must(err)
	for _, kind := range []string{quality.FeedbackCall, quality.IntakeCall} {
		_, err = quality.CallOf(ctx, db, kind, 1)
		must(err)
	}
	_, _, err = quality.ConductOf(ctx, db, from, until)
	must(err)
	unitOnly := tenants.Actor{Kind: tenants.Staff, ID: 1, UnitID: unit}
	for _, who := range []tenants.Actor{actor, unitOnly} {
		for _, f := range []quality.ImprovementFilter{{After: until, ID: 1}, {State: quality.ActionVerified, After: until, ID: 1}, {UnitID: unit}} {
			_, _, err = quality.Improvements(ctx, db, who, f)
			must(err)
		}
		_, err = quality.ImprovementsOf(ctx, db, who, quality.Source{Kind: quality.FromWarning, ID: 1})
		must(err)
	}
	_, err = quality.ImprovementActs(ctx, db, 1)
	must(err)
	for _, topic := range []int64{0, 1} {
		_, _, err = complaints.VerdictsOn(ctx, db, topic, unit, from, until, until)
		must(err)
	}
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
