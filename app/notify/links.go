package notify

import (
	"net/url"

	"pasokh/tenants"
)

// Links writes addresses that people can open. They come from configuration
// alone, never from a request.
type Links struct {
	Scheme string // http, https
	Domain string // of the platform; an organization is a name before it
	Port   string // empty when it is the scheme's own
}

// ParseLinks reads the platform's address, "https://pasokh.example".
func ParseLinks(base string) (Links, error) {
	u, err := url.Parse(base)
	if err != nil {
		return Links{}, err
	}
	return Links{Scheme: u.Scheme, Domain: u.Hostname(), Port: u.Port()}, nil
}

// Home is the address of an organization, or of the platform itself, without a
// slash at its end.
func (l Links) Home(t *tenants.Tenant) string {
	host := l.Domain
	if !t.IsPlatform() {
		host = t.Slug + "." + host
	}
	if l.Port != "" {
		host += ":" + l.Port
	}
	return l.Scheme + "://" + host
}

// Track is where a person follows a case or meeting. A code is filled in; a
// message that says the code itself leaves it out to stay short.
func (l Links) Track(t *tenants.Tenant, code string) string {
	if code == "" {
		return l.Home(t) + "/track"
	}
	return l.Home(t) + "/track?code=" + url.QueryEscape(code)
}

// Desk is where staff find their work.
func (l Links) Desk(t *tenants.Tenant) string { return l.Home(t) + "/desk" }
