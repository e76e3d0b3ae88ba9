package web

import (
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const topicsPath = "/desk/organization/topics"

// orgTopics lists the topics for whoever keeps them.
func (w *web) orgTopics(r *req) error {
	topics, err := complaints.AllTopics(r.ctx, r.db)
	if err != nil {
		return err
	}
	forms, err := complaints.FormsByTopic(r.ctx, r.db)
	if err != nil {
		return err
	}
	units, classes, err := r.unitsAndClasses()
	if err != nil {
		return err
	}
	m := &views.OrgList{
		Title: r.t("desk.organization.topics"), Text: r.t("org.topics_text"), NewHref: topicsPath + "/new", NewLabel: r.t("org.topic.new"), Moves: true,
		Columns: []string{r.t("desk.unit"), r.t("desk.fact.class"), r.t("org.questions")}, Empty: r.t("org.topic.none"),
	}
	holds := map[int64]bool{}
	for _, t := range topics {
		if t.ParentID != nil {
			holds[*t.ParentID] = true
		}
	}
	for _, t := range topics {
		m.Rows = append(m.Rows, r.topicRow(&t, holds[t.ID], len(forms[t.ID].Questions), units, classes))
	}
	m.MarkEnds(func(i int) int64 { return idOf(topics[i].ParentID) })
	return r.page(parts.Desk, r.frame("desk.organization.topics"), views.OrgListPage(r.frame("desk.organization.topics"), m))
}

func (r *req) topicRow(t *tenants.Topic, group bool, asked int, units, classes map[int64]string) views.OrgRow {
	row := views.OrgRow{
		Path: topicsPath + "/" + idText(t.ID), Name: r.in(t.NameFA, t.NameEN), Sub: r.in(t.HintFA, t.HintEN), Urgent: t.Urgent, Secret: t.Confidential, Active: t.Active, Group: group,
		Cells: []views.OrgCell{
			{Text: orDash(units[idOf(t.UnitID)])}, {Text: orDash(classes[t.SLAClassID])},
			{Text: r.t("org.questions_count", "n", asked), Href: topicsPath + "/" + idText(t.ID) + "/questions"},
		},
	}
	if t.ParentID != nil {
		row.Depth = 1
	}
	if group {
		row.Cells = []views.OrgCell{{Text: "—"}, {Text: "—"}, {Text: "—"}}
	}
	return row
}

// idOf is the id a row points at, 0 for none.
func idOf(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// unitsAndClasses name the units and the service levels in force.
func (r *req) unitsAndClasses() (units, classes map[int64]string, err error) {
	list, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return nil, nil, err
	}
	units, classes = map[int64]string{}, map[int64]string{}
	for _, u := range list {
		units[u.ID] = r.in(u.NameFA, u.NameEN)
	}
	levels, err := tenants.SLAClasses(r.ctx, r.db)
	for _, c := range levels {
		classes[c.ID] = r.in(c.NameFA, c.NameEN)
	}
	return units, classes, err
}

func (w *web) orgTopicNew(r *req) error {
	return r.topicForm(&tenants.Topic{Active: true}, nil)
}

func (w *web) orgTopic(r *req) error {
	t, err := r.topicOfPath()
	if err != nil {
		return err
	}
	return r.topicForm(t, nil)
}

func (r *req) topicOfPath() (*tenants.Topic, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return tenants.TopicByID(r.ctx, r.db, id)
}

func (r *req) topicForm(t *tenants.Topic, cause error) error {
	m := &views.OrgTopicForm{Topic: *t, Action: topicsPath, Errors: views.ErrorsOf(cause)}
	title := "org.topic.new"
	if t.ID != 0 {
		m.Action = topicsPath + "/" + idText(t.ID)
		m.Ask, title = m.Action+"/questions", "org.topic.edit"
		form, err := complaints.FormOf(r.ctx, r.db, t.ID)
		if err != nil {
			return err
		}
		m.Asked = len(form.Questions)
	}
	if err := r.fillTopicForm(m); err != nil {
		return err
	}
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgTopicPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgTopicPage(p, m))
}

func (r *req) fillTopicForm(m *views.OrgTopicForm) (err error) {
	if m.Units, err = r.executiveUnits(m.Topic.UnitID); err != nil {
		return err
	}
	classes, err := tenants.SLAClasses(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Classes = choose(classes, idText(m.Topic.SLAClassID), func(c tenants.SLAClass) (string, string) { return idText(c.ID), r.in(c.NameFA, c.NameEN) })
	topics, err := tenants.Topics(r.ctx, r.db)
	for _, t := range topics {
		if t.ParentID == nil && t.ID != m.Topic.ID {
			m.Parents = append(m.Parents, parts.Option{Value: idText(t.ID), Label: r.in(t.NameFA, t.NameEN), Selected: t.ID == idOf(m.Topic.ParentID)})
		}
	}
	return err
}

// executiveUnits offers the units that take referrals.
func (r *req) executiveUnits(chosen *int64) ([]parts.Option, error) {
	units, err := tenants.Units(r.ctx, r.db, tenants.UnitExecutive)
	return choose(units, idText(idOf(chosen)), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) }), err
}

func (w *web) orgTopicCreate(r *req) error { return r.saveTopicRow(&tenants.Topic{}) }

func (w *web) orgTopicSave(r *req) error {
	t, err := r.topicOfPath()
	if err != nil {
		return err
	}
	return r.saveTopicRow(t)
}

// saveTopicRow writes what the form says over the topic.
func (r *req) saveTopicRow(t *tenants.Topic) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if t.ID == 0 {
		t.Code = f.text("code")
	}
	t.NameFA, t.NameEN, t.HintFA, t.HintEN = f.text("name_fa"), f.text("name_en"), f.text("hint_fa"), f.text("hint_en")
	t.ParentID, t.UnitID, t.SLAClassID = idOrNil(f.id("parent")), idOrNil(f.id("unit")), f.id("class")
	t.PlaceFields, t.Urgent, t.Confidential, t.Active = f.list("place"), f.yes("urgent"), f.yes("confidential"), f.yes("active")
	typed := *t
	err = r.write(func(tx *tenants.Tx) error {
		*t = typed // the transaction may run again
		return complaints.SaveTopic(r.ctx, tx, t)
	})
	if fault.Is(err, fault.Invalid) {
		return r.topicForm(&typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(topicsPath)
}

func (w *web) orgTopicMove(r *req) error {
	return r.move(topicsPath, func(tx *tenants.Tx, id int64, down bool) error { return complaints.MoveTopic(r.ctx, tx, id, down) })
}

// move changes a row's place among its siblings and shows the list again.
func (r *req) move(list string, act func(tx *tenants.Tx, id int64, down bool) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return act(tx, id, f.text("to") == "down") }); err != nil {
		return err
	}
	return r.done(list)
}
