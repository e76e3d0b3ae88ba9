package web

import (
	"cmp"
	"net/url"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskTemplates lists the answer templates and call scripts by kind.
func (w *web) deskTemplates(r *req) error {
	list, err := complaints.AllTemplates(r.ctx, r.db)
	if err != nil {
		return err
	}
	about, err := r.surroundings()
	if err != nil {
		return err
	}
	m := &views.DeskTemplates{}
	for _, kind := range complaints.TemplateKinds() {
		g := views.TemplateGroup{Kind: kind}
		for i := range list {
			if t := &list[i]; t.Kind == kind {
				g.Lines = append(g.Lines, r.templateLine(t, about))
			}
		}
		if len(g.Lines) > 0 {
			m.Groups = append(m.Groups, g)
		}
	}
	p := r.frame("template.title")
	return r.page(parts.Desk, p, views.DeskTemplatesPage(p, m))
}

func (r *req) templateLine(t *complaints.Template, about surroundings) views.TemplateLine {
	text := []rune(strings.Join(strings.Fields(t.Body), " "))
	line := views.TemplateLine{ID: t.ID, Title: t.Title, Topic: r.t("desk.all"), Snippet: string(text[:min(len(text), snippetRunes)]), Active: t.Active}
	if t.TopicID != nil {
		line.Topic = cmp.Or(about.topicNames[*t.TopicID], "—")
	}
	return line
}

// deskTemplateNew is the form of a new template.
func (w *web) deskTemplateNew(r *req) error {
	return r.templateForm(0, url.Values{"kind": {r.query("kind")}}, nil, "")
}

// deskTemplate is the form of a template that stands.
func (w *web) deskTemplate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	t, err := complaints.TemplateByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	typed := url.Values{"kind": {string(t.Kind)}, "title": {t.Title}, "body": {t.Body}}
	if t.TopicID != nil {
		typed.Set("topic", idText(*t.TopicID))
	}
	return r.templateForm(id, typed, nil, "")
}

func (r *req) templateForm(id int64, typed url.Values, wrong error, preview string) error {
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	f := &views.TemplateForm{ID: id, Action: "/desk/templates", Typed: typed, Preview: preview}
	if id != 0 {
		f.Action += "/" + idText(id)
	}
	f.Kinds = choose(complaints.TemplateKinds(), typed.Get("kind"), func(k complaints.TemplateKind) (string, string) {
		return string(k), r.t("template.kind." + string(k))
	})
	f.Topics = choose(topics, typed.Get("topic"), func(t tenants.Topic) (string, string) { return idText(t.ID), r.in(t.NameFA, t.NameEN) })
	for _, field := range complaints.TemplateFields() {
		f.Fields = append(f.Fields, parts.Fact{Label: r.t("template.field." + field), Value: "{" + field + "}", Dir: "ltr"})
	}
	p := r.frame("template.title")
	if wrong != nil {
		f.Errors = views.ErrorsOf(wrong)
		return r.again(wrong, parts.Desk, p, views.DeskTemplateForm(p, f))
	}
	return r.page(parts.Desk, p, views.DeskTemplateForm(p, f))
}

// deskTemplateCreate saves a new template, or shows how it would read.
func (w *web) deskTemplateCreate(r *req) error { return r.saveTemplate(0) }

// deskTemplateChange saves a template that stands.
func (w *web) deskTemplateChange(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if _, err := complaints.TemplateByID(r.ctx, r.db, id); err != nil {
		return err
	}
	return r.saveTemplate(id)
}

func (r *req) saveTemplate(id int64) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	t := complaints.Template{ID: id, Kind: complaints.TemplateKind(f.text("kind")), Title: f.text("title"), Body: f.text("body")}
	if topic := f.id("topic"); topic != 0 {
		t.TopicID = &topic
	}
	if f.text("do") == "preview" {
		if err := t.Check(); err != nil {
			return r.templateForm(id, f.values, err, "")
		}
		return r.templateForm(id, f.values, nil, t.Fill(r.sampleValues()))
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := complaints.SaveTemplate(r.ctx, tx, t)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return r.templateForm(id, f.values, err, "")
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "template.saved")
	return r.done("/desk/templates")
}

// sampleValues fill a preview: a case that could be, not one that is.
func (r *req) sampleValues() map[string]string {
	sample := complaints.Folder{
		Complaint: complaints.Complaint{Code: "PX4K7M2Q9TB", PromisedAt: r.now().AddDate(0, 0, 2)},
		Name:      "زهرا محمدی", TopicFA: r.t("template.sample.topic"), UnitFA: r.t("template.sample.unit"),
	}
	return sample.Values(nameless())
}

// deskTemplateActivity puts a template into use or out of it.
func (w *web) deskTemplateActivity(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return complaints.SwitchTemplate(r.ctx, tx, id, f.yes("active")) }); err != nil {
		return err
	}
	r.flash(parts.Success, "template.switched")
	return r.done("/desk/templates")
}

// ready puts the organization's texts beside the acts that can use them, in
// one statement.
func (r *req) ready(d *dossier, m *views.DeskForms) error {
	var kinds []complaints.TemplateKind
	for _, act := range m.Acts {
		kinds = append(kinds, complaints.KindsFor(act)...)
	}
	if len(kinds) == 0 {
		return nil
	}
	list, err := complaints.Templates(r.ctx, r.db, d.TopicID, kinds...)
	if err != nil {
		return err
	}
	values := d.Values(nameless())
	m.Ready = map[complaints.Action][]views.Ready{}
	for _, act := range m.Acts {
		for _, kind := range complaints.KindsFor(act) {
			for i := range list {
				if list[i].Kind == kind {
					m.Ready[act] = append(m.Ready[act], views.Ready{ID: idText(list[i].ID), Title: list[i].Title, Text: list[i].Fill(values)})
				}
			}
		}
	}
	return nil
}

// insert answers "insert the template" of somebody without scripts: the same
// form with the text in it, and nothing done. What was typed stays in front.
func (r *req) insert(id int64, act complaints.Action, f form, p *parcel) error {
	if err := r.shelve(p); err != nil {
		return err
	}
	forms := views.DeskForms{Act: act, Typed: f.values, Shelf: p.shelf, Shelved: p.items}
	m, err := r.caseOf(id, r.deskQuery(), forms)
	if err != nil {
		return err
	}
	for _, t := range m.Forms.Ready[act] {
		if t.ID == f.text("template") {
			m.Forms.Typed.Set("text", strings.TrimSpace(f.text("text")+"\n\n"+t.Text))
		}
	}
	return r.showCase(m)
}

// nameless is what templates call somebody whose name is not known, in Persian
// like the rest of what goes to the citizen.
func nameless() string { return messages.In(messages.FA, "template.nameless") }
