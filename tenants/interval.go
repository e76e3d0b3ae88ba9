package tenants

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Interval is a part of a day in minutes from midnight, Until excluded.
type Interval struct {
	From  int `json:"from" yaml:"from"`
	Until int `json:"until" yaml:"until"`
}

const (
	dayMinutes = 24 * 60
	// maxIntervals bounds the parts of one working day.
	maxIntervals = 6
)

// on is the interval on the day of local.
func (i Interval) on(local time.Time) (start, end time.Time) {
	y, m, d := local.Date()
	at := func(minute int) time.Time { return time.Date(y, m, d, 0, minute, 0, 0, local.Location()) }
	return at(i.From), at(i.Until)
}

// String is the form in which people write it, in ASCII digits: 07:30-14:30.
func (i Interval) String() string { return clockText(i.From) + "-" + clockText(i.Until) }

func clockText(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

var (
	intervalShape = regexp.MustCompile(`^([0-9]{1,2})(?:[:.]([0-9]{2}))?(?:-|تا|to)([0-9]{1,2})(?:[:.]([0-9]{2}))?$`)
	intervalDash  = strings.NewReplacer("–", "-", "—", "-", "‒", "-", "−", "-", "ـ", "-", " ", "", "\u200c", "")
)

// ParseIntervals reads the working hours of one day as people type them, in any
// digits: «۷:۳۰ تا ۱۲، ۱۴-۱۶:۳۰». Nothing typed is a day off. The key of the
// error says what is wrong.
func ParseIntervals(text string) ([]Interval, error) {
	var list []Interval
	for _, part := range strings.FieldsFunc(persian.ToASCII(text), func(r rune) bool { return strings.ContainsRune(",،;؛\n", r) }) {
		if part = intervalDash.Replace(part); part == "" {
			continue
		}
		m := intervalShape.FindStringSubmatch(part)
		if m == nil {
			return nil, fault.New(fault.Invalid, "calendar.error.interval")
		}
		list = append(list, Interval{From: minuteOf(m[1], m[2]), Until: minuteOf(m[3], m[4])})
	}
	return list, checkIntervals(list)
}

// minuteOf reads an hour and, perhaps, minutes; -1 when there is no such time.
func minuteOf(hour, minute string) int {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute) // none is zero
	if h > 24 || m > 59 || h == 24 && m > 0 {
		return -1
	}
	return 60*h + m
}

// checkIntervals wants rising parts of one day that do not meet.
func checkIntervals(list []Interval) error {
	if len(list) > maxIntervals {
		return fault.New(fault.Invalid, "calendar.error.intervals_many")
	}
	last := -1
	for _, i := range list {
		switch {
		case i.From < 0 || i.Until < 0 || i.Until > dayMinutes:
			return fault.New(fault.Invalid, "calendar.error.interval")
		case i.Until <= i.From:
			return fault.New(fault.Invalid, "calendar.error.interval_backwards")
		case i.From <= last:
			return fault.New(fault.Invalid, "calendar.error.interval_overlap")
		}
		last = i.Until
	}
	return nil
}

// without is what is left of the intervals when parts of the day are cut out.
func without(list, cuts []Interval) []Interval {
	for _, cut := range cuts {
		var left []Interval
		for _, i := range list {
			if before := (Interval{i.From, min(i.Until, cut.From)}); before.Until > before.From {
				left = append(left, before)
			}
			if after := (Interval{max(i.From, cut.Until), i.Until}); after.Until > after.From {
				left = append(left, after)
			}
		}
		list = left
	}
	slices.SortFunc(list, func(a, b Interval) int { return cmp.Compare(a.From, b.From) })
	return list
}

// ParseMinute reads a time of day as people type it, «۷:۳۰» or 14; -1 when it is
// none.
func ParseMinute(text string) int {
	m := minuteShape.FindStringSubmatch(persian.ToASCII(strings.TrimSpace(text)))
	if m == nil {
		return -1
	}
	return minuteOf(m[1], m[2])
}

var minuteShape = regexp.MustCompile(`^([0-9]{1,2})(?:[:.]([0-9]{2}))?$`)

// IntervalsText is the form in which intervals are edited: ParseIntervals reads
// it back.
func IntervalsText(list []Interval) string {
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = v.String()
	}
	return strings.Join(all, ", ")
}
