package notify

import (
	"context"

	"pasokh/app/committees"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// CommitteeInvited tells the members when and where they meet; the calendar
// file waits behind the link.
func (p *Post) CommitteeInvited(ctx context.Context, db *tenants.DB, cause Cause, s *committees.Sitting) (string, error) {
	if s.State != committees.Invited || !db.Now().Before(s.StartsAt) {
		return movedOn, nil
	}
	return p.members(ctx, db, cause, s, "sms.committee.invited")
}

// CommitteeCancelled tells the members that they do not meet.
func (p *Post) CommitteeCancelled(ctx context.Context, db *tenants.DB, cause Cause, s *committees.Sitting) (string, error) {
	if s.State != committees.Cancelled {
		return movedOn, nil
	}
	return p.members(ctx, db, cause, s, "sms.committee.cancelled")
}

func (p *Post) members(ctx context.Context, db *tenants.DB, cause Cause, s *committees.Sitting, key string) (string, error) {
	c, err := committees.ByID(ctx, db, s.CommitteeID)
	if err != nil {
		return "", err
	}
	rows, err := committees.AttendancesOf(ctx, db, s.ID)
	if err != nil {
		return "", err
	}
	var list []staff.Staff
	for i := range rows {
		who, err := account(ctx, db, &rows[i].StaffID)
		if err != nil {
			return "", err
		}
		list = append(list, who...)
	}
	return p.staff(ctx, db, cause, list, told{key: key, invite: p.gathering(c, s, list), args: []any{
		"committee", named(c.NameFA, c.NameEN), "date", date(s.StartsAt), "place", s.Place, "link", p.Links.Sitting(db.Tenant(), s.ID),
	}})
}
