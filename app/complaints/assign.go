package complaints

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Assign puts the case into the hands of a colleague of the unit that has it:
// in a unit the head does it, in the PR office the manager. Who gets it reads
// of it among the mentions. A referral that nobody has accepted yet stays to be
// accepted, so that its clock goes on.
func Assign(ctx context.Context, tx *tenants.Tx, id ID, to int64) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Registered, Triage, Referred, InProgress, WaitingCitizen); err != nil {
		return nil, err
	}
	if tx.Actor().UnitID != c.UnitID {
		return nil, fault.New(fault.Forbidden, "complaint.error.not_your_unit")
	}
	who, err := colleague(ctx, tx, to, c.UnitID)
	if err != nil {
		return nil, err
	}
	if c.Confidential {
		if err := c.keptBy(ctx, tx, to); err != nil {
			return nil, err
		}
	}
	if c.HolderID != nil && *c.HolderID == to {
		return nil, fault.Field("staff", "complaint.error.has_it")
	}
	e := c.event("assigned", who.NameFA, false)
	e.UnitID = &c.UnitID
	if c.State == Registered {
		c.State = Triage // somebody of the office has it now
	}
	c.HolderID = &who.ID
	if e, err = record(ctx, tx, c, e, false); err != nil {
		return nil, err
	}
	return e, tell(ctx, tx, c, e, []int64{who.ID})
}

// colleague reads an account of the unit that can still sign in.
func colleague(ctx context.Context, r tenants.Reader, id, unit int64) (*staff.Staff, error) {
	who, err := staff.ByID(ctx, r, id)
	if fault.Is(err, fault.NotFound) || err == nil && (who.DisabledAt != nil || who.UnitID == nil || *who.UnitID != unit) {
		return nil, fault.Field("staff", "complaint.error.colleague")
	}
	return who, err
}
