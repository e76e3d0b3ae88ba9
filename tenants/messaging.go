package tenants

import (
	"time"

	"pasokh/app/persian"
)

// Messaging are the courtesies of an organization: minutes of the day from and
// until which citizens are left alone. Both zero is the usual 21:00 to 8:00;
// both the same otherwise is never.
type Messaging struct {
	QuietFrom  int `json:"quiet_from" yaml:"quiet_from"`
	QuietUntil int `json:"quiet_until" yaml:"quiet_until"`
}

// The usual quiet hours.
const (
	usualQuietFrom  = 21 * 60
	usualQuietUntil = 8 * 60
)

// Quiet gives the quiet hours; any is false when there are none.
func (m Messaging) Quiet() (from, until int, any bool) {
	if m == (Messaging{}) {
		return usualQuietFrom, usualQuietUntil, true
	}
	return m.QuietFrom, m.QuietUntil, m.QuietFrom != m.QuietUntil
}

// Next is the first moment of working time from at on; at itself when the
// calendar has no working time any more.
func (w WorkingTime) Next(at time.Time) time.Time {
	if w.open {
		return at
	}
	for i, local := 0, at.In(persian.Tehran); i < lookAhead; i, local = i+1, nextDay(local) {
		for _, span := range w.day(local) {
			start, end := span.on(local)
			switch {
			case !at.Before(end):
			case at.Before(start):
				return start.In(at.Location())
			default:
				return at
			}
		}
	}
	return at
}

// NextDay is the beginning of the next working day after at: today's, when
// that is still to come.
func (w WorkingTime) NextDay(at time.Time) time.Time {
	for i, local := 0, at.In(persian.Tehran); i < lookAhead; i, local = i+1, nextDay(local) {
		if spans := w.day(local); len(spans) > 0 {
			if start, _ := spans[0].on(local); start.After(at) {
				return start.In(at.Location())
			}
		}
	}
	return at
}
