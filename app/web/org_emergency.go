package web

import (
	"strings"

	"pasokh/app/audit"
	"pasokh/app/emergency"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// orgEmergencies lists who of the platform looked at the organization's pages.
func (w *web) orgEmergencies(r *req) error {
	list, more, err := emergency.List(r.ctx, r.db, max(0, number(r.query("before"))))
	if err != nil {
		return err
	}
	m := views.Emergencies{Base: orgEmergency, Rows: list, Now: r.now(), End: r.can("emergency:end")}
	if more {
		m.Next = orgEmergency + "?before=" + idText(list[len(list)-1].ID)
	}
	p := r.frame("emergency.title")
	return r.page(parts.Desk, p, views.OrgEmergenciesPage(p, m))
}

// orgEmergency shows one grant with every page that was opened by it.
func (w *web) orgEmergency(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	g, err := emergency.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	m := views.Emergency{Grant: *g, Base: orgEmergency, Now: r.now(), End: r.can("emergency:end") && g.Open(r.now())}
	if err := r.emergencyLines(&m); err != nil {
		return err
	}
	if g.EndedByID != nil {
		names, err := staff.Names(r.ctx, r.db, []int64{*g.EndedByID})
		if err != nil {
			return err
		}
		m.EndedBy = r.in(names[*g.EndedByID].FA, names[*g.EndedByID].EN)
	}
	p := r.frame("emergency.one")
	return r.page(parts.Desk, p, views.OrgEmergencyPage(p, m))
}

// emergencyLines reads what was looked at.
func (r *req) emergencyLines(m *views.Emergency) error {
	lines, more, err := emergency.Seen(r.ctx, r.db, m.Grant.ID, lineOf(r.query("before")))
	for i := range lines {
		m.Lines = append(m.Lines, r.emergencyLine(&lines[i]))
	}
	if more {
		m.Next = auditQuery{}.to(orgEmergency+"/"+idText(m.Grant.ID), lines[len(lines)-1].Cursor())
	}
	return err
}

// emergencyPages are the pages that a grant opens, by the beginning of their
// address; the longest wins, so they stand in that order.
var emergencyPages = []struct{ path, key string }{
	{"/desk/complaints/", "emergency.page.case"}, {"/desk/meetings/", "emergency.page.meeting"}, {"/desk/meetings", "emergency.page.meetings"},
	{"/desk/directives/", "emergency.page.directive"}, {"/desk/directives", "emergency.page.directives"},
	{"/desk/deliveries", "emergency.page.deliveries"}, {"/desk", "emergency.page.desk"},
}

// emergencyLine says in words what the record keeps.
func (r *req) emergencyLine(e *audit.Entry) views.EmergencyLine {
	line := views.EmergencyLine{At: e.At, Text: r.actWord(e.Act)}
	method, path, ok := strings.Cut(e.Detail, " ")
	if e.Act != "emergency:view" || !ok {
		return line
	}
	if method == "POST" {
		line.Text, line.Href = r.t("emergency.page.unmask"), strings.TrimSuffix(path, "/unmasking")
		return line
	}
	for _, page := range emergencyPages {
		if strings.HasPrefix(path, page.path) {
			line.Text, line.Href = r.t(page.key), path
			break
		}
	}
	return line
}

// orgEmergencyEnd ends a grant at once.
func (w *web) orgEmergencyEnd(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return emergency.End(r.ctx, tx, id, emergency.ByOrganization, 0) })
	if err != nil {
		return err
	}
	r.flash(parts.Success, "emergency.ended")
	return r.done(orgEmergency + "/" + idText(id))
}
