package notify

import (
	"context"

	"pasokh/app/emergency"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Emergency tells the administrators that somebody of the platform may look at
// the organization's pages, or may no longer.
func (p *Post) Emergency(ctx context.Context, db *tenants.DB, c Cause, f emergency.Fact) (string, error) {
	g, err := emergency.ByID(ctx, db, f.GrantID)
	if err != nil {
		return "", err
	}
	admins, err := staff.Able(ctx, db, nil, "emergency:end")
	if err != nil {
		return "", err
	}
	name, link := named(g.HolderFA, g.HolderEN), p.Links.Emergency(db.Tenant())
	if c.task.Kind == emergency.KindEnded {
		return p.staff(ctx, db, c, admins, told{key: "sms.emergency.ended", urgent: true, args: []any{"name", name, "link", link}})
	}
	return p.staff(ctx, db, c, admins, told{key: "sms.emergency.opened", urgent: true, args: []any{"name", name, "link", link, "until", clock(g.ExpiresAt)}})
}
