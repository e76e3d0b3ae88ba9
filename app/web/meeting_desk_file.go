package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

func meetingPath(id int64) string { return "/desk/meetings/" + idText(id) }

// deskMeeting is the file of one meeting.
func (w *web) deskMeeting(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.meetingFilePage(r, id, views.OfficeForm{}, nil)
}

// meetingFilePage answers with the file: as it is, with a form that came back
// (422), or as it is now when it has moved on (409).
func (w *web) meetingFilePage(r *req, id int64, form views.OfficeForm, cause error) error {
	m, err := r.meetingFile(id)
	if err != nil {
		return err
	}
	m.Form = r.cameBack(form, cause)
	p := r.frame("meeting_desk.file_title", "code", persian.ShowCode(m.Code))
	return r.page(parts.Desk, p, views.MeetingFilePage(p, m))
}

// cameBack sets the status of a form that was refused, and what it says.
func (r *req) cameBack(form views.OfficeForm, cause error) views.OfficeForm {
	if cause == nil {
		return form
	}
	if e := fault.As(cause); e.Kind == fault.Invalid {
		r.c.Status(fiber.StatusUnprocessableEntity)
		form.Errors = views.ErrorsOf(cause)
		return form
	}
	e := fault.As(cause)
	r.c.Status(fiber.StatusConflict)
	form.Notice = r.t(e.Key, e.Args...)
	var typed []string
	for _, field := range []string{"minutes", "text", "note", "reason"} {
		if t := strings.TrimSpace(form.Typed.Get(field)); t != "" {
			typed = append(typed, t)
		}
	}
	form.Lost = strings.Join(typed, "\n\n")
	return form
}

// meetingFile reads the file: the same number of statements for everybody.
func (r *req) meetingFile(id int64) (*views.MeetingFile, error) {
	listed, err := meetings.ByID(r.ctx, r.db, id)
	if err != nil {
		return nil, err
	}
	m := &views.MeetingFile{Listed: listed, Phones: r.phones(), Now: r.now(), Linked: r.can("directive:read")}
	if m.Citizen, err = citizens.ByID(r.ctx, r.db, listed.CitizenID); err != nil {
		return nil, err
	}
	if m.Orders, err = directives.Of(r.ctx, r.db, r.principal.actor, directives.OnMeeting, id); err != nil {
		return nil, err
	}
	if err := r.sameRequests(m); err != nil {
		return nil, err
	}
	if err := r.visitorHistory(m); err != nil {
		return nil, err
	}
	if err := r.meetingStory(m); err != nil {
		return nil, err
	}
	if r.can("meeting:run") {
		m.Day = dayPath(listed.StartsAt, listed.ExecutiveID)
	}
	m.MayResend = r.can("delivery:resend")
	if m.Deliveries, err = notify.Of(r.ctx, r.db, timeline.Subject{Kind: "meeting", ID: id}); err != nil {
		return nil, err
	}
	if err := r.beginMinutes(m); err != nil {
		return nil, err
	}
	if err := r.triageFile(m); err != nil {
		return nil, err
	}
	m.Acts = r.meetingActs(m)
	return m, r.movable(m)
}

// visitorHistory reads what else is known of the person, under this mobile
// number or under another one with the same national ID.
func (r *req) visitorHistory(m *views.MeetingFile) error {
	others, err := meetings.OfPerson(r.ctx, r.db, m.CitizenMobile, m.Citizen.NationalID)
	if err != nil {
		return err
	}
	for i := range others {
		if others[i].ID != m.ID && len(m.Others) < 10 && !isAmong(m.Same, others[i].ID) {
			m.Others = append(m.Others, others[i])
		}
	}
	rows, err := r.samePerson(m.Citizen)
	if err != nil {
		return err
	}
	ids, mobiles := make([]int64, len(rows)), make([]string, len(rows))
	for i := range rows {
		ids[i], mobiles[i] = rows[i].ID, rows[i].Mobile
	}
	about, err := directives.OfCitizens(r.ctx, r.db, r.principal.actor, ids)
	if err != nil {
		return err
	}
	for _, d := range about {
		if d.OriginKind != directives.OnMeeting || d.OriginID != m.ID {
			m.Open = append(m.Open, d)
		}
	}
	if !r.principal.actor.SeesAll || !r.can("complaint:read") {
		return nil
	}
	return r.visitorCases(m, mobiles)
}

// visitorCases reads the cases under the person's numbers; nobody has many.
func (r *req) visitorCases(m *views.MeetingFile, mobiles []string) error {
	slices.Sort(mobiles)
	for _, mobile := range slices.Compact(mobiles) {
		cases, err := complaints.OfCaller(r.ctx, r.db, mobile)
		if err != nil {
			return err
		}
		for i := range cases {
			o := other(&cases[i])
			if m.ComplaintID != nil && cases[i].ID == *m.ComplaintID {
				m.Case = &o
			}
			if len(m.Cases) < 10 {
				m.Cases = append(m.Cases, o)
			}
		}
	}
	return nil
}

// samePerson lists the rows that one person may have: of the same number or the
// same national ID.
func (r *req) samePerson(c *citizens.Citizen) ([]citizens.Citizen, error) {
	rows := []citizens.Citizen{*c}
	for _, typed := range []string{c.Mobile, c.NationalID} {
		found, err := citizens.Find(r.ctx, r.db, typed)
		if err != nil {
			return nil, err
		}
		for i := range found {
			if !slices.ContainsFunc(rows, func(x citizens.Citizen) bool { return x.ID == found[i].ID }) {
				rows = append(rows, found[i])
			}
		}
	}
	return rows, nil
}

// meetingStory reads the events of the meeting and of its orders, and the files.
func (r *req) meetingStory(m *views.MeetingFile) error {
	events, err := timeline.Of(r.ctx, r.db, timeline.Subject{Kind: "meeting", ID: m.ID}, false)
	if err != nil {
		return err
	}
	orders, err := directives.EventsOf(r.ctx, r.db, directives.OnMeeting, m.ID, false)
	if err != nil {
		return err
	}
	sent, err := files.Of(r.ctx, r.db, files.Subject{Kind: "meeting", ID: m.ID}, false)
	if err != nil {
		return err
	}
	m.Files = views.FileItems("/desk/files/", sent)
	m.Timeline, err = r.officeStory(withoutPlain(views.Merged(events, orders)), nil)
	return err
}

// officeStory tells events in the office's words: who, from where, what.
func (r *req) officeStory(events []timeline.Event, attached []files.File) ([]parts.TimelineItem, error) {
	var ids []int64
	for i := range events {
		if events[i].ActorKind == tenants.Staff {
			ids = append(ids, events[i].ActorID)
		}
	}
	people, err := staff.Colleagues(r.ctx, r.db, ids)
	if err != nil {
		return nil, err
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	names := &dossier{people: people, units: views.UnitsByID(units)}
	items := make([]parts.TimelineItem, 0, len(events))
	for i := range events {
		e := &events[i]
		item := parts.TimelineItem{ID: "event-" + idText(e.ID), What: views.EventName(r.ctx, e), When: e.At, Text: e.Text, Internal: !e.Public, Attachments: filesOf(attached, e.ID)}
		item.Who, item.Role = r.who(names, e)
		if e.ActorKind != tenants.Staff && e.UnitID != nil {
			item.Role = r.unitName(names, *e.UnitID)
		}
		item.Icon, item.Tone = views.OfficeEventLook(e.Kind)
		if e.DueAt != nil {
			item.Body = views.DeskDue(r.t("meeting_desk.due."+e.SubjectKind), *e.DueAt)
		}
		items = append(items, item)
	}
	return items, nil
}

// withoutPlain leaves out the plain line that tells the citizen of a report:
// beside the report it says nothing new.
func withoutPlain(events []timeline.Event) []timeline.Event {
	return slices.DeleteFunc(events, func(e timeline.Event) bool { return e.Kind == "directive.progress" })
}

// filesOf are the files that an event brought.
func filesOf(list []files.File, event int64) []parts.FileItem {
	var own []files.File
	for i := range list {
		if list[i].EventID != nil && *list[i].EventID == event {
			own = append(own, list[i])
		}
	}
	return views.FileItems("/desk/files/", own)
}

// meetingActs are what the person can do with the meeting now, the expected
// act first.
func (r *req) meetingActs(m *views.MeetingFile) []views.OfficeAct {
	var acts []views.OfficeAct
	path := meetingPath(m.ID)
	add := func(permission string, possible bool, a views.OfficeAct) {
		if possible && r.can(permission) {
			acts = append(acts, a)
		}
	}
	in := func(states ...meetings.State) bool { return slices.Contains(states, m.State) }
	today := startOfDay(m.StartsAt).Equal(startOfDay(r.now()))
	add("meeting:review", in(meetings.Requested) && m.StartsAt.After(r.now()), views.OfficeAct{Name: "approval", Path: path + "/approval", Icon: "calendar-check", Plain: true})
	acts = append(acts, r.triageActs(m)...)
	add("meeting:run", in(meetings.Approved, meetings.Absent) && today, views.OfficeAct{Name: "check_in", Path: path + "/check-in", Icon: "user-check", Plain: true})
	add("meeting:run", in(meetings.CheckedIn), views.OfficeAct{Name: "call_out", Path: path + "/call", Icon: "megaphone"})
	add("meeting:minutes", m.MinutesOpen(), views.OfficeAct{Name: "minutes", Path: path + "/minutes", Icon: "clipboard-check"})
	add("meeting:minutes", m.MinutesOpen(), views.OfficeAct{Name: "minutes_page", Href: path + "/minutes", Icon: "pencil", Aside: true})
	add("meeting:minutes", in(meetings.Called), views.OfficeAct{Name: "end", Path: path + "/end", Icon: "check", Plain: true, Aside: true})
	add("meeting:minutes", m.Minutes != "", views.OfficeAct{Name: "minutes_note", Href: path + "/minutes", Icon: "lock", Aside: true})
	add("meeting:run", in(meetings.Called), views.OfficeAct{Name: "parking", Path: path + "/parking", Icon: "undo-2", Plain: true, Aside: true})
	add("directive:issue", in(meetings.Called, meetings.Held, meetings.FollowUp, meetings.Closed), views.OfficeAct{Name: "directive", Href: path + "/directives/new", Icon: "stamp", Aside: m.State == meetings.Closed})
	add("meeting:minutes", in(meetings.Held) && len(m.Orders) == 0, views.OfficeAct{Name: "closure", Path: path + "/closure", Icon: "archive"})
	add("meeting:run", in(meetings.Absent) && m.Reason == "" && m.AppealState != meetings.AppealOpen, views.OfficeAct{Name: "excuse", Path: path + "/excuse", Icon: "user-check"})
	add("meeting:review", m.CanCancel(r.now()), views.OfficeAct{Name: "rescheduling", Path: path + "/rescheduling", Icon: "calendar-clock", Aside: true})
	add("meeting:review", in(meetings.Requested), views.OfficeAct{Name: "refusal", Path: path + "/refusal", Icon: "circle-x", Danger: true})
	add("meeting:run", in(meetings.Approved, meetings.CheckedIn, meetings.Called) && (!in(meetings.Approved) || !r.now().Before(m.StartsAt)),
		views.OfficeAct{Name: "absence", Path: path + "/absence", Icon: "user-x", Plain: true, Danger: true})
	add("meeting:review", in(meetings.Approved, meetings.CheckedIn), views.OfficeAct{Name: "cancellation", Path: path + "/cancellation", Icon: "calendar-x", Danger: true})
	return acts
}

// movable offers the free slots to which a meeting can move.
func (r *req) movable(m *views.MeetingFile) (err error) {
	for _, a := range m.Acts {
		if a.Name == "rescheduling" {
			m.Slots, err = r.slotOptions(m.ExecutiveID, m.Form.Typed.Get("slot"))
		}
	}
	return err
}

// slotOptions are the free slots that staff may book, under their dates.
func (r *req) slotOptions(executive int64, chosen string) ([]parts.Option, error) {
	open, err := meetings.DeskSessions(r.ctx, r.db, executive)
	var list []parts.Option
	for i := range open {
		for _, slot := range open[i].Slots {
			if slot.Free < 1 {
				continue
			}
			value := views.SlotValue(open[i].ID, slot.Number)
			label := messages.ShortDate(r.ctx, slot.StartsAt) + " — " + r.t("meeting.slot.at", "time", messages.Clock(r.ctx, slot.StartsAt))
			if slot.Busy {
				label += " — " + r.t("busy.slot")
			}
			list = append(list, parts.Option{
				Value: value, Selected: value == chosen, Group: messages.Date(r.ctx, open[i].StartsAt), Label: label,
			})
		}
	}
	return list, err
}
