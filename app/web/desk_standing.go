package web

import (
	"bytes"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/app/sheet"
	"pasokh/tenants"
	"pasokh/views"
)

// standing adds to the ranking what was inspected, how people were treated, and
// the whole by the organization's weights, for the shown period and, for the
// change, the one before.
func (r *req) standing(k *ranking, m *views.DeskRanking) error {
	now, err := r.quality(k, k.period)
	if err != nil {
		return err
	}
	before, err := r.quality(k, k.period.add(-1))
	if err != nil {
		return err
	}
	weights := r.tenant.Settings.Ranking
	m.Formula = r.t("ranking.whole_formula", "deadlines", weights.Deadlines, "inspection", weights.Inspection, "conduct", weights.Conduct)
	for i, s := range k.shown() {
		u, was := &m.Units[i], standingOf(k.before(), s.UnitID)
		u.Quality = now.of(s, weights)
		earlier := before.of(was, weights)
		if u.Quality.Has && earlier.Has {
			u.Quality.Moved, u.Quality.Change = true, u.Quality.Whole-earlier.Whole
		}
	}
	return nil
}

// unitQuality is what stands beside the deadlines in one period.
type unitQuality struct {
	results map[int64]inspection.Result
	lost    map[int64]int
	manners []complaints.Manners
}

func (r *req) quality(k *ranking, p solarPeriod) (q unitQuality, err error) {
	if q.results, err = inspection.Results(r.ctx, r.db, r.principal.actor, p.from(), p.until()); err != nil {
		return q, err
	}
	if q.lost, err = inspection.Lost(r.ctx, r.db, p.from(), p.until()); err != nil {
		return q, err
	}
	q.manners, err = complaints.Conduct(r.ctx, r.db, k.units, p.from(), p.until())
	return q, err
}

// of is one unit's quality.
func (q unitQuality) of(s complaints.Standing, w tenants.RankingWeights) views.RankedQuality {
	out := views.RankedQuality{Lost: q.lost[s.UnitID]}
	result := q.results[s.UnitID]
	out.Visits = result.Visits
	out.Inspection, out.Inspected = result.Percent()
	for _, m := range q.manners {
		if m.UnitID == s.UnitID {
			out.Calls = m.Calls
			out.Conduct, out.Asked = m.Score(q.manners)
		}
	}
	out.Whole, out.Has = tenants.Whole(
		tenants.Weighed{Percent: s.Index() / 10, Weight: w.Deadlines, Known: s.Ranked()},
		tenants.Weighed{Percent: out.Inspection, Weight: w.Inspection, Known: out.Inspected},
		tenants.Weighed{Percent: out.Conduct, Weight: w.Conduct, Known: out.Asked})
	return out
}

// deskRankingTable is the ranking as a table for other programs.
func (w *web) deskRankingTable(r *req) error {
	m, err := r.rankingModel()
	if err != nil {
		return err
	}
	var rows [][]string
	var head []string
	for _, key := range []string{"ranking.place", "desk.unit", "ranking.index", "ranking.parts", "ranking.lost", "ranking.stake", "ranking.inspection", "ranking.visits", "ranking.conduct", "ranking.calls", "ranking.violations", "ranking.all"} {
		head = append(head, r.t(key))
	}
	rows = append(rows, head)
	for i := range m.Units {
		rows = append(rows, m.Units[i].Cells())
	}
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, rows); err != nil {
		return fault.Wrap(err, "web.ranking")
	}
	return r.download("ranking.csv", "text/csv; charset=utf-8", b.Bytes())
}
