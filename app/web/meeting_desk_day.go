package web

import (
	"time"

	"github.com/a-h/templ"

	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/views"
	"pasokh/views/parts"
)

// officeDay is a day of meetings, of one executive or of all (0).
type officeDay struct {
	at        time.Time
	executive int64
	typed     string // what could not be read as a date
	session   int64  // whose room was full when somebody was called
}

func dayOf(at time.Time, executive int64) officeDay { return officeDay{at: at, executive: executive} }

func (d officeDay) date() persian.Date { return persian.DateOf(d.at.In(persian.Tehran)) }

// to is the address of a page of the day, so many days later.
func (d officeDay) to(path string, days int) string {
	date := persian.ShortDateEN(d.date().AddDays(days))
	q := deskQuery{"date": date[:4] + "-" + date[5:7] + "-" + date[8:]}
	if d.executive != 0 {
		q["executive"] = idText(d.executive)
	}
	return q.to(path)
}

// dayPath is the address of the day of an instant.
func dayPath(at time.Time, executive int64) string {
	return dayOf(at, executive).to("/desk/meetings/day", 0)
}

// askedDay reads the day of the address; today when there is none.
func (r *req) askedDay() officeDay {
	d := dayOf(r.now(), r.officeQuery("executive").number("executive"))
	typed := r.query("date")
	if typed == "" {
		return d
	}
	date, err := persian.ParseDate(typed)
	if err != nil {
		d.typed = typed
		return d
	}
	d.at = date.Time(12, 0, persian.Tehran)
	return d
}

// meetingDay is the page on which the office runs a day.
func (w *web) meetingDay(r *req) error {
	return w.meetingDayPage(r, r.askedDay(), views.OfficeForm{}, nil)
}

// dayOfMeeting is the day of a meeting on which an act was refused.
func (w *web) dayOfMeeting(r *req, id int64, form views.OfficeForm, cause error) error {
	m, err := meetings.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	form.Of = idText(id)
	d := dayOf(m.StartsAt, 0)
	d.session = m.SessionID
	return w.meetingDayPage(r, d, form, cause)
}

func (w *web) meetingDayPage(r *req, d officeDay, form views.OfficeForm, cause error) error {
	m, err := r.dayView(d)
	if err != nil {
		return err
	}
	m.Form = r.cameBack(form, cause)
	if roomBusy(cause) {
		m.Busy = inRoom(m.Sessions, d.session)
	}
	p := r.frame("meeting_desk.day_title", "date", m.Typed)
	queue := views.DayQueue(p, m)
	if !m.Today || cause != nil { // a form that came back stays where it is
		return r.page(parts.Desk, p, views.MeetingDayPage(p, m, queue))
	}
	live := views.LiveOpts{ID: "day-queue", Every: dayRefresh, Idle: true, Stale: r.t("meeting_desk.day_stale")}
	return r.livePage(parts.Desk, p, d.to("/desk/meetings/day", 0), live, queue, func(queue templ.Component) templ.Component {
		return views.MeetingDayPage(p, m, queue)
	})
}

// inRoom is who is with the executive in a session.
func inRoom(sessions []views.DaySession, id int64) *meetings.Listed {
	for i := range sessions {
		if sessions[i].ID == id && len(sessions[i].Called) > 0 {
			return sessions[i].Called[0]
		}
	}
	return nil
}

// dayView reads the day: five statements, whatever happens on it.
func (r *req) dayView(d officeDay) (*views.MeetingDay, error) {
	const path = "/desk/meetings/day"
	m := &views.MeetingDay{
		At: r.now(), Date: d.at, Typed: persian.ShortDateEN(d.date()), Prev: d.to(path, -1), Next: d.to(path, 1), Sheet: d.to(path+"/sheet", 0),
		Now: dayOf(r.now(), d.executive).to(path, 0), Today: d.date() == dayOf(r.now(), 0).date(), Minutes: r.can("meeting:minutes"),
	}
	m.Future = !m.Today && d.at.After(r.now())
	if d.typed != "" {
		m.Typed, m.DateError = d.typed, r.t("complaint.error.due_unreadable")
	}
	executives, err := directives.Executives(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	posts := map[int64]string{}
	for _, e := range executives {
		posts[e.ID] = r.in(e.PostFA, e.PostEN)
	}
	m.Executives = choose(executives, idText(d.executive), func(e directives.Executive) (string, string) { return idText(e.ID), posts[e.ID] })
	sessions, err := meetings.Day(r.ctx, r.db, d.executive, d.at)
	if err != nil {
		return nil, err
	}
	for i := range sessions {
		m.Sessions = append(m.Sessions, r.sessionView(sessions[i], posts, m))
	}
	var called []*meetings.Listed
	for i := range m.Sessions {
		called = append(called, m.Sessions[i].Called...)
	}
	if m.Begin, err = r.minutesOfEach(called); err != nil {
		return nil, err
	}
	from := startOfDay(d.at)
	met, err := meetings.PeopleMet(r.ctx, r.db, d.executive, from, from.Add(24*time.Hour))
	m.Met, m.People = met.Meetings, met.People
	if err != nil {
		return m, err
	}
	month, err := meetings.PeopleMet(r.ctx, r.db, d.executive, from.AddDate(0, 0, -29), from.AddDate(0, 0, 1))
	m.Month, m.Staff = month.People, idText(r.principal.actor.ID)
	return m, err
}

func (r *req) sessionView(s meetings.DaySession, posts map[int64]string, m *views.MeetingDay) views.DaySession {
	v := views.DaySession{DaySession: s, Post: posts[s.ExecutiveID], Waits: s.Waits(r.now()), WalkIns: s.WalkInsAllowed(r.tenant.Settings)}
	v.Met = s.Met()
	v.Meetings = s.InQueue()
	s.Meetings = v.Meetings
	for i := range s.Meetings {
		if s.Meetings[i].WalkIn {
			v.WalkIns--
		}
		switch s.Meetings[i].State {
		case meetings.Called:
			v.Called = append(v.Called, &s.Meetings[i])
		case meetings.CheckedIn:
			v.Waiting++
			m.Waiting++
		}
	}
	return v
}

// meetingDaySheet is the day on paper.
func (w *web) meetingDaySheet(r *req) error {
	d := r.askedDay()
	m, err := r.dayView(d)
	if err != nil {
		return err
	}
	p := r.frame("meeting_desk.sheet")
	p.Paths.Home = d.to("/desk/meetings/day", 0)
	return r.page(parts.Print, p, views.MeetingDaySheets(p, m))
}
