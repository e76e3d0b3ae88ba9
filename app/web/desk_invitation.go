package web

import (
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
)

// actInvite names the invitation among the acts on a case; it has a button
// instead of a form.
const actInvite complaints.Action = "invite"

// deskInvitationCreate asks the citizen of a case to book a public meeting.
func (w *web) deskInvitationCreate(r *req) error {
	return w.act(r, actInvite, func(tx *tenants.Tx, id complaints.ID, _ form) (*timeline.Event, error) {
		return complaints.Invite(r.ctx, tx, id)
	})
}

// fillInvitation offers the invitation, or says that one waits.
func (r *req) fillInvitation(d *dossier, m *views.DeskCase) error {
	if !d.MayInvite() || d.Masked() || !r.can("meeting:book") {
		return nil
	}
	m.InviteHref = casePath(d.ID) + "/invitation"
	if !d.happened("complaint.invited") {
		return nil
	}
	last, err := complaints.InvitationOf(r.ctx, r.db, d.ID)
	if fault.Is(err, fault.NotFound) { // of a case that came from elsewhere
		return nil
	}
	if err == nil && last.Open(r.now()) {
		m.InviteHref, m.Invited = "", last
	}
	return err
}

// taken ends the invitation that the booking, or the place in the line, came from.
func (r *req) taken(tx *tenants.Tx, complaint *int64, meeting int64) error {
	if complaint == nil {
		return nil
	}
	return complaints.TakeInvitation(r.ctx, tx, *complaint, meeting)
}
