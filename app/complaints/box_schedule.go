package complaints

import (
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// BoxSchedule says when a box is opened: every so many days, or on some days
// of every so many weeks.
type BoxSchedule struct {
	EveryDays int // 1 to 90; with weekdays a multiple of seven
	Weekdays  int // bits from Saturday
}

// maxWeeks keeps a weekly schedule inside ninety days.
const maxWeeks = 12

// Schedule is the box's schedule.
func (b *Box) Schedule() BoxSchedule { return BoxSchedule{b.EveryDays, b.Weekdays} }

// Weekly tells whether the schedule names days of the week.
func (s BoxSchedule) Weekly() bool { return s.Weekdays != 0 }

// Weeks is the number of weeks between openings of a weekly schedule.
func (s BoxSchedule) Weeks() int { return s.EveryDays / 7 }

// On tells whether the schedule names the day of the week, 0 Saturday to 6
// Friday.
func (s BoxSchedule) On(weekday int) bool { return s.Weekdays&(1<<weekday) != 0 }

func (s BoxSchedule) check(wrong fault.Fields) {
	switch {
	case s.Weekdays < 0 || s.Weekdays > 127:
		wrong.Add("weekdays", "paper.error.weekdays")
	case s.Weekly() && (s.EveryDays%7 != 0 || s.Weeks() < 1 || s.Weeks() > maxWeeks):
		wrong.Add("every", "paper.error.weeks")
	case !s.Weekly() && (s.EveryDays < 1 || s.EveryDays > 90):
		wrong.Add("every", "paper.error.days")
	}
}

// First is the first opening of a schedule that begins today or later: weekly
// on the first of its days that is not over.
func (s BoxSchedule) First(today persian.Date, hours tenants.WorkingTime) persian.Date {
	if s.Weekly() {
		return workday(BoxSchedule{7, s.Weekdays}.after(today.AddDays(-1)), hours)
	}
	return s.Next(today, hours)
}

// Next is the day of the opening that follows one on the given day. A day on
// which nobody works is put off to the next on which somebody does.
func (s BoxSchedule) Next(opened persian.Date, hours tenants.WorkingTime) persian.Date {
	return workday(s.after(opened), hours)
}

// after is the next planned day, working or not.
func (s BoxSchedule) after(day persian.Date) persian.Date {
	if !s.Weekly() {
		return day.AddDays(max(1, s.EveryDays))
	}
	index := persian.WeekdayIndex(day.Weekday())
	saturday := day.AddDays(-index)
	for i := index + 1; i < 7; i++ {
		if s.On(i) {
			return saturday.AddDays(i)
		}
	}
	saturday = saturday.AddDays(7 * max(1, s.Weeks()))
	for i := range 7 {
		if s.On(i) {
			return saturday.AddDays(i)
		}
	}
	return saturday // no weekday is named, which Weekly rules out
}

// longestClosure is how many days in a row an opening is put off at most.
const longestClosure = 30

// workday is the day, or the first one after it on which somebody works.
func workday(day persian.Date, hours tenants.WorkingTime) persian.Date {
	for i := range longestClosure {
		if at := day.AddDays(i); !hours.Closed(at.Time(12, 0, persian.Tehran)) {
			return at
		}
	}
	return day
}
