package tenants

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// The kinds of closures.
const (
	ClosureAdHoc   = "closure" // of this organization alone: snow, air pollution, a late start
	ClosureHoliday = "holiday" // an official holiday that the platform's list does not have
)

// Closure is a time in which the organization does not work although its week
// says so. What it covers is never before the moment at which it was entered,
// so that no promise of the past moves.
type Closure struct {
	BaseModel `bun:"table:closures,alias:closure"`
	Owned
	ID          int64  `bun:",pk"`
	Day         string // Gregorian, YYYY-MM-DD
	FromMinute  int    // from midnight in Tehran
	UntilMinute int
	Kind        string
	NameFA      string `bun:"name_fa"`
	NameEN      string `bun:"name_en"`
	CreatedAt   time.Time
}

// WholeDay tells whether it covers the whole day.
func (c *Closure) WholeDay() bool { return c.FromMinute == 0 && c.UntilMinute == dayMinutes }

// Ends is the instant at which it ends.
func (c *Closure) Ends() time.Time {
	day, _ := time.ParseInLocation(time.DateOnly, c.Day, persian.Tehran) // as the program wrote it
	_, end := Interval{c.FromMinute, c.UntilMinute}.on(day)
	return end
}

// KindCalendarChanged is the fact that open cases have to be wound again.
const KindCalendarChanged = "calendar.changed"

// calendarChanged enqueues the fact and has every reader see the change.
func (tx *Tx) calendarChanged(ctx context.Context) error {
	tx.added, tx.conn.calendar = nil, true
	return tx.Enqueue(ctx, KindCalendarChanged, struct{}{})
}

// maxName bounds the names of closures and holidays, in characters.
const maxName = 120

// Check normalises a closure that is about to be entered at now, and finds what
// is wrong with its fields day, from, until and name_fa. Of a closure of today
// only what is still to come is kept.
func (c *Closure) Check(now time.Time) error {
	c.NameFA, c.NameEN = persian.CleanLine(c.NameFA), persian.CleanLine(c.NameEN)
	wrong := fault.Fields{}
	if c.NameFA == "" {
		wrong.Add("name_fa", "calendar.error.name")
	}
	if utf8.RuneCountInString(c.NameFA) > maxName || utf8.RuneCountInString(c.NameEN) > maxName {
		wrong.Add("name_fa", "calendar.error.name_long")
	}
	if c.FromMinute < 0 || c.UntilMinute > dayMinutes || c.UntilMinute <= c.FromMinute {
		wrong.Add("until", "calendar.error.interval_backwards")
	}
	local := now.In(persian.Tehran)
	today := local.Format(time.DateOnly)
	if _, err := time.Parse(time.DateOnly, c.Day); err != nil {
		wrong.Add("day", "complaint.error.due_unreadable")
	} else if c.Day > local.AddDate(2, 0, 0).Format(time.DateOnly) {
		wrong.Add("day", "calendar.error.day_far")
	}
	if c.Day == today && c.Kind == ClosureAdHoc {
		c.FromMinute = max(c.FromMinute, minuteNow(local))
	}
	if c.Day < today || c.Day == today && (c.Kind == ClosureHoliday || c.UntilMinute <= c.FromMinute) {
		wrong.Add("day", "calendar.error.past")
	}
	return wrong.Err()
}

// minuteNow is the minute of the day that has not begun yet.
func minuteNow(local time.Time) int {
	minute := 60*local.Hour() + local.Minute()
	if local.Second() > 0 || local.Nanosecond() > 0 {
		minute++
	}
	return minute
}

// Close enters a closure; open cases are wound again after the commit.
func Close(ctx context.Context, tx *Tx, c *Closure) error {
	if err := c.Check(tx.Now()); err != nil {
		return err
	}
	c.ID, c.CreatedAt = NewID(), tx.Now()
	if err := tx.Insert(ctx, c); err != nil {
		return err
	}
	return tx.calendarChanged(ctx)
}

// Reopen takes a closure back. Of one that has begun only the rest is taken
// back, and one that is over stands: working time that has passed is not
// rewritten.
func Reopen(ctx context.Context, tx *Tx, id int64) (*Closure, error) {
	c := new(Closure)
	if err := tx.Lock(ctx, c, "closure.id = ?", id); err != nil {
		return nil, err
	}
	if !c.Removable(tx.Now()) {
		return nil, fault.New(fault.Conflict, "calendar.conflict.past")
	}
	if left := c.rest(tx.Now()); left > c.FromMinute {
		c.UntilMinute = left
		if err := tx.Update(ctx, c, "until_minute"); err != nil {
			return nil, err
		}
	} else if _, err := tx.Delete(ctx, (*Closure)(nil), "id = ?", id); err != nil {
		return nil, err
	}
	return c, tx.calendarChanged(ctx)
}

// Removable tells whether anything of the closure is still to come.
func (c *Closure) Removable(now time.Time) bool {
	if c.Kind == ClosureHoliday { // counts as a whole, or not at all
		return c.Day > now.In(persian.Tehran).Format(time.DateOnly)
	}
	return now.Before(c.Ends())
}

// rest is the minute at which the closure ends when it is taken back now.
func (c *Closure) rest(now time.Time) int {
	if local := now.In(persian.Tehran); local.Format(time.DateOnly) == c.Day {
		return minuteNow(local)
	}
	return c.FromMinute
}

// ClosureByID reads one closure.
func ClosureByID(ctx context.Context, r Reader, id int64) (*Closure, error) {
	c := new(Closure)
	return c, Err(r.Select(c).Where("closure.id = ?", id).Scan(ctx))
}

// Closures lists the closures of a kind from one day to another, both included,
// in their order.
func Closures(ctx context.Context, r Reader, kind, from, until string) ([]Closure, error) {
	var list []Closure
	err := r.Select(&list).Where("closure.kind = ?", kind).Where("closure.day BETWEEN ? AND ?", from, until).
		Order("closure.day", "closure.from_minute", "closure.id").Limit(1000).Scan(ctx)
	return list, Err(err)
}

// Without is the working time after one closure has been taken back at now.
func (w WorkingTime) Without(c Closure, now time.Time) WorkingTime {
	if c.Kind == ClosureHoliday {
		w = w.WithClosures()
		delete(w.holidays, c.Day)
		return w
	}
	gone := Interval{c.FromMinute, c.UntilMinute}
	w = w.WithClosures()
	at := slices.Index(w.cuts[c.Day], gone)
	if at < 0 {
		return w
	}
	cuts := slices.Delete(slices.Clone(w.cuts[c.Day]), at, at+1)
	if left := c.rest(now); left > c.FromMinute {
		cuts = append(cuts, Interval{c.FromMinute, left})
	}
	w.cuts[c.Day] = cuts
	return w
}

// SaveHolidays enters official holidays of the organization's own list, one row
// a day, and tells how many are new; a day that stands is left as it is.
func SaveHolidays(ctx context.Context, tx *Tx, list []Closure) (fresh int, err error) {
	for i := range list {
		c := list[i]
		c.Kind, c.FromMinute, c.UntilMinute = ClosureHoliday, 0, dayMinutes
		if err := c.Check(tx.Now()); err != nil {
			return 0, err
		}
		c.ID, c.CreatedAt = NewID(), tx.Now()
		written, err := tx.InsertNew(ctx, &c)
		if err != nil {
			return 0, err
		}
		if written {
			fresh++
		}
	}
	if fresh == 0 {
		return 0, nil
	}
	return fresh, tx.calendarChanged(ctx)
}

// Holidays lists the country's official holidays from one day to another, both
// included.
func Holidays(ctx context.Context, r Reader, from, until string) ([]Holiday, error) {
	all, err := r.holidays(ctx)
	list := slices.DeleteFunc(slices.Clone(all), func(h Holiday) bool { return h.Day < from || h.Day > until })
	return list, err
}
