package jobs

import (
	"context"
	"errors"
	"net"
	"time"

	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// class is a class of errors, with how a task that failed so is tried again.
type class struct {
	name  string
	first time.Duration // until the second try
	times int           // how much longer each other wait is
	most  time.Duration // a wait takes
	tries int           // together; 1: no later try can end differently
}

// The classes of errors. A life of a task has sixteen tries at most; whoever
// replays a dead one gives it another life.
var (
	ofPerson   = class{"refused", 0, 1, 0, 1}                                 // invalid, gone, refused by the provider
	ofPanic    = class{"panic", time.Minute, 5, time.Hour, 4}                 // ours to mend
	ofDatabase = class{"database", 2 * time.Second, 2, 2 * time.Minute, life} // comes back by itself, soon
	ofNetwork  = class{"network", 3 * time.Second, 3, 15 * time.Minute, 10}   // comes back by itself
	ofProvider = class{"provider", 15 * time.Second, 4, time.Hour, 8}         // its people mend it
	ofNobody   = class{"unknown", 5 * time.Second, 4, time.Hour, 8}
	ofLease    = class{"unknown", time.Second, 1, time.Second, life} // somebody has it in hand, or had and died
)

const life = tenants.TaskLife

// retryAt is when a task that failed after so many failures is tried again;
// zero when it is given up.
func (c class) retryAt(now time.Time, attempts int) time.Time {
	failed := attempts % life // of this life
	if failed+1 >= c.tries {
		return time.Time{}
	}
	wait := c.first
	for range failed {
		wait = min(wait*time.Duration(c.times), c.most)
	}
	return now.Add(min(wait, c.most))
}

// classOf tells whose fault an error is, as far as it can be told.
func classOf(err error) class {
	var refused *notify.Refused
	var uncertain *notify.Uncertain
	var network net.Error
	switch {
	case errors.As(err, &refused), errors.Is(err, errUnknownKind):
		return ofPerson
	case errors.Is(err, errPanic):
		return ofPanic
	case fault.As(err).Key == notify.InFlight:
		return ofLease
	case tenants.OfDatabase(err):
		return ofDatabase
	case errors.As(err, &uncertain):
		return ofProvider
	case errors.As(err, &network), errors.Is(err, context.DeadlineExceeded):
		return ofNetwork
	}
	switch fault.Of(err) {
	case fault.Invalid, fault.NotFound, fault.Forbidden:
		return ofPerson
	case fault.TooMany:
		return ofProvider
	}
	return ofNobody
}
