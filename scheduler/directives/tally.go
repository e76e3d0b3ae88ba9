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
func Counts(ctx context.Context, r tenants.Reader, a tenants.Actor, executiveID int64) (Tally, error) {
	q := discreet(r, r.Select((*Directive)(nil)), a)
	if executiveID != 0 {
		q.Where("directive.executive_id = ?", executiveID)
	}
	return tally(ctx, r, q)
}

// CountsOfUnit counts the directives of a unit at r.Now().
func CountsOfUnit(ctx context.Context, r tenants.Reader, a tenants.Actor, unitID int64) (Tally, error) {
	parts := r.Select((*Part)(nil)).Column("directive_id").Where("part.unit_id = ?", unitID)
	q := r.Select((*Directive)(nil)).Where("(directive.unit_id = ? OR directive.id IN (?))", unitID, parts)
	return tally(ctx, r, discreet(r, q, a))
}

func tally(ctx context.Context, r tenants.Reader, q *tenants.Query) (Tally, error) {
	var t Tally
	return t, tenants.Err(counted(r, q).Scan(ctx, &t))
}

// counted adds the columns of a Tally to the query.
func counted(r tenants.Reader, q *tenants.Query) *tenants.Query {
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
	return q
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
func Ages(ctx context.Context, r tenants.Reader, a tenants.Actor, executiveID int64) ([]AgeCount, error) {
	since := func(days int) time.Time { return r.Now().Add(-time.Duration(days) * 24 * time.Hour) }
	var list []AgeCount
	err := discreet(r, r.Select((*Directive)(nil)), a).ColumnExpr("directive.state AS state").
		ColumnExpr("CASE WHEN directive.issued_at > ? THEN 0 WHEN directive.issued_at > ? THEN 1 WHEN directive.issued_at > ? THEN 2 ELSE 3 END AS age",
			since(AgeDays[0]), since(AgeDays[1]), since(AgeDays[2])).
		ColumnExpr("COUNT(*) AS n").
		Where("directive.executive_id = ? AND directive.state <> ?", executiveID, Done).
		GroupExpr("1, 2").OrderExpr("2, 1").Scan(ctx, &list)
	return list, tenants.Err(err)
}

// UnitTally is the tally of one unit.
type UnitTally struct {
	UnitID int64
	UnitFA string `bun:"unit_fa"`
	UnitEN string `bun:"unit_en"`
	Tally  `bun:",extend"`
}

// CountsByUnit counts the directives of an executive by lead unit, those with
// most of them done first.
func CountsByUnit(ctx context.Context, r tenants.Reader, a tenants.Actor, executiveID int64) ([]UnitTally, error) {
	var list []UnitTally
	q := discreet(r, r.Select((*Directive)(nil)), a).Where("directive.executive_id = ?", executiveID).
		ColumnExpr("directive.unit_id AS unit_id, unit.name_fa AS unit_fa, unit.name_en AS unit_en").
		Join("JOIN ? ON unit.id = directive.unit_id", r.From((*tenants.Unit)(nil)))
	err := counted(r, q).GroupExpr("1, 2, 3").OrderExpr("done DESC, unit_id").Scan(ctx, &list)
	return list, tenants.Err(err)
}
