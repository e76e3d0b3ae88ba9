package inspection

import (
	"context"
	"time"

	"pasokh/tenants"
)

// Manner is what inspection saw of the conduct of a unit's people over a time.
type Manner struct {
	UnitID  int64
	Visits  int
	Got, Of int // what the answers to the questions of conduct came to
}

// Manners sums the answers about conduct of open visits by unit. Confidential
// ones are never in it: a number that moves would tell the unit of them. One
// statement.
func Manners(ctx context.Context, r tenants.Reader, from, until time.Time) ([]Manner, error) {
	var list []Manner
	err := r.Select((*Visit)(nil)).ColumnExpr("visit.unit_id, count(DISTINCT visit.id) AS visits").
		ColumnExpr("sum(CASE item.answer WHEN 'yes' THEN 2 * item.weight WHEN 'partly' THEN item.weight ELSE 0 END) AS got, sum(2 * item.weight) AS of").
		Join("JOIN ? ON item.inspection_id = visit.id AND item.section = 'conduct' AND item.answer IN ('yes', 'partly', 'no')", r.From((*Item)(nil))).
		Where("visit.state = 'done' AND visit.done_at >= ? AND visit.done_at < ? AND NOT visit.confidential", from, until).
		GroupExpr("visit.unit_id").OrderExpr("visit.unit_id").Scan(ctx, &list)
	return list, tenants.Err(err)
}

// Justified is how many complaints of conduct were found right.
type Justified struct {
	UnitID  int64
	StaffID *int64
	N       int
}

// JustifiedConduct counts the violations of conduct that were upheld in a time
// and not taken back, by unit and person. One statement.
func JustifiedConduct(ctx context.Context, r tenants.Reader, from, until time.Time) ([]Justified, error) {
	var list []Justified
	err := r.Select((*Violation)(nil)).ColumnExpr("v.unit_id, v.staff_id, count(*) AS n").
		Where("v.state = 'decided' AND v.decided_at >= ? AND v.decided_at < ? AND v.kind = 'conduct' AND v.decision = 'upheld' AND v.overturned_at IS NULL", from, until).
		GroupExpr("v.unit_id, v.staff_id").OrderExpr("v.unit_id, v.staff_id").Scan(ctx, &list)
	return list, tenants.Err(err)
}
