package web

import (
	"slices"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// intakeTopic fills in what depends on the topic and the place: questions,
// districts, what is known about it, and who else reported the same place.
func (r *req) intakeTopic(m *views.DeskIntake, in complaints.Registration) (err error) {
	m.Tiles = r.w.MapTiles
	if in.DistrictID != nil {
		m.District = *in.DistrictID
	}
	sources, err := tenants.Sources(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Sources = choose(sources, in.Source, func(s tenants.Source) (string, string) { return s.Code, r.in(s.NameFA, s.NameEN) })
	if m.Districts, err = tenants.Districts(r.ctx, r.db); err != nil || m.Topic.ID == 0 {
		return err
	}
	form, err := complaints.FormOf(r.ctx, r.db, m.Topic.ID)
	if err != nil {
		return err
	}
	m.Questions = views.Questions(r.ctx, form, in.Answers, m.Districts, m.Errors)
	if m.Scripts, err = complaints.Templates(r.ctx, r.db, m.Topic.ID, complaints.ScriptIntake); err != nil {
		return err
	}
	notices, err := complaints.NoticesFor(r.ctx, r.db, m.Topic.ID, m.Districts, in.DistrictID)
	if err != nil {
		return err
	}
	m.Known = views.KnownIssues(r.ctx, notices, m.Districts)
	return r.findNearby(m, in)
}

// findNearby lists recent cases of others from the same place. The check fills
// in what the answers say of the place; what is still wrong does not matter yet.
func (r *req) findNearby(m *views.DeskIntake, in complaints.Registration) error {
	if _, err := in.Judge(r.ctx, r.db); err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	var district *tenants.District
	for i := range m.Districts {
		if in.DistrictID != nil && m.Districts[i].ID == *in.DistrictID {
			district = &m.Districts[i]
		}
	}
	list, err := complaints.Nearby(r.ctx, r.db, r.principal.actor, m.Topic.ID, in.Place, district)
	for i := range list {
		found := other(&list[i])
		if !slices.ContainsFunc(m.Duplicates, func(o views.DeskOther) bool { return o.Href == found.Href }) {
			m.Nearby = append(m.Nearby, found)
		}
	}
	return err
}

// topicOptions offers the topics that take cases, those of a group below its
// name.
func (r *req) topicOptions(topics []tenants.Topic, chosen int64) []parts.Option {
	leaves, groups := complaints.Leaves(topics)
	options := choose(leaves, idText(chosen), func(t tenants.Topic) (string, string) { return idText(t.ID), r.in(t.NameFA, t.NameEN) })
	for i := range options {
		if g := groups[leaves[i].ID]; g != nil {
			options[i].Group = r.in(g.NameFA, g.NameEN)
		}
	}
	return options
}

// deskGuidanceCreate counts a call that needed no case: what the caller was
// told was enough.
func (w *web) deskGuidanceCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	g := complaints.Guidance{TopicID: f.id("topic"), NoticeID: idOrNil(f.id("notice")), Channel: f.text("channel"), Note: f.text("guidance_note")}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := complaints.Guide(r.ctx, tx, g)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		m, again := r.intake(f)
		if again != nil {
			return again
		}
		m.Fail(r.ctx, r.deskWords(views.ErrorsOf(err)))
		m.Guidance = g.Note
		p := r.frame("desk.intake.title")
		return r.again(err, parts.Desk, p, views.DeskIntakePage(p, m))
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "intake.guided.done")
	return r.done("/desk/intake")
}
