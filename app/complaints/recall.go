package complaints

import (
	"cmp"
	"context"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Recall takes a case back to the triage of the PR office, with a reason: from
// units that have not answered yet, who are told, and whose clocks end; it is no
// refusal, and none is counted. A case that is stuck after the answer, with no
// clock to wake it, only the PR manager takes back; that begins a new cycle.
func Recall(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if watched, err := c.watched(ctx, tx); err != nil || watched {
		return nil, cmp.Or(err, c.must()) // its lead is taken back, or its parent
	}
	if !c.recallable(tx.Actor()) {
		return nil, fault.New(fault.Conflict, "recall.conflict")
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return nil, err
	}
	if err := ownsNone(ctx, tx, c); err != nil {
		return nil, err
	}
	e := c.event("recalled", reason, false)
	from := c.UnitID
	e.UnitID = &from
	if err := c.toTriage(ctx, tx, e); err != nil {
		return nil, err
	}
	return e, tx.Enqueue(ctx, e.Kind, fact{ComplaintID: c.ID, EventID: e.ID})
}

// recallable tells whether the actor may take the case back in its state.
func (c *Complaint) recallable(a tenants.Actor) bool {
	switch {
	case c.Confidential: // it leaves inspection by Lift alone
		return false
	case c.TakenOverBy != nil: // it is given back
		return false
	case c.in(Referred, InProgress, WaitingCitizen):
		return true
	}
	return c.in(Feedback, SpecialFollowup, AwaitingConfirmation) && c.stuck() && a.Arbitrates
}

// stuck tells whether no clock will wake the open case.
func (c *Complaint) stuck() bool { return c.Open() && c.NextClockAt == nil }

// ownsNone is Forbidden for the staff of a unit that has a part in the case:
// a unit sends it back, with a count.
func ownsNone(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	leg, err := legOf(ctx, tx, c, tx.Actor().UnitID)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err == nil && leg.Running():
		return fault.New(fault.Forbidden, "recall.error.own_unit")
	}
	return err
}

// ReferralKinds are the units to which the case can be referred: executing ones,
// and inspection once it is disputed, that is after its first cycle.
func (c *Complaint) ReferralKinds() []tenants.UnitKind {
	if c.Cycle > 1 {
		return []tenants.UnitKind{tenants.UnitExecutive, tenants.UnitInspection}
	}
	return []tenants.UnitKind{tenants.UnitExecutive}
}
