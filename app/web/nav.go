package web

import (
	"strings"

	"pasokh/views/parts"
)

// section is one line of the desk's side bar. It is shown to whoever may open
// it, once its route exists.
type section struct {
	href       string
	permission string
	key        string // of its words, and the id of its live count
	icon       string
}

// sections lists the desk's parts in their order; a person's first one is
// where sign-in leads.
var sections = []section{
	{"/platform", "platform:read", "organizations", "building-2"},
	{"/platform/queues", "platform:read", "queues", "layout-dashboard"},
	{"/platform/announcements", "platform:read", "announcements", "megaphone"},
	{"/executive", "directive:accept", "executive", "landmark"},
	{"/desk", "complaint:read", "inbox", "inbox"},
	{"/desk/calls", "complaint:feedback", "calls", "phone-call"},
	{"/desk/visits", "complaint:visit", "visits", "map-pin"},
	{"/desk/sign-offs", "complaint:sign_off", "sign_offs", "stamp"},
	{"/desk/meetings", "meeting:read", "meetings", "calendar-days"},
	{"/desk/directives", "directive:read", "directives", "scroll-text"},
	{"/desk/due", "directive:report", "due", "clipboard-list"},
	{"/desk/committees", "committee:read", "committees", "users"},
	{"/desk/inbound", "inbound:handle", "inbound", "mail"},
	{"/desk/deliveries", "delivery:read", "deliveries", "bell"},
	{"/desk/transfers", "complaint:transfer", "transfers", "send"},
	{"/desk/boxes", "box:read", "boxes", "archive"},
	{"/desk/notices", "notice:edit", "notices", "megaphone"},
	{"/desk/inspections", "inspection:read", "inspections", "shield-check"},
	{"/desk/violations", "violation:read", "violations", "gavel"},
	{"/desk/warnings", "warning:read", "warnings", "triangle-alert"},
	{"/desk/improvements", "improvement:read", "improvements", "clipboard-check"},
	{"/desk/reviews", "call:review", "reviews", "headset"},
	{"/desk/conduct", "conduct:read", "conduct", "thumbs-up"},
	{"/desk/my-quality", "quality:own", "my_quality", "user-check"},
	{"/desk/scores", "score:read", "scores", "chart-column"},
	{"/desk/ranking", "score:read", "ranking", "trophy"},
	{"/desk/children", "children:read", "children", "git-merge"},
	{"/desk/routing", "routing:edit", "routing", "forward"},
	{"/desk/templates", "template:edit", "templates", "file-text"},
	{"/desk/imports", "import:create", "imports", "upload"},
	{"/desk/privacy", "privacy:read", "privacy", "key-round"},
	{"/platform/audit", "audit:read", "audit", "history"},
	{"/desk/organization/audit", "audit:read", "audit", "history"},
	{"/desk/organization/emergency", "emergency:read", "emergency", "octagon-alert"},
	{"/desk/organization", "organization:read", "organization", "building-2"},
	{"/desk/organization/staff", "staff:read", "staff", "users"},
}

// nav is the side bar of whoever asks.
func (r *req) nav() []parts.NavItem {
	var items []parts.NavItem
	for _, s := range sections {
		if s.href == childrenPath && r.tenant.Children == 0 {
			continue
		}
		if !r.w.router.has(s.href) || !r.can(s.permission) {
			continue
		}
		if strings.HasPrefix(s.href, "/platform") != r.tenant.IsPlatform() {
			continue // a permission that both have has a page on each
		}
		items = append(items, parts.NavItem{
			Label: r.t("nav." + s.key), Href: s.href, Icon: s.icon, Key: "nav-" + s.key,
			Current: r.inSection(s.href),
		})
	}
	return items
}

// inSection tells whether this page is the section or lies below it and below
// no narrower one.
func (r *req) inSection(href string) bool {
	best := ""
	for _, s := range sections {
		if at := r.c.Path(); (at == s.href || strings.HasPrefix(at, s.href+"/")) && len(s.href) > len(best) {
			best = s.href
		}
	}
	return best == href
}

// landing is where a member of staff starts.
func (r *req) landing() string {
	if items := r.nav(); len(items) > 0 {
		return items[0].Href
	}
	return "/"
}
