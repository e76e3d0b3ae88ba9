package web

import (
	"context"
	"net"
	"regexp"
	"strings"

	"pasokh/app/fault"
	"pasokh/tenants"
)

var slugShape = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$`)

// slugOf reads an organization's slug from the Host header: one label below
// the base domain; the base domain itself is the platform. Forwarding headers
// are never looked at, so a proxy must pass the host on.
func slugOf(host, base string) (string, bool) {
	host = strings.ToLower(host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == base {
		return tenants.PlatformSlug, true
	}
	slug, ok := strings.CutSuffix(host, "."+base)
	return slug, ok && slug != tenants.PlatformSlug && slugShape.MatchString(slug)
}

// tenantOf finds whose page this is; NotFound when the host is nobody's.
func (w *web) tenantOf(ctx context.Context, host string) (*tenants.Tenant, error) {
	slug, ok := slugOf(host, w.BaseDomain)
	if !ok {
		return nil, errUnknownHost
	}
	t, err := w.Root.UnscopedTenantBySlug(ctx, slug)
	if fault.Is(err, fault.NotFound) {
		return nil, errUnknownHost
	}
	return t, err
}

// open tells whether the route exists on this organization's host now.
func (rt *Route) open(t *tenants.Tenant) error {
	switch {
	case t.Status == tenants.StatusDraft:
		return errUnknownHost
	case !t.Serves():
		return errSuspended
	case rt.place == organizations && t.IsPlatform(), rt.place == platformOnly && !t.IsPlatform():
		return fault.New(fault.NotFound, "error.not_found")
	}
	return nil
}
