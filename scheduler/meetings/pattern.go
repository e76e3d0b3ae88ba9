package meetings

import (
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// PatternKind is how the days of a window repeat.
type PatternKind string

// The kinds; the empty one of older rows is Weekly.
const (
	Weekly  PatternKind = "weekly"
	Weeks   PatternKind = "weeks" // every n weeks
	Monthly PatternKind = "month" // the n-th or the last such weekday of the Solar Hijri month
	Dates   PatternKind = "dates" // single days, for visits to a station
)

// PatternKinds lists the kinds in the order in which a form offers them.
func PatternKinds() []PatternKind { return []PatternKind{Weekly, Weeks, Monthly, Dates} }

// LastOfMonth is the Nth of the last weekday of a month.
const LastOfMonth = 5

// MaxDates bounds the single days of a window.
const MaxDates = 60

// Pattern says on which days a window is. Days are Gregorian, YYYY-MM-DD.
type Pattern struct {
	Kind     PatternKind `json:"kind,omitempty"`
	Every    int         `json:"every,omitempty"`  // weeks, of Weeks
	Anchor   string      `json:"anchor,omitempty"` // a day in a week in which it is, of Weeks
	Nth      int         `json:"nth,omitempty"`    // 1 to 4, or LastOfMonth
	Dates    []string    `json:"dates,omitempty"`  // of Dates
	FirstDay string      `json:"first_day,omitempty"`
	LastDay  string      `json:"last_day,omitempty"` // both may be empty
}

func (p *Pattern) check(bad fault.Fields) {
	if p.Kind == "" {
		p.Kind = Weekly
	}
	if !slices.Contains(PatternKinds(), p.Kind) {
		bad.Add("pattern", "planning.error.pattern")
	}
	switch p.Kind {
	case Weeks:
		if p.Every < 2 || p.Every > 26 {
			bad.Add("every", "planning.error.every")
		}
		if !isDay(p.Anchor) {
			bad.Add("anchor", "complaint.error.due_unreadable")
		}
	case Monthly:
		if p.Nth < 1 || p.Nth > LastOfMonth {
			bad.Add("nth", "planning.error.nth")
		}
	case Dates:
		slices.Sort(p.Dates)
		p.Dates = slices.Compact(p.Dates)
		if len(p.Dates) == 0 || len(p.Dates) > MaxDates || slices.ContainsFunc(p.Dates, func(d string) bool { return !isDay(d) }) {
			bad.Add("dates", "planning.error.dates")
		}
	}
	if p.FirstDay != "" && !isDay(p.FirstDay) {
		bad.Add("first_day", "complaint.error.due_unreadable")
	}
	if p.LastDay != "" && (!isDay(p.LastDay) || p.FirstDay > p.LastDay) {
		bad.Add("last_day", "planning.error.last_day")
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// on tells whether the window is on the day of local, whose weekday counts from
// Saturday.
func (p *Pattern) on(local time.Time, weekday int) bool {
	day := local.Format(time.DateOnly)
	if p.FirstDay != "" && day < p.FirstDay || p.LastDay != "" && day > p.LastDay {
		return false
	}
	if p.Kind == Dates {
		return slices.Contains(p.Dates, day)
	}
	if persian.WeekdayIndex(local.Weekday()) != weekday {
		return false
	}
	switch p.Kind {
	case Weeks:
		return p.weeksFrom(local)%p.Every == 0
	case Monthly:
		d := persian.DateOf(local)
		if p.Nth == LastOfMonth {
			return d.Day+7 > persian.DaysInMonth(d.Year, d.Month)
		}
		return (d.Day-1)/7+1 == p.Nth
	}
	return true
}

// weeksFrom counts the weeks, each from Saturday, since the anchor's.
func (p *Pattern) weeksFrom(local time.Time) int {
	anchor, err := time.Parse(time.DateOnly, p.Anchor)
	if err != nil || p.Every < 1 {
		return 1
	}
	y, m, d := local.Date()
	begin := func(t time.Time) time.Time { return t.AddDate(0, 0, -persian.WeekdayIndex(t.Weekday())) }
	weeks := int(begin(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)).Sub(begin(anchor)) / (7 * day))
	return max(weeks, -weeks)
}

// Starts gives the instants, in UTC, at which the window begins in the given
// number of days after from, leaving out days on which the organization is
// closed.
func (w *Window) Starts(from time.Time, days int, working tenants.WorkingTime) []time.Time {
	return slices.DeleteFunc(w.starts(from, days), working.Closed)
}

// starts is Starts with the closed days.
func (w *Window) starts(from time.Time, days int) []time.Time {
	var list []time.Time
	y, m, d := from.In(persian.Tehran).Date()
	until := from.AddDate(0, 0, days)
	for i := 0; i <= days; i++ {
		start := time.Date(y, m, d+i, 0, w.FromMinute, 0, 0, persian.Tehran)
		if w.Pattern.on(start, w.Weekday) && start.After(from) && !start.After(until) {
			list = append(list, start.UTC())
		}
	}
	return list
}
