package tenants

import (
	"context"
	"slices"
	"time"

	"pasokh/app/persian"
)

// Interval is a part of a day in minutes from midnight, Until excluded.
type Interval struct {
	From  int `json:"from" yaml:"from"`
	Until int `json:"until" yaml:"until"`
}

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
// value: the same calendar and holidays always give the same answers.
type WorkingTime struct {
	week [7][]Interval
	off  map[string]bool
}

// NewWorkingTime combines an organization's week with the official holidays.
func NewWorkingTime(c Calendar, holidays []Holiday) WorkingTime {
	w := WorkingTime{week: c.Week, off: map[string]bool{}}
	for _, day := range c.Closures {
		w.off[day] = true
	}
	if !c.WorksHoliday {
		for _, h := range holidays {
			w.off[h.Day] = true
		}
	}
	return w
}

// WorkingTimeOf reads the working time of the reader's organization.
func WorkingTimeOf(ctx context.Context, r Reader) (WorkingTime, error) {
	days, err := r.holidays(ctx)
	return NewWorkingTime(r.Tenant().Settings.Calendar, days), err
}

// Closed tells whether the organization does not work on the day of t.
func (w WorkingTime) Closed(t time.Time) bool { return len(w.day(t.In(persian.Tehran))) == 0 }

func (w WorkingTime) day(local time.Time) []Interval {
	if w.off[local.Format(time.DateOnly)] {
		return nil
	}
	return w.week[persian.WeekdayIndex(local.Weekday())]
}

// lookAhead bounds the search for working time: no office is closed longer.
const lookAhead = 400

// Add gives the instant at which d of working time has passed since from. When
// the calendar has no working time at all, it counts plain hours, so that a
// clock always has an end.
func (w WorkingTime) Add(from time.Time, d time.Duration) time.Time {
	left := d
	for i, local := 0, from.In(persian.Tehran); i < lookAhead; i, local = i+1, nextDay(local) {
		for _, span := range w.day(local) {
			start, end := span.on(local)
			if start.Before(from) {
				start = from
			}
			if open := end.Sub(start); open > 0 {
				if left <= open {
					return start.Add(left).In(from.Location())
				}
				left -= open
			}
		}
	}
	return from.Add(d)
}

// Between gives the working time from one instant to a later one.
func (w WorkingTime) Between(from, until time.Time) time.Duration {
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

func (i Interval) on(local time.Time) (start, end time.Time) {
	y, m, d := local.Date()
	at := func(minute int) time.Time { return time.Date(y, m, d, 0, minute, 0, 0, local.Location()) }
	return at(i.From), at(i.Until)
}

// holidayCache keeps the few dozen rows of holidays for a while.
type holidayCache struct {
	days  []Holiday
	until time.Time
}

// holidays lists all official holidays known.
func (s *scope) holidays(ctx context.Context) ([]Holiday, error) {
	hit := s.root.holidays.Load()
	if hit != nil && s.now.Before(hit.until) && s.now.After(hit.until.Add(-2*cacheFor)) {
		return hit.days, nil
	}
	var days []Holiday
	if err := s.root.write.NewSelect().Conn(s.conn).Model(&days).Order("day").Scan(ctx); err != nil {
		return nil, Err(err)
	}
	s.root.holidays.Store(&holidayCache{days: slices.Clip(days), until: s.now.Add(cacheFor)})
	return days, nil
}
