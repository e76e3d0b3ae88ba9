package complaints

import (
	"context"

	"pasokh/app/timeline"
	"pasokh/tenants"
)

// turn keeps the task of the next person in step with the state, whichever
// command changed it: a case that comes to the feedback stage is to be called,
// one that leaves it is not; what was asked is asked only while the case waits.
func (c *Complaint) turn(ctx context.Context, tx *tenants.Tx, e *timeline.Event) error {
	if c.State != WaitingCitizen {
		c.Asked, c.AskedUntil = "", nil
		if State(e.FromState) == WaitingCitizen {
			return tx.Unschedule(ctx, "no longer asked", c.reminderRef(), c.goOnRef())
		}
	}
	switch {
	case c.State != Feedback:
		c.CallAt = nil
	case State(e.FromState) != Feedback && !c.Anonymous():
		hours, err := tenants.WorkingTimeOf(ctx, tx)
		if err != nil {
			return err
		}
		at := firstCall(hours, tx.Now())
		c.CallAt = &at
	}
	return nil
}
