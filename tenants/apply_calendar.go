package tenants

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// farthest is how far closures are shown: nothing can be entered beyond it.
const farthest = 3

func (s *Spec) showCalendar(ctx context.Context, r Reader) error {
	weeks, err := Weeks(ctx, r)
	if err != nil {
		return err
	}
	for _, w := range weeks[1:] {
		s.Weeks = append(s.Weeks, w.spec())
	}
	list, err := toCome(ctx, r)
	for i := range list {
		s.Closures = append(s.Closures, list[i].spec())
	}
	return err
}

// toCome lists the closures of which something is still to come.
func toCome(ctx context.Context, r Reader) ([]Closure, error) {
	local := r.Now().In(persian.Tehran)
	from, until := local.Format(time.DateOnly), local.AddDate(farthest, 0, 0).Format(time.DateOnly)
	var all []Closure
	for _, kind := range []string{ClosureAdHoc, ClosureHoliday} {
		list, err := Closures(ctx, r, kind, from, until)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return slices.DeleteFunc(all, func(c Closure) bool { return !c.Removable(r.Now()) }), nil
}

func (w *CalendarWeek) spec() WeekSpec {
	s := WeekSpec{From: w.FromDay, WorksHoliday: w.Calendar.WorksHoliday}
	for i, day := range w.Calendar.Week {
		s.Week[i] = append([]Interval{}, day...)
	}
	return s
}

func (s *WeekSpec) row() *CalendarWeek {
	w := &CalendarWeek{FromDay: s.From, Calendar: Calendar{WorksHoliday: s.WorksHoliday, Closures: []string{}}}
	for i, day := range s.Week {
		w.Calendar.Week[i] = append([]Interval{}, day...)
	}
	return w
}

func (c *Closure) spec() ClosureSpec {
	s := ClosureSpec{Day: c.Day, From: c.FromMinute, Until: c.UntilMinute, NameFA: c.NameFA, NameEN: c.NameEN}
	if c.WholeDay() {
		s.Until = 0
	}
	if c.Kind != ClosureAdHoc {
		s.Kind = c.Kind
	}
	return s
}

func (s *ClosureSpec) row() *Closure {
	return &Closure{Day: s.Day, FromMinute: s.From, UntilMinute: cmp.Or(s.Until, dayMinutes), Kind: cmp.Or(s.Kind, ClosureAdHoc), NameFA: s.NameFA, NameEN: s.NameEN}
}

// layCalendar lays what a new organization begins with: it has no past that could
// be rewritten, so weeks may be in force already.
func layCalendar(ctx context.Context, tx *Tx, spec *Spec) error {
	for i := range spec.Weeks {
		w := spec.Weeks[i].row()
		w.ID, w.CreatedAt = NewID(), tx.Now()
		if err := tx.Insert(ctx, w); err != nil {
			return err
		}
	}
	for i := range spec.Closures {
		c := spec.Closures[i].row()
		c.ID, c.CreatedAt = NewID(), tx.Now()
		if err := tx.Insert(ctx, c); err != nil {
			return err
		}
	}
	if len(spec.Weeks)+len(spec.Closures) == 0 {
		return nil
	}
	return tx.calendarChanged(ctx)
}

// weeks brings the versions of the working week to what the file says: those to
// come can be added, changed and taken back, the others stand.
func (a *applying) weeks(ctx context.Context) error {
	if a.spec.Weeks == nil {
		return nil
	}
	have, err := Weeks(ctx, a.tx)
	if err != nil {
		return err
	}
	stands := map[string]string{}
	for _, w := range have[1:] {
		stands[w.FromDay] = fmt.Sprint(w.spec())
	}
	for i := range a.spec.Weeks {
		s := &a.spec.Weeks[i]
		old, known := stands[s.From]
		delete(stands, s.From)
		if w := s.row(); old != fmt.Sprint(w.spec()) {
			a.note(map[bool]string{true: "change", false: "add"}[known], "week "+s.From)
			if err := SetWeek(ctx, a.tx, w); err != nil {
				return err
			}
		}
	}
	for day := range stands {
		if day <= a.tx.Now().In(persian.Tehran).Format(time.DateOnly) {
			return fault.New(fault.Conflict, "apply.error.in_use", "what", "week "+day)
		}
		a.note("retire", "week "+day)
		if _, err := a.tx.Delete(ctx, (*CalendarWeek)(nil), "from_day = ?", day); err != nil {
			return err
		}
		if err := a.tx.calendarChanged(ctx); err != nil {
			return err
		}
	}
	return nil
}

// closures brings those to come to what the file says.
func (a *applying) closures(ctx context.Context) error {
	if a.spec.Closures == nil {
		return nil
	}
	have, err := toCome(ctx, a.tx)
	if err != nil {
		return err
	}
	for i := range a.spec.Closures {
		c := a.spec.Closures[i].row()
		at := slices.IndexFunc(have, func(o Closure) bool { return o.spec() == c.spec() })
		if at >= 0 {
			have = slices.Delete(have, at, at+1)
			continue
		}
		if c.Ends().Before(a.tx.Now()) {
			continue // over: it is of no account any more
		}
		a.note("add", "closure "+c.Day)
		if err := Close(ctx, a.tx, c); err != nil {
			return err
		}
	}
	for i := range have {
		a.note("retire", "closure "+have[i].Day)
		if _, err := Reopen(ctx, a.tx, have[i].ID); err != nil {
			return err
		}
	}
	return nil
}
