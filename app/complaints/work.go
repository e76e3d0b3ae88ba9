package complaints

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Take puts the case into the hands of the actor: in the PR office it begins
// the triage, in the unit it acknowledges the referral.
func Take(ctx context.Context, tx *tenants.Tx, id ID) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if c.in(Registered, Triage) {
		return takeInOffice(ctx, tx, c)
	}
	if err := c.must(Referred, InProgress, WaitingCitizen); err != nil {
		return nil, err
	}
	leg, err := ownLeg(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	if leg.State = "taken"; leg.Lead {
		e := c.event("taken", "", true)
		e.UnitID = &leg.UnitID
		if c.State == Referred {
			c.State = InProgress
		}
		c.HolderID = actorID(tx)
		if err := tx.Update(ctx, leg, "state"); err != nil {
			return nil, err
		}
		return record(ctx, tx, c, e, false)
	}
	if err := tx.Update(ctx, leg, "state"); err != nil {
		return nil, err
	}
	e := c.event("leg_taken", "", false)
	e.UnitID = &leg.UnitID
	return record(ctx, tx, c, e, false)
}

func takeInOffice(ctx context.Context, tx *tenants.Tx, c *Complaint) (*timeline.Event, error) {
	if tx.Actor().UnitID != c.UnitID {
		return nil, fault.New(fault.Forbidden, "complaint.error.not_your_unit")
	}
	e := c.event("taken", "", c.State == Registered)
	c.State, c.HolderID = Triage, actorID(tx)
	return record(ctx, tx, c, e, false)
}

func actorID(tx *tenants.Tx) *int64 {
	id := tx.Actor().ID
	return &id
}

// Return refuses a referral with a reason: the case goes back to the PR
// office, so that it always has an owner, and the refusal is counted.
func Return(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Referred, InProgress); err != nil {
		return nil, err
	}
	if c.Confidential { // it leaves inspection by Lift alone
		return nil, fault.New(fault.Conflict, "confidential.conflict.return")
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return nil, err
	}
	leg, err := leadLeg(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	if err := leg.end(ctx, tx, "returned"); err != nil {
		return nil, err
	}
	if err := endAll(ctx, tx, c); err != nil {
		return nil, err
	}
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	e := c.event("returned", reason, false)
	e.UnitID = &leg.UnitID
	c.State, c.UnitID, c.HolderID = Triage, office.ID, nil
	c.Bounces++
	return record(ctx, tx, c, e, false)
}

// Ask tells the citizen what is missing; the unit's clock pauses, up to the
// class's cap, the citizen's does not. A reminder comes before the cap ends;
// then the work goes on without the answer (GoOn).
func Ask(ctx context.Context, tx *tenants.Tx, id ID, text string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(InProgress); err != nil {
		return nil, err
	}
	if err := c.facesCitizen(); err != nil {
		return nil, err
	}
	if text, err = needText("text", text, "complaint.error.text_missing"); err != nil {
		return nil, err
	}
	if _, err := facingLeg(ctx, tx, c); err != nil {
		return nil, err
	}
	e := c.event("asked", text, true)
	c.State, c.Asked = WaitingCitizen, text
	if e, err = record(ctx, tx, c, e, true); err != nil {
		return nil, err
	}
	return e, c.remindLater(ctx, tx, e)
}

// Report sends the citizen an interim report with a new promised date: it
// satisfies the running window and sets the next, at most as often as the
// class allows in one cycle.
func Report(ctx context.Context, tx *tenants.Tx, id ID, text string, promised time.Time) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(InProgress); err != nil {
		return nil, err
	}
	if err := c.facesCitizen(); err != nil {
		return nil, err
	}
	if _, err := facingLeg(ctx, tx, c); err != nil {
		return nil, err
	}
	class, err := tenants.SLAClassByID(ctx, tx, c.SLAClassID)
	if err != nil {
		return nil, err
	}
	if c.Interims >= class.InterimLimit {
		return nil, fault.New(fault.Forbidden, "complaint.error.interim_limit", "n", class.InterimLimit)
	}
	wrong := fault.Fields{}
	if text = persian.Clean(text); text == "" {
		wrong.Add("text", "complaint.error.text_missing")
	}
	if !promised.After(tx.Now()) {
		wrong.Add("promised", "complaint.error.due_past")
	}
	if promised.After(tx.Now().AddDate(1, 0, 0)) {
		wrong.Add("promised", "complaint.error.due_far")
	}
	if by := c.ExternalDueAt; by != nil && by.After(tx.Now()) && promised.After(*by) {
		wrong.Add("promised", "paper.error.after_source")
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	e := c.event("interim", text, true)
	e.DueAt = &promised
	c.Interims++
	return record(ctx, tx, c, e, true)
}

// Answer ends the actor's unit's part. A part's answer goes to the lead; the
// lead's goes to the citizen and to the feedback unit, and waits for the other
// legs and for open directives (product.md, rule 4).
func Answer(ctx context.Context, tx *tenants.Tx, id ID, text string) (*timeline.Event, error) {
	parent, err := lockParent(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(InProgress, WaitingCitizen); err != nil {
		return nil, err
	}
	if text, err = needText("text", text, "complaint.error.text_missing"); err != nil {
		return nil, err
	}
	leg, err := ownLeg(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	leg.Answer = text
	if !leg.Lead {
		if err := leg.end(ctx, tx, "answered"); err != nil {
			return nil, err
		}
		e := c.event("leg_answered", text, false)
		e.UnitID = &leg.UnitID
		return record(ctx, tx, c, e, false)
	}
	if err := noOthers(ctx, tx, c); err != nil {
		return nil, err
	}
	if err := leg.end(ctx, tx, "answered"); err != nil {
		return nil, err
	}
	if parent != nil {
		return answerParent(ctx, tx, c, parent, leg)
	}
	return answered(ctx, tx, c, leg.UnitID, text)
}

// answered hands the case with its answer, given by a unit, to the feedback unit.
func answered(ctx context.Context, tx *tenants.Tx, c *Complaint, unit int64, text string) (*timeline.Event, error) {
	feedback, err := tenants.UnitOfKind(ctx, tx, tenants.UnitFeedback)
	if err != nil {
		return nil, err
	}
	e := c.event("answered", text, true)
	e.UnitID = &unit
	c.State, c.HolderID, c.Result = Feedback, nil, text
	if !c.Confidential { // else inspection hears the citizen itself
		c.UnitID = feedback.ID
	}
	return record(ctx, tx, c, e, true)
}

// noOthers is a Conflict while other legs or directives of the case are open.
func noOthers(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	legs, err := runningLegs(ctx, tx, c)
	if err != nil {
		return err
	}
	if len(legs) > 1 {
		return fault.New(fault.Conflict, "complaint.conflict.open_legs")
	}
	children, err := childrenOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if err := noneWaited(children); err != nil {
		return err
	}
	return noDirectives(ctx, tx, c)
}

func noDirectives(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	open, err := directives.Open(ctx, tx, "complaint", c.ID)
	if err == nil && open > 0 {
		return fault.New(fault.Conflict, "complaint.conflict.open_directives")
	}
	return err
}

// needText normalises a text that must not be empty.
func needText(field, text, key string) (string, error) {
	if text = persian.Clean(text); text == "" {
		return "", fault.Field(field, key)
	}
	return text, nil
}
