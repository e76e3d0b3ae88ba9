package web

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// orgQuestions opens the builder of a topic's questions.
func (w *web) orgQuestions(r *req) error {
	t, err := r.topicOfPath()
	if err != nil {
		return err
	}
	form, err := complaints.FormOf(r.ctx, r.db, t.ID)
	if err != nil {
		return err
	}
	m := &views.OrgQuestions{Base: form.Version, Focus: -1}
	for _, q := range form.Questions {
		m.List = append(m.List, views.OrgQuestion{Question: q, ChoicesText: views.ChoiceLines(q.Choices)})
	}
	return r.showBuilder(t, form, m, nil)
}

func (r *req) showBuilder(t *tenants.Topic, now *complaints.Form, m *views.OrgQuestions, cause error) error {
	m.Topic, m.Back = r.in(t.NameFA, t.NameEN), topicsPath+"/"+idText(t.ID)
	m.Action, m.Errors = m.Back+"/questions", views.ErrorsOf(cause)
	if now.ID != 0 {
		m.Since = r.t("org.question.since", "n", now.Version, "date", messages.ShortDate(r.ctx, now.CreatedAt))
	}
	districts, err := tenants.Districts(r.ctx, r.db)
	if err != nil {
		return err
	}
	shown := &complaints.Form{}
	for i, q := range m.List {
		if q.LabelFA != "" {
			q.Key = "preview-" + strconv.Itoa(i) // apart from the fields of the builder
			shown.Questions = append(shown.Questions, q.Question)
		}
	}
	m.Preview = views.Questions(r.ctx, shown, nil, districts, nil)
	p := r.frame("org.questions")
	switch {
	case cause == nil:
		return r.page(parts.Desk, p, views.OrgQuestionsPage(p, m))
	case fault.Is(cause, fault.Conflict):
		r.c.Status(422) // htmx and the page alike show what was typed
		return r.page(parts.Desk, p, views.OrgQuestionsPage(p, m))
	}
	return r.again(cause, parts.Desk, p, views.OrgQuestionsPage(p, m))
}

// orgQuestionsSave does what the pressed button says: it changes the questions
// on the page, or makes them a new version.
func (w *web) orgQuestionsSave(r *req) error {
	t, err := r.topicOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	now, err := complaints.FormOf(r.ctx, r.db, t.ID)
	if err != nil {
		return err
	}
	m := builderOf(f)
	if f.text("do") != "save" {
		rearrange(m, f.text("do"))
		return r.showBuilder(t, now, m, nil)
	}
	questions := make([]complaints.Question, len(m.List))
	for i := range m.List {
		questions[i] = m.List[i].Question
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := complaints.SaveForm(r.ctx, tx, t.ID, m.Base, questions)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		m.Base = now.Version // the next press replaces the version that is now shown
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return r.showBuilder(t, now, m, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.question.saved")
	return r.done(topicsPath + "/" + idText(t.ID) + "/questions")
}

// builderOf reads the questions as they stand on the page.
func builderOf(f form) *views.OrgQuestions {
	base, _ := f.number("base")
	count, _ := f.number("count")
	m := &views.OrgQuestions{Base: base, Focus: -1}
	for i := range min(max(count, 0), complaints.MaxQuestions) {
		at := "-" + strconv.Itoa(i)
		q := views.OrgQuestion{ChoicesText: f.text("choices" + at), Question: complaints.Question{
			Key: f.text("key" + at), Type: complaints.QuestionType(f.text("type" + at)), LabelFA: f.text("label_fa" + at), LabelEN: f.text("label_en" + at),
			HintFA: f.text("hint_fa" + at), HintEN: f.text("hint_en" + at), Required: f.yes("required" + at),
		}}
		q.Choices = views.ChoicesOf(q.ChoicesText)
		m.List = append(m.List, q)
	}
	return m
}

// rearrange adds, removes or moves a question: add, remove-2, up-2, down-2.
func rearrange(m *views.OrgQuestions, do string) {
	act, at, _ := strings.Cut(do, "-")
	i, err := strconv.Atoi(at)
	if act == "add" && len(m.List) < complaints.MaxQuestions {
		m.Focus = len(m.List)
		m.List = append(m.List, views.OrgQuestion{Question: complaints.Question{Type: complaints.AskText}})
	}
	if err != nil || i < 0 || i >= len(m.List) {
		return
	}
	switch {
	case act == "remove":
		m.List = slices.Delete(m.List, i, i+1)
	case act == "up" && i > 0:
		m.List[i], m.List[i-1] = m.List[i-1], m.List[i]
		m.Focus = i - 1
	case act == "down" && i < len(m.List)-1:
		m.List[i], m.List[i+1] = m.List[i+1], m.List[i]
		m.Focus = i + 1
	}
}
