package web

import (
	"context"
	"net"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// Resolver looks TXT records up; net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// resolveTime bounds a look at the DNS.
const resolveTime = 4 * time.Second

// txt are the texts of a DNS name; none when it has none or nobody answers.
func (w *web) txt(ctx context.Context, name string) []string {
	ctx, cancel := context.WithTimeout(ctx, resolveTime)
	defer cancel()
	var from Resolver = net.DefaultResolver
	if w.Resolver != nil {
		from = w.Resolver
	}
	list, err := from.LookupTXT(ctx, name)
	if err != nil {
		return nil
	}
	return list
}

// domainCreate notes a host of the organization's own and shows its DNS record.
func (w *web) domainCreate(r *req) error {
	return w.organizationChange(r, "domain:create", func(t *tenants.Tenant, f form) error {
		host, err := tenants.CheckHost(f.text("host"), w.BaseDomain)
		if err != nil {
			return err
		}
		return w.Root.UnscopedAddDomain(r.ctx, t.ID, host)
	})
}

// domainCheck looks for the record in the DNS; once it was there, the host is
// the organization's.
func (w *web) domainCheck(r *req) error {
	t, err := r.organizationOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	host, good := f.text("host"), false
	err = r.operate("domain:check", "tenant", t.ID, host, func() error {
		found := w.txt(r.ctx, (&tenants.Domain{Host: host}).Record())
		good, err = w.Root.UnscopedCheckDomain(r.ctx, t.ID, host, found)
		return err
	})
	if err != nil {
		return err
	}
	if r.flash(parts.Success, "domain.verified"); !good {
		r.flash(parts.Warning, "domain.not_yet")
	}
	return r.done(views.ConsolePath(t.ID) + "#domains")
}

// domainLead makes a host the one of the links in messages; an empty one goes
// back to the platform's.
func (w *web) domainLead(r *req) error {
	return w.organizationChange(r, "domain:lead", func(t *tenants.Tenant, f form) error {
		return w.Root.UnscopedLeadDomain(r.ctx, t.ID, f.text("host"))
	})
}

// domainDrop takes a host from the organization.
func (w *web) domainDrop(r *req) error {
	return w.organizationChange(r, "domain:drop", func(t *tenants.Tenant, f form) error {
		if f.text("host") == "" {
			return fault.New(fault.NotFound, "error.not_found")
		}
		return w.Root.UnscopedDropDomain(r.ctx, t.ID, f.text("host"))
	})
}
