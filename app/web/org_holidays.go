package web

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// orgHolidays lists the holidays of one Solar Hijri year.
func (w *web) orgHolidays(r *req) error { return r.holidaysPage(form{}, nil) }

// holidayYear is the year of the page: asked for, or the current one.
func (r *req) holidayYear() int {
	this := persian.DateOf(r.now().In(persian.Tehran)).Year
	year, err := strconv.Atoi(persian.ToASCII(r.query("year")))
	if err != nil || year < this-10 || year > this+3 {
		return this
	}
	return year
}

// holidaysPage is the list of a year, with the form of an import; f is what came
// back with what was pasted into it.
func (r *req) holidaysPage(f form, cause error) error {
	year := r.holidayYear()
	m := &views.OrgHolidays{
		Tabs: r.clockTabs(holidaysPath), Year: messages.Digits(r.ctx, strconv.Itoa(year)), Lines: f.text("lines"), URL: f.text("url"), Errors: views.ErrorsOf(cause),
		Prev: holidaysPath + "?year=" + strconv.Itoa(year-1), Next: holidaysPath + "?year=" + strconv.Itoa(year+1), Trial: holidaysPath + "/trial",
	}
	first := persian.Date{Year: year, Month: 1, Day: 1}
	from, until := tenants.DayOf(first), tenants.DayOf(first.AddYears(1).AddDays(-1))
	if err := r.listHolidays(m, from, until); err != nil {
		return err
	}
	p := r.frame("calendar.holidays")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgHolidaysPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgHolidaysPage(p, m))
}

func (r *req) listHolidays(m *views.OrgHolidays, from, until string) error {
	official, err := tenants.Holidays(r.ctx, r.db, from, until)
	if err != nil {
		return err
	}
	own, err := tenants.Closures(r.ctx, r.db, tenants.ClosureHoliday, from, until)
	if err != nil {
		return err
	}
	for _, h := range official {
		m.Days = append(m.Days, r.holidayLine(h.Day, r.in(h.NameFA, h.NameEN)))
	}
	for i := range own {
		line := r.holidayLine(own[i].Day, r.in(own[i].NameFA, own[i].NameEN))
		line.Own = true
		if own[i].Removable(r.now()) {
			line.Remove = closuresPath + "/" + idText(own[i].ID) + "/removal"
		}
		m.Days = append(m.Days, line)
	}
	slices.SortStableFunc(m.Days, func(a, b views.OrgHoliday) int { return cmp.Compare(a.Day, b.Day) })
	m.NoLunar = !slices.ContainsFunc(m.Days, func(h views.OrgHoliday) bool { return !h.Fixed })
	return nil
}

func (r *req) holidayLine(day, name string) views.OrgHoliday {
	at := dayTime(day)
	_, _, fixed := persian.FixedHoliday(persian.DateOf(at))
	return views.OrgHoliday{Day: day, Date: messages.Date(r.ctx, at), Name: name, Fixed: fixed, Past: day <= keptDay(r.now())}
}

// orgHolidayTrial reads a file, or pasted lines, and says what each would do;
// nothing is entered.
func (w *web) orgHolidayTrial(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	raw, err := r.holidayFile(f)
	if err == nil && len(bytes.TrimSpace(raw)) == 0 {
		err = fault.Field("file", "holiday.error.nothing")
	}
	var list []tenants.HolidayLine
	if err == nil {
		list, err = readHolidays(raw)
	}
	if err != nil {
		return r.holidaysPage(f, err)
	}
	return r.holidayTrial(list)
}

// holidayFile is the file that was sent, else what the address gives, else the
// lines that were pasted.
func (r *req) holidayFile(f form) ([]byte, error) {
	sent := f.uploads("file")
	switch {
	case len(sent) == 0 && f.text("url") != "":
		return r.outside("url", f.text("url"), tenants.MaxHolidayFile)
	case len(sent) == 0:
		return []byte(f.text("lines")), nil
	}
	if sent[0].Size > tenants.MaxHolidayFile {
		return nil, fault.Field("file", "holiday.error.large")
	}
	body, err := sent[0].Open()
	if err != nil {
		return nil, fault.Wrap(err, "web.holidayFile")
	}
	defer body.Close() //nolint:errcheck // read only
	raw, err := io.ReadAll(io.LimitReader(body, tenants.MaxHolidayFile+1))
	return raw, fault.Wrap(err, "web.holidayFile")
}

// readHolidays reads a calendar file or lines.
func readHolidays(raw []byte) ([]tenants.HolidayLine, error) {
	plain := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(bytes.ToUpper(plain[:min(len(plain), 15)]), []byte("BEGIN:VCALENDAR")) {
		return meetings.HolidayEntries(plain)
	}
	return tenants.ParseHolidays(raw)
}

// judged says of every line what would become of it, and gives those that would
// be entered.
func (r *req) judged(list []tenants.HolidayLine) ([]tenants.Closure, error) {
	known := map[string]bool{}
	official, err := tenants.Holidays(r.ctx, r.db, "", "9")
	if err != nil {
		return nil, err
	}
	for _, h := range official {
		known[h.Day] = true
	}
	own, err := tenants.Closures(r.ctx, r.db, tenants.ClosureHoliday, keptDay(r.now()), keptDay(r.now().AddDate(3, 0, 0)))
	if err != nil {
		return nil, err
	}
	for _, c := range own {
		known[c.Day] = true
	}
	tenants.JudgeHolidays(list, known, r.now())
	var good []tenants.Closure
	for i := range list {
		if l := &list[i]; l.Good() {
			good = append(good, tenants.Closure{Day: l.Day, Kind: tenants.ClosureHoliday, UntilMinute: 24 * 60, NameFA: l.NameFA, NameEN: l.NameEN})
		}
	}
	return good, nil
}

// holidayTrial is the page that says what an import would do.
func (r *req) holidayTrial(list []tenants.HolidayLine) error {
	good, err := r.judged(list)
	if err != nil {
		return err
	}
	m := &views.OrgHolidayTrial{Back: holidaysPath, Action: holidaysPath, Good: len(good), Lines: holidayCSV(good)}
	for i := range list {
		l := &list[i]
		line := views.OrgHolidayLine{Line: l.Line, Name: l.NameFA, Problem: l.Problem, Skip: l.Skip}
		if l.Day != "" {
			line.Date = messages.Date(r.ctx, dayTime(l.Day))
		}
		if l.Problem != "" {
			m.Bad++
		}
		m.Rows = append(m.Rows, line)
	}
	hours, err := tenants.WorkingTimeOf(r.ctx, r.db)
	if err != nil {
		return err
	}
	if m.Moves, err = r.moves(hours.WithClosures(good...)); err != nil {
		return err
	}
	p := r.frame("holiday.trial")
	return r.page(parts.Desk, p, views.OrgHolidayTrialPage(p, m))
}

// holidayCSV carries what would be entered from the trial to the entry.
func holidayCSV(list []tenants.Closure) string {
	var b strings.Builder
	out := csv.NewWriter(&b)
	for _, c := range list {
		_ = out.Write([]string{typedDay(c.Day), c.NameFA, c.NameEN}) // a builder takes everything
	}
	out.Flush()
	return b.String()
}

// orgHolidayCreate enters what the trial has shown; a line that is not good any
// more brings the trial back.
func (w *web) orgHolidayCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	list, err := tenants.ParseHolidays([]byte(f.text("lines")))
	if err != nil {
		return r.holidaysPage(f, err)
	}
	good, err := r.judged(list)
	if err != nil {
		return err
	}
	if len(good) == 0 {
		return r.holidaysPage(f, fault.Field("file", "holiday.error.nothing"))
	}
	err = r.write(func(tx *tenants.Tx) error {
		fresh, err := tenants.SaveHolidays(r.ctx, tx, good)
		if err != nil {
			return err
		}
		return audit.Record(r.ctx, tx, "calendar.holidays_entered", "closure", 0, strconv.Itoa(fresh))
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "holiday.saved")
	return r.done(holidaysPath + "?year=" + yearOf(good[0].Day))
}
