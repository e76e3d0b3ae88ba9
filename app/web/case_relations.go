package web

import (
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
)

// caseRelations reads what the citizen sees of how the case stands to others.
func (r *req) caseRelations(m *views.Case, all []timeline.Event) error {
	c := m.Complaint
	m.Relations.Together = c.Follows()
	if c.Open() && happened(all, "complaint.child_opened") {
		list, err := complaints.Relatives(r.ctx, r.db, tenants.SystemActor(), c)
		if err != nil {
			return err
		}
		for i := range list {
			if o := &list[i]; o.ParentID != nil && *o.ParentID == c.ID && o.Open() && !o.Rests() {
				m.Relations.Units = append(m.Relations.Units, views.UnitName(r.ctx, m.Units, o.UnitID))
			}
		}
	}
	if c.Fact != complaints.Transferred && !c.CameFromAfar() {
		return nil
	}
	list, err := complaints.Transfers(r.ctx, r.db, c.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if err := r.caseTransfer(m, &list[i]); err != nil {
			return err
		}
	}
	return nil
}

// caseTransfer leads to the page of the case in the other organization.
func (r *req) caseTransfer(m *views.Case, t *complaints.Transfer) error {
	line := views.CaseTransfer{Out: t.Direction == complaints.TransferOut, Refused: t.State == complaints.TransferRefused, Organization: r.in(t.OtherFA, t.OtherEN)}
	if line.Out && t.State == complaints.TransferArrived {
		other, err := r.w.Root.UnscopedTenantBySlug(r.ctx, t.OtherSlug)
		if err != nil {
			return err
		}
		line.Code, line.Href = persian.ShowCode(t.OtherCode), r.w.links.Track(other, t.OtherCode)
	}
	m.Relations.Transfers = append(m.Relations.Transfers, line)
	return nil
}

func happened(events []timeline.Event, kind string) bool {
	for i := range events {
		if events[i].Kind == kind {
			return true
		}
	}
	return false
}
