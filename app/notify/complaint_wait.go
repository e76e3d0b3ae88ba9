package notify

import (
	"context"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// ComplaintAskReminder reminds the citizen of what is still missing.
func (p *Post) ComplaintAskReminder(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if c.State != complaints.WaitingCitizen || c.AskedUntil == nil {
		return movedOn, nil
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.ask_reminder", "date", date(*c.AskedUntil))
}

// ComplaintCompleted tells those who waited that the citizen has answered.
func (p *Post) ComplaintCompleted(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	return p.worker(ctx, db, cause, c, "sms.complaint.completed")
}

// ComplaintWentOn tells those who waited that they wait no longer.
func (p *Post) ComplaintWentOn(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	return p.worker(ctx, db, cause, c, "sms.complaint.went_on")
}

// ComplaintVisitPlanned tells the citizen on which day somebody comes.
func (p *Post) ComplaintVisitPlanned(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if c.State != complaints.SpecialFollowup || c.Event.DueAt == nil {
		return movedOn, nil
	}
	plan, err := complaints.PlanOf(ctx, db, c.Complaint)
	if fault.Is(err, fault.NotFound) {
		return movedOn, nil
	}
	if err != nil {
		return "", err
	}
	if plan.Day != c.Event.DueAt.In(persian.Tehran).Format(time.DateOnly) {
		return movedOn, nil
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.visit_planned", "day", day(*c.Event.DueAt))
}

// worker tells whoever has the case in hand, else those in charge of the unit.
func (p *Post) worker(ctx context.Context, db *tenants.DB, cause Cause, c Case, key string) (string, error) {
	if c.State != complaints.InProgress {
		return movedOn, nil
	}
	list, err := account(ctx, db, c.HolderID)
	if err == nil && len(list) == 0 {
		list, err = inCharge(ctx, db, c.UnitID)
	}
	if err != nil {
		return "", err
	}
	return p.crew(ctx, db, cause, c, list, p.desk(db, c, key))
}
