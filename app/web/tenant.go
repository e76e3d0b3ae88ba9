package web

import (
	"context"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

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

// tenantOf finds whose page this is: by the name below the base domain, or by a
// host of the organization's own. NotFound when the host is nobody's.
func (w *web) tenantOf(ctx context.Context, host string) (*tenants.Tenant, error) {
	t, err := TenantOf(ctx, w.Root, w.BaseDomain, host)
	if fault.Is(err, fault.NotFound) {
		return nil, errUnknownHost
	}
	return t, err
}

// TenantOf finds the organization of a host: by the name below the base domain, or
// by a host of its own that was verified. NotFound when it is nobody's any more.
func TenantOf(ctx context.Context, root *tenants.Root, base, host string) (*tenants.Tenant, error) {
	t, err := find(ctx, root, base, host)
	if err == nil && t.Standing() == tenants.StatusDeleted {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return t, err
}

func find(ctx context.Context, root *tenants.Root, base, host string) (*tenants.Tenant, error) {
	if slug, ok := slugOf(host, base); ok {
		return root.UnscopedTenantBySlug(ctx, slug)
	}
	host = strings.ToLower(host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return root.UnscopedTenantByHost(ctx, host)
}

// staffDoors are the public pages by which staff come in; they stay open while
// the citizens' pages are shut.
var staffDoors = []string{"/sign-in", "/session", "/language", "/invitations/", "/resets/", "/emergency/", "/crossings/", "/problems/"}

// ownDoors are where staff prove anew who they are and keep their account safe:
// whatever the status, the final export needs the one, a stolen session the other.
var ownDoors = []string{"/desk/confirm", "/desk/account/security", "/desk/account/password"}

// forCitizens tells whether the route is a page of the public.
func (rt *Route) forCitizens() bool {
	switch rt.Audience {
	case Citizen, Tracker:
		return true
	case Public:
		return !rt.leadsStaffIn() && !strings.HasPrefix(rt.Pattern, "/dev/")
	}
	return false
}

func (rt *Route) leadsStaffIn() bool {
	return slices.ContainsFunc(staffDoors, func(door string) bool { return strings.HasPrefix(rt.Pattern, door) })
}

// begins tells whether the route is a step of a new case or a new booking.
func (rt *Route) begins() bool {
	return rt.Audience == Public && (strings.HasPrefix(rt.Pattern, "/complaints/") || strings.HasPrefix(rt.Pattern, "/meetings/"))
}

// changes tells whether the route writes something that is not about coming in,
// going out, or looking one's own case up.
func (rt *Route) changes() bool {
	if rt.Method != fiber.MethodPost || rt.leadsStaffIn() || strings.HasPrefix(rt.Pattern, "/desk/organization/emergency/") {
		return false // nobody looks on because of a status
	}
	if slices.ContainsFunc(ownDoors, func(door string) bool { return strings.HasPrefix(rt.Pattern, door) }) {
		return false
	}
	return rt.Pattern != "/tracking" && !strings.HasPrefix(rt.Pattern, exportPath) && !strings.HasPrefix(rt.Pattern, "/my/session") && !strings.HasPrefix(rt.Pattern, "/my/codes") && rt.Pattern != "/p/:link"
}

// open tells whether the route exists on this organization's host now, and may be
// used in its status; see docs/decisions/0017-standing.md.
func (rt *Route) open(t *tenants.Tenant, now time.Time) error {
	if rt.place == organizations && t.IsPlatform() || rt.place == platformOnly && !t.IsPlatform() {
		return fault.New(fault.NotFound, "error.not_found")
	}
	switch {
	case t.IsPlatform() || rt.Audience == Hook:
		return nil
	case t.Hidden() && rt.forCitizens():
		return errShut
	case !t.Serves() && t.Standing() != tenants.StatusDraft && rt.begins():
		return errNoNew
	case t.ReadOnly(now) && rt.changes():
		return errReadOnly
	}
	return nil
}
