package complaints_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

func TestLedgerSumsAndReversals(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	network := o.units["network"].ID
	first, second := o.register(), o.register()
	for _, c := range []*complaints.Complaint{first, second} {
		o.do(o.as("pr", "pr_officer"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: network})
		})
	}
	from := o.Clock.Now()
	o.Clock.Advance(49 * time.Hour)
	for _, c := range []*complaints.Complaint{first, second} {
		o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.Sweep(ctx, tx, c.ID) })
	}
	db := o.DB(t)
	lines, _, err := complaints.Ledger(ctx, db, tenants.SystemActor(), complaints.LedgerFilter{UnitID: network, From: from, Until: db.Now().Add(time.Hour)})
	if err != nil || len(lines) != 2 || lines[0].Code == "" || lines[0].ID < lines[1].ID {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	o.Write(t, o.as("pr", "pr_manager"), func(tx *tenants.Tx) error { return complaints.Reverse(ctx, tx, lines[0].ID, "storm") })
	db = o.DB(t)
	totals, err := complaints.ScoreTotals(ctx, db, from, db.Now().Add(time.Hour))
	want := complaints.ScoreTotal{UnitID: network, Points: lines[1].Points, Lines: 2, Reversed: 1, Cases: 2}
	if err != nil || len(totals) != 1 || totals[0] != want {
		t.Errorf("%+v, want %+v, %v", totals, want, err)
	}
	page, more, err := complaints.Ledger(ctx, db, tenants.SystemActor(), complaints.LedgerFilter{From: from, Until: db.Now().Add(time.Hour), Limit: 2})
	if err != nil || !more || page[0].ReversesID == nil || page[0].Reversed {
		t.Fatalf("more %v, %v", more, err)
	}
	rest, more, err := complaints.Ledger(ctx, db, tenants.SystemActor(), complaints.LedgerFilter{From: from, Until: db.Now().Add(time.Hour), Limit: 2, Before: page[1].ID})
	if err != nil || more || len(rest) != 1 {
		t.Errorf("%d lines on the second page, more %v, %v", len(rest), more, err)
	}
	if !page[1].Reversed || rest[0].Reversed {
		t.Error("the wrong line is marked as undone")
	}
}
