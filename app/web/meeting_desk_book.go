package web

import (
	"cmp"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// meetingIntake is the form with which staff book for a caller or at the
// counter: first who it is, then when and what about.
func (w *web) meetingIntake(r *req) error {
	m := &views.MeetingIntake{Executive: r.officeQuery("executive").number("executive"), Case: shownCode(r.query("case"))}
	var err error
	if m.Who, err = r.whoOfCase(m.Case); err != nil {
		return err
	}
	if err := r.findCitizen(m, 0); err != nil {
		return err
	}
	return w.meetingIntakePage(r, m, nil)
}

// whoOfCase is the number of the person of a case that is taken to an executive,
// as far as the reader is shown both; empty otherwise.
func (r *req) whoOfCase(code string) (string, error) {
	id, err := complaints.IDByCode(r.ctx, r.db, code)
	if err != nil || id == 0 {
		return "", err
	}
	f, err := complaints.FolderByID(r.ctx, r.db, r.principal.actor, id)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil || f.Confidential || f.Mobile == "" || !f.ShownTo(r.can).Mobile {
		return "", err
	}
	return persian.ShowMobile(f.Mobile), nil
}

// meetingCallerCreate looks somebody up and shows the form with what is known. It
// changes nothing, but a number must not stand in an address.
func (w *web) meetingCallerCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m := &views.MeetingIntake{Who: f.text("who"), Executive: f.id("executive"), Case: shownCode(f.text("case"))}
	if err := r.findCitizen(m, f.id("citizen")); err != nil {
		return err
	}
	return w.meetingIntakePage(r, m, nil)
}

// findCitizen looks up who uses the typed number and takes the chosen one.
func (r *req) findCitizen(m *views.MeetingIntake, chosen int64) (err error) {
	if m.Who == "" {
		return nil
	}
	mobile, isMobile := persian.Mobile(m.Who)
	national, isID := persian.NationalID(m.Who)
	if !isMobile && !isID {
		m.WhoError = r.t("meeting_desk.error.who")
		return nil
	}
	m.Searched = true
	if m.Found, err = citizens.Find(r.ctx, r.db, m.Who); err != nil {
		return err
	}
	for i := range m.Found {
		if m.Found[i].ID == chosen {
			m.Chosen = &m.Found[i]
		}
	}
	if m.Typed == nil {
		m.Typed = map[string][]string{}
		if isMobile {
			m.Typed.Set("mobile", persian.ShowMobile(mobile))
		} else {
			m.Typed.Set("national_id", national)
		}
	}
	return nil
}

func (w *web) meetingIntakePage(r *req, m *views.MeetingIntake, cause error) error {
	executives, err := directives.Executives(r.ctx, r.db)
	if err != nil {
		return err
	}
	if m.Executive == 0 && len(executives) > 0 {
		m.Executive = executives[0].ID
	}
	m.Executives = choose(executives, idText(m.Executive), func(e directives.Executive) (string, string) {
		return idText(e.ID), r.in(e.PostFA, e.PostEN)
	})
	if m.Searched {
		if m.Slots, err = r.slotOptions(m.Executive, m.Typed.Get("slot")); err != nil {
			return err
		}
	}
	if cause != nil {
		m.Errors = views.ErrorsOf(cause).ForOfficer(r.ctx)
	}
	answers, err := r.typedAnswers(r.db, form{values: m.Typed}, m.Executive)
	if err != nil {
		return err
	}
	m.Asked, err = r.askedFields(m.Executive, formID(m.Typed.Get("topic")), formID(m.Typed.Get("district")), answers, m.Errors)
	if err != nil {
		return err
	}
	m.Once, m.Phones = form{values: m.Typed}.once(), r.phones()
	p := r.frame("meeting_desk.book")
	if cause == nil {
		return r.page(parts.Desk, p, views.MeetingIntakePage(p, m))
	}
	m.Errors = views.ErrorsOf(cause).ForOfficer(r.ctx)
	if fault.Is(cause, fault.Conflict) {
		r.c.Status(409)
		m.Errors = views.Errors{"slot": views.ErrorsOf(cause)[""]}.ForOfficer(r.ctx)
		return r.page(parts.Desk, p, views.MeetingIntakePage(p, m))
	}
	return r.again(cause, parts.Desk, p, views.MeetingIntakePage(p, m))
}

// meetingIntakeCreate books and shows what to read out.
func (w *web) meetingIntakeCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m := &views.MeetingIntake{Who: f.text("who"), Executive: f.id("executive"), Typed: f.values, Case: f.text("case")}
	if err := r.findCitizen(m, f.id("citizen")); err != nil {
		return err
	}
	m.Searched = true // a form without a search is a new person
	p, err := r.parcel(f)
	if err != nil {
		return w.meetingIntakeAgain(r, m, p, err)
	}
	if f.yes("wait") {
		return w.meetingIntakeWait(r, f, m, p)
	}
	filed, err := r.writeOnce(f, citizens.DraftMeeting, func(tx *tenants.Tx) (citizens.Filed, error) {
		booked, err := r.bookAtDesk(tx, f, m, p)
		if err != nil {
			return citizens.Filed{}, err
		}
		return citizens.Filed{Subject: booked.ID, Page: meetingPath(booked.ID) + "/booking"}, nil
	})
	if err != nil {
		return w.meetingIntakeAgain(r, m, p, err)
	}
	return r.done(filed.Page)
}

// meetingIntakeAgain gives the form back with all that was typed and chosen.
func (w *web) meetingIntakeAgain(r *req, m *views.MeetingIntake, p *parcel, cause error) error {
	switch fault.Of(cause) {
	case fault.Invalid, fault.Conflict, fault.TooMany:
	default:
		return cause
	}
	if err := r.shelve(p); err != nil {
		return err
	}
	m.Shelf, m.Shelved = p.shelf, p.items
	return w.meetingIntakePage(r, m, cause)
}

// deliverTo puts the letters that came with a booking to its meeting, or to the
// place in the line, which becomes one.
func (r *req) deliverTo(tx *tenants.Tx, p *parcel, meeting int64) error {
	to := files.Place{Subject: files.Subject{Kind: "meeting", ID: meeting}, Public: true, Limit: files.CitizenFiles}
	if p.shelf != 0 {
		if err := r.fromShelf(tx, p, to); err != nil {
			return err
		}
	}
	return r.saveFiles(tx, p.got, to)
}

// bookAtDesk books for the chosen person or for a new one.
func (r *req) bookAtDesk(tx *tenants.Tx, f form, m *views.MeetingIntake, p *parcel) (*meetings.Meeting, error) {
	in, err := r.deskBooking(tx, f, m)
	if err != nil {
		return nil, err
	}
	booked, err := meetings.Book(r.ctx, tx, in)
	if err != nil {
		return nil, err
	}
	if err := r.deliverTo(tx, p, booked.ID); err != nil {
		return nil, err
	}
	return booked, r.taken(tx, in.ComplaintID, booked.ID)
}

// deskBooking reads the form and finds the person.
func (r *req) deskBooking(tx *tenants.Tx, f form, m *views.MeetingIntake) (meetings.Booking, error) {
	identity := citizens.Identity{Mobile: f.text("mobile"), NationalID: f.text("national_id"), Name: f.text("name")}
	if m.Chosen != nil {
		identity.Mobile = m.Chosen.Mobile
		identity.NationalID, identity.Name = cmp.Or(m.Chosen.NationalID, identity.NationalID), cmp.Or(m.Chosen.Name, identity.Name)
	}
	identity, wrong := identity.Check(citizens.NeedIdentified)
	in, err := f.booking()
	if err := both(wrong, err); err != nil {
		return in, err
	}
	if in.ComplaintID, err = r.deskCaseOf(tx, m.Case, identity); err != nil {
		return in, err
	}
	person, err := citizens.Ensure(r.ctx, tx, identity)
	if err != nil {
		return in, err
	}
	in.TopicID, in.DistrictID = f.id("topic"), f.id("district")
	if in.Answers, err = r.typedAnswers(tx, f, m.Executive); err != nil {
		return in, err
	}
	in.ExecutiveID, in.CitizenID, in.NationalID = m.Executive, person.ID, identity.NationalID
	return in, nil
}

// booking reads what a meeting is about and when it is to be.
func (f form) booking() (meetings.Booking, error) {
	in := meetings.Booking{Subject: f.text("subject"), Text: f.text("text"), Channel: meetings.Phone, Urgent: f.yes("urgent"), Party: partyIn(f)}
	if f.text("channel") == string(meetings.InPerson) {
		in.Channel = meetings.InPerson
	}
	wrong := fault.Fields{}
	if in.Subject == "" {
		wrong.Add("subject", "meeting.error.subject")
	}
	if in.Text == "" {
		wrong.Add("text", "meeting.error.text")
	}
	var ok bool
	if in.Companions, ok = f.number("companions"); !ok && f.text("companions") != "" {
		wrong.Add("companions", "meeting.error.companions")
	}
	if in.SessionID, in.Slot, ok = views.ParseSlot(f.text("slot")); !ok && !f.yes("wait") {
		wrong.Add("slot", "meeting.slot.error")
	}
	return in, wrong.Err()
}

// meetingBooking is what the operator reads out after booking.
func (w *web) meetingBooking(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	m, err := meetings.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	p := r.frame("meeting_desk.book")
	return r.page(parts.Desk, p, views.MeetingBookedPage(p, m, r.can("meeting:review")))
}
