package web

import (
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// trackedMeeting is the meeting that this browser's code opened.
func (r *req) trackedMeeting() (*meetings.Listed, error) {
	if r.principal.subject.Kind != "meeting" {
		return nil, errSignIn
	}
	m, err := meetings.ByID(r.ctx, r.db, r.principal.subject.ID)
	if err == nil {
		r.principal.actor.ID = m.CitizenID
	}
	return m, err
}

// myMeeting opens one of the signed-in citizen's meetings.
func (w *web) myMeeting(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	m, err := meetings.ByID(r.ctx, r.db, id)
	if fault.Is(err, fault.NotFound) {
		return w.myWait(r, id)
	}
	if err != nil {
		return err
	}
	if m.CitizenMobile != r.principal.mobile {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if err := r.track(timeline.Subject{Kind: "meeting", ID: m.ID}); err != nil {
		return err
	}
	return r.done("/meeting")
}

// meetingShow is the citizen's page of a meeting: when and where, what comes
// next, and what became of what the executive ordered.
func (w *web) meetingShow(r *req) error {
	wait, err := r.trackedWait()
	if err != nil {
		return err
	}
	if wait != nil {
		return w.waitPage(r, wait, nil)
	}
	return w.meetingPage(r, views.MeetingForms{}, nil)
}

func (w *web) meetingPage(r *req, forms views.MeetingForms, cause error) error {
	m, err := r.meetingView()
	if err != nil {
		return err
	}
	forms.Errors = views.ErrorsOf(cause)
	m.Forms = forms
	p := r.frame("meeting.title")
	switch {
	case cause == nil:
		return r.page(parts.Citizen, p, views.MeetingPage(p, *m))
	case fault.Is(cause, fault.Conflict), fault.Is(cause, fault.TooMany):
		r.c.Status(409)
		return r.page(parts.Citizen, p, views.MeetingPage(p, *m))
	default:
		return r.again(cause, parts.Citizen, p, views.MeetingPage(p, *m))
	}
}

// meetingView reads all that the page shows.
func (r *req) meetingView() (*views.Meeting, error) {
	listed, err := r.trackedMeeting()
	if err != nil {
		return nil, err
	}
	m := &views.Meeting{Meeting: listed, Now: r.now(), CanCancel: listed.CanCancel(r.now()), CanReschedule: listed.CanReschedule(r.now(), r.tenant.Settings), CanAppeal: listed.CanAppeal(r.now(), r.tenant.Settings)}
	if m.Priority, err = r.priority(listed); err != nil {
		return nil, err
	}
	if m.Routed, err = r.routedCode(listed); err != nil {
		return nil, err
	}
	if m.Events, err = timeline.Of(r.ctx, r.db, timeline.Subject{Kind: "meeting", ID: listed.ID}, true); err != nil {
		return nil, err
	}
	story, err := directives.EventsOf(r.ctx, r.db, directives.OnMeeting, listed.ID, true)
	if err != nil {
		return nil, err
	}
	m.Events = views.Merged(m.Events, story)
	if m.Directives, err = r.publicDirectives(directives.OnMeeting, listed.ID, story); err != nil {
		return nil, err
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	m.Units = views.UnitsByID(units)
	if listed.State == meetings.Approved {
		m.QR = qrOf(r.w.links.Home(r.tenant) + "/track?code=" + listed.Code)
	}
	if wait, ok, err := meetings.WaitOf(r.ctx, r.db, &listed.Meeting); err != nil {
		return nil, err
	} else if ok {
		m.Wait = &wait
	}
	m.Files, err = files.Of(r.ctx, r.db, files.Subject{Kind: "meeting", ID: listed.ID}, true)
	return m, err
}

// meetingReceipt confirms a booking.
func (w *web) meetingReceipt(r *req) error {
	m, err := r.meetingView()
	if err != nil {
		return err
	}
	p := r.frame("meeting.receipt.title")
	return r.page(parts.Citizen, p, views.MeetingReceiptPage(p, *m))
}

// meetingReceiptSheet is the same on paper, to be brought along.
func (w *web) meetingReceiptSheet(r *req) error {
	m, err := r.trackedMeeting()
	if err != nil {
		return err
	}
	p := r.frame("meeting.receipt.sheet_title")
	p.Paths.Home = "/meeting/receipt"
	track := w.links.Home(r.tenant) + "/track"
	return r.page(parts.Print, p, views.MeetingReceiptSheet(p, views.MeetingPaper{Listed: m, Address: track, QR: qrOf(track + "?code=" + m.Code)}))
}

// meetingCalendar is the meeting as a calendar file.
func (w *web) meetingCalendar(r *req) error {
	m, err := r.trackedMeeting()
	if err != nil {
		return err
	}
	file, err := meetings.Calendar(r.db, m, w.links.Home(r.tenant)+"/track", r.lang)
	if err != nil {
		return err
	}
	r.c.Attachment(m.Code + ".ics")
	r.c.Set("Content-Type", file.ContentType)
	return r.c.Send(file.Body)
}

// meetingFile streams a file of the meeting, or the public copy of a scan of
// one of its orders.
func (w *web) meetingFile(r *req) error {
	m, err := r.trackedMeeting()
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := files.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	own := f.SubjectKind == "meeting" && f.SubjectID == m.ID
	if !own && f.SubjectKind == "directive" {
		d, err := directives.ByID(r.ctx, r.db, f.SubjectID)
		if err != nil {
			return err
		}
		own = d.Public && d.OriginKind == directives.OnMeeting && d.OriginID == m.ID
	}
	if !f.Public || !own {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return r.sendFile(f)
}

// meetingAct runs one command of the citizen on the tracked meeting.
func (w *web) meetingAct(r *req, typed views.MeetingForms, done string, act func(*tenants.Tx, *meetings.Listed) error) error {
	m, err := r.trackedMeeting()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return act(tx, m) })
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.TooMany) {
		return w.meetingPage(r, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done("/meeting")
}

// meetingCancellationCreate gives the slot back.
func (w *web) meetingCancellationCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.MeetingForms{Reason: f.text("reason")}
	return w.meetingAct(r, typed, "meeting.cancelled_done", func(tx *tenants.Tx, m *meetings.Listed) error {
		return meetings.Cancel(r.ctx, tx, m.ID, meetings.ByCitizen, typed.Reason)
	})
}

// meetingObjectionCreate says that an order was not carried out.
func (w *web) meetingObjectionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	typed := views.MeetingForms{Objection: f.text("objection"), Directive: id}
	return w.meetingAct(r, typed, "meeting.objected_done", func(tx *tenants.Tx, m *meetings.Listed) error {
		d, err := directives.ByID(r.ctx, tx, id)
		if err != nil {
			return err
		}
		if !d.Public || d.OriginKind != directives.OnMeeting || d.OriginID != m.ID {
			return fault.New(fault.NotFound, "error.not_found")
		}
		if err := directives.Object(r.ctx, tx, id, typed.Objection); err != nil {
			return renamed(err, "text", "objection")
		}
		return meetings.SettleAfterDirective(r.ctx, tx, m.ID)
	})
}

// meetingReschedulingForm lists the slots the meeting can move to.
func (w *web) meetingReschedulingForm(r *req) error { return w.meetingReschedulingPage(r, nil) }

func (w *web) meetingReschedulingPage(r *req, cause error) error {
	m, err := r.trackedMeeting()
	if err != nil {
		return err
	}
	open, err := meetings.OpenSessions(r.ctx, r.db, m.ExecutiveID, 0)
	if err != nil {
		return err
	}
	open = meetings.Serving(open, idOf(m.TopicID), idOf(m.DistrictID))
	view := views.MeetingSlot{Sessions: open, Action: "/meeting/rescheduling", Back: "/meeting", Errors: views.ErrorsOf(cause)}
	p := r.frame("meeting.reschedule.title")
	if cause == nil {
		return r.page(parts.Citizen, p, views.MeetingReschedulePage(p, view))
	}
	view.Errors = views.Errors{"slot": keyOf(cause, "slot")}
	r.c.Status(422)
	return r.page(parts.Citizen, p, views.MeetingReschedulePage(p, view))
}

// keyOf is the message of an error: beside the field, or its own.
func keyOf(err error, field string) string {
	e := fault.As(err)
	if key := e.Fields[field]; key != "" {
		return key
	}
	return views.ErrorsOf(err)[""]
}

func (w *web) meetingReschedulingCreate(r *req) error {
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
		return w.meetingReschedulingPage(r, fault.Field("slot", "meeting.slot.error"))
	}
	err = r.write(func(tx *tenants.Tx) error { return meetings.Reschedule(r.ctx, tx, m.ID, session, slot) })
	switch {
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.TooMany), fault.Is(err, fault.NotFound):
		return w.meetingReschedulingPage(r, err)
	case err != nil:
		return err
	}
	r.flash(parts.Success, "meeting.rescheduled_done")
	return r.done("/meeting")
}
