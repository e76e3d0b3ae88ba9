package notify

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// about is the unit that the event is about: of a joint referral not always the
// one that has the case.
func (c Case) about() int64 {
	if c.Event.UnitID != nil {
		return *c.Event.UnitID
	}
	return c.UnitID
}

// managers tells everybody who decides where a case is stuck: the PR manager.
func (p *Post) managers(ctx context.Context, db *tenants.DB, cause Cause, c Case, key string, args ...any) (string, error) {
	unit, err := tenants.UnitByID(ctx, db, c.about())
	if err != nil {
		return "", err
	}
	list, err := staff.Able(ctx, db, nil, "complaint:arbitrate")
	if err != nil {
		return "", err
	}
	return p.crew(ctx, db, cause, c, list, p.desk(db, c, key, append(args, "unit", named(unit.NameFA, unit.NameEN))...))
}

// ComplaintStuck tells the PR manager of a case that no clock will wake.
func (p *Post) ComplaintStuck(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.Open() || c.NextClockAt != nil {
		return movedOn, nil
	}
	return p.managers(ctx, db, cause, c, "sms.complaint.stuck")
}

// ComplaintLegalDue tells the PR manager that the definitive written answer is
// due by law soon, or was due.
func (p *Post) ComplaintLegalDue(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.Open() {
		return movedOn, nil
	}
	key := "sms.complaint.legal_near"
	if c.Event.Kind == "complaint.legal_passed" {
		key = "sms.complaint.legal_passed"
	}
	return p.managers(ctx, db, cause, c, key, "date", date(c.LegalDueAt))
}

// ScoreObjected tells the PR manager that a unit objects to a negative score.
func (p *Post) ScoreObjected(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	o, err := complaints.ObjectionOf(ctx, db, c.Event)
	if err != nil {
		return "", err
	}
	if o.Decided() {
		return movedOn, nil
	}
	return p.managers(ctx, db, cause, c, "sms.score.objected")
}

// ScoreDecided tells those in charge of the unit what became of their score.
func (p *Post) ScoreDecided(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	list, err := inCharge(ctx, db, c.about())
	if err != nil {
		return "", err
	}
	key := "sms.score.upheld"
	if c.Event.Kind == "complaint.score_reversed" {
		key = "sms.score.reversed"
	}
	return p.crew(ctx, db, cause, c, list, p.desk(db, c, key))
}
