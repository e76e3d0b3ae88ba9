package web

import (
	"net/url"
	"slices"
	"strconv"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	rankingPath = "/desk/ranking"
	// rankingTrend is how many periods the trend goes back, the shown one included.
	rankingTrend = 6
	rankingWorst = 5
)

// ranking is what the page of the ranking is made of.
type ranking struct {
	period    solarPeriod
	names     map[int64]string
	units     []int64
	own       int64 // the executing unit of whoever looks; 0 when there is none
	only      bool  // whose cases they see: the own unit's only
	unit      int64 // whose cases are shown
	classes   map[int64]*tenants.SLAClass
	standings [][]complaints.Standing // of the trend, the shown period last
}

func (k *ranking) shown() []complaints.Standing { return k.standings[len(k.standings)-1] }

// before are the standings of the period before the shown one.
func (k *ranking) before() []complaints.Standing { return k.standings[len(k.standings)-2] }

// deskRanking ranks the units over one period of the Solar Hijri calendar.
func (w *web) deskRanking(r *req) error {
	m, err := r.rankingModel()
	if err != nil {
		return err
	}
	return r.page(parts.Desk, r.frame("ranking.title"), views.DeskRankingPage(m))
}

// deskRankingSheet is the ranking on paper.
func (w *web) deskRankingSheet(r *req) error {
	m, err := r.rankingModel()
	if err != nil {
		return err
	}
	p := r.frame("ranking.title")
	p.Paths.Home = m.Here
	return r.page(parts.Print, p, views.DeskRankingSheet(p, m))
}

func (r *req) rankingModel() (*views.DeskRanking, error) {
	k, err := r.ranking()
	if err != nil {
		return nil, err
	}
	m := &views.DeskRanking{
		Period: r.periodName(k.period), Previous: r.periodName(k.period.add(-1)), Running: k.period.until().After(r.now()),
		Prev: r.rankingLink(k, k.period.add(-1)), Here: r.rankingLink(k, k.period), Sheet: rankingPath + "/sheet?" + r.rankingQuery(k, k.period),
		CanOpen: r.can("complaint:read"), Now: r.now(),
	}
	if r.can("organization:edit") {
		m.Weights = weightsPath
	}
	if m.Running {
		m.Note = r.t("ranking.running", "date", messages.DateTime(r.ctx, r.now()))
	} else {
		m.Next = r.rankingLink(k, k.period.add(1))
	}
	for _, kind := range periodKinds {
		at := periodOf(kind, k.period.from())
		m.Kinds = append(m.Kinds, parts.Tab{Label: r.t("period." + kind), Href: r.rankingLink(k, at), Current: kind == k.period.kind})
	}
	m.Table = rankingPath + "/table?" + r.rankingQuery(k, k.period)
	r.rankingRows(k, m)
	if err := r.standing(k, m); err != nil {
		return nil, err
	}
	r.rankingTrend(k, m)
	return m, r.rankingCases(k, m)
}

// ranking reads what the address asks for.
func (r *req) ranking() (*ranking, error) {
	k := &ranking{period: periodOf("month", r.now()), names: map[int64]string{}, only: !r.principal.actor.SeesAll}
	if text := r.query("period"); text != "" {
		p, ok := parsePeriod(text)
		if !ok || p.from().After(r.now()) {
			return nil, fault.New(fault.NotFound, "error.not_found")
		}
		k.period = p
	}
	units, err := tenants.Units(r.ctx, r.db, tenants.UnitExecutive)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		k.names[u.ID] = r.in(u.NameFA, u.NameEN)
		if k.units = append(k.units, u.ID); u.ID == r.principal.actor.UnitID {
			k.own = u.ID
		}
	}
	if k.classes, err = tenants.AllClasses(r.ctx, r.db); err != nil {
		return nil, err
	}
	for i := 1 - rankingTrend; i <= 0; i++ {
		p := k.period.add(i)
		list, err := complaints.Ranking(r.ctx, r.db, k.units, k.classes, p.from(), p.until())
		if err != nil {
			return nil, err
		}
		k.standings = append(k.standings, list)
	}
	k.unit = r.rankedUnit(k)
	return k, nil
}

// rankedUnit is the unit whose cases are shown: the one asked for, else the own
// one, else the one that stands lowest.
func (r *req) rankedUnit(k *ranking) int64 {
	if k.only {
		return k.own
	}
	if asked := number(r.query("unit")); slices.Contains(k.units, asked) {
		return asked
	}
	if k.own != 0 {
		return k.own
	}
	for _, s := range slices.Backward(k.shown()) {
		if s.Ranked() {
			return s.UnitID
		}
	}
	return 0
}

func (r *req) rankingQuery(k *ranking, p solarPeriod) string {
	q := url.Values{"period": {p.String()}}
	if asked := number(r.query("unit")); asked != 0 && !k.only {
		q.Set("unit", idText(asked))
	}
	return q.Encode()
}

func (r *req) rankingLink(k *ranking, p solarPeriod) string {
	return rankingPath + "?" + r.rankingQuery(k, p)
}

// index says a unit's index with one decimal.
func (r *req) index(n int) string {
	return messages.Digits(r.ctx, strconv.Itoa(n/10)+r.t("ranking.point")+strconv.Itoa(n%10))
}

func standingOf(list []complaints.Standing, unit int64) complaints.Standing {
	at := slices.IndexFunc(list, func(s complaints.Standing) bool { return s.UnitID == unit })
	if at < 0 {
		return complaints.Standing{}
	}
	return list[at]
}

func (r *req) rankingRows(k *ranking, m *views.DeskRanking) {
	for _, s := range k.shown() {
		was := standingOf(k.before(), s.UnitID)
		row := views.RankedUnit{
			Name: k.names[s.UnitID], Own: s.UnitID == k.own, Selected: s.UnitID == k.unit, Ranked: s.Ranked(),
			Parts: s.Parts, Lost: s.Lost, Stake: s.Stake, Cases: s.Cases, Place: complaints.Position(k.shown(), s.UnitID),
		}
		if !k.only || row.Own {
			row.Href = rankingPath + "?" + url.Values{"period": {k.period.String()}, "unit": {idText(s.UnitID)}}.Encode() + "#worst"
		}
		if s.Ranked() {
			row.Index, row.Value = r.index(s.Index()), s.Index()
		}
		if s.Ranked() && was.Ranked() {
			row.Compared, row.Change = true, s.Index()-was.Index()
			row.ChangeText = r.index(max(row.Change, -row.Change))
			row.WasPlace = complaints.Position(k.before(), s.UnitID)
		}
		m.Units = append(m.Units, row)
	}
}

// whole is how all units together stand.
func whole(list []complaints.Standing) (s complaints.Standing) {
	for _, u := range list {
		s.Stake, s.Lost, s.Parts = s.Stake+u.Stake, s.Lost+u.Lost, s.Parts+u.Parts
	}
	return s
}

// rankingTrend draws the shown unit beside the organization, over the last
// periods in which anything was at stake.
func (r *req) rankingTrend(k *ranking, m *views.DeskRanking) {
	all := parts.Series{Label: r.t("ranking.whole")}
	unit := parts.Series{Label: k.names[k.unit]}
	for i, list := range k.standings {
		sum := whole(list)
		if !sum.Ranked() && len(m.Trend.Labels) == 0 {
			continue // before the first case
		}
		m.Trend.Labels = append(m.Trend.Labels, r.periodShort(k.period.add(i+1-rankingTrend)))
		all.Values = append(all.Values, sum.Index()/10)
		unit.Values = append(unit.Values, standingOf(list, k.unit).Index()/10)
	}
	m.Trend.Series = append(m.Trend.Series, all)
	if k.unit != 0 {
		m.Trend.Series = append(m.Trend.Series, unit)
	}
	m.Trend.Title, m.Trend.Note, m.Trend.What = r.t("ranking.trend"), r.t("ranking.trend_note"), r.t("period."+k.period.kind)
}

// rankingCases shows what would change the unit's place: the cases that cost
// most, and those that are about to.
func (r *req) rankingCases(k *ranking, m *views.DeskRanking) error {
	if k.unit == 0 {
		return nil
	}
	m.Unit = k.names[k.unit]
	s := standingOf(k.shown(), k.unit)
	worst, err := complaints.Costliest(r.ctx, r.db, r.principal.actor, k.unit, k.period.from(), k.period.until(), rankingWorst)
	if err != nil {
		return err
	}
	for _, c := range worst {
		line := r.rankedCase(m, c.ComplaintID, c.Code, c.Text)
		line.Points, line.State = c.Points, c.State
		line.Then = r.t("ranking.without", "index", r.index(s.With(c.Points)))
		m.Worst = append(m.Worst, line)
	}
	if !m.Running {
		return nil
	}
	ahead, err := complaints.Threats(r.ctx, r.db, r.principal.actor, k.unit, k.classes, rankingWorst)
	for _, c := range ahead {
		line := r.rankedCase(m, c.ComplaintID, c.Code, c.Text)
		line.Points, line.DueAt, line.NextAt = c.Points, c.DueAt, c.NextClockAt
		line.Then = r.t("ranking.would_be", "index", r.index(s.With(-c.Points)))
		m.Ahead = append(m.Ahead, line)
	}
	return err
}

func (r *req) rankedCase(m *views.DeskRanking, id int64, code, text string) views.RankedCase {
	line := views.RankedCase{Code: persian.ShowCode(code)}
	if m.CanOpen {
		line.Href, line.Text = casePath(id), text
	}
	return line
}
