package tenants

import (
	"time"

	"pasokh/app/persian"
)

// Cut tells whether a closure of a part of the day falls into the time from one
// instant to another of the same day.
func (w WorkingTime) Cut(from, until time.Time) bool {
	local := from.In(persian.Tehran)
	for _, c := range w.cuts[local.Format(time.DateOnly)] {
		start, end := c.on(local)
		if start.Before(until) && end.After(from) {
			return true
		}
	}
	return false
}
