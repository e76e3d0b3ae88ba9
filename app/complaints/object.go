package complaints

import (
	"context"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// KindObjected is the outbox kind of a citizen's objection to a closure.
const KindObjected = "complaint.objected"

// ObjectUntil is the end of the time in which the citizen may object to the
// closure: the organization's setting, counted from it. Zero when the case is
// open, or was ended by the citizen or to be worked on somewhere else.
func (c *Complaint) ObjectUntil(s tenants.Settings) time.Time {
	if c.Open() || c.ClosedAt == nil || c.ParentID != nil {
		return time.Time{}
	}
	switch c.Fact {
	case Withdrawn, Transferred, EnteredByMistake:
		return time.Time{}
	}
	return c.ClosedAt.AddDate(0, 0, s.ObjectionDays)
}

// MayObject tells whether the citizen may object to the closure now.
func (c *Complaint) MayObject(s tenants.Settings, now time.Time) bool {
	return now.Before(c.ObjectUntil(s))
}

// Object is the citizen's "this is not settled" about a closed case: it comes
// back to the PR office in a new cycle, with clocks of its own. Each closure is
// objected to once, because the objection undoes it.
func Object(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	if tx.Actor().Kind != tenants.Citizen {
		return nil, fault.New(fault.Forbidden, "case.error.objection_citizen")
	}
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Closed); err != nil {
		return nil, err
	}
	s := tx.Tenant().Settings
	if !c.MayObject(s, tx.Now()) {
		return nil, fault.New(fault.Conflict, "case.conflict.objection", "n", s.ObjectionDays)
	}
	if reason, err = needText("reason", reason, "case.error.objection"); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(reason) > MaxText {
		return nil, fault.Field("reason", "complaint.error.text_long")
	}
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	e, err := record(ctx, tx, c, c.event("objected", reason, true), false)
	if err != nil {
		return nil, err
	}
	again := c.event("reopened", "", false)
	again.RefID, c.LeadID = c.LeadID, nil // a member of a cluster leaves it
	c.Cycle++
	c.State, c.UnitID, c.HolderID = Triage, office.ID, nil
	c.Fact, c.Result, c.Outcome, c.ClosedAt, c.Interims = "", "", "", nil, 0
	if _, err := record(ctx, tx, c, again, false); err != nil {
		return nil, err
	}
	if c.Confidential {
		_, err := toKeeper(ctx, tx, c)
		return e, err
	}
	return e, tx.Enqueue(ctx, KindObjected, fact{ComplaintID: c.ID, EventID: e.ID})
}
