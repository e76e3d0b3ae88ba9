package complaints

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// MayTakeOver is the permission to take disputed cases over from units.
const MayTakeOver = "complaint:take_over"

// KindTakenOver is the fact that a case was taken over from a unit,
// KindGivenBack that it was given back.
const (
	KindTakenOver = "complaint.taken_over"
	KindGivenBack = "complaint.given_back"
)

// Takeover says that an office above the units answers a disputed case in the
// place of the unit that leads it.
type Takeover struct {
	tenants.BaseModel `bun:"table:takeovers,alias:takeover"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	Cycle       int
	UnitID      int64 // from whom
	OfficeID    int64
	StaffID     int64
	Reason      string
	At          time.Time
	EndedAt     *time.Time
	EndedBy     *int64
	Ending      string // decided, given_back, moved_on, or empty
	Outcome     string // of Outcomes, when it was decided
	EndingNote  string
}

// TakeoverOutcomes lists how a dispute can be decided.
func TakeoverOutcomes() []string {
	return []string{"citizen_right", "partly_right", "unit_right", "agreement"}
}

// Takeovers lists those of a case, the oldest first.
func Takeovers(ctx context.Context, r tenants.Reader, id ID) ([]Takeover, error) {
	var list []Takeover
	return list, tenants.Err(r.Select(&list).Where("takeover.complaint_id = ?", id).Order("takeover.id").Limit(50).Scan(ctx))
}

// TakeOver puts a disputed case into the hands of the actor's office, the PR
// office or inspection, with a reason that the unit reads: the clocks go on, the
// unit keeps what it wrote and sees the case, and answers it no more.
func TakeOver(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := lockSeen(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Referred, InProgress, WaitingCitizen); err != nil {
		return nil, err
	}
	legs, err := runningLegs(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	if !c.takeable(legs, tx.Actor()) {
		return nil, fault.New(fault.Conflict, "takeover.conflict.not_now")
	}
	office, err := tenants.UnitByID(ctx, tx, tx.Actor().UnitID)
	if err != nil {
		return nil, err
	}
	if office.Kind != tenants.UnitPROffice && office.Kind != tenants.UnitInspection {
		return nil, fault.New(fault.Forbidden, "takeover.error.office")
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return nil, err
	}
	row := &Takeover{
		ID: tenants.NewID(), ComplaintID: c.ID, Cycle: c.Cycle, UnitID: legs[0].UnitID, OfficeID: office.ID, StaffID: tx.Actor().ID, Reason: reason, At: tx.Now(),
	}
	if err := tx.Insert(ctx, row); err != nil {
		return nil, second(err)
	}
	if legs[0].State = "taken"; c.State == Referred {
		if err := tx.Update(ctx, &legs[0], "state"); err != nil {
			return nil, err
		}
	}
	e := c.event("taken_over", reason, false)
	e.UnitID = &office.ID
	c.UnitID, c.HolderID, c.TakenOverBy = office.ID, actorID(tx), &office.ID
	if c.State == Referred {
		c.State = InProgress
	}
	return record(ctx, tx, c, e, true)
}

// Mediate answers a case that was taken over, with how the dispute came out. The
// unit's part ends without an answer of its own; the citizen is asked as ever,
// by nobody of the office.
func Mediate(ctx context.Context, tx *tenants.Tx, id ID, outcome, text string) (*timeline.Event, error) {
	c, row, err := lockTaken(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(InProgress, WaitingCitizen); err != nil {
		return nil, err
	}
	bad := fault.Fields{}
	if !slices.Contains(TakeoverOutcomes(), outcome) {
		bad.Add("outcome", "takeover.error.outcome")
	}
	if text, err = needText("text", text, "complaint.error.text_missing"); err != nil {
		bad.Add("text", "complaint.error.text_missing")
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	if err := noOthers(ctx, tx, c); err != nil {
		return nil, err
	}
	if err := endAll(ctx, tx, c); err != nil {
		return nil, err
	}
	row.Outcome = outcome
	if err := row.end(ctx, tx, "decided", ""); err != nil {
		return nil, err
	}
	c.TakenOverBy = nil
	return answered(ctx, tx, c, row.OfficeID, text)
}

// GiveBack returns a case that was taken over to its unit, with what is to be
// done; its clock has gone on.
func GiveBack(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, row, err := lockTaken(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(InProgress, WaitingCitizen); err != nil {
		return nil, err
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return nil, err
	}
	if err := row.end(ctx, tx, "given_back", reason); err != nil {
		return nil, err
	}
	e := c.event("given_back", reason, false)
	e.UnitID = &row.UnitID
	c.UnitID, c.HolderID, c.TakenOverBy = row.UnitID, nil, nil
	return record(ctx, tx, c, e, true)
}

// lockTaken locks a case that the actor's office has taken over.
func lockTaken(ctx context.Context, tx *tenants.Tx, id ID) (*Complaint, *Takeover, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	if c.TakenOverBy == nil {
		return nil, nil, fault.New(fault.Conflict, "takeover.conflict.not_taken")
	}
	if *c.TakenOverBy != tx.Actor().UnitID {
		return nil, nil, fault.New(fault.Forbidden, "complaint.error.not_your_unit")
	}
	row, err := c.takeover(ctx, tx)
	return c, row, err
}

// takeover reads the one that runs.
func (c *Complaint) takeover(ctx context.Context, tx *tenants.Tx) (*Takeover, error) {
	row := new(Takeover)
	return row, tx.Lock(ctx, row, "takeover.complaint_id = ? AND takeover.ended_at IS NULL", c.ID)
}

func (t *Takeover) end(ctx context.Context, tx *tenants.Tx, ending, note string) error {
	now := tx.Now()
	t.EndedAt, t.Ending, t.EndingNote = &now, ending, note
	if tx.Actor().Kind == tenants.Staff {
		t.EndedBy = actorID(tx)
	}
	return tx.Update(ctx, t, "ended_at", "ended_by", "ending", "outcome", "ending_note")
}

// leaveOffice ends the takeover of a case that has gone elsewhere: it was
// closed, withdrawn, merged, made confidential or handed on.
func (c *Complaint) leaveOffice(ctx context.Context, tx *tenants.Tx) error {
	if c.TakenOverBy == nil || c.in(Referred, InProgress, WaitingCitizen) && c.LeadID == nil && !c.Confidential && c.UnitID == *c.TakenOverBy {
		return nil
	}
	row, err := c.takeover(ctx, tx)
	if err != nil {
		return err
	}
	c.TakenOverBy = nil
	return row.end(ctx, tx, "moved_on", "")
}

// takeable tells whether the actor's office may take the case over from the unit
// that leads it: nobody takes over from themselves, and confidential cases and
// parts of others are not for this.
func (c *Complaint) takeable(legs []Referral, a tenants.Actor) bool {
	if c.Confidential || c.Rests() || c.ParentID != nil || c.TakenOverBy != nil || !c.in(Referred, InProgress, WaitingCitizen) {
		return false
	}
	lead := slices.IndexFunc(legs, func(l Referral) bool { return l.Lead && l.Running() })
	own := slices.ContainsFunc(legs, func(l Referral) bool { return l.UnitID == a.UnitID })
	return lead >= 0 && !own
}

// officeActions are what can be done with a case that was taken over: all by the
// office; a unit with a part of its own goes on with that.
func (c *Complaint) officeActions(own *Referral, a tenants.Actor) []Action {
	if *c.TakenOverBy == a.UnitID {
		if c.State == WaitingCitizen {
			return []Action{ActDecide, ActAssign, ActGiveBack}
		}
		return []Action{ActDecide, ActReport, ActAsk, ActAssign, ActGiveBack}
	}
	if own != nil && !own.Lead {
		return c.unitActions(own, 0)
	}
	return nil
}

// facingLeg is the lead leg for whoever writes to the citizen: the lead unit, or
// the office that took the case over.
func facingLeg(ctx context.Context, tx *tenants.Tx, c *Complaint) (*Referral, error) {
	if c.TakenOverBy == nil || *c.TakenOverBy != tx.Actor().UnitID {
		return leadLeg(ctx, tx, c)
	}
	legs, err := runningLegs(ctx, tx, c)
	if err == nil && (len(legs) == 0 || !legs[0].Lead) {
		err = fault.New(fault.Conflict, "complaint.conflict.state")
	}
	if err != nil {
		return nil, err
	}
	return &legs[0], nil
}

// notDecidedBy is Forbidden for the office that decided the case: nobody judges
// their own work.
func (c *Complaint) notDecidedBy(ctx context.Context, r tenants.Reader, unit int64) error {
	own, err := r.Select((*Takeover)(nil)).
		Where("takeover.complaint_id = ? AND takeover.office_id = ? AND takeover.cycle = ? AND takeover.ending = 'decided'", c.ID, unit, c.Cycle).Exists(ctx)
	if err == nil && own {
		return fault.New(fault.Forbidden, "complaint.error.own_work")
	}
	return tenants.Err(err)
}
