package tenants

import (
	"context"
	"slices"

	"pasokh/app/fault"
)

// UnscopedTenantByHost reads the organization that the verified host is of, from
// memory when it was read a moment ago. NotFound when it is nobody's.
func (r *Root) UnscopedTenantByHost(ctx context.Context, host string) (*Tenant, error) {
	if len(host) > 253 || !hostShape.MatchString(host) {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	now := r.clock()
	if hit, ok := r.hosts.Load(host); ok && fresh(hit.(cached).until, now) {
		return r.UnscopedTenantBySlug(ctx, hit.(cached).tenant.Slug)
	}
	t := new(Tenant)
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(t).
			Where("id = (SELECT organization_id FROM tenant_domains WHERE host = ? AND verified_at IS NOT NULL)", host).Scan(ctx)
	})
	if err != nil {
		return nil, err
	}
	r.hosts.Store(host, cached{t, now.Add(cacheFor)})
	return r.UnscopedTenantBySlug(ctx, t.Slug)
}

// UnscopedDomains lists the hosts of one organization.
func (r *Root) UnscopedDomains(ctx context.Context, organization int64) ([]Domain, error) {
	var list []Domain
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(&list).Where("organization_id = ?", organization).Order("host").Scan(ctx)
	})
	return list, err
}

// maxDomains bounds the hosts of one organization.
const maxDomains = 10

// UnscopedAddDomain notes a host that the organization says is its own; Invalid
// (field host) when somebody has it already.
func (r *Root) UnscopedAddDomain(ctx context.Context, organization int64, host string) error {
	list, err := r.UnscopedDomains(ctx, organization)
	if err != nil {
		return err
	}
	if len(list) >= maxDomains {
		return fault.Field("host", "domain.error.many")
	}
	d := &Domain{Host: host, OrganizationID: organization, Token: NewToken(), CreatedAt: r.clock()}
	err = unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewInsert().Conn(c).Model(d).Exec(ctx)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		return fault.Field("host", "domain.error.taken")
	}
	return err
}

// UnscopedCheckDomain notes what was found in the DNS and tells whether the host
// is verified now. A host that lost its record stays: losing it is no proof that
// somebody else has it. The first verified host becomes the one of the links.
func (r *Root) UnscopedCheckDomain(ctx context.Context, organization int64, host string, found []string) (bool, error) {
	ok, now := false, r.clock()
	err := unscopedly(r.unscopedWriter(), func(c *conn) error {
		d := new(Domain)
		if err := r.write.NewSelect().Conn(c).Model(d).Where("host = ? AND organization_id = ?", host, organization).Scan(ctx); err != nil {
			return err
		}
		d.CheckedAt = &now
		if slices.Contains(found, d.Token) && d.VerifiedAt == nil {
			d.VerifiedAt = &now
		}
		ok = d.VerifiedAt != nil
		if _, err := r.write.NewUpdate().Conn(c).Model(d).Column("checked_at", "verified_at").WherePK().Exec(ctx); err != nil || !ok {
			return err
		}
		_, err := r.write.NewUpdate().Conn(c).Model((*Tenant)(nil)).Set("host = ?", host).Where("id = ? AND host = ''", organization).Exec(ctx)
		return err
	})
	r.forgetTenants()
	return ok, err
}

// UnscopedLeadDomain makes a verified host the one of the links; an empty one
// goes back to the name below the platform's domain. Conflict when the host is
// not verified.
func (r *Root) UnscopedLeadDomain(ctx context.Context, organization int64, host string) error {
	defer r.forgetTenants()
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		res, err := r.write.NewUpdate().Conn(c).Model((*Tenant)(nil)).Set("host = ?", host).
			Where("id = ?", organization).
			Where("? = '' OR EXISTS (SELECT 1 FROM tenant_domains WHERE host = ? AND organization_id = ? AND verified_at IS NOT NULL)", host, host, organization).Exec(ctx)
		if err = one(res, err); fault.Is(err, fault.NotFound) {
			return fault.New(fault.Conflict, "domain.error.unverified")
		}
		return err
	})
}

// UnscopedDropDomain takes the host from the organization; nobody is served
// there any more.
func (r *Root) UnscopedDropDomain(ctx context.Context, organization int64, host string) error {
	defer r.forgetTenants()
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		res, err := r.write.NewDelete().Conn(c).Model((*Domain)(nil)).Where("host = ? AND organization_id = ?", host, organization).Exec(ctx)
		if err := one(res, err); err != nil {
			return err
		}
		_, err = r.write.NewUpdate().Conn(c).Model((*Tenant)(nil)).Set("host = ''").Where("id = ? AND host = ?", organization, host).Exec(ctx)
		return err
	})
}

// UnscopedSaveOrganization writes columns of an organization that only the
// platform changes: parent_id, quotas.
func (r *Root) UnscopedSaveOrganization(ctx context.Context, t *Tenant, columns ...string) error {
	defer r.forgetTenants()
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		res, err := r.write.NewUpdate().Conn(c).Model(t).Column(columns...).WherePK().Exec(ctx)
		return one(res, err)
	})
}

// forgetTenants empties this process's memory of organizations; others read them
// again within cacheFor.
func (r *Root) forgetTenants() {
	r.cache.Clear()
	r.hosts.Clear()
	r.takers.Store(nil)
}
