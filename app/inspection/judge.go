package inspection

import (
	"context"
	"slices"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// How many working days there are for the hearing, and then for the decision.
const (
	hearDays   = 7
	decideDays = 10
)

// Finding is a violation as it is reported.
type Finding struct {
	UnitID       int64
	StaffID      int64 // 0 when nobody is named
	Kind         string
	Severity     string
	Text         string
	InspectionID int64 // 0, or the visit that showed it
	ComplaintID  int64 // 0, or the case; the caller has judged that it is shown to the actor
}

// ReportViolation opens the file of a violation. Field errors: unit, person,
// kind, severity, text, visit. Nobody reports on the own unit or on themselves.
func ReportViolation(ctx context.Context, tx *tenants.Tx, in Finding) (*Violation, error) {
	if err := in.check(ctx, tx); err != nil {
		return nil, err
	}
	due, err := workingDue(ctx, tx, hearDays)
	if err != nil {
		return nil, err
	}
	v := &Violation{
		ID: tenants.NewID(), UnitID: in.UnitID, StaffID: named(in.StaffID), Kind: in.Kind, Severity: in.Severity, InspectionID: named(in.InspectionID),
		ComplaintID: named(in.ComplaintID), Text: in.Text, State: Reported, ReportedBy: tx.Actor().ID, ReportedAt: tx.Now(), DueAt: due, Version: 1,
	}
	if err := tx.Insert(ctx, v); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, "violation:report", "violation", v.ID, ""); err != nil {
		return nil, err
	}
	return v, tx.Enqueue(ctx, KindOpened, ViolationTold{v.ID})
}

func (in *Finding) check(ctx context.Context, tx *tenants.Tx) error {
	bad, a := fault.Fields{}, tx.Actor()
	var err error
	if in.Text, err = words("text", in.Text); err != nil {
		bad.Add("text", fault.As(err).Fields["text"])
	}
	if !slices.Contains(Kinds(), in.Kind) {
		bad.Add("kind", "violation.error.kind")
	}
	if !slices.Contains(Severities(), in.Severity) {
		bad.Add("severity", "violation.error.severity")
	}
	if _, err := tenants.UnitByID(ctx, tx, in.UnitID); fault.Is(err, fault.NotFound) {
		bad.Add("unit", "inspection.error.unit")
	} else if err != nil {
		return err
	}
	if in.UnitID == a.UnitID {
		bad.Add("unit", "inspection.error.own_unit")
	}
	if in.InspectionID != 0 {
		v, err := ByID(ctx, tx, a, in.InspectionID)
		if err != nil {
			return err
		}
		if v.State != Done || v.UnitID != in.UnitID {
			bad.Add("unit", "violation.error.visit")
		}
	}
	if err := in.checkPerson(ctx, tx, bad); err != nil {
		return err
	}
	return bad.Err()
}

// checkPerson wants the named person to be of the unit, and not the actor.
func (in *Finding) checkPerson(ctx context.Context, tx *tenants.Tx, bad fault.Fields) error {
	if in.StaffID == 0 {
		return nil
	}
	who, err := staff.ByID(ctx, tx, in.StaffID)
	switch {
	case fault.Is(err, fault.NotFound):
		bad.Add("person", "violation.error.person")
	case err != nil:
		return err
	case who.UnitID == nil || *who.UnitID != in.UnitID || who.ID == tx.Actor().ID:
		bad.Add("person", "violation.error.person")
	}
	return nil
}

// Hear puts the person's answer, or that of the unit, into the file; from now on
// the unit sees it.
func Hear(ctx context.Context, tx *tenants.Tx, id int64, answer string) error {
	v, err := lockViolation(ctx, tx, id, Reported)
	if err != nil {
		return err
	}
	if v.Hearing, err = words("hearing", answer); err != nil {
		return err
	}
	if v.DueAt, err = workingDue(ctx, tx, decideDays); err != nil {
		return err
	}
	now, who := tx.Now(), tx.Actor().ID
	v.State, v.HeardAt, v.HeardBy = Heard, &now, &who
	if err := v.write(ctx, tx, "hear", "hearing", "due_at", "state", "heard_at", "heard_by"); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindHeard, ViolationTold{v.ID})
}

// Decide upholds or dismisses a violation with the measure taken, or the reason.
// Whoever reported it does not decide where somebody else inspects. Upheld, it
// costs the unit points.
func Decide(ctx context.Context, tx *tenants.Tx, id int64, decision, measure string) error {
	v, err := lockViolation(ctx, tx, id, Heard)
	if err != nil {
		return err
	}
	if !slices.Contains([]string{Upheld, Dismissed}, decision) {
		return fault.Field("decision", "violation.error.decision")
	}
	if v.Measure, err = words("measure", measure); err != nil {
		return err
	}
	if err := v.independent(ctx, tx); err != nil {
		return err
	}
	now, who := tx.Now(), tx.Actor().ID
	v.State, v.Decision, v.DecidedAt, v.DecidedBy = Decided, decision, &now, &who
	if err := v.write(ctx, tx, "decide", "measure", "state", "decision", "decided_at", "decided_by"); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, KindDecided, ViolationTold{v.ID}); err != nil || decision == Dismissed {
		return err
	}
	return tx.Insert(ctx, &Cost{ID: tenants.NewID(), UnitID: v.UnitID, ViolationID: v.ID, Points: -Points(v.Severity), RuleVersion: RuleVersion, At: now})
}

func (v *Violation) independent(ctx context.Context, tx *tenants.Tx) error {
	a := tx.Actor()
	if v.StaffID != nil && *v.StaffID == a.ID || v.UnitID == a.UnitID {
		return fault.New(fault.Forbidden, "violation.error.own")
	}
	if v.ReportedBy != a.ID {
		return nil
	}
	able, err := Inspectors(ctx, tx)
	if err == nil && len(able) > 1 {
		return fault.New(fault.Conflict, "violation.conflict.own_report")
	}
	return err
}

// Overturn takes an upheld decision back with a reason: a reversing line gives
// the points back.
func Overturn(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	v, err := lockViolation(ctx, tx, id, Decided)
	if err != nil {
		return err
	}
	if v.Decision != Upheld || v.OverturnedAt != nil {
		return fault.New(fault.Conflict, "violation.conflict.state")
	}
	if v.OverturnReason, err = words("reason", reason); err != nil {
		return err
	}
	costs, err := CostsOf(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	now, who := tx.Now(), tx.Actor().ID
	v.OverturnedAt, v.OverturnedBy = &now, &who
	if err := v.write(ctx, tx, "overturn", "overturn_reason", "overturned_at", "overturned_by"); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, KindDecided, ViolationTold{v.ID}); err != nil {
		return err
	}
	back := costs[0]
	back.ID, back.Points, back.ReversesID, back.Reason, back.At = tenants.NewID(), -costs[0].Points, &costs[0].ID, v.OverturnReason, now
	return tx.Insert(ctx, &back)
}

func (v *Violation) write(ctx context.Context, tx *tenants.Tx, act string, columns ...string) error {
	v.Version++
	if err := tx.Update(ctx, v, append(columns, "version")...); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "violation:"+act, "violation", v.ID, "")
}
