package web

import (
	"slices"
	"strconv"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/views"
	"pasokh/views/messages"
)

// forms prepares what the person can do with the case now.
func (r *req) forms(d *dossier, q deskQuery, m views.DeskForms) (views.DeskForms, error) {
	m.Acts = d.Known.Actions(&d.Complaint, r.tenant.Settings, r.principal.actor, r.can)
	m.Path, m.Query = casePath(d.ID), q.with("after", q["after"]).to("")
	m.Office = d.State == complaints.Registered || d.State == complaints.Triage
	if d.Mobile != "" && d.ShownTo(r.can).Mobile {
		m.Mobile, m.Dial = persian.ShowMobile(d.Mobile), d.Mobile
	}
	m.Masked = d.Masked()
	m.Name, m.Tries, m.TriesNeeded = d.Name, d.Tries(&d.Complaint), r.tenant.Settings.FeedbackAttempts
	m.InterimsLeft = d.Class.InterimLimit - d.Interims
	m.Version = strconv.Itoa(d.Version)
	if len(d.events) > 0 {
		m.Seen = idText(d.events[len(d.events)-1].ID)
	}
	if err := r.ready(d, &m); err != nil {
		return m, err
	}
	if err := r.assignmentForm(d, &m); err != nil {
		return m, err
	}
	if err := r.namingForm(&m); err != nil {
		return m, err
	}
	if err := r.reclassifyForm(d, &m); err != nil {
		return m, err
	}
	if err := r.relationForms(d, &m); err != nil {
		return m, err
	}
	if m.Can(complaints.ActReport) || m.Can(complaints.ActChild) {
		m.Promised = messages.DateTime(r.ctx, d.PromisedAt)
	}
	if !m.Can(complaints.ActRefer) {
		return m, nil
	}
	return m, r.referralForm(d, &m)
}

// assignmentForm offers the colleagues of the unit that has the case.
func (r *req) assignmentForm(d *dossier, m *views.DeskForms) error {
	if !m.Can(complaints.ActAssign) {
		return nil
	}
	people, err := staff.OfUnit(r.ctx, r.db, d.UnitID)
	if d.Confidential {
		people, err = complaints.Keepers(r.ctx, r.db, &d.Complaint)
	}
	people = slices.DeleteFunc(people, func(s staff.Staff) bool { return d.HolderID != nil && s.ID == *d.HolderID })
	m.Colleagues = choose(people, m.Typed.Get("staff"), func(s staff.Staff) (string, string) { return idText(s.ID), r.in(s.NameFA, s.NameEN) })
	return err
}

// referralForm offers the executing units, the one that routing names chosen,
// and says why it does and when an answer would be due.
func (r *req) referralForm(d *dossier, m *views.DeskForms) error {
	due, err := r.usualDue(&d.Complaint, d.Known)
	if err != nil {
		return err
	}
	m.UsualDue = r.t("desk.usual_due", "date", messages.DateTime(r.ctx, due), "class", r.in(d.Class.NameFA, d.Class.NameEN))
	atlas, err := complaints.AtlasOf(r.ctx, r.db, complaints.AtHand{Units: d.unitList, Topic: d.Topic(), Nowhere: d.DistrictID == nil})
	if err != nil {
		return err
	}
	route := atlas.Route(&d.Complaint)
	chosen := idText(route.UnitID)
	m.RouteWhy = r.why(route.Why)
	if route.Why != complaints.WhyOffice {
		m.RouteUnit = r.unitName(d, route.UnitID)
	}
	if m.Act == complaints.ActRefer && m.Typed != nil {
		chosen = m.Typed.Get("unit")
	}
	for _, u := range d.unitList {
		if !slices.Contains(d.ReferralKinds(), u.Kind) {
			continue
		}
		name := r.in(u.NameFA, u.NameEN)
		m.AddUnit(idText(u.ID), name, idText(u.ID) == chosen, slices.Contains(m.Typed["others"], idText(u.ID)))
	}
	return nil
}
