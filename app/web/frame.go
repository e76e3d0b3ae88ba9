package web

import (
	"context"
	"io"
	"net/url"

	"github.com/a-h/templ"

	"pasokh/app/citizens"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// framed renders body as the children of the layout.
func framed(frame, body templ.Component) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) error {
		return frame.Render(templ.WithChildren(ctx, body), out)
	}
}

// frame is what the layout of a page must know; title is a message key.
func (r *req) frame(title string, args ...any) parts.Page {
	p := parts.Page{
		Lang: r.lang, Theme: themeOf(r.c), CSRF: r.token(), Demo: r.w.Demo,
		CurrentPath: r.c.Path(), LangHref: r.otherLanguage(), Flash: r.flashed,
	}
	if title != "" {
		p.Title = r.t(title, args...)
	}
	if r.tenant != nil {
		p.TenantName, p.Accent = r.in(r.tenant.NameFA, r.tenant.NameEN), r.tenant.Accent
		p.LogoURL, p.Paths.Problem = logoURL(r.tenant), r.problemHref()
		p.TenantShort = r.in(r.tenant.Settings.ShortFA, r.tenant.Settings.ShortEN)
	}
	switch {
	case r.principal.kind == Staff:
		r.deskFrame(&p)
	case r.tenant != nil && !r.tenant.IsPlatform():
		r.citizenFrame(&p)
	}
	return p
}

// citizenFrame adds what public pages offer everywhere.
func (r *req) citizenFrame(p *parts.Page) {
	if r.w.router.has("/track") {
		p.Paths.Track = "/track"
	}
	if r.w.router.has("/privacy") {
		p.Paths.Privacy = "/privacy"
	}
	if mobile := r.signedInMobile(); mobile != "" {
		role := r.t("web.citizen")
		p.User = &parts.Person{Name: isolated(messages.Digits(r.ctx, persian.MaskMobile(mobile))), Role: role, Initials: parts.Initials(role)}
		p.Paths.Account, p.Paths.SignOut = "/my", "/my/session/end"
	}
	if r.db == nil {
		return // an error page made before or after the data was at hand
	}
	// Without its phone lines a page is poorer but not wrong.
	contacts, err := tenants.Contacts(r.ctx, r.db)
	if err != nil {
		r.w.Log.Warn("contacts", "request_id", requestID(r.c), "error", err)
	}
	p.Contacts = phones(r, contacts)
}

// signedInMobile is the number of a citizen who has signed in, also on the
// pages that a case's own code opened; empty when nobody has.
func (r *req) signedInMobile() string {
	if r.principal.kind == Citizen {
		return r.principal.mobile
	}
	token := r.cookie(cookieNames[Citizen])
	if r.principal.kind != Tracker || r.db == nil || !tenants.IsToken(token) {
		return ""
	}
	p, err := citizens.Authenticate(r.ctx, r.db, token)
	if err != nil || p.Kind != tenants.SessionCitizen {
		return "" // without the greeting a page is poorer but not wrong
	}
	return p.Mobile
}

// isolated keeps a number or code in its own order inside Persian words.
func isolated(s string) string { return "\u2066" + s + "\u2069" }

// phones are the contacts that a phone can dial, as layouts show them.
func phones(r *req, list []tenants.Contact) []parts.Contact {
	var all []parts.Contact
	for _, c := range list {
		if c.Kind == "link" {
			continue
		}
		dial, _ := persian.Dialable(c.Number)
		all = append(all, parts.Contact{
			Label: r.in(c.LabelFA, c.LabelEN), Number: c.Number, Dial: dial, Hours: r.in(c.HoursFA, c.HoursEN),
		})
	}
	return all
}

// deskFrame adds the sections that the person's roles open.
func (r *req) deskFrame(p *parts.Page) {
	r.emergencyBar(p)
	p.User = &parts.Person{Name: r.in(r.principal.nameFA, r.principal.nameEN), Role: r.roleName()}
	if r.principal.grant == nil {
		p.Paths.SignOut = "/session/end"
	}
	p.Nav = r.nav()
	if r.w.router.has("/desk/intake") && r.can("complaint:register") {
		p.Paths.Intake = "/desk/intake"
	}
	if r.w.router.has("/desk") && r.can("complaint:read") {
		p.Paths.Search = "/desk"
	}
	if r.can("account:own") && r.route != nil && r.route.place == organizations {
		p.Paths.Account = accountPath
		if r.principal.account.Linked {
			p.Paths.Others = linksPath
		}
	}
	if r.can("notification:read") && r.route != nil && r.route.place == organizations {
		p.Paths.Inbox, p.Unread = notificationsPath, r.unread()
		if r.can("complaint:read") {
			p.Live = "/desk/live"
		}
	}
	if len(p.Nav) > 0 {
		p.Paths.Home = p.Nav[0].Href
	}
}

// roleName is the first of the person's roles in words.
func (r *req) roleName() string {
	if r.principal.grant != nil {
		return r.t("emergency.role")
	}
	if len(r.principal.actor.Roles) == 0 {
		return ""
	}
	return r.roleWord(r.principal.actor.Roles[0])
}

// otherLanguage is where the language switch posts to.
func (r *req) otherLanguage() string {
	if r.visitor == "" {
		return "" // a page outside any session has no form token to send with it
	}
	to := messages.EN
	if r.lang == messages.EN {
		to = messages.FA
	}
	next := "/"
	if r.c.Method() == "GET" {
		next = r.c.OriginalURL()
	}
	return "/language?" + url.Values{"to": {string(to)}, "next": {next}}.Encode()
}
