package web

import (
	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// priority is the right of the tracked meeting's citizen to choose another time
// first; nil without.
func (r *req) priority(m *meetings.Listed) (*meetings.Priority, error) {
	p, err := meetings.PriorityOf(r.ctx, r.db, m.ID)
	if fault.Is(err, fault.NotFound) || err == nil && !m.MayRebook(p, r.now()) {
		return nil, nil //nolint:nilnil // none is an answer here, not an error
	}
	return p, err
}

// meetingRebookingForm lists every free slot, one tap each.
func (w *web) meetingRebookingForm(r *req) error { return w.meetingRebookingPage(r, nil) }

func (w *web) meetingRebookingPage(r *req, cause error) error {
	m, err := r.trackedMeeting()
	if err != nil {
		return err
	}
	p, err := r.priority(m)
	if err != nil {
		return err
	}
	if p == nil {
		return r.done("/meeting")
	}
	view := views.MeetingSlot{Action: "/meeting/rebooking", Back: "/meeting"}
	if view.Sessions, err = meetings.PrioritySessions(r.ctx, r.db, m.ExecutiveID); err != nil {
		return err
	}
	page := r.frame("planning.other_times")
	if cause != nil {
		view.Errors = views.Errors{"slot": keyOf(cause, "slot")}
		r.c.Status(409)
	}
	return r.page(parts.Citizen, page, views.RebookPage(page, view))
}

// meetingRebookingCreate takes the slot that was tapped.
func (w *web) meetingRebookingCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m, err := r.trackedMeeting()
	if err != nil {
		return err
	}
	session, slot, ok := views.ParseSlot(f.text("slot"))
	if !ok {
		return w.meetingRebookingPage(r, fault.Field("slot", "meeting.slot.error"))
	}
	err = r.write(func(tx *tenants.Tx) error { return meetings.Rebook(r.ctx, tx, m.ID, session, slot) })
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.TooMany) {
		return w.meetingRebookingPage(r, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "planning.rebooked")
	return r.done("/meeting")
}
