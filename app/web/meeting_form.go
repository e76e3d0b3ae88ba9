package web

import (
	"strconv"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// purposeMeeting is what the one-time code of a booking is for.
const purposeMeeting = "meeting"

// meetingDraft is what a visitor has typed so far of a meeting request; the
// seat they hold is kept by the meetings room under the draft's id.
type meetingDraft struct {
	id         int64
	Executive  int64             `json:"executive"`
	Subject    string            `json:"subject"`
	Text       string            `json:"text"`
	Code       string            `json:"code"` // of an earlier case
	Companions int               `json:"companions"`
	Identity   citizens.Identity `json:"identity"`
}

func (d *meetingDraft) path(step string) string {
	return "/meetings/drafts/" + strconv.FormatInt(d.id, 10) + "/" + step
}

func (r *req) meetingDraftOf() (d *meetingDraft, err error) {
	d = new(meetingDraft)
	d.id, err = r.loadDraft(citizens.DraftMeeting, d)
	return d, err
}

func (r *req) keepMeeting(d *meetingDraft, got []*files.Received, remove []string) (err error) {
	d.id, err = r.saveDraft(citizens.DraftMeeting, d.id, d, got, remove)
	return err
}

// meetingNew asks whom the citizen wants to meet: the first step.
func (w *web) meetingNew(r *req) error {
	return w.meetingExecutivePage(r, views.MeetingExecutive{Action: "/meetings/drafts"}, nil)
}

func (w *web) meetingExecutivePage(r *req, m views.MeetingExecutive, cause error) (err error) {
	if m.Executives, err = directives.Executives(r.ctx, r.db); err != nil {
		return err
	}
	if m.Windows, err = meetings.Windows(r.ctx, r.db, 0); err != nil {
		return err
	}
	m.Errors = views.ErrorsOf(cause)
	p := r.frame("meeting.new.title")
	if cause == nil {
		return r.page(parts.Citizen, p, views.MeetingExecutivePage(p, m))
	}
	return r.again(cause, parts.Citizen, p, views.MeetingExecutivePage(p, m))
}

func (w *web) meetingDraftCreate(r *req) error { return w.saveExecutive(r, &meetingDraft{}) }

func (w *web) meetingExecutiveForm(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	return w.meetingExecutivePage(r, views.MeetingExecutive{Action: d.path("executive"), Chosen: d.Executive}, nil)
}

func (w *web) meetingExecutiveSave(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	return w.saveExecutive(r, d)
}

func (w *web) saveExecutive(r *req, d *meetingDraft) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	executive, err := directives.ExecutiveByID(r.ctx, r.db, f.id("executive"))
	if fault.Is(err, fault.NotFound) || err == nil && !executive.Active {
		return w.meetingExecutivePage(r, views.MeetingExecutive{Action: r.c.Path()}, fault.Field("executive", "meeting.new.error"))
	}
	if err != nil {
		return err
	}
	d.Executive = executive.ID
	if err := r.keepMeeting(d, nil, nil); err != nil {
		return err
	}
	return r.done(d.path("subject"))
}

// meetingSubjectForm asks what the meeting is about.
func (w *web) meetingSubjectForm(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	return w.meetingSubjectPage(r, d, nil)
}

func (w *web) meetingSubjectPage(r *req, d *meetingDraft, cause error) error {
	kept, err := files.Of(r.ctx, r.db, files.Subject{Kind: files.KindDraft, ID: d.id}, false)
	if err != nil {
		return err
	}
	p := r.frame("meeting.subject.title")
	m := views.MeetingSubject{Subject: d.Subject, Text: d.Text, Code: d.Code, Companions: d.Companions, Files: kept, Action: d.path("subject"), Back: d.path("executive"), Errors: views.ErrorsOf(cause)}
	if cause == nil {
		return r.page(parts.Citizen, p, views.MeetingSubjectPage(p, m))
	}
	return r.again(cause, parts.Citizen, p, views.MeetingSubjectPage(p, m))
}

func (w *web) meetingSubjectSave(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	d.Subject, d.Text, d.Code = f.text("subject"), f.text("text"), f.text("code")
	wrong := fault.Fields{}
	companions, ok := f.number("companions")
	if f.text("companions") != "" && (!ok || companions < 0 || companions > meetings.MaxCompanions) {
		wrong.Add("companions", "meeting.error.companions")
		companions = 0
	}
	d.Companions = companions
	if d.Subject == "" {
		wrong.Add("subject", "meeting.error.subject")
	}
	if d.Text == "" {
		wrong.Add("text", "meeting.error.text")
	}
	if _, ok := persian.ParseCode(d.Code); d.Code != "" && !ok {
		wrong.Add("code", "meeting.subject.code_error")
	}
	got, refused := r.receive(f, files.Field)
	if err := r.keepMeeting(d, got, f.list("remove")); err != nil {
		refused = err
	}
	if err := both(wrong.Err(), refused); err != nil {
		return w.meetingSubjectPage(r, d, err)
	}
	return r.done(d.path("slot"))
}

// meetingSlotForm lists the sessions with free slots.
func (w *web) meetingSlotForm(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	return w.meetingSlotPage(r, d, nil)
}

func (w *web) meetingSlotPage(r *req, d *meetingDraft, cause error) error {
	open, err := meetings.OpenSessions(r.ctx, r.db, d.Executive, d.id)
	if err != nil {
		return err
	}
	m := views.MeetingSlot{Sessions: open, Action: d.path("slot"), Back: d.path("subject"), HoldMinutes: r.tenant.Settings.HoldMinutes, Errors: views.ErrorsOf(cause)}
	if held, err := meetings.HeldBy(r.ctx, r.db, d.id); err == nil {
		m.Chosen = views.SlotValue(held.SessionID, held.SlotNumber)
	}
	p := r.frame("meeting.slot.title")
	if cause == nil {
		return r.page(parts.Citizen, p, views.MeetingSlotPage(p, m))
	}
	if fault.Is(cause, fault.Conflict) {
		r.c.Status(409)
		m.Errors = views.Errors{"slot": fault.As(cause).Key}
		return r.page(parts.Citizen, p, views.MeetingSlotPage(p, m))
	}
	return r.again(cause, parts.Citizen, p, views.MeetingSlotPage(p, m))
}

// meetingSlotSave holds the chosen seat.
func (w *web) meetingSlotSave(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	session, slot, ok := views.ParseSlot(f.text("slot"))
	if !ok {
		return w.meetingSlotPage(r, d, fault.Field("slot", "meeting.slot.error"))
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := meetings.Hold(r.ctx, tx, d.id, session, slot)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		return w.meetingSlotPage(r, d, err)
	}
	if err != nil {
		return err
	}
	return r.done(d.path("contact"))
}

// meetingContactForm asks who it is, while the seat is held.
func (w *web) meetingContactForm(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	if d.Identity.Mobile == "" {
		d.Identity.Mobile = r.principal.mobile
	}
	return w.meetingContactPage(r, d, nil)
}

// held is the seat that the draft still holds, as the page shows it; nil when
// the time is over.
func (r *req) held(d *meetingDraft) (*views.HeldSlot, error) {
	claim, err := meetings.HeldBy(r.ctx, r.db, d.id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // no seat is an answer here, not an error
	}
	if err != nil {
		return nil, err
	}
	slot, err := meetings.SlotOf(r.ctx, r.db, claim.SessionID, claim.SlotNumber)
	if err != nil {
		return nil, err
	}
	return &views.HeldSlot{StartsAt: slot.StartsAt, Number: slot.Number, Left: claim.HeldUntil.Sub(r.now()), Session: claim.SessionID}, nil
}

func (w *web) meetingContactPage(r *req, d *meetingDraft, cause error) error {
	held, err := r.held(d)
	if err != nil {
		return err
	}
	if held == nil {
		return r.done(d.path("slot"))
	}
	p := r.frame("meeting.contact.title")
	m := views.MeetingContact{Held: held, Identity: d.Identity, Action: d.path("contact"), Back: d.path("slot"), Errors: views.ErrorsOf(cause)}
	if cause == nil {
		return r.page(parts.Citizen, p, views.MeetingContactPage(p, m))
	}
	return r.again(cause, parts.Citizen, p, views.MeetingContactPage(p, m))
}

// meetingContactSave keeps who it is and has the code sent; somebody who has
// proven the number already is not asked again.
func (w *web) meetingContactSave(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	d.Identity = citizens.Identity{Mobile: f.text("mobile"), NationalID: f.text("national_id"), Name: f.text("name")}
	if err := r.keepMeeting(d, nil, nil); err != nil {
		return err
	}
	identity, err := d.Identity.Check(citizens.NeedIdentified)
	if err != nil {
		return w.meetingContactPage(r, d, err)
	}
	if r.proven(identity.Mobile) {
		return w.book(r, d, identity)
	}
	if err := r.requestCode(purposeMeeting, identity.Mobile); err != nil && !codeIsLive(err) {
		return w.meetingContactPage(r, d, err)
	}
	return r.done(d.path("code"))
}

// codeIsLive tells whether a code was sent a moment ago and still works.
func codeIsLive(err error) bool {
	return fault.Is(err, fault.TooMany) && fault.As(err).Key == "code.wait"
}

func (r *req) proven(mobile string) bool {
	return r.principal.kind == Citizen && r.principal.mobile == mobile
}

// meetingCodeForm asks for the code, while the seat is held.
func (w *web) meetingCodeForm(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	return w.meetingCodePage(r, d, nil)
}

func (w *web) meetingCodePage(r *req, d *meetingDraft, cause error) error {
	held, err := r.held(d)
	if err != nil {
		return err
	}
	if held == nil {
		return r.done(d.path("slot"))
	}
	mobile, _ := persian.Mobile(d.Identity.Mobile)
	m := views.MeetingCode{Held: held, Mobile: persian.MaskMobile(mobile), Action: d.path("booking"), Again: d.path("contact"), Identity: d.Identity, Errors: views.ErrorsOf(cause)}
	if w.Demo {
		m.Dev = "/dev/messages"
	}
	p := r.frame("my.code.title")
	if cause == nil {
		return r.page(parts.Citizen, p, views.MeetingCodePage(p, m))
	}
	return r.again(cause, parts.Citizen, p, views.MeetingCodePage(p, m))
}

// meetingBookingCreate books the held seat for the holder of the number.
func (w *web) meetingBookingCreate(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	identity, err := d.Identity.Check(citizens.NeedIdentified)
	if err != nil {
		return r.done(d.path("contact"))
	}
	if err := r.count(limitCodeChecks, r.ip()); err != nil {
		return err
	}
	token, err := r.prove(purposeMeeting, identity.Mobile, f.text("code"))
	if err != nil {
		return err
	}
	if token == "" {
		return w.meetingCodePage(r, d, fault.Field("code", "code.wrong"))
	}
	return w.book(r, d, identity)
}

// prove signs the holder of the number in when the digits are right, so that
// nothing later asks for them again. Without a token the guess was wrong; it
// has been committed all the same, because it counts.
func (r *req) prove(purpose, mobile, typed string) (token string, err error) {
	err = r.write(func(tx *tenants.Tx) error {
		token = ""
		ok, err := r.verifyCode(tx, purpose, mobile, typed)
		if err == nil && ok {
			token, err = citizens.OpenSession(r.ctx, tx, mobile)
		}
		return err
	})
	if err != nil || token == "" {
		return "", err
	}
	r.principal.kind, r.principal.mobile = Citizen, mobile
	return token, r.signIn(Citizen, token)
}

// book turns the held seat into a meeting and shows its page; the number has
// been proven.
func (w *web) book(r *req, d *meetingDraft, identity citizens.Identity) error {
	identity.Verified = true
	var m *meetings.Meeting
	if err := r.write(func(tx *tenants.Tx) (err error) {
		m, err = r.bookDraft(tx, d, identity)
		return err
	}); err != nil {
		return w.notBooked(r, d, err)
	}
	if err := r.track(timeline.Subject{Kind: "meeting", ID: m.ID}); err != nil {
		return err
	}
	return r.done("/meeting/receipt")
}

func (r *req) bookDraft(tx *tenants.Tx, d *meetingDraft, identity citizens.Identity) (*meetings.Meeting, error) {
	if _, err := citizens.LockDraft(r.ctx, tx, d.id, r.holder()); err != nil {
		return nil, err
	}
	claim, err := meetings.HeldBy(r.ctx, tx, d.id)
	if err != nil {
		return nil, err
	}
	person, err := citizens.Ensure(r.ctx, tx, identity)
	if err != nil {
		return nil, err
	}
	in := meetings.Booking{
		DraftID: d.id, CitizenID: person.ID, NationalID: identity.NationalID, ExecutiveID: d.Executive, SessionID: claim.SessionID,
		Slot: claim.SlotNumber, Subject: d.Subject, Text: d.Text, Companions: d.Companions, Channel: meetings.Web,
	}
	if in.ComplaintID, err = r.earlierCase(tx, d.Code, identity.Mobile); err != nil {
		return nil, err
	}
	m, err := meetings.Book(r.ctx, tx, in)
	if err != nil {
		return nil, err
	}
	if _, err := files.Attach(r.ctx, tx, d.id, files.Subject{Kind: "meeting", ID: m.ID}, nil); err != nil {
		return nil, err
	}
	return m, citizens.DropDraft(r.ctx, tx, d.id, r.holder())
}

// earlierCase finds the case the meeting is about; somebody else's code leads
// nowhere, like one that does not exist.
func (r *req) earlierCase(tx *tenants.Tx, code, mobile string) (*int64, error) {
	if code == "" {
		return nil, nil //nolint:nilnil // most meetings have no earlier case
	}
	c, err := complaints.Track(r.ctx, tx, code, mobile)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Field("code", "meeting.subject.code_unknown")
	}
	if err != nil {
		return nil, err
	}
	return &c.ID, nil
}

// notBooked leads back to the step that stands in the way.
func (w *web) notBooked(r *req, d *meetingDraft, err error) error {
	fields := fault.As(err).Fields
	switch {
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Conflict):
		return w.meetingSlotPage(r, d, fault.New(fault.Conflict, "meeting.conflict.slot_taken"))
	case fault.Is(err, fault.TooMany):
		return w.meetingContactPage(r, d, &fault.Error{Kind: fault.Invalid, Key: fault.As(err).Key, Args: fault.As(err).Args})
	case fields["subject"] != "" || fields["text"] != "" || fields["code"] != "" || fields["companions"] != "":
		return w.meetingSubjectPage(r, d, err)
	default:
		return w.meetingContactPage(r, d, err)
	}
}
