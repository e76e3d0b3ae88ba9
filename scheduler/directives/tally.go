package directives

import (
	"context"
	"time"

	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Tally counts directives. Open = ToDo, of which Overdue are late; Done of
// which Kept had their last report in time.
type Tally struct {
	Open     int
	Overdue  int
	Reported int
	Done     int
	Kept     int
}

// Counts counts the directives of an executive (0 = all) at r.Now().
func Counts(ctx context.Context, r tenants.Reader, executiveID int64) (Tally, error) {
	q := r.Select((*Directive)(nil))
	if executiveID != 0 {
		q.Where("directive.executive_id = ?", executiveID)
	}
	return tally(ctx, r, q)
}

// CountsOfUnit counts the directives of a unit at r.Now().
func CountsOfUnit(ctx context.Context, r tenants.Reader, unitID int64) (Tally, error) {
	return tally(ctx, r, r.Select((*Directive)(nil)).Where("directive.unit_id = ?", unitID))
}

func tally(ctx context.Context, r tenants.Reader, q *tenants.Query) (Tally, error) {
	var t Tally
	late := r.Select((*timeline.Event)(nil)).ColumnExpr("1").
		Where("event.subject_kind = 'directive' AND event.subject_id = directive.id").
		Where("event.kind = 'directive.reported' AND event.at > directive.due_at")
	count := func(condition string, args ...any) (string, []any) {
		return "COALESCE(SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)", args
	}
	for _, c := range []struct {
		name, condition string
		args            []any
	}{
		{"open", "directive.state NOT IN (?, ?)", []any{Done, Reported}},
		{"overdue", "directive.state NOT IN (?, ?) AND directive.due_at <= ?", []any{Done, Reported, r.Now()}},
		{"reported", "directive.state = ?", []any{Reported}},
		{"done", "directive.state = ?", []any{Done}},
		{"kept", "directive.state = ? AND NOT EXISTS (?)", []any{Done, late}},
	} {
		expr, args := count(c.condition, c.args...)
		q.ColumnExpr(expr+" AS "+c.name, args...)
	}
	return t, tenants.Err(q.Scan(ctx, &t))
}

// AgeDays are the upper bounds, in days, of the age groups of Ages; the last
// group has none.
var AgeDays = []int{7, 30, 90}

// AgeCount is how many directives of a state are in an age group, an index
// from 0 to len(AgeDays).
type AgeCount struct {
	State State
	Age   int
	N     int
}

// Ages counts the directives of an executive that are not done, by state and
// by how long ago they were issued.
func Ages(ctx context.Context, r tenants.Reader, executiveID int64) ([]AgeCount, error) {
	since := func(days int) time.Time { return r.Now().Add(-time.Duration(days) * 24 * time.Hour) }
	var list []AgeCount
	err := r.Select((*Directive)(nil)).ColumnExpr("directive.state AS state").
		ColumnExpr("CASE WHEN directive.issued_at > ? THEN 0 WHEN directive.issued_at > ? THEN 1 WHEN directive.issued_at > ? THEN 2 ELSE 3 END AS age",
			since(AgeDays[0]), since(AgeDays[1]), since(AgeDays[2])).
		ColumnExpr("COUNT(*) AS n").
		Where("directive.executive_id = ? AND directive.state <> ?", executiveID, Done).
		GroupExpr("1, 2").OrderExpr("2, 1").Scan(ctx, &list)
	return list, tenants.Err(err)
}
