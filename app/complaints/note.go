package complaints

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Note keeps an internal remark that the citizen never sees.
func Note(ctx context.Context, tx *tenants.Tx, id ID, text string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if text, err = needText("text", text, "complaint.error.text_missing"); err != nil {
		return nil, err
	}
	return record(ctx, tx, c, c.event("noted", text, false), false)
}

// Complete adds what the citizen has to say or show to an open case, by the
// citizen or on the phone; a case that waited for it goes on.
func Complete(ctx context.Context, tx *tenants.Tx, id ID, text string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.Open() {
		return nil, fault.New(fault.Conflict, "complaint.conflict.closed")
	}
	if text, err = needText("text", text, "complaint.error.text_missing"); err != nil {
		return nil, err
	}
	e := c.event("completed", text, true)
	if c.State == WaitingCitizen {
		c.State = InProgress
	}
	return record(ctx, tx, c, e, false)
}
