package web

import (
	"strconv"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
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
	Party      meetings.Party    `json:"party"`
	Topic      int64             `json:"topic"`
	District   int64             `json:"district"`
	Answers    map[string]string `json:"answers"` // by question
	Wait       bool              `json:"wait"`    // for a seat, without a slot
	For        int64             `json:"for"`     // the session waited for, or whose draw is entered; 0 = any
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
	m := views.MeetingExecutive{Action: "/meetings/drafts", Chosen: r.officeQuery("executive").number("executive"), Code: shownCode(r.query("case"))}
	return w.meetingExecutivePage(r, m, nil)
}

func (w *web) meetingExecutivePage(r *req, m views.MeetingExecutive, cause error) (err error) {
	if m.Executives, err = directives.Executives(r.ctx, r.db); err != nil {
		return err
	}
	if m.Windows, err = meetings.Windows(r.ctx, r.db, 0); err != nil {
		return err
	}
	if err := r.ownExecutive(&m); err != nil {
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
		return w.meetingExecutivePage(r, views.MeetingExecutive{Action: r.c.Path(), Code: f.text("code")}, fault.Field("executive", "meeting.new.error"))
	}
	if err != nil {
		return err
	}
	d.Executive = executive.ID
	if district := f.id("district"); district != 0 {
		d.District = district
	}
	if code := f.text("code"); code != "" && d.Code == "" {
		d.Code = code
	}
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
	m := views.MeetingSubject{Subject: d.Subject, Text: d.Text, Code: d.Code, Companions: d.Companions, Party: d.Party, Files: kept, Action: d.path("subject"), Back: d.path("executive"), Errors: views.ErrorsOf(cause)}
	if m.Asked, err = r.askedFields(d.Executive, d.Topic, d.District, d.Answers, m.Errors); err != nil {
		return err
	}
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
	d.Party = partyIn(f)
	if e := d.Party.Check(); e != nil {
		for field, key := range fault.As(e).Fields {
			wrong.Add(field, key)
		}
	}
	if d.Subject == "" {
		wrong.Add("subject", "meeting.error.subject")
	}
	if d.Text == "" {
		wrong.Add("text", "meeting.error.text")
	}
	if err := r.readAsked(d, f, wrong); err != nil {
		return err
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
	open = meetings.Serving(open, said(d.Topic), said(d.District))
	m := views.MeetingSlot{Sessions: open, Action: d.path("slot"), Back: d.path("subject"), HoldMinutes: r.tenant.Settings.HoldMinutes, Errors: views.ErrorsOf(cause)}
	if m.With, err = r.whom(d); err != nil {
		return err
	}
	if err := r.waitChoices(d, &m); err != nil {
		return err
	}
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
	if d.Wait {
		d.Wait, d.For = false, 0
		if err := r.keepMeeting(d, nil, nil); err != nil {
			return err
		}
	}
	return r.done(d.path("contact"))
}
