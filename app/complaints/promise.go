package complaints

import (
	"context"
	"time"

	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Promise is one date that the citizen was given.
type Promise struct {
	At    time.Time // when it was given
	Until time.Time // what was promised
	Cycle int
	Why   string // of an interim report; empty for the class's own time
}

// Promises lists every date the citizen was given, oldest first: the class's
// own at registration and at each later cycle, those that another class or the
// source's date made, and those of the interim reports. It is a pure function of what Wind reads.
func Promises(events []timeline.Event, class *tenants.SLAClass, hours tenants.WorkingTime, settings tenants.Settings, changes ...ClassChange) []Promise {
	var list []Promise
	for i := range events {
		switch e := &events[i]; e.Kind {
		case "complaint.registered", "complaint.reopened":
			until := Wind(events[:i+1], class, hours, settings, changes...).Promised
			list = append(list, Promise{At: e.At, Until: until, Cycle: max(1, e.Cycle)})
		case KindSourceDue, KindReclassified:
			until := Wind(events[:i+1], class, hours, settings, changes...).Promised
			list = moved(list, Promise{At: e.At, Until: until, Cycle: max(1, e.Cycle)})
		case "complaint.interim":
			if e.DueAt != nil {
				list = append(list, Promise{At: e.At, Until: *e.DueAt, Cycle: e.Cycle, Why: e.Text})
			}
		}
	}
	return list
}

// moved adds a promise that the source's date has changed. What is said in one
// breath is one promise.
func moved(list []Promise, p Promise) []Promise {
	switch last := len(list) - 1; {
	case last < 0 || list[last].Until.Equal(p.Until):
		return list
	case list[last].At.Equal(p.At):
		list[last].Until = p.Until
		return list
	}
	return append(list, p)
}

// PromisesOf is Promises for a page that has read the case and its events.
func PromisesOf(ctx context.Context, r tenants.Reader, c *Complaint, events []timeline.Event) ([]Promise, error) {
	class, err := tenants.SLAClassByID(ctx, r, c.SLAClassID)
	if err != nil {
		return nil, err
	}
	hours, err := tenants.WorkingTimeOf(ctx, r)
	if err != nil {
		return nil, err
	}
	changes, err := c.classChanges(ctx, r, events)
	return Promises(events, class, hours, r.Tenant().Settings, changes...), err
}
