package complaints

import (
	"context"
	"time"

	"pasokh/tenants"
)

// conductPrior is how many calls of the whole organization's mean each unit is
// given, so that a handful of calls moves no unit to an end of the list.
const conductPrior = 5

// Manners is what citizens said over a time of how the staff of a unit treated
// them, apart from the result.
type Manners struct {
	UnitID int64
	Calls  int // in which the question was answered
	Sum    int // good 100, fair 50, poor 0
}

// Score is the unit's conduct in percent, normalised by volume:
//
//	score = (sum + 5 × mean of all units) ÷ (calls + 5)
//
// False when nobody was asked.
func (m Manners) Score(all []Manners) (percent int, ok bool) {
	var calls, sum int
	for _, one := range all {
		calls, sum = calls+one.Calls, sum+one.Sum
	}
	if m.Calls == 0 || calls == 0 {
		return 0, false
	}
	of := calls * (m.Calls + conductPrior)
	return (m.Sum*calls + conductPrior*sum + of/2) / of, true
}

// Conduct sums the answers to the conduct question by the unit that led and
// answered the cycle; confidential cases are left out. One statement; units
// that nobody was asked about are absent.
func Conduct(ctx context.Context, r tenants.Reader, units []int64, from, until time.Time) ([]Manners, error) {
	if len(units) == 0 {
		return nil, nil
	}
	var list []Manners
	err := r.Select((*Call)(nil)).
		ColumnExpr("leg.unit_id, count(*) AS calls, sum(CASE call.conduct WHEN 'good' THEN 100 WHEN 'fair' THEN 50 ELSE 0 END) AS sum").
		Join("JOIN ? ON leg.complaint_id = call.complaint_id AND leg.cycle = call.cycle AND leg.lead AND leg.state = 'answered'", r.From((*Referral)(nil))).
		Join("JOIN ? ON c.id = call.complaint_id AND NOT c.confidential", r.From((*Complaint)(nil))).
		Where("call.conduct <> '' AND call.at >= ? AND call.at < ?", from, until).Where("leg.unit_id IN (?)", tenants.In(units)).
		GroupExpr("leg.unit_id").OrderExpr("leg.unit_id").Scan(ctx, &list)
	return list, tenants.Err(err)
}
