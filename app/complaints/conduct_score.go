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

// Treated is what citizens said over a time of the answers of one unit, or of
// one person of it: how they were treated, and apart from it whether the result
// was right.
type Treated struct {
	UnitID    int64
	StaffID   *int64 // who answered, as far as it is known
	Answers   int    // to the conduct question
	Sum       int    // good 100, fair 50, poor 0
	Verdicts  int
	Satisfied int
}

// Treatment sums what citizens said by the unit that led and answered the cycle
// and the person who wrote the answer; confidential cases are left out. One
// statement.
func Treatment(ctx context.Context, r tenants.Reader, from, until time.Time) ([]Treated, error) {
	var list []Treated
	err := r.Select((*Call)(nil)).ColumnExpr("leg.unit_id, leg.answered_by AS staff_id").
		ColumnExpr("sum(CASE WHEN call.conduct <> '' THEN 1 ELSE 0 END) AS answers").
		ColumnExpr("sum(CASE call.conduct WHEN 'good' THEN 100 WHEN 'fair' THEN 50 ELSE 0 END) AS sum").
		ColumnExpr("count(*) AS verdicts, sum(CASE call.outcome WHEN 'satisfied' THEN 1 ELSE 0 END) AS satisfied").
		Join("JOIN ? ON leg.complaint_id = call.complaint_id AND leg.cycle = call.cycle AND leg.lead AND leg.state = 'answered'", r.From((*Referral)(nil))).
		Join("JOIN ? ON c.id = call.complaint_id AND NOT c.confidential", r.From((*Complaint)(nil))).
		Where("call.at >= ? AND call.at < ? AND call.outcome IN ('satisfied', 'not_satisfied')", from, until).
		GroupExpr("leg.unit_id, leg.answered_by").OrderExpr("leg.unit_id, leg.answered_by").Scan(ctx, &list)
	return list, tenants.Err(err)
}

// Verdicts is how many citizens said how a matter ended, and how many of them
// were content.
type Verdicts struct{ N, Satisfied int }

// Percent is the share of the content; false without a verdict.
func (v Verdicts) Percent() (int, bool) {
	if v.N == 0 {
		return 0, false
	}
	return (100*v.Satisfied + v.N/2) / v.N, true
}

// VerdictsOn counts the verdicts of two times, one ending where the other
// begins, on a topic or, when that is 0, on the answers of a unit. Confidential
// cases are left out. One statement.
func VerdictsOn(ctx context.Context, r tenants.Reader, topic, unit int64, from, at, until time.Time) (before, after Verdicts, err error) {
	q := r.Select((*Call)(nil)).
		ColumnExpr("sum(CASE WHEN call.at < ? THEN 1 ELSE 0 END) AS n0, sum(CASE WHEN call.at < ? AND call.outcome = 'satisfied' THEN 1 ELSE 0 END) AS s0", at, at).
		ColumnExpr("sum(CASE WHEN call.at >= ? THEN 1 ELSE 0 END) AS n1, sum(CASE WHEN call.at >= ? AND call.outcome = 'satisfied' THEN 1 ELSE 0 END) AS s1", at, at).
		Join("JOIN ? ON c.id = call.complaint_id AND NOT c.confidential", r.From((*Complaint)(nil))).
		Where("call.at >= ? AND call.at < ? AND call.outcome IN ('satisfied', 'not_satisfied')", from, until)
	if topic != 0 {
		q = q.Where("c.topic_id = ?", topic)
	} else {
		q = q.Join("JOIN ? ON leg.complaint_id = call.complaint_id AND leg.cycle = call.cycle AND leg.lead AND leg.state = 'answered'", r.From((*Referral)(nil))).
			Where("leg.unit_id = ?", unit)
	}
	var sums struct{ N0, S0, N1, S1 *int }
	err = q.Scan(ctx, &sums)
	number := func(n *int) int {
		if n == nil {
			return 0
		}
		return *n
	}
	return Verdicts{number(sums.N0), number(sums.S0)}, Verdicts{number(sums.N1), number(sums.S1)}, tenants.Err(err)
}
