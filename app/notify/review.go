package notify

import (
	"context"
	"strconv"

	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Reviews leads to the operator's own page of reviews, or that of who reviews:
// both begin with what is new, and leave the message short.
func (l Links) Reviews(t *tenants.Tenant, own bool) string {
	if own {
		return l.Home(t) + "/desk/my-quality"
	}
	return l.Home(t) + "/desk/reviews"
}

// Improvement leads to an action.
func (l Links) Improvement(t *tenants.Tenant, id int64) string {
	return l.Home(t) + "/desk/improvements/" + strconv.FormatInt(id, 10)
}

// ReviewWritten tells an operator that a call was reviewed.
func (p *Post) ReviewWritten(ctx context.Context, db *tenants.DB, cause Cause, v *quality.Review) (string, error) {
	return p.review(ctx, db, cause, v, v.OperatorID, "sms.review.written")
}

// ReviewObjected tells the reviewer that the operator objects.
func (p *Post) ReviewObjected(ctx context.Context, db *tenants.DB, cause Cause, v *quality.Review) (string, error) {
	if !v.Open() {
		return movedOn, nil
	}
	return p.review(ctx, db, cause, v, v.ReviewerID, "sms.review.objected")
}

// ReviewDecided tells the operator what became of the objection.
func (p *Post) ReviewDecided(ctx context.Context, db *tenants.DB, cause Cause, v *quality.Review) (string, error) {
	return p.review(ctx, db, cause, v, v.OperatorID, "sms.review.decided")
}

func (p *Post) review(ctx context.Context, db *tenants.DB, cause Cause, v *quality.Review, to int64, key string) (string, error) {
	people, err := accounts(ctx, db, []int64{to})
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, people, told{
		subject: timeline.Subject{Kind: "review", ID: v.ID}, key: key, args: []any{"link", p.Links.Reviews(db.Tenant(), to == v.OperatorID)},
	})
}

// ActionPlanned tells the owner of an action what is to be done.
func (p *Post) ActionPlanned(ctx context.Context, db *tenants.DB, cause Cause, i *quality.Improvement) (string, error) {
	return p.action(ctx, db, cause, i, i.State == quality.ActionPlanned, "sms.improvement.planned")
}

// ActionDue tells the owner that its day is near.
func (p *Post) ActionDue(ctx context.Context, db *tenants.DB, cause Cause, i *quality.Improvement) (string, error) {
	return p.action(ctx, db, cause, i, i.Running() && !i.Late(db.Now()), "sms.improvement.due")
}

// ActionLate tells the owner that its day has passed.
func (p *Post) ActionLate(ctx context.Context, db *tenants.DB, cause Cause, i *quality.Improvement) (string, error) {
	return p.action(ctx, db, cause, i, i.Running() && !db.Now().Before(i.DueAt), "sms.improvement.overdue")
}

// ActionReturned tells the owner that it is not done yet.
func (p *Post) ActionReturned(ctx context.Context, db *tenants.DB, cause Cause, i *quality.Improvement) (string, error) {
	return p.action(ctx, db, cause, i, i.State == quality.ActionInWork, "sms.improvement.returned")
}

// action tells the person who owns it, or those in charge of its unit. What it
// comes from is never said: it may be a confidential visit.
func (p *Post) action(ctx context.Context, db *tenants.DB, cause Cause, i *quality.Improvement, still bool, key string) (string, error) {
	if !still {
		return movedOn, nil
	}
	people, err := staff.Able(ctx, db, &i.UnitID, "unit:lead", "improvement:work")
	if i.OwnerID != nil && err == nil {
		people, err = accounts(ctx, db, []int64{*i.OwnerID})
	}
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, people, told{
		subject: timeline.Subject{Kind: "improvement", ID: i.ID}, key: key, args: []any{"date", date(i.DueAt), "link", p.Links.Improvement(db.Tenant(), i.ID)},
	})
}

// ActionDone tells who planned an action to look at what was done.
func (p *Post) ActionDone(ctx context.Context, db *tenants.DB, cause Cause, i *quality.Improvement) (string, error) {
	if i.State != quality.ActionDone {
		return movedOn, nil
	}
	people, err := accounts(ctx, db, []int64{i.PlannedBy})
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, people, told{
		subject: timeline.Subject{Kind: "improvement", ID: i.ID}, key: "sms.improvement.done", args: []any{"link", p.Links.Improvement(db.Tenant(), i.ID)},
	})
}
