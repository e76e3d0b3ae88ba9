package notify

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/fault"
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
	source, err := sourceName(ctx, db, c)
	if err != nil {
		return "", err
	}
	args := []any{"source", source, "date", date(*c.ExternalDueAt)}
	word, err := p.managers(ctx, db, cause, c, key, args...)
	return both(word, err, func() (string, error) {
		unit, err := tenants.UnitByID(ctx, db, c.UnitID)
		if err != nil {
			return "", err
		}
		list, err := inCharge(ctx, db, unit.ID)
		if err != nil {
			return "", err
		}
		return p.crew(ctx, db, cause, c, list, p.desk(db, c, key, append(args, "unit", named(unit.NameFA, unit.NameEN))...))
	})
}

// sourceName is who set the date: one of the organization's sources, or the
// organization that sent the case.
func sourceName(ctx context.Context, db *tenants.DB, c Case) (string, error) {
	source, err := tenants.SourceByCode(ctx, db, c.Source)
	if !fault.Is(err, fault.NotFound) {
		return source.NameFA, err
	}
	sent, err := complaints.Transfers(ctx, db, c.ID)
	for i := range sent {
		if sent[i].Direction == complaints.TransferIn {
			return sent[i].OtherFA, nil
		}
	}
	return c.Source, err
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
	list, err := staff.Able(ctx, db, nil, "box:open")
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, list, told{subject: timeline.Subject{Kind: "box", ID: b.ID}, key: "sms.box.overdue", args: []any{
		"number", b.Code, "place", named(b.PlaceFA, b.PlaceEN), "date", date(b.Day().Time(12, 0, persian.Tehran)), "link", p.Links.Boxes(db.Tenant()),
	}})
}
