package web

import (
	"net/url"
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const warningsPath = "/desk/warnings"

func warningPath(id int64) string { return warningsPath + "/" + idText(id) }

// warningNames are the words for what warnings are about.
type warningNames struct {
	topics, districts, units map[int64]string
}

func (r *req) warningNames() (n warningNames, err error) {
	if n.topics, err = r.topicNames(); err != nil {
		return n, err
	}
	districts, err := tenants.AllDistricts(r.ctx, r.db)
	if err != nil {
		return n, err
	}
	n.districts = make(map[int64]string, len(districts))
	for i := range districts {
		n.districts[districts[i].ID] = r.in(districts[i].NameFA, districts[i].NameEN)
	}
	units, err := tenants.Units(r.ctx, r.db)
	n.units = make(map[int64]string, len(units))
	for i := range units {
		n.units[units[i].ID] = r.in(units[i].NameFA, units[i].NameEN)
	}
	return n, err
}

// of is what a warning is about; a citizen stays without a name, the cases say
// who it is to those who may know.
func (n warningNames) of(r *req, w *quality.Warning) string {
	name := ""
	switch w.Dimension {
	case quality.All:
		return r.t("warning.all")
	case quality.Topic:
		name = n.topics[w.SubjectID]
	case quality.District:
		name = n.districts[w.SubjectID]
	case quality.Unit:
		name = n.units[w.SubjectID]
	case quality.Citizen:
		if w.OtherID < 0 {
			return r.t("warning.citizen_place", "place", n.districts[-w.OtherID])
		}
		return r.t("warning.citizen_topic", "topic", n.topics[w.OtherID])
	}
	return r.t("warning.of."+w.Dimension, "name", name)
}

// tenths writes a number of tenths with at most one decimal.
func (r *req) tenths(n int) string {
	if n%10 == 0 {
		return messages.Number(r.ctx, n/10)
	}
	return messages.Digits(r.ctx, strconv.Itoa(n/10)+r.t("ranking.point")+strconv.Itoa(n%10))
}

func (r *req) warningRow(w *quality.Warning, names warningNames) views.WarningRow {
	row := views.WarningRow{Warning: *w, Href: warningPath(w.ID), About: names.of(r, w)}
	switch w.Kind {
	case quality.Spike:
		row.Says = r.t("warning.says.spike", "n", w.Observed, "usual", r.tenths(w.Expected))
	case quality.Repeat:
		row.Says = r.t("warning.says.repeat", "n", w.Observed, "days", int(w.UntilAt.Sub(w.FromAt)/(24*time.Hour)))
	case quality.Ageing:
		row.Says = r.t("warning.says.ageing", "share", messages.Percent(r.ctx, w.Observed), "was", messages.Percent(r.ctx, w.Expected))
	default:
		row.Says = r.t("warning.says."+w.Kind, "share", messages.Percent(r.ctx, w.Observed), "limit", messages.Percent(r.ctx, w.Expected))
	}
	return row
}

// warningList lists the early warnings.
func (w *web) warningList(r *req) error {
	f := quality.Filter{State: r.query("state"), Before: number(r.query("before"))}
	switch f.State {
	case quality.Acknowledged, quality.Closed:
	default:
		f.State = quality.Open
	}
	list, more, err := quality.Warnings(r.ctx, r.db, f)
	if err != nil {
		return err
	}
	names, err := r.warningNames()
	if err != nil {
		return err
	}
	m := &views.Warnings{Now: r.now(), State: f.State, Rules: r.tenant.Settings.Defaults().Warnings}
	if r.can("organization:edit") {
		m.Settings = warningsPath + "/rules"
	}
	var ids []int64
	for i := range list {
		m.Rows = append(m.Rows, r.warningRow(&list[i], names))
		if list[i].AssignedTo != nil {
			ids = append(ids, *list[i].AssignedTo)
		}
	}
	people, err := staff.Names(r.ctx, r.db, ids)
	if err != nil {
		return err
	}
	for i := range m.Rows {
		if to := m.Rows[i].AssignedTo; to != nil {
			m.Rows[i].Assigned = r.in(people[*to].FA, people[*to].EN)
		}
	}
	to := func(state string, before int64) string {
		v := url.Values{"state": {state}}
		if before != 0 {
			v.Set("before", idText(before))
		}
		return warningsPath + "?" + v.Encode()
	}
	for _, s := range []string{quality.Open, quality.Acknowledged, quality.Closed} {
		m.Tabs = append(m.Tabs, parts.Tab{Label: r.t("warning.state." + s), Href: to(s, 0), Current: s == f.State})
	}
	if more {
		m.Next = to(f.State, list[len(list)-1].ID)
	}
	p := r.frame("warning.title")
	if err := r.markWarnings(&p); err != nil {
		return err
	}
	return r.page(parts.Desk, p, views.WarningsPage(m))
}

// markWarnings shows in the side bar how many warnings nobody has looked at.
func (r *req) markWarnings(p *parts.Page) error {
	for i := range p.Nav {
		if p.Nav[i].Key == "nav-warnings" {
			n, err := quality.OpenCount(r.ctx, r.db)
			p.Nav[i].Count, p.Nav[i].Alert = n, n > 0
			return err
		}
	}
	return nil
}

// warningShow is one warning with its chart, the cases behind it and what was
// done.
func (w *web) warningShow(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.warningPage(r, id, "", nil, nil)
}

func (w *web) warningPage(r *req, id int64, act string, typed url.Values, cause error) error {
	warning, err := quality.WarningByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	names, err := r.warningNames()
	if err != nil {
		return err
	}
	m := &views.Warning{WarningRow: r.warningRow(warning, names), Now: r.now(), CanAct: r.can("warning:handle") && warning.State != quality.Closed, Act: act, Typed: typed}
	r.warningChart(m)
	if err := r.warningCases(m, names); err != nil {
		return err
	}
	if err := r.warningActs(m); err != nil {
		return err
	}
	if m.Actions, err = r.improvementsOf(quality.Source{Kind: quality.FromWarning, ID: id}); err != nil {
		return err
	}
	p := r.frame("warning.kind." + warning.Kind)
	if fault.Is(cause, fault.Conflict) {
		m.Moved = r.t(fault.As(cause).Key)
		r.c.Status(409)
		return r.page(parts.Desk, p, views.WarningPage(p, m))
	}
	if m.Errors = views.ErrorsOf(cause); cause != nil {
		return r.again(cause, parts.Desk, p, views.WarningPage(p, m))
	}
	return r.page(parts.Desk, p, views.WarningPage(p, m))
}

// warningChart draws what the warning saw.
func (r *req) warningChart(m *views.Warning) {
	s := m.Series
	if len(s.Days) == 0 {
		return
	}
	m.Chart = parts.LineOpts{
		Title: r.t("warning.chart." + m.Kind), Note: r.t("warning.chart_note." + m.Kind), What: r.t("warning.day"),
		Series: []parts.Series{{Label: r.t("warning.observed"), Values: s.Observed}, {Label: r.t("warning.usual." + m.Kind), Values: s.Usual}},
	}
	for _, text := range s.Days {
		at, err := time.ParseInLocation(time.DateOnly, text, persian.Tehran)
		if err != nil {
			continue
		}
		m.Chart.Labels = append(m.Chart.Labels, messages.ShortDate(r.ctx, at.Add(12*time.Hour)))
	}
}

// warningCases lists the very cases behind the warning, as far as the person is
// shown them.
func (r *req) warningCases(m *views.Warning, names warningNames) error {
	if !r.can("complaint:read") {
		return nil
	}
	rows, more, err := complaints.List(r.ctx, r.db, r.principal.actor, complaints.Filter{Among: quality.Behind(r.db, &m.Warning), After: rowFrom(r.query("after")), Limit: 25})
	if err != nil {
		return err
	}
	about := surroundings{topicNames: names.topics, unitNames: names.units}
	for i := range rows {
		m.Cases = append(m.Cases, r.deskRow(&rows[i], about, ""))
	}
	if more {
		last := rows[len(rows)-1]
		m.Next = m.Href + "?after=" + rowPlace(last.DueAt, last.ID) + "#cases"
	}
	return nil
}

func (r *req) warningActs(m *views.Warning) error {
	acts, err := quality.Acts(r.ctx, r.db, m.ID)
	if err != nil {
		return err
	}
	var ids []int64
	for i := range acts {
		if ids = append(ids, acts[i].StaffID); acts[i].ToID != nil {
			ids = append(ids, *acts[i].ToID)
		}
	}
	people, err := staff.Names(r.ctx, r.db, ids)
	if err != nil {
		return err
	}
	for i := range acts {
		a := &acts[i]
		line := views.WarningAct{At: a.At, Who: r.in(people[a.StaffID].FA, people[a.StaffID].EN), What: r.t("warning.act." + a.Act), Note: a.Note}
		if a.ToID != nil {
			line.What = r.t("warning.act.assigned_to", "name", r.in(people[*a.ToID].FA, people[*a.ToID].EN))
		}
		m.Acts = append(m.Acts, line)
	}
	if !m.CanAct {
		return nil
	}
	able, err := quality.Watchers(r.ctx, r.db)
	m.Staff = choose(able, m.Typed.Get("staff"), func(s staff.Staff) (string, string) { return idText(s.ID), r.in(s.NameFA, s.NameEN) })
	return err
}
