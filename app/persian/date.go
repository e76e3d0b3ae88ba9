package persian

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ErrDate is wrapped by every error of NewDate and ParseDate: what was given is not a day of the calendar.
var ErrDate = errors.New("persian: not a date")

// Years outside these are typing mistakes or Gregorian years; the leap rule is verified inside them.
const (
	firstYear = 1200
	lastYear  = 1500
)

// Date is a day of the Solar Hijri calendar, the civil calendar of Iran, without time or zone. Months count
// from 1 (Farvardin). Dates compare with ==. Make one with NewDate, ParseDate or DateOf; the zero Date is no
// day.
type Date struct{ Year, Month, Day int }

// NewDate is strict: a day that does not exist (30 Esfand of a common year) or a year outside 1200-1500 is an
// ErrDate, never another day.
func NewDate(year, month, day int) (Date, error) {
	if year < firstYear || year > lastYear || day < 1 || day > DaysInMonth(year, month) {
		return Date{}, fmt.Errorf("%w: %04d-%02d-%02d", ErrDate, year, month, day)
	}
	return Date{year, month, day}, nil
}

var dateShape = regexp.MustCompile(`^([0-9]{4}) ?[-/. ] ?([0-9]{1,2}) ?[-/. ] ?([0-9]{1,2})$`)

// ParseDate reads year, month and day as people type them: ۱۴۰۵/۸/۳۰, 1405-08-30, 1405.8.30, in any digits,
// with spaces. The year has four digits and comes first. Errors are ErrDate.
func ParseDate(s string) (Date, error) {
	match := dateShape.FindStringSubmatch(strings.Map(dateMark, ToASCII(CleanLine(s))))
	if match == nil {
		return Date{}, fmt.Errorf("%w: %.40q", ErrDate, s)
	}
	var parts [3]int
	for i, digits := range match[1:] {
		n, err := strconv.Atoi(digits)
		if err != nil {
			return Date{}, fmt.Errorf("%w: %w", ErrDate, err)
		}
		parts[i] = n
	}
	return NewDate(parts[0], parts[1], parts[2])
}

// dateMark makes a hyphen of every dash, and a slash of the Arabic date separator.
func dateMark(r rune) rune {
	switch {
	case isDash(r):
		return '-'
	case r == '\u060d':
		return '/'
	}
	return r
}

// DateOf is the day on which t falls in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return dateOfDays(floorDiv(int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()), 86400))
}

// Time is the instant of d at hour:minute in loc. A time that a clock change skipped (until 1401 the midnight
// before 2 Farvardin, in other years another one) becomes the first instant after the gap.
func (d Date) Time(hour, minute int, loc *time.Location) time.Time {
	y, m, day := d.Gregorian()
	t := time.Date(y, m, day, hour, minute, 0, 0, loc)
	_, offset := t.Zone()
	off := t.Unix() + int64(offset) - time.Date(y, m, day, hour, minute, 0, 0, time.UTC).Unix()
	start, end := t.ZoneBounds()
	switch {
	case off > 0: // time.Date chose the zone after the gap
		return start
	case off < 0: // or the one before it
		return end
	}
	return t
}

// Gregorian is the same day in the Gregorian calendar, the form in which dates are stored.
func (d Date) Gregorian() (year int, month time.Month, day int) {
	return time.Unix(int64(d.days())*86400, 0).UTC().Date()
}

// AddDays moves by n days, backwards if n is negative.
func (d Date) AddDays(n int) Date { return dateOfDays(d.days() + n) }

// AddMonths moves by n months and keeps the day, or takes the last day of a shorter month: one month after
// 31 Shahrivar is 30 Mehr.
func (d Date) AddMonths(n int) Date {
	months := d.Year*12 + d.Month - 1 + n
	year, month := floorDiv(months, 12), floorMod(months, 12)+1
	return Date{year, month, min(d.Day, DaysInMonth(year, month))}
}

// AddYears moves by n years; 30 Esfand becomes 29 Esfand in a common year.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// MonthStart is the first day of d's month.
func (d Date) MonthStart() Date { return Date{d.Year, d.Month, 1} }

// Weekday is the day of the week in Go's numbering (Sunday 0); see WeekdayIndex for the Iranian week.
func (d Date) Weekday() time.Weekday {
	return time.Weekday(floorMod(d.days()+int(time.Thursday), 7)) // 1970-01-01 was a Thursday
}

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.days() < other.days() }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.days() > other.days() }

// Equal reports whether d and other are the same day.
func (d Date) Equal(other Date) bool { return d == other }

// String is the technical form "1405-08-30" in ASCII digits; for people see ShortDate and LongDate.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// IsLeap reports whether Esfand of the year has 30 days: eight years in each cycle of 33. Agrees with
// ICU on every day of 1200-1500.
func IsLeap(year int) bool { return floorMod(25*year+11, 33) < 8 }

// DaysInMonth is 29, 30 or 31, and 0 for a month that does not exist.
func DaysInMonth(year, month int) int {
	switch {
	case month < 1 || month > 12:
		return 0
	case month <= 6:
		return 31
	case month <= 11 || IsLeap(year):
		return 30
	}
	return 29
}

// Arithmetic is done on days since 1970-01-01. Day nowruz(y) is 1 Farvardin of year y; in 33 years it moves by
// 12053 days, of which 8 are leap days.
const yearZero = -492633

func nowruz(year int) int { return yearZero + 365*year + floorDiv(8*year+21, 33) }

func (d Date) days() int {
	days := nowruz(d.Year) + (d.Month-1)*30 + d.Day - 1
	return days + min(d.Month-1, 6) // the first six months have 31 days
}

func dateOfDays(days int) Date {
	year := 1 + floorDiv(33*(days-nowruz(1))+3, 12053)
	day := days - nowruz(year)
	if day < 6*31 {
		return Date{year, day/31 + 1, day%31 + 1}
	}
	day -= 6 * 31
	return Date{year, day/30 + 7, day%30 + 1}
}

// floorDiv and floorMod round down, so that days before 1970 and years before 1 need no special case.
func floorDiv(a, b int) int {
	return (a - floorMod(a, b)) / b
}

func floorMod(a, b int) int { return (a%b + b) % b }
