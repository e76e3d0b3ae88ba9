package notify

import (
	"context"

	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Share is one unit's part of an order with what has just happened to it.
type Share struct {
	Order
	Part *directives.Part
}

// PartIssued tells a unit that it has a part in an order.
func (p *Post) PartIssued(ctx context.Context, db *tenants.DB, cause Cause, s Share) (string, error) {
	return p.helper(ctx, db, cause, s, "sms.directive.part_issued")
}

// PartReported tells the lead unit that a part has come in.
func (p *Post) PartReported(ctx context.Context, db *tenants.DB, cause Cause, s Share) (string, error) {
	if s.Part.State != directives.PartReported {
		return movedOn, nil
	}
	list, err := headsOf(ctx, db, s.UnitID, s.Confidential)
	if err != nil {
		return "", err
	}
	return p.share(ctx, db, cause, s, list, "sms.directive.part_reported")
}

// PartReturned tells the unit that its part was not accepted.
func (p *Post) PartReturned(ctx context.Context, db *tenants.DB, cause Cause, s Share) (string, error) {
	return p.helper(ctx, db, cause, s, "sms.directive.part_returned")
}

// PartReminder tells the unit that the due time of its part is near.
func (p *Post) PartReminder(ctx context.Context, db *tenants.DB, cause Cause, s Share) (string, error) {
	if s.Part.Overdue(db.Now()) {
		return movedOn, nil
	}
	return p.helper(ctx, db, cause, s, "sms.directive.part_reminder")
}

// PartOverdue tells the unit at the due time of its part, and the lead unit a
// day later.
func (p *Post) PartOverdue(ctx context.Context, db *tenants.DB, cause Cause, s Share) (string, error) {
	if !s.Open() || !s.Part.Overdue(db.Now()) {
		return movedOn, nil
	}
	if s.Level < directives.LevelManager {
		return p.helper(ctx, db, cause, s, "sms.directive.part_overdue")
	}
	list, err := headsOf(ctx, db, s.UnitID, s.Confidential)
	if err != nil {
		return "", err
	}
	return p.share(ctx, db, cause, s, list, "sms.directive.part_overdue")
}

// PartExtensionAsked tells the lead unit that a helping one asks for more time.
func (p *Post) PartExtensionAsked(ctx context.Context, db *tenants.DB, cause Cause, s Share) (string, error) {
	if !s.Open() || s.Part.In() {
		return movedOn, nil
	}
	list, err := headsOf(ctx, db, s.UnitID, s.Confidential)
	if err != nil {
		return "", err
	}
	return p.share(ctx, db, cause, s, list, "sms.directive.part_extension_asked")
}

// PartExtensionDecided tells the helping unit which due time stands.
func (p *Post) PartExtensionDecided(ctx context.Context, db *tenants.DB, cause Cause, s Share) (string, error) {
	return p.helper(ctx, db, cause, s, "sms.directive.part_extension_decided")
}

// helper tells the unit that has the part, while it is theirs to do.
func (p *Post) helper(ctx context.Context, db *tenants.DB, cause Cause, s Share, key string) (string, error) {
	if !s.Open() || s.Part.In() {
		return movedOn, nil
	}
	list, err := headsOf(ctx, db, s.Part.UnitID, s.Confidential)
	if err != nil {
		return "", err
	}
	return p.share(ctx, db, cause, s, list, key)
}

func (p *Post) share(ctx context.Context, db *tenants.DB, cause Cause, s Share, list []staff.Staff, key string) (string, error) {
	unit, err := tenants.UnitByID(ctx, db, s.Part.UnitID)
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, list, told{subject: subjectOf(s.Order), key: key, args: []any{
		"unit", named(unit.NameFA, unit.NameEN), "date", date(s.Part.DueAt), "link", p.Links.Directive(db.Tenant(), s.ID),
	}})
}

// ExtensionAsked tells the executive that a unit asks for more time.
func (p *Post) ExtensionAsked(ctx context.Context, db *tenants.DB, cause Cause, d Order) (string, error) {
	if !d.Open() {
		return movedOn, nil
	}
	return p.issuer(ctx, db, cause, d, "sms.directive.extension_asked")
}

// ExtensionDecided tells the unit which due time stands.
func (p *Post) ExtensionDecided(ctx context.Context, db *tenants.DB, cause Cause, d Order) (string, error) {
	if !d.Open() {
		return movedOn, nil
	}
	return p.unitOf(ctx, db, cause, d, "sms.directive.extension_decided")
}

// Digest sends an executive the figures of the last week.
func (p *Post) Digest(ctx context.Context, db *tenants.DB, cause Cause, executive *directives.Executive, week directives.Week) (string, error) {
	list, err := accounts(ctx, db, executive.Acting())
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, list, told{key: "sms.directive.digest", args: []any{
		"late", week.Overdue, "waiting", week.Reported, "link", p.Links.Week(db.Tenant()),
	}})
}
