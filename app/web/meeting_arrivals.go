package web

import (
	"cmp"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const arrivalsPath = "/desk/meetings/arrivals"

// arrivals is the page at the door: one field for the code, typed or scanned.
func (w *web) arrivals(r *req) error {
	m := views.Arrivals{}
	if id := r.officeQuery("done").number("done"); id != 0 {
		var err error
		if m.Done, err = meetings.ByID(r.ctx, r.db, id); err != nil {
			return err
		}
	}
	return w.arrivalsPage(r, m, nil)
}

func (w *web) arrivalsPage(r *req, m views.Arrivals, cause error) error {
	m.Day = dayOf(r.now(), 0).to("/desk/meetings/day", 0)
	if cause != nil {
		e := fault.As(cause)
		m.Error = r.t(cmp.Or(e.Fields["code"], e.Key), e.Args...)
		r.c.Status(fiber.StatusUnprocessableEntity)
	}
	p := r.frame("arrivals.title")
	return r.page(parts.Desk, p, views.ArrivalsPage(p, m))
}

// arrivalCreate checks somebody in by the code of their paper or telephone.
func (w *web) arrivalCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	m := views.Arrivals{Typed: f.text("code")}
	found, err := r.arrived(m.Typed)
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error { return meetings.CheckIn(r.ctx, tx, found.ID) })
	}
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		m.Found = found
		return w.arrivalsPage(r, m, err)
	}
	if err != nil {
		return err
	}
	if f.text("from") == "station" {
		r.flash(parts.Success, "arrivals.done")
		return r.done(stationPath)
	}
	return r.done(arrivalsPath + "?done=" + idText(found.ID))
}

// arrived reads the meeting of a code, or of the address in a QR code.
func (r *req) arrived(typed string) (*meetings.Listed, error) {
	if _, after, ok := strings.Cut(typed, "code="); ok {
		typed, _, _ = strings.Cut(after, "&")
	}
	code, ok := persian.ParseCode(typed)
	if !ok {
		return nil, fault.Field("code", "arrivals.error.code")
	}
	m, err := meetings.ByCode(r.ctx, r.db, code)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Field("code", "arrivals.error.unknown")
	}
	return m, err
}

// meetingSlip is the number on paper, with the code that opens the meeting.
func (w *web) meetingSlip(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	m, err := meetings.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	wait, ok, err := meetings.WaitOf(r.ctx, r.db, &m.Meeting)
	if err != nil {
		return err
	}
	p := r.frame("walk_in.slip")
	p.Paths.Home = dayPath(m.StartsAt, 0)
	track := w.links.Home(r.tenant) + "/track"
	paper := views.Slip{Listed: m, Address: track, QR: qrOf(track + "?code=" + m.Code), Now: r.now()}
	if ok {
		paper.Wait = &wait
	}
	return r.page(parts.Print, p, views.SlipSheet(p, paper))
}

// executiveToday is the executive's own view of the day: who is in the room
// with their file, and who comes next.
func (w *web) executiveToday(r *req) error {
	e, list, err := r.executiveOf(r.officeQuery("executive").number("executive"), "")
	if err != nil {
		return err
	}
	sessions, err := meetings.Day(r.ctx, r.db, e.ID, r.now())
	if err != nil {
		return err
	}
	m := &views.ExecutiveToday{Post: r.in(e.PostFA, e.PostEN), Executives: list, Now: r.now(), Run: r.can("meeting:run"), Executive: e.ID}
	shown := r.officeQuery("meeting").number("meeting")
	for i := range sessions {
		s := &sessions[i]
		for k := range s.Meetings {
			row := &s.Meetings[k]
			if row.State == meetings.Called && shown == 0 {
				shown = row.ID
			}
		}
		m.Sessions = append(m.Sessions, views.TodaySession{DaySession: *s, Queue: s.Queue(), Waits: s.Waits(r.now())})
	}
	if shown == 0 {
		for i := range m.Sessions {
			if len(m.Sessions[i].Queue) > 0 {
				shown = m.Sessions[i].Queue[0].ID
				break
			}
		}
	}
	if shown != 0 {
		if m.File, err = r.meetingFile(shown); err != nil {
			return err
		}
		if m.File.ExecutiveID != e.ID {
			return fault.New(fault.NotFound, "error.not_found")
		}
	}
	return w.executiveTodayPage(r, e.ID, m)
}

func (w *web) executiveTodayPage(r *req, executive int64, m *views.ExecutiveToday) (err error) {
	from := startOfDay(r.now())
	if m.Met, err = meetings.PeopleMet(r.ctx, r.db, executive, from, from.AddDate(0, 0, 1)); err != nil {
		return err
	}
	if m.Month, err = meetings.PeopleMet(r.ctx, r.db, executive, from.AddDate(0, 0, -29), from.AddDate(0, 0, 1)); err != nil {
		return err
	}
	m.Call = r.can("meeting:call")
	p := r.frame("today.title")
	path := "/executive/today?executive=" + idText(executive)
	if id := r.officeQuery("meeting").number("meeting"); id != 0 {
		path += "&meeting=" + idText(id)
	}
	live := views.LiveOpts{ID: "today-live", Every: dayRefresh, Idle: true, Stale: r.t("meeting_desk.day_stale")}
	return r.livePage(parts.Desk, p, path, live, views.ExecutiveTodayPage(p, m), func(page templ.Component) templ.Component { return page })
}
