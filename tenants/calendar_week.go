package tenants

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// CalendarWeek is a working week that is in force from a day on, until the next
// one: the versions of an organization's calendar. The first week is that of
// its settings.
type CalendarWeek struct {
	BaseModel `bun:"table:calendar_weeks,alias:calendar_week"`
	Owned
	ID        int64    `bun:",pk"`
	FromDay   string   // Gregorian, YYYY-MM-DD
	Calendar  Calendar `bun:"week,type:jsonb"` // without closures, which are rows of their own
	CreatedAt time.Time
}

// Check finds what is wrong with the week: field from_day, or day_0 to day_6.
// It may be in force from tomorrow on at the earliest: working time that has
// passed is not rewritten.
func (w *CalendarWeek) Check(now time.Time) error {
	wrong := fault.Fields{}
	local := now.In(persian.Tehran)
	if _, err := time.Parse(time.DateOnly, w.FromDay); err != nil {
		wrong.Add("from_day", "complaint.error.due_unreadable")
	} else if w.FromDay <= local.Format(time.DateOnly) {
		wrong.Add("from_day", "calendar.error.from_tomorrow")
	} else if w.FromDay > local.AddDate(1, 0, 0).Format(time.DateOnly) {
		wrong.Add("from_day", "calendar.error.day_far")
	}
	works := false
	for i, day := range w.Calendar.Week {
		works = works || len(day) > 0
		if err := checkIntervals(day); err != nil {
			wrong.Add("day_"+string(rune('0'+i)), fault.As(err).Key)
		}
	}
	if !works {
		wrong.Add("day_0", "calendar.error.never_open")
	}
	return wrong.Err()
}

// SetWeek enters a new version of the working week. A version that was planned
// for the same day is replaced; open cases are wound again after the commit.
func SetWeek(ctx context.Context, tx *Tx, w *CalendarWeek) error {
	if err := w.Check(tx.Now()); err != nil {
		return err
	}
	for i, day := range w.Calendar.Week {
		w.Calendar.Week[i] = append([]Interval{}, day...)
	}
	w.Calendar.Closures = []string{}
	if _, err := tx.Delete(ctx, (*CalendarWeek)(nil), "from_day = ?", w.FromDay); err != nil {
		return err
	}
	w.ID, w.CreatedAt = NewID(), tx.Now()
	if err := tx.Insert(ctx, w); err != nil {
		return err
	}
	return tx.calendarChanged(ctx)
}

// Weeks lists the versions of the working week, oldest first; the first, with an
// empty FromDay, is that of the settings.
func Weeks(ctx context.Context, r Reader) ([]CalendarWeek, error) {
	own, err := r.calendar(ctx)
	if err != nil {
		return nil, err
	}
	return append([]CalendarWeek{{Calendar: r.Tenant().Settings.Calendar}}, own.weeks...), nil
}

// WeekOn is the version in force on a day.
func WeekOn(list []CalendarWeek, day string) CalendarWeek {
	for _, w := range slices.Backward(list) {
		if w.FromDay <= day {
			return w
		}
	}
	return CalendarWeek{}
}

// SetRoundTheClock says which executing units work day and night; their legs
// run on plain time from the next winding on. It tells how many units changed.
func SetRoundTheClock(ctx context.Context, tx *Tx, units []int64) (changed int, err error) {
	list, err := Units(ctx, tx, UnitExecutive)
	if err != nil {
		return 0, err
	}
	for i := range list {
		u := &list[i]
		if on := slices.Contains(units, u.ID); on != u.RoundTheClock {
			u.RoundTheClock = on
			if err := tx.Update(ctx, u, "round_the_clock"); err != nil {
				return 0, err
			}
			changed++
		}
	}
	if changed == 0 {
		return 0, nil
	}
	return changed, tx.calendarChanged(ctx)
}
