package notify

import (
	"context"

	"pasokh/app/staff"
	"pasokh/tenants"
)

// QuotaWarned tells the administrators of an organization that a limit is near
// or reached.
func (p *Post) QuotaWarned(ctx context.Context, db *tenants.DB, cause Cause, f tenants.QuotaWarning) (string, error) {
	admins, err := staff.WithRole(ctx, db, staff.AdminRole, nil)
	if err != nil {
		return "", err
	}
	limit, link := worded("quota.limit."+f.Limit), p.Links.Usage(db.Tenant())
	if f.Reached {
		return p.staff(ctx, db, cause, admins, told{key: "sms.quota.reached", args: []any{"limit", limit, "link", link}})
	}
	return p.staff(ctx, db, cause, admins, told{key: "sms.quota.near", args: []any{"limit", limit, "percent", tenants.NearPercent, "link", link}})
}

// QuotaSeen tells the platform the same of an organization; db is the platform's.
func (p *Post) QuotaSeen(ctx context.Context, db *tenants.DB, cause Cause, of *tenants.Tenant, f tenants.QuotaWarning) (string, error) {
	list, err := staff.WithRole(ctx, db, "platform_admin", nil)
	if err != nil {
		return "", err
	}
	name, limit, link := named(of.NameFA, of.NameEN), worded("quota.limit."+f.Limit), p.Links.Organization(db.Tenant(), of.ID)
	if f.Reached {
		return p.staff(ctx, db, cause, list, told{key: "sms.quota.reached_platform", args: []any{"organization", name, "limit", limit, "link", link}})
	}
	return p.staff(ctx, db, cause, list, told{key: "sms.quota.near_platform", args: []any{
		"organization", name, "limit", limit, "percent", tenants.NearPercent, "link", link,
	}})
}
