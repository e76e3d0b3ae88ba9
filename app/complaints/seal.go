package complaints

import (
	"context"
	"strconv"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Seal makes a case confidential, with a reason: from then on inspection alone
// has and sees it. The PR manager does it in triage, an inspector with any open
// case. A case with open directives waits for them, because their units know.
func Seal(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := lockSeen(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if c.Confidential || !c.sealable(tx.Actor()) {
		return nil, fault.New(fault.Conflict, "complaint.conflict.state")
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return nil, err
	}
	if err := noDirectives(ctx, tx, c); err != nil {
		return nil, err
	}
	if err := c.untied(ctx, tx); err != nil {
		return nil, err
	}
	e := c.event("sealed", reason, false)
	c.Confidential, c.RouteWhy = true, ""
	if err := c.keyed(ctx, tx); err != nil {
		return nil, err
	}
	if err := c.toTriage(ctx, tx, e); err != nil {
		return nil, err
	}
	_, err = toKeeper(ctx, tx, c)
	return e, err
}

// sealable tells whether the actor may make the case confidential now.
func (c *Complaint) sealable(a tenants.Actor) bool {
	return c.Open() && (a.Inspects || c.in(Registered, Triage))
}

// Lift undoes what was confidential by mistake, with a reason: the case goes
// back to the triage of the PR office, and everybody there reads all of it.
func Lift(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := secret(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return nil, err
	}
	e := c.event("lifted", reason, false)
	c.Confidential = false
	if err := c.keyed(ctx, tx); err != nil {
		return nil, err
	}
	if _, err := tx.Delete(ctx, (*Named)(nil), "complaint_id = ?", c.ID); err != nil {
		return nil, fault.Wrap(err, "complaints.Lift")
	}
	return e, c.toTriage(ctx, tx, e)
}

// secret loads an open confidential case that the actor is shown.
func secret(ctx context.Context, tx *tenants.Tx, id ID) (*Complaint, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.Confidential || !c.Open() {
		return nil, fault.New(fault.Conflict, "complaint.conflict.state")
	}
	return c, nil
}

// keyed writes the search key anew, as the case's class wants it.
func (c *Complaint) keyed(ctx context.Context, r tenants.Reader) (err error) {
	var citizen *citizens.Citizen
	if !c.Anonymous() {
		if citizen, err = citizens.ByID(ctx, r, *c.CitizenID); err != nil {
			return err
		}
	}
	c.SearchKey = c.searchKey(r, citizen)
	return nil
}

// toTriage records the event that takes an open case from wherever it is to the
// PR office. What follows a verdict on the work is a cycle of its own; a member
// of a cluster leaves it.
func (c *Complaint) toTriage(ctx context.Context, tx *tenants.Tx, e *timeline.Event) error {
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return err
	}
	if err := endAll(ctx, tx, c); err != nil {
		return err
	}
	judged := c.in(Feedback, SpecialFollowup, AwaitingConfirmation)
	led := c.LeadID
	c.State, c.UnitID, c.HolderID, c.LeadID = Triage, office.ID, nil, nil
	if _, err := record(ctx, tx, c, e, false); err != nil || !judged {
		return err
	}
	again := c.event("reopened", "", false)
	again.RefID = led
	c.Cycle++
	c.Interims, c.Result = 0, ""
	_, err = record(ctx, tx, c, again, false)
	return err
}

// toKeeper refers a confidential case to inspection; to the PR office where
// nobody inspects, so that it is never nobody's (product.md, rule 3).
func toKeeper(ctx context.Context, tx *tenants.Tx, c *Complaint) (*timeline.Event, error) {
	unit, err := c.keeper(ctx, tx)
	if err != nil {
		return nil, err
	}
	return refer(ctx, tx, c, Order{UnitID: unit})
}

func (c *Complaint) keeper(ctx context.Context, r tenants.Reader) (int64, error) {
	unit, err := tenants.UnitOfKind(ctx, r, tenants.UnitInspection)
	if err == nil {
		able, err := c.keepersIn(ctx, r, unit.ID)
		if err != nil || len(able) > 0 {
			return unit.ID, err
		}
	} else if !fault.Is(err, fault.NotFound) {
		return 0, err
	}
	office, err := tenants.UnitOfKind(ctx, r, tenants.UnitPROffice)
	return office.ID, err
}

// rehouse moves a confidential case that nobody answers for any more, because
// accounts were closed or named, to who can; and tells whether it did.
func rehouse(ctx context.Context, tx *tenants.Tx, c *Complaint) (bool, error) {
	if !c.Confidential {
		return false, nil
	}
	able, err := Keepers(ctx, tx, c)
	if err != nil || len(able) > 0 {
		return false, err
	}
	unit, err := c.keeper(ctx, tx)
	if err != nil || unit == c.UnitID {
		return false, err
	}
	if err := c.toTriage(ctx, tx, c.event("rehoused", "", false)); err != nil {
		return false, err
	}
	_, err = refer(ctx, tx, c, Order{UnitID: unit})
	return true, err
}

// Name says whom a confidential case is about; that account is not shown the
// case from then on. Somebody who can see it must be left. Staff 0 takes back
// all that were named.
func Name(ctx context.Context, tx *tenants.Tx, id ID, staffID int64) (*timeline.Event, error) {
	c, err := secret(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	kind := "named"
	if staffID == 0 {
		kind = "unnamed"
		_, err = tx.Delete(ctx, (*Named)(nil), "complaint_id = ?", c.ID)
	} else {
		err = c.name(ctx, tx, staffID)
	}
	if err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, "complaint."+kind, "complaint", c.ID, "staff "+strconv.FormatInt(staffID, 10)); err != nil {
		return nil, err
	}
	e, err := record(ctx, tx, c, c.event(kind, "", false), false)
	if err != nil {
		return nil, err
	}
	_, err = rehouse(ctx, tx, c)
	return e, err
}

func (c *Complaint) name(ctx context.Context, tx *tenants.Tx, staffID int64) error {
	if _, err := staff.ByID(ctx, tx, staffID); fault.Is(err, fault.NotFound) {
		return fault.Field("staff", "confidential.error.staff")
	} else if err != nil {
		return err
	}
	_, err := tx.InsertNew(ctx, &Named{ComplaintID: c.ID, StaffID: staffID, NamedBy: tx.Actor().ID, NamedAt: tx.Now()})
	if err != nil {
		return fault.Wrap(err, "complaints.Name")
	}
	unit, err := c.keeper(ctx, tx)
	if err != nil {
		return err
	}
	left, err := c.keepersIn(ctx, tx, unit)
	if err == nil && len(left) == 0 {
		return fault.Field("staff", "confidential.error.nobody_left")
	}
	if c.HolderID != nil && *c.HolderID == staffID {
		c.HolderID = nil
	}
	return err
}

// Reveal shows the actor who stands behind a confidential case, for IdentityFor.
// The reason stays in the timeline and the audit.
func Reveal(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.Confidential || c.Anonymous() {
		return nil, fault.New(fault.Conflict, "complaint.conflict.state")
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return nil, err
	}
	return record(ctx, tx, c, c.event("identity_shown", reason, false), false)
}

// anotherPerson is a Conflict when the actor wrote the answer that is judged
// now, unless nobody else could: inspection checks its own work, but by two
// persons where there are two (product.md, rule 2).
func (c *Complaint) anotherPerson(ctx context.Context, tx *tenants.Tx) error {
	if !c.in(Feedback, SpecialFollowup, AwaitingConfirmation) {
		return nil
	}
	own, err := tx.Select((*timeline.Event)(nil)).
		Where("event.subject_kind = 'complaint' AND event.subject_id = ? AND event.kind = 'complaint.answered'", c.ID).
		Where("event.cycle = ? AND event.actor_id = ?", c.Cycle, tx.Actor().ID).Exists(ctx)
	if err != nil || !own {
		return fault.Wrap(tenants.Err(err), "complaints.anotherPerson")
	}
	able, err := Keepers(ctx, tx, c)
	if err == nil && len(able) > 1 {
		return fault.New(fault.Conflict, "confidential.conflict.own_answer")
	}
	return err
}
