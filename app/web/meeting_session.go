package web

import (
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

func sessionPath(id int64) string { return "/desk/meetings/sessions/" + idText(id) }

// meetingSession is one session with its bookings and the acts that change it
// apart from its series.
func (w *web) meetingSession(r *req) error {
	s, err := r.sessionOfPath()
	if err != nil {
		return err
	}
	return r.sessionPage(s, sessionTyped(s), nil)
}

func (r *req) sessionOfPath() (*meetings.Session, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return meetings.SessionByID(r.ctx, r.db, id)
}

func sessionTyped(s *meetings.Session) map[string]string {
	start, end := s.StartsAt.In(persian.Tehran), s.EndsAt.In(persian.Tehran)
	return map[string]string{"starts": typedDay(keptDay(s.StartsAt)), "starts_at": minuteTyped(start.Hour()*60 + start.Minute()), "ends": minuteTyped(end.Hour()*60 + end.Minute())}
}

func (r *req) sessionPage(s *meetings.Session, typed map[string]string, cause error) error {
	m := &views.PlanSessionPageModel{
		Session: s, Typed: typed, Path: sessionPath(s.ID), Errors: views.ErrorsOf(cause),
		MayChange: s.State == meetings.SessionOpen && s.EndsAt.After(r.now()), MayMove: s.StartsAt.After(r.now()),
	}
	e, err := directives.ExecutiveByID(r.ctx, r.db, s.ExecutiveID)
	if err != nil {
		return err
	}
	m.Who = r.in(e.PostFA, e.PostEN) + " — " + r.in(e.NameFA, e.NameEN)
	draw, err := meetings.DrawOf(r.ctx, r.db, s)
	if err != nil {
		return err
	}
	if draw != 0 {
		m.Draw = "/meetings/draws/" + idText(draw)
	}
	if m.Rows, err = meetings.OfSession(r.ctx, r.db, s.ID); err != nil {
		return err
	}
	if m.Executives, err = r.executiveOptions(orWord(typed["executive"], idText(s.ExecutiveID))); err != nil {
		return err
	}
	if m.Sites, err = r.siteOptions(idOf(s.SiteID)); err != nil {
		return err
	}
	p := r.frame("planning.session")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.PlanSessionPage(p, m))
	}
	return r.page(parts.Desk, p, views.PlanSessionPage(p, m))
}

// meetingSessionChangeCreate moves or shortens the session, or hands it on.
func (w *web) meetingSessionChangeCreate(r *req) error {
	s, err := r.sessionOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	in, typed, err := changeIn(f, s, s.StartsAt.After(r.now()))
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error { return meetings.ChangeSession(r.ctx, tx, s.ID, in) })
	}
	if fault.Is(err, fault.Invalid) {
		return r.sessionPage(s, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "planning.session_changed")
	return r.done(sessionPath(s.ID))
}

// changeIn reads what differs from the session as it stands.
func changeIn(f form, s *meetings.Session, mayMove bool) (in meetings.SessionChange, typed map[string]string, err error) {
	typed = map[string]string{}
	for _, field := range []string{"starts", "starts_at", "ends", "executive", "site", "reason"} {
		typed[field] = f.text(field)
	}
	in.Reason = typed["reason"]
	wrong := fault.Fields{}
	day := keptDay(s.StartsAt)
	if mayMove {
		in.ExecutiveID, in.SiteID = f.id("executive"), f.id("site")
		if day = tenants.ParseDay(typed["starts"]); day == "" {
			wrong.Add("starts", "complaint.error.due_unreadable")
		}
		if in.StartsAt = clockOn(day, typed["starts_at"]); in.StartsAt.IsZero() {
			wrong.Add("starts_at", "desk.error.time")
		}
	}
	if in.EndsAt = clockOn(day, typed["ends"]); in.EndsAt.IsZero() {
		wrong.Add("ends", "desk.error.time")
	}
	if in.StartsAt.Equal(s.StartsAt) {
		in.StartsAt = time.Time{}
	}
	// The end that was on the form goes along with a new start.
	if tenants.ParseMinute(typed["ends"]) == tenants.ParseMinute(sessionTyped(s)["ends"]) {
		in.EndsAt = time.Time{}
	}
	return in, typed, wrong.Err()
}

// clockOn is a typed time of day on a kept day; zero when it is none.
func clockOn(day, text string) time.Time {
	minute := tenants.ParseMinute(text)
	at, err := time.ParseInLocation(time.DateOnly, day, persian.Tehran)
	if minute < 0 || err != nil {
		return time.Time{}
	}
	return time.Date(at.Year(), at.Month(), at.Day(), 0, minute, 0, 0, persian.Tehran).UTC()
}

// meetingSessionCancellationCreate calls the session off.
func (w *web) meetingSessionCancellationCreate(r *req) error {
	s, err := r.sessionOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	reason := f.text("cancel_reason")
	err = r.write(func(tx *tenants.Tx) error { return meetings.CancelSession(r.ctx, tx, s.ID, reason) })
	if fault.Is(err, fault.Invalid) {
		typed := sessionTyped(s)
		typed["cancel_reason"] = reason
		return r.sessionPage(s, typed, renamed(err, "reason", "cancel_reason"))
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "planning.session_cancelled")
	return r.done(sessionPath(s.ID))
}
