package tenants

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// WorkingTimeOf reads the working time of the reader's organization: its weeks,
// the official holidays, its own days off and closures, and the units that work
// round the clock.
func WorkingTimeOf(ctx context.Context, r Reader) (WorkingTime, error) {
	own, err := r.calendar(ctx)
	if err != nil {
		return WorkingTime{}, err
	}
	days, err := r.holidays(ctx)
	w := NewWorkingTime(r.Tenant().Settings.Calendar, days)
	return w.with(own), err
}

// ownCalendar is what an organization has added to its first week.
type ownCalendar struct {
	weeks    []CalendarWeek
	closures []Closure
	always   []int64 // units
	until    time.Time
}

// with is the working time with what the organization has added.
func (w WorkingTime) with(own *ownCalendar) WorkingTime {
	return w.WithWeeks(own.weeks...).WithClosures(own.closures...).withUnits(own.always)
}

// WithWeeks is the working time with more weeks, each in force from its day on.
func (w WorkingTime) WithWeeks(list ...CalendarWeek) WorkingTime {
	w.weeks = slices.Clone(w.weeks)
	for _, next := range list {
		w.weeks = slices.DeleteFunc(w.weeks, func(v week) bool { return v.from == next.FromDay })
		w.weeks = append(w.weeks, week{from: next.FromDay, days: next.Calendar.Week, worksHoliday: next.Calendar.WorksHoliday})
	}
	slices.SortFunc(w.weeks, func(a, b week) int { return cmp.Compare(a.from, b.from) })
	return w
}

// WithClosures is the working time with more closures and days off.
func (w WorkingTime) WithClosures(list ...Closure) WorkingTime {
	holidays, cuts := make(map[string]bool, len(w.holidays)+len(list)), make(map[string][]Interval, len(w.cuts)+len(list))
	for day := range w.holidays {
		holidays[day] = true
	}
	for day, parts := range w.cuts {
		cuts[day] = slices.Clip(parts)
	}
	for _, c := range list {
		if c.Kind == ClosureHoliday {
			holidays[c.Day] = true
		} else {
			cuts[c.Day] = append(cuts[c.Day], Interval{c.FromMinute, c.UntilMinute})
		}
	}
	w.holidays, w.cuts = holidays, cuts
	return w
}

func (w WorkingTime) withUnits(always []int64) WorkingTime {
	w.always = make(map[int64]bool, len(always))
	for _, id := range always {
		w.always[id] = true
	}
	return w
}

// calendar reads what the organization has added to its first week. A
// transaction reads it anew, once; readers may see it as it was a moment ago.
func (s *scope) calendar(ctx context.Context) (*ownCalendar, error) {
	if s.added != nil {
		return s.added, nil
	}
	cached := !s.writes
	if hit, ok := s.root.calendars.Load(s.tenant.ID); cached && ok {
		if own := hit.(*ownCalendar); fresh(own.until, s.now) {
			return own, nil
		}
	}
	own := &ownCalendar{until: s.now.Add(cacheFor)}
	if err := s.readCalendar(ctx, own); err != nil {
		return nil, err
	}
	if s.added = own; cached {
		s.root.calendars.Store(s.tenant.ID, own)
	}
	return own, nil
}

func (s *scope) readCalendar(ctx context.Context, own *ownCalendar) error {
	if err := s.Select(&own.weeks).Order("calendar_week.from_day").Scan(ctx); err != nil {
		return Err(err)
	}
	if err := s.Select(&own.closures).Order("closure.day", "closure.id").Scan(ctx); err != nil {
		return Err(err)
	}
	err := s.Select((*Unit)(nil)).Column("id").Where("unit.round_the_clock").Scan(ctx, &own.always)
	return Err(err)
}

// holidayCache keeps the few dozen rows of holidays for a while.
type holidayCache struct {
	days  []Holiday
	until time.Time
}

// holidays lists all official holidays known.
func (s *scope) holidays(ctx context.Context) ([]Holiday, error) {
	hit := s.root.holidays.Load()
	if hit != nil && fresh(hit.until, s.now) {
		return hit.days, nil
	}
	var days []Holiday
	if err := s.root.write.NewSelect().Conn(s.conn).Model(&days).Order("day").Scan(ctx); err != nil {
		return nil, Err(err)
	}
	s.root.holidays.Store(&holidayCache{days: slices.Clip(days), until: s.now.Add(cacheFor)})
	return days, nil
}
