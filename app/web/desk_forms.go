package web

import (
	"slices"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
)

// forms prepares what the person can do with the case now.
func (r *req) forms(d *dossier, q deskQuery, m views.DeskForms) (views.DeskForms, error) {
	m.Acts = d.Known.Actions(&d.Complaint, r.tenant.Settings, r.principal.actor, r.can)
	m.Path, m.Query = casePath(d.ID), q.with("after", q["after"]).to("")
	m.Office = d.State == complaints.Registered || d.State == complaints.Triage
	if d.Mobile != "" {
		m.Mobile, m.Dial = persian.ShowMobile(d.Mobile), d.Mobile
	}
	m.Name, m.Tries, m.TriesNeeded = d.Name, d.Tries(&d.Complaint), r.tenant.Settings.FeedbackAttempts
	m.InterimsLeft = d.Class.InterimLimit - d.Interims
	if m.Can(complaints.ActReport) {
		m.Promised = messages.DateTime(r.ctx, d.PromisedAt)
	}
	if !m.Can(complaints.ActRefer) {
		return m, nil
	}
	return m, r.referralForm(d, &m)
}

// referralForm offers the executing units, the topic's own first chosen, and
// says when an answer would be due.
func (r *req) referralForm(d *dossier, m *views.DeskForms) error {
	due, err := r.usualDue(d.Known)
	if err != nil {
		return err
	}
	m.UsualDue = r.t("desk.usual_due", "date", messages.DateTime(r.ctx, due), "class", r.in(d.Class.NameFA, d.Class.NameEN))
	chosen := ""
	if d.TopicUnitID != nil {
		chosen = idText(*d.TopicUnitID)
	}
	if m.Act == complaints.ActRefer && m.Typed != nil {
		chosen = m.Typed.Get("unit")
	}
	for _, u := range d.unitList {
		if u.Kind != tenants.UnitExecutive {
			continue
		}
		name := r.in(u.NameFA, u.NameEN)
		m.AddUnit(idText(u.ID), name, idText(u.ID) == chosen, slices.Contains(m.Typed["others"], idText(u.ID)))
	}
	return nil
}
