package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

func minutesPath(id int64) string { return meetingPath(id) + "/minutes" }

// minutesForm is where minutes are written, and after that added to.
func (w *web) minutesForm(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.minutesPage(r, id, views.OfficeForm{}, nil)
}

func (w *web) minutesPage(r *req, id int64, form views.OfficeForm, cause error) error {
	m, err := r.minutesOf(id)
	if err != nil {
		return err
	}
	if m.Minutes == "" && !m.MinutesOpen() && cause == nil {
		return r.minutesEarly(m)
	}
	m.Form = r.cameBack(form, cause)
	p := r.frame("minutes.title")
	return r.page(parts.Desk, p, views.MinutesPage(p, m))
}

// minutesOf reads the meeting with what is written of it.
func (r *req) minutesOf(id int64) (*views.Minutes, error) {
	listed, err := meetings.ByID(r.ctx, r.db, id)
	if err != nil {
		return nil, err
	}
	m := &views.Minutes{
		Listed: listed, Path: minutesPath(id), Back: meetingPath(id), Now: r.now(), Order: r.can("directive:issue"),
		DraftKey: "minutes-" + idText(id) + "-" + idText(r.principal.actor.ID),
	}
	if m.Draft, err = meetings.MinutesDraftOf(r.ctx, r.db, id); err != nil {
		return nil, err
	}
	m.Text, m.People = r.minutesBegin(listed), 1+listed.Companions
	if m.Draft != nil {
		m.Text, m.People = m.Draft.Text, m.Draft.PeopleMet
	}
	if listed.PeopleMet > 0 && m.Draft == nil {
		m.People = listed.PeopleMet
	}
	if m.Notes, err = meetings.MinutesNotes(r.ctx, r.db, id); err != nil {
		return nil, err
	}
	if listed.Minutes == "" {
		return m, nil
	}
	events, err := timeline.Of(r.ctx, r.db, timeline.Subject{Kind: "meeting", ID: id}, false)
	for i := range events {
		if e := &events[i]; e.Kind == "meeting.held" || e.Kind == "meeting.minutes" {
			m.By, m.At = e.ActorName, e.At
		}
	}
	return m, err
}

// minutesBegin is what minutes begin with: the organization's template.
func (r *req) minutesBegin(m *meetings.Listed) string {
	number := ""
	if m.QueueNumber != nil {
		number = messages.Number(r.ctx, *m.QueueNumber)
	}
	return meetings.FillMinutes(r.tenant.Settings.MinutesTemplate, map[string]string{
		"visitor": m.CitizenName, "companions": messages.Number(r.ctx, m.Companions), "subject": m.Subject, "request": m.Text,
		"date": messages.Date(r.ctx, m.StartsAt), "time": messages.Clock(r.ctx, m.StartsAt), "number": number,
		"post": r.in(m.PostFA, m.PostEN), "executive": r.in(m.NameFA, m.NameEN), "place": r.in(m.SiteFA, m.SiteEN),
	})
}

// minutesOfEach is what the minutes of each meeting begin with: what was kept of
// them, else the template.
func (r *req) minutesOfEach(list []*meetings.Listed) (map[int64]string, error) {
	ids, begin := make([]int64, len(list)), map[int64]string{}
	for i, m := range list {
		ids[i], begin[m.ID] = m.ID, r.minutesBegin(m)
	}
	kept, err := meetings.MinutesDraftsOf(r.ctx, r.db, ids)
	for id, d := range kept {
		begin[id] = d.Text
	}
	return begin, err
}

// beginMinutes is minutesOfEach for the file of one meeting.
func (r *req) beginMinutes(m *views.MeetingFile) error {
	begin, err := r.minutesOfEach([]*meetings.Listed{m.Listed})
	m.Begin = begin[m.ID]
	return err
}

// minutesDraftSave keeps what is typed, while it is typed; the answer is the
// line that says so.
func (w *web) minutesDraftSave(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	people, _ := f.number("people_met")
	in := meetings.Minutes{Text: f.text("minutes"), PeopleMet: people}
	err = r.write(func(tx *tenants.Tx) error { return meetings.SaveMinutesDraft(r.ctx, tx, id, in) })
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.minutesPage(r, id, views.OfficeForm{Act: "minutes", Typed: f.values}, err)
	}
	if err != nil {
		return err
	}
	if r.fragment() {
		return r.render(views.MinutesSaved(r.now()))
	}
	r.flash(parts.Success, "minutes.saved")
	return r.done(minutesPath(id))
}

// minutesNoteCreate adds to minutes that are locked.
func (w *web) minutesNoteCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return meetings.AddMinutesNote(r.ctx, tx, id, f.text("text")) })
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.minutesPage(r, id, views.OfficeForm{Act: "note", Typed: f.values}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "minutes.noted")
	return r.done(minutesPath(id))
}

// minutesSheet is the record on paper, with a place to sign.
func (w *web) minutesSheet(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	m, err := r.minutesOf(id)
	if err != nil {
		return err
	}
	if m.Minutes == "" {
		return fault.New(fault.NotFound, "error.not_found")
	}
	p := r.frame("minutes.sheet")
	p.Paths.Home = meetingPath(id)
	return r.page(parts.Print, p, views.MinutesSheet(p, m))
}

const orgMinutesPath = "/desk/organization/minutes"

// orgMinutes is the form of what the organization sets for its days of meetings.
func (w *web) orgMinutes(r *req) error {
	set := r.tenant.Settings.Defaults()
	return r.orgMinutesForm(views.OrgMinutes{Template: set.MinutesTemplate, WalkInRoom: strconv.Itoa(*set.WalkInRoom)}, nil)
}

func (r *req) orgMinutesForm(m views.OrgMinutes, cause error) error {
	m.Action, m.Errors = orgMinutesPath, views.ErrorsOf(cause)
	p := r.frame("minutes.org.title")
	if cause != nil {
		r.c.Status(fiber.StatusUnprocessableEntity)
	}
	return r.page(parts.Desk, p, views.OrgMinutesPage(p, &m))
}

// orgMinutesSave writes it.
func (w *web) orgMinutesSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.OrgMinutes{Template: f.text("template"), WalkInRoom: f.text("walk_in_room")}
	room, err := strconv.Atoi(persian.ToASCII(typed.WalkInRoom))
	if err != nil {
		room = -1 // out of the room's bounds
	}
	err = r.write(func(tx *tenants.Tx) error {
		return meetings.SaveDayRules(r.ctx, tx, meetings.DayRules{Template: typed.Template, WalkInRoom: room})
	})
	if fault.Is(err, fault.Invalid) {
		return r.orgMinutesForm(typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.rules.saved")
	return r.done(orgMinutesPath)
}

// minutesEarly says that there is nothing to write down yet, or nothing at all,
// and leads back to the meeting.
func (r *req) minutesEarly(m *views.Minutes) error {
	p := r.frame("minutes.title")
	r.c.Status(fiber.StatusConflict)
	return r.page(parts.Desk, p, views.MinutesEarlyPage(p, m))
}
