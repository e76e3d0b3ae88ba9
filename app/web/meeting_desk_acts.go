package web

import (
	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// officeAct is one command on a meeting or directive with what its form said.
type officeAct func(tx *tenants.Tx, id int64, f form) error

// meetingOffice runs a command of the office on the meeting of the address and
// goes back to the page that it was done on.
func (w *web) meetingOffice(r *req, act string, do officeAct) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		first, err := meetings.Once(r.ctx, tx, f.text("act_key"))
		if err != nil || !first { // sent again because the answer was lost: it is done
			return err
		}
		return do(tx, id, f)
	})
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict, fault.TooMany:
		form := views.OfficeForm{Act: act, Typed: f.values}
		if f.text("from") == "day" || roomBusy(err) { // the day shows who is in the room, and both ways out
			return w.dayOfMeeting(r, id, form, err)
		}
		return w.meetingFilePage(r, id, form, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "meeting_desk.done."+act)
	return r.backToMeeting(id, f.text("from"))
}

// backToMeeting leads to the page that an act was done on.
func (r *req) backToMeeting(id int64, from string) error {
	switch from {
	case "booking":
		return r.done(meetingPath(id) + "/booking")
	case "station":
		return r.done(stationPath)
	case "today":
		return r.done("/executive/today")
	case "day":
		m, err := meetings.ByID(r.ctx, r.db, id)
		if err != nil {
			return err
		}
		return r.done(dayPath(m.StartsAt, 0))
	}
	return r.done(meetingPath(id))
}

// meetingApprovalCreate gives a requested meeting its queue number.
func (w *web) meetingApprovalCreate(r *req) error {
	return w.meetingOffice(r, "approval", func(tx *tenants.Tx, id int64, _ form) error { return meetings.Approve(r.ctx, tx, id) })
}

// meetingRefusalCreate ends a request with a reason.
func (w *web) meetingRefusalCreate(r *req) error {
	return w.meetingOffice(r, "refusal", func(tx *tenants.Tx, id int64, f form) error {
		return meetings.Refuse(r.ctx, tx, id, f.text("reason"))
	})
}

// meetingOfficeCancellationCreate ends a meeting on the office's part.
func (w *web) meetingOfficeCancellationCreate(r *req) error {
	return w.meetingOffice(r, "cancellation", func(tx *tenants.Tx, id int64, f form) error {
		return meetings.Cancel(r.ctx, tx, id, meetings.ByOffice, f.text("reason"))
	})
}

// meetingOfficeReschedulingCreate moves a meeting to another slot.
func (w *web) meetingOfficeReschedulingCreate(r *req) error {
	return w.meetingOffice(r, "rescheduling", func(tx *tenants.Tx, id int64, f form) error {
		session, slot, ok := views.ParseSlot(f.text("slot"))
		if !ok {
			if _, err := meetings.ByID(r.ctx, tx, id); err != nil {
				return err
			}
			return fault.Field("slot", "meeting.slot.error")
		}
		return meetings.Reschedule(r.ctx, tx, id, session, slot)
	})
}

// meetingExcuseCreate accepts the reason of an absence.
func (w *web) meetingExcuseCreate(r *req) error {
	return w.meetingOffice(r, "excuse", func(tx *tenants.Tx, id int64, f form) error {
		return meetings.Excuse(r.ctx, tx, id, f.text("reason"))
	})
}

// meetingCheckInCreate notes that somebody is there.
func (w *web) meetingCheckInCreate(r *req) error {
	return w.meetingOffice(r, "check_in", func(tx *tenants.Tx, id int64, _ form) error { return meetings.CheckIn(r.ctx, tx, id) })
}

// meetingCallCreate calls somebody out of turn, or once more.
func (w *web) meetingCallCreate(r *req) error {
	return w.meetingOffice(r, "call_out", func(tx *tenants.Tx, id int64, f form) error {
		return meetings.CallOut(r.ctx, tx, id, f.text("reason"))
	})
}

// meetingParkingCreate sends who was called back to the queue.
func (w *web) meetingParkingCreate(r *req) error {
	return w.meetingOffice(r, "parking", func(tx *tenants.Tx, id int64, _ form) error { return meetings.Park(r.ctx, tx, id) })
}

// roomBusy tells whether nobody was called because somebody is in the room.
func roomBusy(err error) bool {
	return fault.Is(err, fault.Conflict) && fault.As(err).Key == "meeting.conflict.room_busy"
}

// meetingAbsenceCreate notes that somebody did not come.
func (w *web) meetingAbsenceCreate(r *req) error {
	return w.meetingOffice(r, "absence", func(tx *tenants.Tx, id int64, _ form) error { return meetings.MarkAbsent(r.ctx, tx, id) })
}

// meetingMinutesCreate ends a meeting with its minutes; orders that were given
// while it went on make it a follow-up at once.
func (w *web) meetingMinutesCreate(r *req) error {
	return w.meetingOffice(r, "minutes", func(tx *tenants.Tx, id int64, f form) error {
		people, _ := f.number("people_met") // what is no number is refused as zero
		if err := meetings.Finish(r.ctx, tx, id, meetings.Minutes{Text: f.text("minutes"), PeopleMet: people}); err != nil {
			return err
		}
		return meetings.SettleAfterDirective(r.ctx, tx, id)
	})
}

// meetingClosureCreate ends a held meeting from which nothing follows, with a
// word to the citizen.
func (w *web) meetingClosureCreate(r *req) error {
	return w.meetingOffice(r, "closure", func(tx *tenants.Tx, id int64, f form) error {
		return meetings.Close(r.ctx, tx, id, f.text("reason"))
	})
}

// meetingNextCallCreate calls who is next in the queue of a session.
func (w *web) meetingNextCallCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	session, err := meetings.SessionByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		first, err := meetings.Once(r.ctx, tx, f.text("act_key"))
		if err == nil && first {
			_, err = meetings.CallNext(r.ctx, tx, id)
		}
		return err
	})
	if fault.Is(err, fault.Conflict) {
		d := dayOf(session.StartsAt, 0)
		d.session = id
		return w.meetingDayPage(r, d, views.OfficeForm{}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "meeting_desk.done.call")
	return r.done(dayPath(session.StartsAt, 0))
}
