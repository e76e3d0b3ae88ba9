package quality

import (
	"context"
	"slices"
	"time"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

const aDay = 24 * time.Hour

// repeatLimit is how many citizens a look finds at most.
const repeatLimit = 50

// repeats finds citizens who came in often about the same topic, or in the same
// district about several, within the time.
func (l *look) repeats(ctx context.Context) error {
	from := startOf(l.today.AddDays(1 - l.rules.RepeatDays))
	until := startOf(l.today.AddDays(1))
	seen := map[int64]bool{}
	for _, by := range []struct {
		column string
		sign   int64
	}{{"topic_id", 1}, {"district_id", -1}} {
		var rows []struct {
			CitizenID, OtherID int64
			N                  int
		}
		err := l.tx.Select((*complaints.Complaint)(nil)).ColumnExpr("c.citizen_id, c."+by.column+" AS other_id, count(*) AS n").
			Where("c.registered_at >= ? AND c.registered_at < ? AND "+counted, from, until).Where("c.citizen_id IS NOT NULL AND c."+by.column+" IS NOT NULL").
			GroupExpr("c.citizen_id, c."+by.column).Having("count(*) >= ?", l.rules.RepeatCases).
			OrderExpr("n DESC, c.citizen_id, other_id").Limit(repeatLimit).Scan(ctx, &rows)
		if err != nil {
			return tenants.Err(err)
		}
		for _, row := range rows {
			if by.sign < 0 && seen[row.CitizenID] {
				continue // the topic says it already
			}
			seen[row.CitizenID] = true
			l.add(finding{
				kind: Repeat, dimension: Citizen, subject: row.CitizenID, other: by.sign * row.OtherID, observed: row.N, expected: l.rules.RepeatCases,
				strong: row.N >= 2*l.rules.RepeatCases, from: from, until: until,
			})
		}
	}
	return nil
}

// ageWeeks is how far back the share of old cases is drawn; it is compared with
// that of four weeks ago.
const (
	ageWeeks   = 8
	ageAgainst = 4
)

// aged are how many cases were open, and how many of them old, at the end of
// each of the weeks; index 0 is now.
type aged struct {
	TopicID int64
	O0, A0  int
	O1, A1  int
	O2, A2  int
	O3, A3  int
	O4, A4  int
	O5, A5  int
	O6, A6  int
	O7, A7  int
}

func (a *aged) open() []int { return []int{a.O0, a.O1, a.O2, a.O3, a.O4, a.O5, a.O6, a.O7} }
func (a *aged) old() []int  { return []int{a.A0, a.A1, a.A2, a.A3, a.A4, a.A5, a.A6, a.A7} }

// ageing finds topics, or the organization, of whose open cases more and more
// are old. The cases looked at are those that are open, and those closed within
// the weeks shown.
func (l *look) ageing(ctx context.Context) error {
	now := l.tx.Now()
	candidates := func(where string, args ...any) ([]aged, error) {
		var list []aged
		q := l.tx.Select((*complaints.Complaint)(nil)).ColumnExpr("c.topic_id").Where(where, args...).Where(counted).GroupExpr("c.topic_id")
		for week := range ageWeeks {
			at := now.AddDate(0, 0, -7*week)
			n := string(rune('0' + week))
			q = q.ColumnExpr("sum(CASE WHEN c.registered_at < ? AND (c.closed_at IS NULL OR c.closed_at >= ?) THEN 1 ELSE 0 END) AS o"+n, at, at).
				ColumnExpr("sum(CASE WHEN c.registered_at < ? AND (c.closed_at IS NULL OR c.closed_at >= ?) THEN 1 ELSE 0 END) AS a"+n, at.Add(-time.Duration(l.rules.AgeDays)*aDay), at)
		}
		return list, tenants.Err(q.Scan(ctx, &list))
	}
	open, err := candidates("c.state <> 'closed' AND c.due_at > ?", time.Unix(0, 0).UTC())
	if err != nil {
		return err
	}
	gone, err := candidates("c.state = 'closed' AND c.closed_at >= ?", now.AddDate(0, 0, -7*ageWeeks))
	if err != nil {
		return err
	}
	topics := map[int64][2][]int{}
	all := [2][]int{make([]int, ageWeeks), make([]int, ageWeeks)}
	for _, rows := range [][]aged{open, gone} {
		for i := range rows {
			sum, ok := topics[rows[i].TopicID]
			if !ok {
				sum = [2][]int{make([]int, ageWeeks), make([]int, ageWeeks)}
			}
			for week := range ageWeeks {
				o, a := rows[i].open()[week], rows[i].old()[week]
				sum[0][week], sum[1][week] = sum[0][week]+o, sum[1][week]+a
				all[0][week], all[1][week] = all[0][week]+o, all[1][week]+a
			}
			topics[rows[i].TopicID] = sum
		}
	}
	l.aged(All, 0, all)
	for topic, sum := range topics {
		l.aged(Topic, topic, sum)
	}
	return nil
}

// aged judges one of them: at least so many open cases, a share over the limit,
// and that by so many points more than four weeks ago.
func (l *look) aged(dimension string, subject int64, sum [2][]int) {
	share := func(week int) int { return percent(sum[1][week], sum[0][week]) }
	if sum[0][0] < l.rules.RateLeast || share(0) < l.rules.AgeShare || share(0)-share(ageAgainst) < l.rules.AgeGrowth {
		return
	}
	now := l.tx.Now()
	f := finding{
		kind: Ageing, dimension: dimension, subject: subject, observed: share(0), expected: share(ageAgainst),
		strong: share(0)-share(ageAgainst) >= 2*l.rules.AgeGrowth, from: time.Unix(0, 0).UTC(), until: now.Add(-time.Duration(l.rules.AgeDays) * aDay),
	}
	for week := ageWeeks - 1; week >= 0; week-- {
		f.series.Days = append(f.series.Days, dayText(l.today.AddDays(-7*week)))
		f.series.Observed = append(f.series.Observed, share(week))
		f.series.Usual = append(f.series.Usual, l.rules.AgeShare)
	}
	l.add(f)
}

func percent(part, of int) int {
	if of == 0 {
		return 0
	}
	return (100*part + of/2) / of
}

// rateDays is the time over which the shares of a unit are taken; they are drawn
// in four such times.
const rateDays = 30

// rates finds units to which much of their work comes back, or with whose work
// few are satisfied.
func (l *look) rates(ctx context.Context) error {
	type share struct {
		UnitID int64
		N, Of  int
	}
	read := func(period int, reopened bool) (map[int64]share, error) {
		until := startOf(l.today.AddDays(1 - period*rateDays))
		from := until.AddDate(0, 0, -rateDays)
		var list []share
		var q *tenants.Query
		if reopened {
			q = l.tx.Select((*complaints.Referral)(nil)).ColumnExpr("leg.unit_id, count(*) AS of, sum(CASE WHEN leg.cycle > 1 THEN 1 ELSE 0 END) AS n").
				Where("leg.referred_at >= ? AND leg.referred_at < ? AND leg.lead", from, until)
		} else {
			q = l.tx.Select((*complaints.Call)(nil)).ColumnExpr("leg.unit_id, count(*) AS of, sum(CASE WHEN call.outcome = 'satisfied' THEN 1 ELSE 0 END) AS n").
				Join("JOIN ? ON leg.complaint_id = call.complaint_id AND leg.cycle = call.cycle AND leg.lead AND leg.state = 'answered'", l.tx.From((*complaints.Referral)(nil))).
				Where("call.at >= ? AND call.at < ? AND call.outcome IN ('satisfied', 'not_satisfied')", from, until)
		}
		id := "leg.complaint_id"
		err := q.Join("JOIN ? ON c.id = "+id+" AND "+counted, l.tx.From((*complaints.Complaint)(nil))).GroupExpr("leg.unit_id").Scan(ctx, &list)
		found := make(map[int64]share, len(list))
		for _, s := range list {
			found[s.UnitID] = s
		}
		return found, tenants.Err(err)
	}
	for _, kind := range []string{Reopened, Dissatisfied} {
		now, err := read(0, kind == Reopened)
		if err != nil {
			return err
		}
		bad := func(s share) bool {
			p := percent(s.N, s.Of)
			return s.Of >= l.rules.RateLeast && (kind == Reopened && p >= l.rules.ReopenedShare || kind == Dissatisfied && p < l.rules.SatisfiedShare)
		}
		var units []int64
		for unit, s := range now {
			if bad(s) {
				units = append(units, unit)
			}
		}
		if len(units) == 0 {
			continue
		}
		slices.Sort(units)
		periods := []map[int64]share{now}
		for period := 1; period < 4; period++ {
			before, err := read(period, kind == Reopened)
			if err != nil {
				return err
			}
			periods = append(periods, before)
		}
		for _, unit := range units {
			limit := l.rules.ReopenedShare
			if kind == Dissatisfied {
				limit = l.rules.SatisfiedShare
			}
			p := percent(now[unit].N, now[unit].Of)
			f := finding{
				kind: kind, dimension: Unit, subject: unit, observed: p, expected: limit, strong: kind == Reopened && p >= 2*limit || kind == Dissatisfied && p <= limit/2,
				from: startOf(l.today.AddDays(1 - rateDays)), until: startOf(l.today.AddDays(1)),
			}
			for period := len(periods) - 1; period >= 0; period-- {
				f.series.Days = append(f.series.Days, dayText(l.today.AddDays(-period*rateDays)))
				f.series.Observed = append(f.series.Observed, percent(periods[period][unit].N, periods[period][unit].Of))
				f.series.Usual = append(f.series.Usual, limit)
			}
			l.add(f)
		}
	}
	return nil
}
