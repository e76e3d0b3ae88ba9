package web

import (
	"net/url"
	"slices"

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

const improvementsPath = "/desk/improvements"

func improvementPath(id int64) string { return improvementsPath + "/" + idText(id) }

// improvementList lists the actions of one state that are shown to the person.
func (w *web) improvementList(r *req) error {
	f := quality.ImprovementFilter{State: r.query("state"), UnitID: number(r.query("unit")), ID: number(r.query("id"))}
	if !slices.Contains(quality.ActionStates(), f.State) {
		f.State = quality.ActionPlanned
	}
	f.After = instant(number(r.query("after")))
	list, more, err := quality.Improvements(r.ctx, r.db, r.principal.actor, f)
	if err != nil {
		return err
	}
	m := &views.Improvements{Now: r.now(), State: f.State, Whole: r.principal.actor.SeesAll, CanPlan: r.can("improvement:plan")}
	if m.Rows, err = r.improvementRows(list); err != nil {
		return err
	}
	to := func(state string, last *quality.Improvement) string {
		v := url.Values{"state": {state}}
		if f.UnitID != 0 {
			v.Set("unit", idText(f.UnitID))
		}
		if last != nil {
			v.Set("after", idText(last.DueAt.UnixMicro()))
			v.Set("id", idText(last.ID))
		}
		return improvementsPath + "?" + v.Encode()
	}
	for _, s := range quality.ActionStates() {
		m.Tabs = append(m.Tabs, parts.Tab{Label: r.t("improvement.state." + s), Href: to(s, nil), Current: s == f.State})
	}
	if more {
		m.Next = to(f.State, &list[len(list)-1])
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Units = choose(units, idText(f.UnitID), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	return r.page(parts.Desk, r.frame("improvement.title"), views.ImprovementsPage(m))
}

// improvementRows names the units and people of actions.
func (r *req) improvementRows(list []quality.Improvement) ([]views.ImprovementRow, error) {
	units, err := tenants.AllUnits(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	names := views.UnitsByID(units)
	var ids []int64
	for i := range list {
		if list[i].OwnerID != nil {
			ids = append(ids, *list[i].OwnerID)
		}
	}
	people, err := staff.Names(r.ctx, r.db, ids)
	rows := make([]views.ImprovementRow, len(list))
	for i := range list {
		u := names[list[i].UnitID]
		rows[i] = views.ImprovementRow{Improvement: list[i], Href: improvementPath(list[i].ID), Unit: r.in(u.NameFA, u.NameEN), Now: r.now()}
		if id := list[i].OwnerID; id != nil {
			rows[i].Owner = r.in(people[*id].FA, people[*id].EN)
		}
	}
	return rows, err
}

// improvementsOf are the actions that stand at their source, with the way to
// plan another one.
func (r *req) improvementsOf(s quality.Source) (m views.SourceActions, err error) {
	if !r.can("improvement:read") {
		return m, nil
	}
	list, err := quality.ImprovementsOf(r.ctx, r.db, r.principal.actor, s)
	if err != nil {
		return m, err
	}
	if r.can("improvement:plan") {
		m.Plan = improvementsPath + "/new?" + url.Values{"source": {s.Kind}, "from": {idText(s.ID)}}.Encode()
	}
	m.Shown = true
	m.Rows, err = r.improvementRows(list)
	return m, err
}

// sourceWords says what an action comes from, as far as the person may know.
func (r *req) sourceWords(s quality.Source) (words, href string, err error) {
	_, _, err = quality.SourceShown(r.ctx, r.db, r.principal.actor, s)
	if fault.Is(err, fault.NotFound) {
		return r.t("improvement.source.other"), "", nil
	}
	if err != nil {
		return "", "", err
	}
	words = r.t("improvement.source." + s.Kind)
	switch {
	case s.Kind == quality.FromInspection && r.can("inspection:read"):
		return words, inspectionPath(s.ID), nil
	case s.Kind == quality.FromViolation && r.can("violation:read"):
		return words, violationPath(s.ID), nil
	case s.Kind == quality.FromWarning && r.can("warning:read"):
		return words, warningPath(s.ID), nil
	case s.Kind == quality.FromTopic:
		names, err := r.topicNames()
		return r.t("improvement.source.topic_of", "name", names[s.ID]), "", err
	case s.Kind != quality.FromTopic:
		return r.t("improvement.source.other"), "", nil
	}
	return words, "", nil
}

// improvementNew begins an action, from a finding or a topic.
func (w *web) improvementNew(r *req) error {
	typed := url.Values{"source": {r.query("source")}, "from": {r.query("from")}}
	if typed.Get("source") == "" {
		return w.improvementForm(r, typed, nil)
	}
	unit, topic, err := quality.SourceShown(r.ctx, r.db, r.principal.actor, sourceOf(typed))
	if err != nil {
		return err
	}
	if unit != 0 {
		typed.Set("unit", idText(unit))
	}
	if topic != 0 {
		typed.Set("topic", idText(topic))
	}
	return w.improvementForm(r, typed, nil)
}

// sourceOf is what a form says of the source: without one it is the topic.
func sourceOf(v url.Values) quality.Source {
	if v.Get("source") == "" {
		return quality.Source{Kind: quality.FromTopic, ID: number(v.Get("topic"))}
	}
	return quality.Source{Kind: v.Get("source"), ID: number(v.Get("from"))}
}

func (w *web) improvementForm(r *req, typed url.Values, cause error) error {
	m := &views.ImprovementForm{Typed: typed, Errors: views.ErrorsOf(cause)}
	if typed.Get("source") != "" {
		words, _, err := r.sourceWords(sourceOf(typed))
		if err != nil {
			return err
		}
		m.Source = words
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	names := views.UnitsByID(units)
	m.Units = choose(units, typed.Get("unit"), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	people, err := staff.Roster(r.ctx, r.db)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(s staff.Member) bool { return s.UnitID == nil || s.DisabledAt != nil })
	m.Owners = choose(people, typed.Get("owner"), func(s staff.Member) (string, string) { return idText(s.ID), r.in(s.NameFA, s.NameEN) })
	for i := range people {
		u := names[*people[i].UnitID]
		m.Owners[i].Group = r.in(u.NameFA, u.NameEN)
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Topics = choose(topics, typed.Get("topic"), func(t tenants.Topic) (string, string) { return idText(t.ID), r.in(t.NameFA, t.NameEN) })
	p := r.frame("improvement.new")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.ImprovementFormPage(p, m))
	}
	return r.page(parts.Desk, p, views.ImprovementFormPage(p, m))
}

// improvementCreate plans an action.
func (w *web) improvementCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := quality.ActionPlan{Source: sourceOf(f.values), UnitID: f.id("unit"), OwnerID: f.id("owner"), TopicID: f.id("topic"), Title: f.text("title"), Text: f.text("text")}
	if in.Source.ID == 0 {
		return w.improvementForm(r, f.values, fault.Field("topic", "improvement.error.topic"))
	}
	if in.Due, err = persian.ParseDate(f.text("due")); err != nil {
		return w.improvementForm(r, f.values, fault.Field("due", "complaint.error.due_unreadable"))
	}
	var i *quality.Improvement
	err = r.write(func(tx *tenants.Tx) (err error) {
		i, err = quality.PlanImprovement(r.ctx, tx, in)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return w.improvementForm(r, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "improvement.planned_now")
	return r.done(improvementPath(i.ID))
}

// effectOf draws the satisfaction before and after an action.
func (r *req) effectOf(m *views.Improvement) error {
	if m.DoneAt == nil {
		return nil
	}
	e, err := quality.EffectOf(r.ctx, r.db, &m.ImprovementRow.Improvement)
	if err != nil {
		return err
	}
	about := m.Unit
	if m.TopicID != nil {
		names, err := r.topicNames()
		if err != nil {
			return err
		}
		about = names[*m.TopicID]
	}
	m.Effect = e
	m.Chart = parts.BarChartOpts{
		Title: r.t("improvement.effect"), Note: r.t("improvement.effect_note", "name", about, "days", e.Days, "date", messages.Date(r.ctx, e.At)), What: r.t("improvement.when"),
		Unit: r.t("improvement.satisfied"), Max: 100,
	}
	for _, side := range []struct {
		key string
		v   complaints.Verdicts
	}{{"improvement.before", e.Before}, {"improvement.after", e.After}} {
		if n, ok := side.v.Percent(); ok {
			label := r.t("improvement.of", "side", r.t(side.key), "satisfied", side.v.Satisfied, "n", side.v.N)
			m.Chart.Bars = append(m.Chart.Bars, parts.Bar{Label: label, Value: n, Text: messages.Percent(r.ctx, n)})
		}
	}
	return nil
}
