package web

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	calendarPath = "/desk/organization/calendar"
	closuresPath = "/desk/organization/closures"
	holidaysPath = "/desk/organization/holidays"
	classesPath  = "/desk/organization/classes"
)

// clockTabs are the pages of everything that clocks follow.
func (r *req) clockTabs(current string) []parts.Tab {
	var tabs []parts.Tab
	for _, t := range []struct{ path, key string }{
		{calendarPath, "calendar.week"}, {closuresPath, "calendar.closures"}, {holidaysPath, "calendar.holidays"}, {classesPath, "calendar.classes"},
	} {
		tabs = append(tabs, parts.Tab{Label: r.t(t.key), Href: t.path, Current: t.path == current})
	}
	return tabs
}

// keptDay is a moment's day as closures and weeks keep it.
func keptDay(t time.Time) string { return t.In(persian.Tehran).Format(time.DateOnly) }

// dayTime is the beginning of a kept day.
func dayTime(day string) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, day, persian.Tehran) // as the program wrote it
	return t
}

// typedDay is a kept day as date fields take it.
func typedDay(day string) string { return persian.ShortDateEN(persian.DateOf(dayTime(day))) }

// sealed tells what a preview was made of, so that only what was seen is
// entered.
func sealed(values ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(values, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// moves is what another calendar would do to open promises, in words.
func (r *req) moves(next tenants.WorkingTime) (*views.Moves, error) {
	seen, err := complaints.Preview(r.ctx, r.db, next)
	if err != nil {
		return nil, err
	}
	m := &views.Moves{Promises: seen.Promises, Units: seen.Units, More: seen.More}
	slices.SortFunc(seen.Samples, func(a, b complaints.Move) int { return a.From.Compare(b.From) })
	for _, s := range seen.Samples {
		m.Samples = append(m.Samples, views.MovedPromise{Code: persian.ShowCode(s.Code), Href: casePath(s.ID), From: s.From, To: s.To})
	}
	return m, nil
}

// orgCalendar shows the working week and the units that work round the clock.
func (w *web) orgCalendar(r *req) error {
	weeks, err := tenants.Weeks(r.ctx, r.db)
	if err != nil {
		return err
	}
	tomorrow := keptDay(r.now().AddDate(0, 0, 1))
	return r.calendarPage(weekFields(tenants.WeekOn(weeks, tomorrow).Calendar, tomorrow), nil, nil)
}

// weekFields are the values of the form for a week.
func weekFields(c tenants.Calendar, from string) map[string]string {
	typed := map[string]string{"from_day": typedDay(from)}
	for i, day := range c.Week {
		typed["day_"+strconv.Itoa(i)] = tenants.IntervalsText(day)
	}
	if c.WorksHoliday {
		typed["works_holiday"] = "1"
	}
	return typed
}

func (r *req) calendarPage(typed map[string]string, seen *views.Moves, cause error) error {
	weeks, err := tenants.Weeks(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgCalendar{Tabs: r.clockTabs(calendarPath), Typed: typed, Errors: views.ErrorsOf(cause), Moves: seen, Action: calendarPath + "/weeks"}
	if seen != nil {
		m.Seal = weekSeal(typed)
	}
	for i := range 7 {
		day := time.Weekday((i + 6) % 7)
		m.Days = append(m.Days, views.OrgDay{Field: "day_" + strconv.Itoa(i), Name: r.in(persian.WeekdayName(day), day.String())})
	}
	today := keptDay(r.now())
	inForce := tenants.WeekOn(weeks, today).FromDay
	for _, week := range slices.Backward(weeks) {
		v := views.OrgWeek{InForce: week.FromDay == inForce, Planned: week.FromDay > today, Lines: r.weekLines(week.Calendar, m.Days), WorksHoliday: week.Calendar.WorksHoliday}
		if week.FromDay != "" {
			v.From = messages.Date(r.ctx, dayTime(week.FromDay))
		}
		m.Weeks = append(m.Weeks, v)
	}
	units, err := tenants.Units(r.ctx, r.db, tenants.UnitExecutive)
	if err != nil {
		return err
	}
	for _, u := range units {
		m.Units = append(m.Units, parts.Choice{Value: idText(u.ID), Label: r.in(u.NameFA, u.NameEN), Checked: u.RoundTheClock})
	}
	p := r.frame("calendar.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgCalendarPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgCalendarPage(p, m))
}

// weekLines says a week in words, days with the same hours together.
func (r *req) weekLines(c tenants.Calendar, days []views.OrgDay) []string {
	var lines []string
	for i := 0; i < 7; {
		j := i
		for j < 6 && slices.Equal(c.Week[j+1], c.Week[i]) {
			j++
		}
		name := days[i].Name
		if j > i {
			name = r.t("calendar.from_to", "from", days[i].Name, "to", days[j].Name)
		}
		lines = append(lines, r.t("calendar.day_hours", "day", name, "hours", r.hoursOf(c.Week[i])))
		i = j + 1
	}
	return lines
}

// hoursOf says the working hours of a day.
func (r *req) hoursOf(list []tenants.Interval) string {
	if len(list) == 0 {
		return r.t("calendar.off")
	}
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = r.spanText(v.From, v.Until)
	}
	return strings.Join(all, r.t("desk.and"))
}

// spanText says a part of a day.
func (r *req) spanText(from, until int) string {
	return r.t("calendar.from_to", "from", r.clockText(from), "to", r.clockText(until))
}

func (r *req) clockText(minute int) string {
	return messages.Digits(r.ctx, strconv.Itoa(minute/60)+":"+strconv.Itoa(100 + minute%60)[1:])
}

func weekSeal(typed map[string]string) string {
	values := []string{typed["from_day"], typed["works_holiday"]}
	for i := range 7 {
		values = append(values, typed["day_"+strconv.Itoa(i)])
	}
	return sealed(values...)
}

// weekOf reads the form of a week.
func weekOf(f form) (*tenants.CalendarWeek, map[string]string, error) {
	typed := map[string]string{"from_day": f.text("from_day"), "works_holiday": f.text("works_holiday")}
	week := &tenants.CalendarWeek{FromDay: tenants.ParseDay(f.text("from_day"))}
	week.Calendar.WorksHoliday = f.yes("works_holiday")
	wrong := fault.Fields{}
	for i := range 7 {
		field := "day_" + strconv.Itoa(i)
		typed[field] = f.text(field)
		day, err := tenants.ParseIntervals(typed[field])
		if err != nil {
			wrong.Add(field, fault.As(err).Key)
		}
		week.Calendar.Week[i] = day
	}
	return week, typed, wrong.Err()
}

// orgWeekCreate previews a week, and enters it once the preview was seen.
func (w *web) orgWeekCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	week, typed, err := weekOf(f)
	if err == nil {
		err = week.Check(r.now())
	}
	if err != nil {
		return r.calendarPage(typed, nil, err)
	}
	if f.text("seal") != weekSeal(typed) {
		hours, err := tenants.WorkingTimeOf(r.ctx, r.db)
		if err != nil {
			return err
		}
		seen, err := r.moves(hours.WithWeeks(*week))
		if err != nil {
			return err
		}
		return r.calendarPage(typed, seen, nil)
	}
	err = r.write(func(tx *tenants.Tx) error {
		if err := tenants.SetWeek(r.ctx, tx, week); err != nil {
			return err
		}
		return audit.Record(r.ctx, tx, "calendar.week_set", "calendar_week", week.ID, week.FromDay)
	})
	if fault.Is(err, fault.Invalid) {
		return r.calendarPage(typed, nil, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "calendar.week_saved")
	return r.done(calendarPath)
}

// orgRoundTheClockSave says which units work day and night.
func (w *web) orgRoundTheClockSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	var units []int64
	for _, text := range f.list("units") {
		units = append(units, number(text))
	}
	err = r.write(func(tx *tenants.Tx) error {
		changed, err := tenants.SetRoundTheClock(r.ctx, tx, units)
		if err != nil || changed == 0 {
			return err
		}
		return audit.Record(r.ctx, tx, "calendar.round_the_clock", "unit", 0, strconv.Itoa(changed))
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "calendar.units_saved")
	return r.done(calendarPath)
}
