package web

import (
	"errors"

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
	if d.Wait {
		return r.awaited(d)
	}
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
	session, err := meetings.SessionByID(r.ctx, r.db, claim.SessionID)
	if err != nil {
		return nil, err
	}
	number, err := meetings.NumberOf(r.ctx, r.db, claim)
	if err != nil {
		return nil, err
	}
	with, err := r.whom(d)
	return &views.HeldSlot{
		With: with, StartsAt: slot.StartsAt, Number: number, Left: claim.HeldUntil.Sub(r.now()), Site: r.in(session.SiteFA, session.SiteEN),
	}, err
}

// whom names the executive that the draft chose.
func (r *req) whom(d *meetingDraft) (string, error) {
	e, err := directives.ExecutiveByID(r.ctx, r.db, d.Executive)
	if err != nil {
		return "", err
	}
	return r.in(e.PostFA, e.PostEN) + " — " + r.in(e.NameFA, e.NameEN), nil
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
		return r.answerAgain("meeting", err)
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	d.Identity = citizens.Identity{Mobile: f.text("mobile"), NationalID: f.text("national_id"), Name: f.text("name"), Email: f.text("email"), Language: r.lang}
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
		return r.answerAgain("meeting", err)
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
// been proven. The code of an earlier case is judged only now, when it is known
// whose cases they are; one that is not theirs is left out, and said so, because
// neither the seat nor the one-time code should be lost over it.
func (w *web) book(r *req, d *meetingDraft, identity citizens.Identity) error {
	identity.Verified = true
	if d.Wait {
		return w.join(r, d, identity)
	}
	var m *meetings.Meeting
	unowned := false
	if err := r.write(func(tx *tenants.Tx) (err error) {
		var earlier *int64
		if earlier, unowned, err = r.earlierCase(tx, d.Code, identity.Mobile); err != nil {
			return err
		}
		m, err = r.bookDraft(tx, d, identity, earlier)
		return err
	}); err != nil {
		return w.notBooked(r, d, err)
	}
	if err := r.track(timeline.Subject{Kind: "meeting", ID: m.ID}); err != nil {
		return err
	}
	if unowned {
		r.flash(parts.Warning, "meeting.subject.code_dropped")
	}
	return r.done(meetingReceipt)
}

const meetingReceipt = "/meeting/receipt"

func (r *req) bookDraft(tx *tenants.Tx, d *meetingDraft, identity citizens.Identity, earlier *int64) (*meetings.Meeting, error) {
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
		Slot: claim.SlotNumber, Subject: d.Subject, Text: d.Text, Companions: d.Companions, Channel: meetings.Web, ComplaintID: earlier, Party: d.Party,
		TopicID: d.Topic, DistrictID: d.District, Answers: d.Answers,
	}
	m, err := meetings.Book(r.ctx, tx, in)
	if err != nil {
		return nil, err
	}
	if err := r.taken(tx, earlier, m.ID); err != nil {
		return nil, err
	}
	if _, err := files.Attach(r.ctx, tx, d.id, files.Subject{Kind: "meeting", ID: m.ID}, nil); err != nil {
		return nil, err
	}
	return m, r.fileDraft(tx, d.id, m.ID, meetingReceipt)
}

// earlierCase finds the case the meeting is about; somebody else's code leads
// nowhere, like one that does not exist.
func (r *req) earlierCase(tx *tenants.Tx, code, mobile string) (id *int64, unowned bool, err error) {
	if code == "" {
		return nil, false, nil
	}
	c, err := complaints.Track(r.ctx, tx, code, mobile)
	if fault.Is(err, fault.NotFound) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	return &c.ID, false, nil
}

// notBooked leads back to the step that stands in the way.
func (w *web) notBooked(r *req, d *meetingDraft, err error) error {
	if again := r.answerAgain("meeting", err); again == nil || !errors.Is(again, err) {
		return again
	}
	fields := fault.As(err).Fields
	switch {
	case fault.As(err).Key == "meeting.conflict.channel_full":
		return w.meetingSlotPage(r, d, err)
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Conflict):
		return w.meetingSlotPage(r, d, fault.New(fault.Conflict, "meeting.conflict.slot_taken"))
	case fault.Is(err, fault.TooMany):
		return w.meetingContactPage(r, d, &fault.Error{Kind: fault.Invalid, Key: fault.As(err).Key, Args: fault.As(err).Args})
	case fields["subject"] != "" || fields["text"] != "" || fields["companions"] != "" || aboutAsked(fields):
		return w.meetingSubjectPage(r, d, err)
	default:
		return w.meetingContactPage(r, d, err)
	}
}
