package complaints

import (
	"context"
	"time"

	"pasokh/tenants"
)

// ScoreTotal is what one unit's ledger comes to over a time.
type ScoreTotal struct {
	UnitID   int64
	Points   int // negative scores and what was reversed of them
	Lines    int // negative scores given
	Reversed int // of them undone
	Cases    int // cases that caused them
}

// ScoreTotals sums the ledger by unit from one instant until another, the
// lowest total first; units without a line are absent.
func ScoreTotals(ctx context.Context, r tenants.Reader, from, until time.Time) ([]ScoreTotal, error) {
	var list []ScoreTotal
	err := r.Select((*Score)(nil)).ColumnExpr("score.unit_id, sum(score.points) AS points").
		ColumnExpr("count(*) - count(score.reverses_id) AS lines, count(score.reverses_id) AS reversed").
		ColumnExpr("count(DISTINCT score.complaint_id) AS cases").
		Where("score.at >= ? AND score.at < ?", from, until).
		GroupExpr("score.unit_id").OrderExpr("points, score.unit_id").Scan(ctx, &list)
	return list, tenants.Err(err)
}

// LedgerLine is a line of the ledger with what its reader asks next.
type LedgerLine struct {
	Score    `bun:",extend"`
	Code     string `bun:"code,scanonly"`     // of the case
	Reversed bool   `bun:"reversed,scanonly"` // another line undoes it
}

// LedgerFilter narrows the ledger; zero values narrow nothing.
type LedgerFilter struct {
	UnitID      int64
	From, Until time.Time
	Before      int64 // ID of the last line of the page before
	Limit       int   // 50 when zero
}

// Ledger lists lines, newest first, and tells whether there are more. Lines of
// cases that are kept from the actor are left out; they count in the totals.
func Ledger(ctx context.Context, r tenants.Reader, actor tenants.Actor, f LedgerFilter) (list []LedgerLine, more bool, err error) {
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	undone := r.Select((*reversal)(nil)).ColumnExpr("1").Where("back.reverses_id = score.id")
	q := r.Select(&list).ColumnExpr("score.*, c.code, EXISTS (?) AS reversed", undone).
		Join("JOIN ? ON c.id = score.complaint_id", r.From((*Complaint)(nil))).
		Where("score.at >= ? AND score.at < ?", f.From, f.Until).Order("score.id DESC").Limit(int64(f.Limit) + 1)
	if f.UnitID != 0 {
		q = q.Where("score.unit_id = ?", f.UnitID)
	}
	if f.Before != 0 {
		q = q.Where("score.id < ?", f.Before)
	}
	if err := discreet(r, q, actor).Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if len(list) > f.Limit {
		return list[:f.Limit], true, nil
	}
	return list, false, nil
}

// reversal is the ledger under a second name, for a line that undoes another.
type reversal struct {
	tenants.BaseModel `bun:"table:scores,alias:back"`
	tenants.Owned
}
