package inspection

import (
	"context"
	"time"

	"pasokh/tenants"
)

// Result is what the visits to a unit over a time come to.
type Result struct {
	UnitID int64
	Visits int
	Sum    int // of their percentages
}

// Percent is the mean of the visits.
func (r Result) Percent() (percent int, ok bool) {
	if r.Visits == 0 {
		return 0, false
	}
	return (r.Sum + r.Visits/2) / r.Visits, true
}

// Results sums the visits reported from one instant until another by unit. One
// statement; units without a visit are absent. Confidential visits count for
// who inspects only: a number that moves would tell the unit of them.
func Results(ctx context.Context, r tenants.Reader, a tenants.Actor, from, until time.Time) (map[int64]Result, error) {
	var list []Result
	q := r.Select((*Visit)(nil)).ColumnExpr("visit.unit_id, count(*) AS visits, sum(visit.result) AS sum").
		Where("visit.state = 'done' AND visit.done_at >= ? AND visit.done_at < ? AND visit.result IS NOT NULL", from, until).GroupExpr("visit.unit_id")
	if !a.Inspects {
		q = q.Where("NOT visit.confidential")
	} else {
		q = discreet(q, a)
	}
	err := q.Scan(ctx, &list)
	found := make(map[int64]Result, len(list))
	for _, one := range list {
		found[one.UnitID] = one
	}
	return found, tenants.Err(err)
}

// Lost tells what upheld violations cost each unit over a time, in points that
// were not given back. One statement.
func Lost(ctx context.Context, r tenants.Reader, from, until time.Time) (map[int64]int, error) {
	var list []struct {
		UnitID int64
		Points int
	}
	back := r.Select((*undoing)(nil)).ColumnExpr("1").Where("back.reverses_id = cost.id")
	err := r.Select((*Cost)(nil)).ColumnExpr("cost.unit_id, -sum(cost.points) AS points").
		Where("cost.at >= ? AND cost.at < ? AND cost.reverses_id IS NULL", from, until).Where("NOT EXISTS (?)", back).
		GroupExpr("cost.unit_id").Scan(ctx, &list)
	found := make(map[int64]int, len(list))
	for _, one := range list {
		found[one.UnitID] = one.Points
	}
	return found, tenants.Err(err)
}

// undoing is the ledger under a second name, for a line that undoes another.
type undoing struct {
	tenants.BaseModel `bun:"table:violation_scores,alias:back"`
	tenants.Owned
}
