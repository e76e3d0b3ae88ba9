package notify

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// Order is a directive with what has just happened to it.
type Order struct {
	*directives.Directive
	Level directives.Level // of reminders and overdue notices
}

// DirectiveIssued tells the unit its order and, where it is public, the citizen
// that there is one.
func (p *Post) DirectiveIssued(ctx context.Context, db *tenants.DB, cause Cause, d Order) (string, error) {
	word, err := p.unitOf(ctx, db, cause, d, "sms.directive.issued")
	return both(word, err, func() (string, error) { return p.concerned(ctx, db, cause, d, "sms.directive.citizen_issued") })
}

// DirectiveReported tells the executive that a report waits.
func (p *Post) DirectiveReported(ctx context.Context, db *tenants.DB, cause Cause, d Order) (string, error) {
	if d.State != directives.Reported {
		return movedOn, nil
	}
	return p.issuer(ctx, db, cause, d, "sms.directive.reported")
}

// issuer tells the executive whose order it is, or who stands in.
func (p *Post) issuer(ctx context.Context, db *tenants.DB, cause Cause, d Order, key string) (string, error) {
	executive, err := directives.ExecutiveByID(ctx, db, d.ExecutiveID)
	if err != nil {
		return "", err
	}
	list, err := accounts(ctx, db, executive.Acting())
	if err != nil {
		return "", err
	}
	return p.order(ctx, db, cause, d, list, key)
}

// DirectiveReturned tells the unit that its report was not accepted.
func (p *Post) DirectiveReturned(ctx context.Context, db *tenants.DB, cause Cause, d Order) (string, error) {
	if !d.Waiting() {
		return movedOn, nil
	}
	return p.unitOf(ctx, db, cause, d, "sms.directive.returned")
}

// DirectiveAccepted tells the citizen, where the order is public, that it has
// been carried out.
func (p *Post) DirectiveAccepted(ctx context.Context, db *tenants.DB, cause Cause, d Order) (string, error) {
	if d.Open() {
		return movedOn, nil
	}
	return p.concerned(ctx, db, cause, d, "sms.directive.citizen_done")
}

// DirectiveReminder tells the unit that the due time is near.
func (p *Post) DirectiveReminder(ctx context.Context, db *tenants.DB, cause Cause, d Order) (string, error) {
	if !d.Waiting() || d.Overdue(db.Now()) {
		return movedOn, nil
	}
	return p.unitOf(ctx, db, cause, d, "sms.directive.reminder")
}

// DirectiveOverdue tells the unit at the due time, the PR manager a day later
// and, while it is still late, the executive whose order it is.
func (p *Post) DirectiveOverdue(ctx context.Context, db *tenants.DB, cause Cause, d Order) (string, error) {
	if !d.Overdue(db.Now()) {
		return movedOn, nil
	}
	switch {
	case d.Level < directives.LevelManager:
		return p.unitOf(ctx, db, cause, d, "sms.directive.overdue")
	case d.Level == directives.LevelExecutive:
		return p.issuer(ctx, db, cause, d, "sms.directive.overdue_issuer")
	}
	rights := []string{"complaint:arbitrate", "directive:read_all"}
	if d.Confidential { // the PR office is told nothing of it
		rights = []string{"directive:office"}
	}
	list, err := staff.Able(ctx, db, nil, rights...)
	if err != nil {
		return "", err
	}
	return p.order(ctx, db, cause, d, list, "sms.directive.overdue")
}

// unitOf tells those in charge of the unit that has the order.
func (p *Post) unitOf(ctx context.Context, db *tenants.DB, cause Cause, d Order, key string) (string, error) {
	list, err := headsOf(ctx, db, d.UnitID, d.Confidential)
	if err != nil {
		return "", err
	}
	return p.order(ctx, db, cause, d, list, key)
}

// headsOf lists who answers for a unit; of a confidential order who leads it
// alone.
func headsOf(ctx context.Context, r tenants.Reader, unit int64, confidential bool) ([]staff.Staff, error) {
	if confidential {
		return staff.Able(ctx, r, &unit, "unit:lead")
	}
	return inCharge(ctx, r, unit)
}

// order tells staff of an order: whose it is, which unit has it, until when.
func (p *Post) order(ctx context.Context, db *tenants.DB, cause Cause, d Order, list []staff.Staff, key string) (string, error) {
	executive, err := directives.ExecutiveByID(ctx, db, d.ExecutiveID)
	if err != nil {
		return "", err
	}
	unit, err := tenants.UnitByID(ctx, db, d.UnitID)
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, list, told{subject: subjectOf(d), key: key, args: []any{
		"post", named(executive.PostFA, executive.PostEN), "unit", named(unit.NameFA, unit.NameEN), "date", date(d.DueAt), "link", p.Links.Directive(db.Tenant(), d.ID),
	}})
}

// concerned tells the citizen whom a public order concerns; it is read where the
// meeting or case is followed.
func (p *Post) concerned(ctx context.Context, db *tenants.DB, cause Cause, d Order, key string) (string, error) {
	if !d.Public {
		return "not public", nil
	}
	executive, err := directives.ExecutiveByID(ctx, db, d.ExecutiveID)
	if err != nil {
		return "", err
	}
	code, err := originCode(ctx, db, d)
	if err != nil {
		return "", err
	}
	return p.citizen(ctx, db, cause, d.CitizenID, told{subject: subjectOf(d), key: key, args: []any{
		"post", named(executive.PostFA, executive.PostEN), "date", date(d.DueAt), "link", p.Links.Track(db.Tenant(), code),
	}})
}

func subjectOf(d Order) timeline.Subject {
	return timeline.Subject{Kind: "directive", ID: d.ID}
}

// originCode is the tracking code of what the order was issued on; empty when
// that has none.
func originCode(ctx context.Context, r tenants.Reader, d Order) (string, error) {
	switch d.OriginKind {
	case directives.OnComplaint:
		c, err := complaints.Plain(ctx, r, d.OriginID)
		if err != nil {
			return "", fault.Wrap(err, "notify.originCode")
		}
		return c.Code, nil
	case directives.OnMeeting:
		m, err := meetings.ByID(ctx, r, d.OriginID)
		if err != nil {
			return "", fault.Wrap(err, "notify.originCode")
		}
		return m.Code, nil
	}
	return "", nil
}
