package notify

import (
	"net/url"
	"strconv"

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
	if t.Host != "" {
		return l.at(t.Host)
	}
	return l.Below(t)
}

// Below is the address below the platform's domain, which an organization keeps
// when it has a host of its own.
func (l Links) Below(t *tenants.Tenant) string {
	if t.IsPlatform() {
		return l.at(l.Domain)
	}
	return l.at(t.Slug + "." + l.Domain)
}

func (l Links) at(host string) string {
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

// Book is where a public meeting about a case is booked.
func (l Links) Book(t *tenants.Tenant, code string) string {
	return l.Home(t) + "/meetings/new?case=" + url.QueryEscape(code)
}

// Open is the address of a link that opens one case or meeting, see citizens.NewLink.
func (l Links) Open(t *tenants.Tenant, word string) string { return l.Home(t) + "/p/" + word }

// Case leads staff to a case, by an address short enough for a text message.
func (l Links) Case(t *tenants.Tenant, id int64) string {
	return l.Home(t) + "/c/" + strconv.FormatInt(id, 10)
}

// Directive leads staff to a directive, by an address as short.
func (l Links) Directive(t *tenants.Tenant, id int64) string {
	return l.Home(t) + "/d/" + strconv.FormatInt(id, 10)
}

// Sitting leads staff to a sitting of a committee.
func (l Links) Sitting(t *tenants.Tenant, id int64) string {
	return l.Home(t) + "/desk/committees/sittings/" + strconv.FormatInt(id, 10)
}

// Week leads an executive to the summary of the last week.
func (l Links) Week(t *tenants.Tenant) string { return l.Home(t) + "/executive/week" }

// Executive leads somebody who acts for a post to its page.
func (l Links) Executive(t *tenants.Tenant) string { return l.Home(t) + "/executive" }

// Usage leads administrators to what the organization used and may.
func (l Links) Usage(t *tenants.Tenant) string { return l.Home(t) + "/desk/organization/usage" }

// Organization leads the platform to one of its organizations.
func (l Links) Organization(platform *tenants.Tenant, id int64) string {
	return l.Home(platform) + "/platform/organizations/" + strconv.FormatInt(id, 10)
}

// Boxes leads staff to the complaint boxes.
func (l Links) Boxes(t *tenants.Tenant) string { return l.Home(t) + "/desk/boxes" }

// Channels leads to the gateways of an organization.
func (l Links) Channels(t *tenants.Tenant) string { return l.Home(t) + "/desk/organization/channels" }

// Security leads staff to their own sessions and factors.
func (l Links) Security(t *tenants.Tenant) string { return l.Home(t) + "/desk/account/security" }

// Notifications leads staff to what they were told.
func (l Links) Notifications(t *tenants.Tenant) string { return l.Home(t) + "/desk/notifications" }

// Password is where a new password is chosen; folder is "invitations" or "resets".
func (l Links) Password(t *tenants.Tenant, folder, word string) string {
	return l.Home(t) + "/" + folder + "/" + word
}

// Reset is where somebody asks for a link to a new password.
func (l Links) Reset(t *tenants.Tenant) string { return l.Home(t) + "/sign-in/reset" }

// Account is a person's own page.
func (l Links) Account(t *tenants.Tenant) string { return l.Home(t) + "/desk/account" }

// Emergency leads administrators to who of the platform looked.
func (l Links) Emergency(t *tenants.Tenant) string {
	return l.Home(t) + "/desk/organization/emergency"
}

// Audit leads to who changed what.
func (l Links) Audit(t *tenants.Tenant) string { return l.Home(t) + "/desk/organization/audit" }

// Training leads to the courses of the staff and what runs out.
func (l Links) Training(t *tenants.Tenant) string { return l.Home(t) + "/desk/organization/training" }

// MyData is where a citizen sees what is held of them.
func (l Links) MyData(t *tenants.Tenant) string { return l.Home(t) + "/my/data" }
