package web

import (
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// home is the front page of an organization, or of the platform.
func (w *web) home(r *req) error {
	if r.tenant.IsPlatform() {
		return w.platformHome(r)
	}
	contacts, err := tenants.Contacts(r.ctx, r.db)
	if err != nil {
		return err
	}
	s := r.tenant.Settings
	p := r.frame("")
	p.Contacts = nil // they are on the page itself
	p.Description = r.in(s.AboutFA, s.AboutEN)
	m := views.Home{
		Name: r.in(r.tenant.NameFA, r.tenant.NameEN), About: p.Description, Acts: r.acts(),
		Contacts: phones(r, contacts), StaffHref: "/sign-in",
		Handles: s.HandlesFA, NotHandled: s.NotHandledFA,
	}
	if !r.tenant.Serves() {
		m.Notice = r.t("standing.ends." + string(r.tenant.Standing()))
		if r.tenant.ClosesAt != nil {
			m.Notice = r.t("standing.ends.closing_on", "day", messages.Date(r.ctx, *r.tenant.ClosesAt))
		}
	}
	if r.in("", "en") == "en" {
		m.Handles, m.NotHandled = s.HandlesEN, s.NotHandledEN
	}
	for _, c := range contacts {
		if c.Kind == "link" {
			m.Links = append(m.Links, parts.LinkOpts{Label: r.in(c.LabelFA, c.LabelEN), Href: c.Number, External: true})
		}
	}
	return r.page(parts.Citizen, p, views.HomePage(m))
}

// acts are what a citizen can begin here, as far as the pages exist.
func (r *req) acts() []parts.LinkCardOpts {
	all := []struct {
		href, key, icon string
		begins          bool
	}{
		{"/complaints/new", "home.complain", "message-square", true},
		{"/track", "home.track", "search", false},
		{"/meetings/new", "home.meet", "calendar-days", true},
		{"/my", "home.my", "user", false},
	}
	var cards []parts.LinkCardOpts
	for i, a := range all {
		if a.begins && !r.tenant.Serves() {
			continue
		}
		if r.w.router.has(a.href) {
			cards = append(cards, parts.LinkCardOpts{
				Title: r.t(a.key), Text: r.t(a.key + "_text"), Href: a.href, Icon: a.icon, Primary: i == 0,
			})
		}
	}
	return cards
}

// platformHome lists the organizations with their addresses.
func (w *web) platformHome(r *req) error {
	r.db.Release() // the list takes a connection of its own
	all, err := w.Root.UnscopedTenants(r.ctx)
	if err != nil {
		return err
	}
	m := views.PlatformHome{Entry: parts.LinkOpts{Label: r.t("home.staff"), Href: "/sign-in", Icon: "log-in", Quiet: true}}
	for _, t := range all {
		if t.IsPlatform() || !t.Serves() {
			continue
		}
		m.Organizations = append(m.Organizations, parts.LinkCardOpts{
			Title: r.in(t.NameFA, t.NameEN), Text: r.t("sector." + string(t.Kind)), Href: w.links.Home(&t) + "/", Icon: "building-2",
		})
	}
	return r.page(parts.Citizen, r.frame("platform.title"), views.PlatformHomePage(m))
}

// shut is what citizens see of an organization that has not opened, or that
// shows itself to its staff only: the name and the contacts.
func (r *req) shut() error {
	if r.c.Path() != "/" {
		return r.done("/")
	}
	contacts, err := tenants.Contacts(r.ctx, r.db)
	if err != nil {
		return err
	}
	r.c.Set("X-Robots-Tag", "noindex")
	p := r.frame("")
	p.Contacts, p.Paths.Track = nil, "" // they are on the page itself
	m := views.Shut{Name: r.in(r.tenant.NameFA, r.tenant.NameEN), Text: r.t("standing.shut"), Contacts: phones(r, contacts), StaffHref: "/sign-in"}
	if r.tenant.Standing() == tenants.StatusDraft {
		m.Text = r.t("standing.soon")
	}
	return r.page(parts.Citizen, p, views.ShutPage(m))
}
