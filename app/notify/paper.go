package notify

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// ComplaintSourceDue tells the PR manager and those in charge of the unit that
// has the case that its source wants the answer soon, or wanted it by now.
func (p *Post) ComplaintSourceDue(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.Open() || c.ExternalDueAt == nil {
		return movedOn, nil
	}
	key := "sms.complaint.source_near"
	if c.Event.Kind == "complaint.source_passed" {
		key = "sms.complaint.source_passed"
	}
	source, err := tenants.SourceByCode(ctx, db, c.Source)
	if err != nil {
		return "", err
	}
	args := []any{"source", source.NameFA, "date", date(*c.ExternalDueAt)}
	word, err := p.managers(ctx, db, cause, c, key, args...)
	return both(word, err, func() (string, error) {
		list, err := inCharge(ctx, db, c.UnitID)
		if err != nil {
			return "", err
		}
		return p.staff(ctx, db, cause, list, p.desk(db, c, key, args...))
	})
}

// BoxOverdue tells the PR office that the day of a complaint box's opening has
// passed.
func (p *Post) BoxOverdue(ctx context.Context, db *tenants.DB, cause Cause, boxID int64) (string, error) {
	b, err := complaints.BoxByID(ctx, db, boxID)
	if err != nil {
		return "", err
	}
	if !b.Overdue(db.Now()) {
		return movedOn, nil
	}
	var list []staff.Staff
	for _, role := range []string{"pr_manager", "pr_officer"} {
		some, err := staff.WithRole(ctx, db, role, nil)
		if err != nil {
			return "", err
		}
		list = append(list, some...)
	}
	return p.staff(ctx, db, cause, list, told{subject: timeline.Subject{Kind: "box", ID: b.ID}, key: "sms.box.overdue", args: []any{
		"number", b.Code, "place", b.PlaceFA, "date", date(b.Day().Time(12, 0, persian.Tehran)), "link", p.Links.Boxes(db.Tenant()),
	}})
}
