package tenants

import (
	"regexp"
	"slices"

	"pasokh/app/fault"
)

var slugShape = regexp.MustCompile(`^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$`)

// reserved are names that a host of ours or of anybody's network may need.
var reserved = []string{
	PlatformSlug, "admin", "api", "app", "assets", "auth", "autoconfig", "autodiscover", "blog", "cdn", "console", "demo", "dev", "dns", "docs",
	"example", "ftp", "help", "imap", "localhost", "login", "mail", "mx", "ns", "ns1", "ns2", "pasokh", "pop", "proxy", "root", "smtp",
	"static", "status", "support", "sync", "test", "vpn", "webmail", "wpad", "www",
}

// CheckSlug judges the short name that becomes an organization's address:
// three to thirty Latin letters, digits and hyphens, and no reserved word.
func CheckSlug(slug string) error {
	switch {
	case len(slug) < 3 || len(slug) > 30 || !slugShape.MatchString(slug):
		return fault.Field("slug", "onboard.error.slug")
	case slices.Contains(reserved, slug):
		return fault.Field("slug", "onboard.error.slug_reserved")
	}
	return nil
}
