package notify

import (
	"context"
	"errors"

	"pasokh/app/complaints"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// crew tells staff of a case. Of a confidential one its keepers are told in the
// place of whoever else would be: it climbs no ladder of the unit it is about.
func (p *Post) crew(ctx context.Context, db *tenants.DB, cause Cause, c Case, list []staff.Staff, t told) (string, error) {
	if c.Confidential {
		var err error
		if list, err = complaints.Keepers(ctx, db, c.Complaint); err != nil {
			return "", err
		}
	}
	class, err := tenants.SLAClassByID(ctx, db, c.SLAClassID)
	if err != nil {
		return "", err
	}
	t.urgent, t.unit = !class.Working(), c.about()
	return p.staff(ctx, db, cause, list, t)
}

// ComplaintRecalled tells those in charge of every unit that lost the case by
// this recall. Who had answered a part of it before is not told.
func (p *Post) ComplaintRecalled(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if c.Confidential {
		return movedOn, nil // they are not shown it any more
	}
	legs, err := complaints.Legs(ctx, db, c.ID)
	if err != nil {
		return "", err
	}
	word := movedOn
	var failures []error
	for _, leg := range legs {
		if leg.State != "withdrawn" || leg.EndedAt == nil || !leg.EndedAt.Equal(c.Event.At) {
			continue
		}
		list, err := inCharge(ctx, db, leg.UnitID)
		if err != nil {
			return "", err
		}
		if word, err = p.staff(ctx, db, cause, list, p.desk(db, c, "sms.complaint.recalled")); err != nil {
			failures = append(failures, err)
		}
	}
	return word, errors.Join(failures...)
}
