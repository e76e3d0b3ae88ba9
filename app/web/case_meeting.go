package web

import (
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
)

// findMeeting looks a meeting up by its code and the mobile number it was
// booked with; whatever is wrong, the answer is the same NotFound.
func (r *req) findMeeting(code, secret string) (timeline.Subject, error) {
	lost := fault.New(fault.NotFound, "complaint.error.track")
	code, ok := persian.ParseCode(code)
	mobile, valid := persian.Mobile(secret)
	if !ok || !valid {
		return timeline.Subject{}, lost
	}
	m, err := meetings.ByCode(r.ctx, r.db, code)
	if fault.Is(err, fault.NotFound) {
		return r.findWait(code, mobile)
	}
	if err != nil {
		return timeline.Subject{}, err
	}
	owner, err := citizens.ByID(r.ctx, r.db, m.CitizenID)
	if err == nil && owner.Mobile != mobile {
		err = lost
	}
	return timeline.Subject{Kind: "meeting", ID: m.ID}, err
}
