package quality

import (
	"pasokh/app/persian"
	"pasokh/tenants"
)

// history is what was counted of one subject.
type history struct {
	hours tenants.WorkingTime
	known map[string]bool // the days that were counted at all
	n     map[string]int
}

func (h *history) closed(d persian.Date) bool { return h.hours.Closed(d.Time(12, 0, persian.Tehran)) }

// heldBack counts the days in a row before one that are closed and were open
// the week before: holidays, not the weekend.
func (h *history) heldBack(d persian.Date) int {
	n := 0
	for back := 1; back <= 14 && h.closed(d.AddDays(-back)); back++ {
		if !h.closed(d.AddDays(-back - 7)) {
			n++
		}
	}
	return n
}

// usual is the baseline of a day: the same weekday of the weeks before, as far
// as the office was open or closed on it alike. The first open day after
// holidays is measured against as many days more, for people bring then what
// they kept back.
func (h *history) usual(d persian.Date) Baseline {
	var list []int
	for week := 1; week <= baselineWeeks; week++ {
		at := d.AddDays(-7 * week)
		if !h.known[dayText(at)] || h.closed(at) != h.closed(d) {
			continue
		}
		list = append(list, h.n[dayText(at)])
	}
	b := BaselineOf(list)
	if h.closed(d) || b.Days == 0 {
		return b
	}
	return b.times(1 + h.heldBack(d))
}

// shownDays is how far the chart of a rise goes back.
const shownDays = 28

// series is the last four weeks beside what was usual for each of their days.
func (h *history) series(today persian.Date) (s Series) {
	for back := shownDays - 1; back >= 0; back-- {
		d := today.AddDays(-back)
		s.Days = append(s.Days, dayText(d))
		s.Observed = append(s.Observed, h.n[dayText(d)])
		s.Usual = append(s.Usual, int(h.usual(d).Median+0.5))
	}
	return s
}
