package notify

import (
	"context"
	"slices"

	"pasokh/app/staff"
	"pasokh/tenants"
)

// SecurityChanged tells the administrators, and the inspectors of what they guard,
// that somebody changed what the organization's safety hangs on: by every way
// there is, for one of them may be the one that was changed. Who did it is told
// too, in case somebody else did it in their name.
func (p *Post) SecurityChanged(ctx context.Context, db *tenants.DB, c Cause, f staff.SecurityFact) (string, error) {
	by, err := staff.ByID(ctx, db, f.StaffID)
	if err != nil {
		return "", err
	}
	list, err := staff.WithRole(ctx, db, staff.AdminRole, nil)
	if err == nil && f.Inspectors {
		var more []staff.Staff
		more, err = staff.WithRole(ctx, db, "inspector", nil)
		for i := range more {
			if !slices.ContainsFunc(list, func(s staff.Staff) bool { return s.ID == more[i].ID }) {
				list = append(list, more[i])
			}
		}
	}
	if err != nil {
		return "", err
	}
	at := c.task.CreatedAt
	return p.staff(ctx, db, c, list, told{key: "sms.security.changed", urgent: true, args: []any{
		"name", named(by.NameFA, by.NameEN), "date", date(at), "time", clock(at), "link", p.Links.Audit(db.Tenant()),
	}})
}
