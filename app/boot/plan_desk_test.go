package boot_test

import (
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// readDesk runs what the lists beside the inbox read: calls, visits, boxes,
// imports, relatives, transfers, hints, mentions, scores.
func readDesk(t *testing.T, db *tenants.DB, f *complaints.Folder, unit int64) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	actor := tenants.Actor{Kind: tenants.Staff, ID: 1, SeesAll: true}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	after := complaints.Cursor{Due: now.AddDate(-2, 0, 0), ID: 1}
	for _, list := range []complaints.CallList{complaints.CallsDue, complaints.CallsLater, complaints.CallsSignOff} {
		_, _, err := complaints.CallTasks(ctx, db, actor, list, after, 50)
		must(err)
	}
	_, err := complaints.CallCounts(ctx, db, actor)
	must(err)
	_, err = complaints.CallsOfEach(ctx, db, []complaints.ID{f.ID})
	must(err)
	_, _, err = complaints.UnplannedVisits(ctx, db, actor, 1, after, 50)
	must(err)
	_, err = complaints.VisitsOf(ctx, db, actor, "2026-11-22", 1)
	must(err)
	for _, retired := range []bool{false, true} {
		_, _, err = complaints.Boxes(ctx, db, retired, complaints.BoxCursor{Day: "2026-01-01", ID: 1})
		must(err)
	}
	_, _, err = complaints.BoxOpenings(ctx, db, 1, 2)
	must(err)
	_, _, err = complaints.Batches(ctx, db, 1<<60, 50)
	must(err)
	_, _, err = complaints.Problems(ctx, db, 1, 2, 50)
	must(err)
	_, err = complaints.Relatives(ctx, db, actor, &f.Complaint)
	must(err)
	_, err = complaints.Similar(ctx, db, actor, &f.Complaint)
	must(err)
	_, err = complaints.Nearby(ctx, db, actor, f.TopicID, complaints.Place{Address: "زنجان، خیابان سعدی", Subscription: "123456"}, nil)
	must(err)
	for _, direction := range []string{"", complaints.TransferOut, complaints.TransferIn} {
		_, _, err = complaints.AllTransfers(ctx, db, actor, complaints.TransferFilter{Direction: direction, Before: 1 << 60})
		must(err)
	}
	_, err = complaints.Reclassifications(ctx, db, f.ID)
	must(err)
	for _, unread := range []bool{false, true} {
		_, _, err = complaints.Mentions(ctx, db, actor, unread, 1<<60)
		must(err)
	}
	_, err = complaints.Unread(ctx, db, actor)
	must(err)
	readScores(t, db, actor, unit)
	readInspection(t, db, actor, unit)
}

// readScores runs what the ledger, its objections and the ranking read.
func readScores(t *testing.T, db *tenants.DB, actor tenants.Actor, unit int64) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	classes, err := tenants.AllClasses(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	from := now.AddDate(0, -1, 0)
	_, err = complaints.ScoreTotals(ctx, db, from, now)
	if err == nil {
		_, _, err = complaints.Ledger(ctx, db, actor, complaints.LedgerFilter{UnitID: unit, From: from, Until: now, Before: 1 << 60})
	}
	if err == nil {
		_, err = complaints.ObjectionsOf(ctx, db, []int64{1, 2})
	}
	if err == nil {
		_, err = complaints.OpenObjections(ctx, db, actor, unit)
	}
	if err == nil {
		_, err = complaints.Ranking(ctx, db, []int64{unit}, classes, from, now)
	}
	if err == nil {
		_, err = complaints.Costliest(ctx, db, actor, unit, from, now, 5)
	}
	if err == nil {
		_, err = complaints.Threats(ctx, db, actor, unit, classes, 5)
	}
	if err != nil {
		t.Fatal(err)
	}
}
