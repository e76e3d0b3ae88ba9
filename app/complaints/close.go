package complaints

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Settle ends a case in triage without a unit: it is outside the remit (the
// text says where to go) or guidance was enough.
func Settle(ctx context.Context, tx *tenants.Tx, id ID, fact Fact, text string) (*timeline.Event, error) {
	if fact != OutsideRemit && fact != GuidanceGiven {
		return nil, fault.Field("fact", "complaint.error.fact")
	}
	return closeAs(ctx, tx, id, fact, text, Registered, Triage)
}

// Close ends a case that cannot be done, with the reason the citizen is told.
// Never by a unit that worked on it (product.md, rule 2).
func Close(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	return closeAs(ctx, tx, id, NotFeasible, reason, Triage, Feedback, SpecialFollowup, AwaitingConfirmation)
}

// Withdraw ends an open case because the citizen takes it back; only the
// citizen can.
func Withdraw(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	if tx.Actor().Kind != tenants.Citizen {
		return nil, fault.New(fault.Forbidden, "complaint.error.citizen_only")
	}
	return closeAs(ctx, tx, id, Withdrawn, reason,
		Registered, Triage, Referred, InProgress, WaitingCitizen, Feedback, SpecialFollowup, AwaitingConfirmation)
}

func closeAs(ctx context.Context, tx *tenants.Tx, id ID, fact Fact, text string, from ...State) (*timeline.Event, error) {
	parent, err := lockParent(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if c.Confidential && fact == NotFeasible { // there is no triage to close it in
		from = append(from, Referred, InProgress, WaitingCitizen)
	}
	// The citizen of a member may take the case back like any other.
	if takenBack := fact == Withdrawn && c.Follows() && c.in(from...); !takenBack {
		if err := c.must(from...); err != nil {
			return nil, err
		}
	}
	if text, err = needText("text", text, "complaint.error.reason"); err != nil {
		return nil, err
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, err
	}
	e, err := finish(ctx, tx, c, fact, text)
	if err != nil || parent == nil {
		return e, err
	}
	return e, parent.hearChild(ctx, tx, c, "child_closed", text)
}

// finish is the one way into Closed: a result, a known fact, no open
// directives and no child that is still waited for (product.md, rules 1 and 4).
// Children that have answered end with their parent.
func finish(ctx context.Context, tx *tenants.Tx, c *Complaint, fact Fact, result string) (*timeline.Event, error) {
	if result == "" || fact == "" {
		return nil, fault.New(fault.Conflict, "complaint.conflict.no_result")
	}
	if err := noDirectives(ctx, tx, c); err != nil {
		return nil, err
	}
	children, err := childrenOf(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	if fact != Withdrawn && fact != EnteredByMistake {
		if err := noneWaited(children); err != nil {
			return nil, err
		}
	}
	if err := endAll(ctx, tx, c); err != nil {
		return nil, err
	}
	lead, err := lastLead(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	now := tx.Now()
	e := c.event("closed", result, true)
	if lead != 0 {
		c.UnitID = lead // whose work it was, no longer who checks it
	}
	c.State, c.Fact, c.Result, c.ClosedAt, c.HolderID = Closed, fact, result, &now, nil
	if e, err = record(ctx, tx, c, e, true); err != nil {
		return nil, err
	}
	return e, c.endChildren(ctx, tx, children)
}
