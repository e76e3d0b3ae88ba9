package tenants

import (
	"time"

	"pasokh/app/persian"
)

// Calendar is an organization's working week, as it sets it: seven days from
// Saturday, each with any number of rising intervals; days beside the official
// holidays on which it is closed; and whether official holidays count at all.
type Calendar struct {
	Week         [7][]Interval `json:"week" yaml:"week"`
	Closures     []string      `json:"closures" yaml:"closures"` // Gregorian, YYYY-MM-DD
	WorksHoliday bool          `json:"works_holiday" yaml:"works_holiday"`
}

// defaults is the usual week of public offices, iran.md §4: Saturday to
// Wednesday, 07:30 to 14:30.
func (c Calendar) defaults() Calendar {
	for _, day := range c.Week {
		if len(day) > 0 {
			return c
		}
	}
	for i := range 5 {
		c.Week[i] = []Interval{{From: 7*60 + 30, Until: 14*60 + 30}}
	}
	return c
}

// WorkingTime answers questions of working time for one organization. It is a
// value: the same weeks, holidays and closures always give the same answers.
type WorkingTime struct {
	weeks    []week // rising by day; the first is in force from the beginning
	holidays map[string]bool
	shut     map[string]bool       // closed all day, whatever the week says
	cuts     map[string][]Interval // parts of a day that are closed
	always   map[int64]bool        // units that work day and night
	open     bool                  // day and night: the time of such a unit
}

// week is a working week from a day on.
type week struct {
	from         string // Gregorian, YYYY-MM-DD; empty: from the beginning
	days         [7][]Interval
	worksHoliday bool
}

// NewWorkingTime combines an organization's week with the official holidays.
func NewWorkingTime(c Calendar, holidays []Holiday) WorkingTime {
	w := WorkingTime{weeks: []week{{days: c.Week, worksHoliday: c.WorksHoliday}}, holidays: map[string]bool{}, shut: map[string]bool{}}
	for _, day := range c.Closures {
		w.shut[day] = true
	}
	for _, h := range holidays {
		w.holidays[h.Day] = true
	}
	return w
}

// Of is the working time of one unit: plain time when it works round the clock.
func (w WorkingTime) Of(unit int64) WorkingTime {
	w.open = w.open || w.always[unit]
	return w
}

// RoundTheClock tells whether this is the time of a unit that works day and
// night.
func (w WorkingTime) RoundTheClock() bool { return w.open }

// Closed tells whether the organization does not work on the day of t.
func (w WorkingTime) Closed(t time.Time) bool { return len(w.day(t.In(persian.Tehran))) == 0 }

// Day lists the working intervals of the day of t.
func (w WorkingTime) Day(t time.Time) []Interval { return w.day(t.In(persian.Tehran)) }

func (w WorkingTime) day(local time.Time) []Interval {
	if w.open {
		return []Interval{{From: 0, Until: dayMinutes}}
	}
	key := local.Format(time.DateOnly)
	in := w.weekOn(key)
	if in == nil || w.shut[key] || w.holidays[key] && !in.worksHoliday {
		return nil
	}
	return without(in.days[persian.WeekdayIndex(local.Weekday())], w.cuts[key])
}

// weekOn is the week in force on a day.
func (w WorkingTime) weekOn(day string) *week {
	for i := len(w.weeks) - 1; i >= 0; i-- {
		if w.weeks[i].from <= day {
			return &w.weeks[i]
		}
	}
	return nil
}

// lookAhead bounds the search for working time: no office is closed for so many
// days on end.
const lookAhead = 400

// Add gives the instant at which d of working time has passed since from. When
// the calendar has no working time any more, it counts plain hours, so that a
// clock always has an end.
func (w WorkingTime) Add(from time.Time, d time.Duration) time.Time {
	if w.open || d <= 0 {
		return from.Add(d)
	}
	left, last := d, from
	for closed, local := 0, from.In(persian.Tehran); closed < lookAhead; closed, local = closed+1, nextDay(local) {
		for _, span := range w.day(local) {
			start, end := span.on(local)
			if start.Before(from) {
				start = from
			}
			open := end.Sub(start)
			if open <= 0 {
				continue
			}
			if left <= open {
				return start.Add(left).In(from.Location())
			}
			left, last, closed = left-open, end, 0
		}
	}
	return last.Add(left).In(from.Location())
}

// Between gives the working time from one instant to a later one.
func (w WorkingTime) Between(from, until time.Time) time.Duration {
	if w.open {
		return max(0, until.Sub(from))
	}
	var sum time.Duration
	for local := from.In(persian.Tehran); local.Before(until); local = nextDay(local) {
		for _, span := range w.day(local) {
			start, end := span.on(local)
			if start.Before(from) {
				start = from
			}
			if end.After(until) {
				end = until
			}
			sum += max(0, end.Sub(start))
		}
	}
	return sum
}

// AddDays gives the end of the n-th working day after from: the usual due time
// of a directive.
func (w WorkingTime) AddDays(from time.Time, n int) time.Time {
	local := from.In(persian.Tehran)
	for i := 0; i < lookAhead && n > 0; i++ {
		local = nextDay(local)
		if spans := w.day(local); len(spans) > 0 {
			if n--; n == 0 {
				_, end := spans[len(spans)-1].on(local)
				return end.In(from.Location())
			}
		}
	}
	return from.AddDate(0, 0, n)
}

func nextDay(local time.Time) time.Time {
	y, m, d := local.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, local.Location())
}
