package complaints

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Note keeps an internal remark that the citizen never sees. Colleagues whom it
// names (@user) find it among their mentions.
func Note(ctx context.Context, tx *tenants.Tx, id ID, text string) (*timeline.Event, error) {
	c, err := lockSeen(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if text, err = needText("text", text, "complaint.error.text_missing"); err != nil {
		return nil, err
	}
	called, err := mentioned(ctx, tx, c, text)
	if err != nil {
		return nil, err
	}
	e, err := record(ctx, tx, c, c.event("noted", text, false), false)
	if err != nil {
		return nil, err
	}
	return e, tell(ctx, tx, c, e, called)
}

// Complete adds what the citizen has to say or show to an open case, by the
// citizen or on the phone; a case that waited for it goes on. What is added to a
// member of a cluster is read with its lead, where the work is.
func Complete(ctx context.Context, tx *tenants.Tx, id ID, text string) (*timeline.Event, error) {
	lead, err := lockLead(ctx, tx, id)
	if err != nil {
		return nil, err
	}
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
	waited := c.State == WaitingCitizen
	if waited {
		c.State = InProgress
	}
	e, err = record(ctx, tx, c, e, waited) // the unit that waited is told
	if err != nil || lead == nil || !c.Follows() || *c.LeadID != lead.ID {
		return e, err
	}
	heard := lead.event("member_completed", text, false)
	heard.RefID = &c.ID
	_, err = record(ctx, tx, lead, heard, false)
	return e, err
}
