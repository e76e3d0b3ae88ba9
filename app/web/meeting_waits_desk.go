package web

import (
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const waitsPath = "/desk/meetings/waits"

// meetingWaits lists who waits for a seat, in order.
func (w *web) meetingWaits(r *req) error { return w.meetingWaitsPage(r, nil) }

func (w *web) meetingWaitsPage(r *req, cause error) error {
	q := r.officeQuery("executive", "after")
	rows, more, err := meetings.Line(r.ctx, r.db, q.number("executive"), q.number("after"), 50)
	if err != nil {
		return err
	}
	m := views.MeetingWaits{Rows: rows, Now: r.now()}
	if more {
		m.Next = q.with("after", idText(rows[len(rows)-1].ID)).to(waitsPath)
	}
	if m.Executives, err = r.executiveOptions(q["executive"]); err != nil {
		return err
	}
	if cause != nil {
		e := fault.As(cause)
		m.Notice = r.t(e.Key, e.Args...)
		r.c.Status(409)
	}
	p := r.frame("wait.list")
	return r.page(parts.Desk, p, views.MeetingWaitsPage(p, m))
}

// meetingIntakeWait puts a caller into the line instead of booking.
func (w *web) meetingIntakeWait(r *req, f form, m *views.MeetingIntake, p *parcel) error {
	filed, err := r.writeOnce(f, citizens.DraftMeeting, func(tx *tenants.Tx) (citizens.Filed, error) {
		wait, err := r.joinAtDesk(tx, f, m, p)
		if err != nil {
			return citizens.Filed{}, err
		}
		return citizens.Filed{Subject: wait.ID, Page: waitsPath}, nil
	})
	if err != nil {
		return w.meetingIntakeAgain(r, m, p, err)
	}
	r.flash(parts.Success, "wait.desk_joined")
	return r.done(filed.Page)
}

// joinAtDesk puts the chosen person or a new one into the line.
func (r *req) joinAtDesk(tx *tenants.Tx, f form, m *views.MeetingIntake, p *parcel) (*meetings.Wait, error) {
	in, err := r.deskBooking(tx, f, m)
	if err != nil {
		return nil, err
	}
	wait, err := meetings.Join(r.ctx, tx, in)
	if err != nil {
		return nil, err
	}
	if err := r.taken(tx, in.ComplaintID, wait.ID); err != nil { // the meeting will have the same ID
		return nil, err
	}
	return wait, r.deliverTo(tx, p, wait.ID)
}

// meetingWaitAcceptanceCreate takes an offered seat on the caller's word.
func (w *web) meetingWaitAcceptanceCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := meetings.Accept(r.ctx, tx, id)
		return err
	})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.TooMany) {
		return w.meetingWaitsPage(r, err)
	}
	if err != nil {
		return err
	}
	return r.done(meetingPath(id) + "/booking")
}

// meetingWaitRemovalCreate takes somebody out of the line on their word.
func (w *web) meetingWaitRemovalCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return meetings.Withdraw(r.ctx, tx, id) })
	if fault.Is(err, fault.Conflict) {
		return w.meetingWaitsPage(r, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "wait.left")
	return r.done(waitsPath)
}

// meetingDraw shows a draw to everybody.
func (w *web) meetingDraw(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	d, err := meetings.DrawByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	p := r.frame("draw.title")
	return r.page(parts.Citizen, p, views.MeetingDrawPage(p, d))
}
