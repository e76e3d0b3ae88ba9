package web

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/app/fetch"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// busyShown is how far the page of busy times looks ahead, in days.
const busyShown = 60

func busyPath(executive int64) string {
	return "/desk/calendars/executives/" + idText(executive) + "/busy"
}

// deskBusy shows when an executive is elsewhere, and takes a calendar.
func (w *web) deskBusy(r *req) error {
	m, e, err := r.busyOf()
	if err != nil {
		return err
	}
	return w.busyPage(r, m, e, nil)
}

// busyOf is the page of the executive of the address, without its times.
func (r *req) busyOf() (*views.Busy, *directives.Executive, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, nil, err
	}
	e, err := directives.ExecutiveByID(r.ctx, r.db, id)
	if err != nil {
		return nil, nil, err
	}
	m := &views.Busy{Post: r.in(e.PostFA, e.PostEN), Name: r.in(e.NameFA, e.NameEN), Action: busyPath(id), Back: windowsPath, Now: r.now()}
	if r.can("meeting:read") {
		m.Back = "/desk/calendars"
	}
	return m, e, nil
}

// busyPage shows what stands; cause is what was wrong with a calendar that was
// sent.
func (w *web) busyPage(r *req, m *views.Busy, e *directives.Executive, cause error) (err error) {
	m.Errors = views.ErrorsOf(cause)
	if m.Calendar, err = meetings.BusyCalendarOf(r.ctx, r.db, e.ID); err != nil {
		return err
	}
	if m.Calendar != nil {
		times, err := meetings.BusyTimes(r.ctx, r.db, e.ID, r.now(), r.now().Add(meetings.BusyAhead))
		if err != nil {
			return err
		}
		if m.URL == "" && cause == nil {
			m.URL = m.Calendar.URL
		}
		if err := r.busyTimes(m, e.ID, times); err != nil {
			return err
		}
	}
	p := r.frame("busy.title", "post", m.Post)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.BusyPage(p, m))
	}
	return r.page(parts.Desk, p, views.BusyPage(p, m))
}

// busyTimes puts the times of the next days on the page, and what they collide
// with.
func (r *req) busyTimes(m *views.Busy, executive int64, times []meetings.Span) error {
	end := startOfDay(r.now()).AddDate(0, 0, busyShown)
	for _, s := range times {
		if !s.From.Before(end) {
			m.Later++
			continue
		}
		r.busyDays(m, s, end)
	}
	c, err := meetings.Collide(r.ctx, r.db, executive, times)
	m.Sessions, m.Names = c.Sessions, r.can("meeting:read")
	m.Booked = c.Meetings
	return err
}

// busyDays adds a time to each of the days it lies on.
func (r *req) busyDays(m *views.Busy, s meetings.Span, end time.Time) {
	for at := startOfDay(s.From); at.Before(s.Until) && at.Before(end); {
		next := persian.DateOf(at.In(persian.Tehran)).AddDays(1).Time(0, 0, persian.Tehran)
		from, until := at, next
		if s.From.After(at) {
			from = s.From
		}
		if s.Until.Before(next) {
			until = s.Until
		}
		if until.After(r.now()) {
			if n := len(m.Days); n == 0 || !m.Days[n-1].At.Equal(at) {
				m.Days = append(m.Days, views.BusyDay{At: at})
			}
			d := &m.Days[len(m.Days)-1]
			d.Times = append(d.Times, r.busyText(from, until, next.Sub(at)))
		}
		at = next
	}
}

func (r *req) busyText(from, until time.Time, whole time.Duration) string {
	if until.Sub(from) == whole {
		return r.t("busy.whole_day")
	}
	end := messages.Clock(r.ctx, until)
	if startOfDay(until).Equal(until) {
		end = messages.Digits(r.ctx, "24:00")
	}
	return r.t("busy.from_until", "from", messages.Clock(r.ctx, from), "until", end)
}

// deskBusyTrial reads a file or an address and shows what it would do; nothing is
// kept.
func (w *web) deskBusyTrial(r *req) error {
	m, e, err := r.busyOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	m.URL = f.text("url")
	times, err := r.busyRead(f)
	if err != nil {
		return w.busyPage(r, m, e, err)
	}
	if len(f.uploads("file")) > 0 {
		m.URL = ""
	}
	m.Trial, m.Lines, m.Entries = true, busyLines(times), len(times)
	if err := r.busyTimes(m, e.ID, times); err != nil {
		return err
	}
	p := r.frame("busy.trial")
	return r.page(parts.Desk, p, views.BusyPage(p, m))
}

// busyRead reads the calendar of the form: a file goes before an address.
func (r *req) busyRead(f form) ([]meetings.Span, error) {
	sent := f.uploads("file")
	if len(sent) == 0 {
		if f.text("url") == "" {
			return nil, fault.Field("file", "busy.error.nothing")
		}
		raw, err := r.outside("url", f.text("url"), meetings.MaxCalendarFile)
		if err != nil {
			return nil, err
		}
		return meetings.ReadBusy("url", raw, r.now())
	}
	if sent[0].Size > meetings.MaxCalendarFile {
		return nil, fault.Field("file", "busy.error.large")
	}
	body, err := sent[0].Open()
	if err != nil {
		return nil, fault.Wrap(err, "web.busyRead")
	}
	defer body.Close() //nolint:errcheck // read only
	raw, err := io.ReadAll(io.LimitReader(body, meetings.MaxCalendarFile+1))
	if err != nil {
		return nil, fault.Wrap(err, "web.busyRead")
	}
	return meetings.ReadBusy("file", raw, r.now())
}

// busyLines carries the times from the trial to the entry.
func busyLines(times []meetings.Span) string {
	var b strings.Builder
	for _, s := range times {
		fmt.Fprintf(&b, "%d %d\n", s.From.Unix(), s.Until.Unix())
	}
	return b.String()
}

// busyParsed reads them again.
func busyParsed(lines string) ([]meetings.Span, error) {
	var list []meetings.Span
	for in := bufio.NewScanner(strings.NewReader(lines)); in.Scan(); {
		var from, until int64
		if n, err := fmt.Sscanf(in.Text(), "%d %d", &from, &until); n != 2 || err != nil || until <= from || from < 0 || until > 1<<34 {
			return nil, fault.Field("file", "busy.error.unreadable")
		}
		list = append(list, meetings.Span{From: time.Unix(from, 0).UTC(), Until: time.Unix(until, 0).UTC()})
	}
	return list, nil
}

// deskBusySave keeps what the trial has shown, and the address for later.
func (w *web) deskBusySave(r *req) error {
	m, e, err := r.busyOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	m.URL = f.text("url")
	times, err := busyParsed(f.text("lines"))
	if err == nil && m.URL != "" {
		err = fetch.Check("url", m.URL)
	}
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error { return meetings.SaveBusy(r.ctx, tx, e.ID, m.URL, times) })
	}
	if fault.Is(err, fault.Invalid) {
		return w.busyPage(r, m, e, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "busy.saved")
	return r.done(busyPath(e.ID))
}

// deskBusyRemove forgets the busy times and their address.
func (w *web) deskBusyRemove(r *req) error {
	_, e, err := r.busyOf()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return meetings.RemoveBusy(r.ctx, tx, e.ID) }); err != nil {
		return err
	}
	r.flash(parts.Success, "busy.removed")
	return r.done(busyPath(e.ID))
}
