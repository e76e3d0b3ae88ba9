package web

import (
	"net/url"
	"slices"
	"strings"

	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	consolePath = "/platform"
	consolePage = 50 // organizations on a page
)

// consoleQuery is what the page's address chooses; empty does not choose.
type consoleQuery struct{ search, kind, standing string }

func (q consoleQuery) path(after string) string {
	v := url.Values{}
	for name, value := range map[string]string{"q": q.search, "kind": q.kind, "standing": q.standing, "after": after} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return consolePath
	}
	return consolePath + "?" + v.Encode()
}

// chooses tells whether the organization is among those of the query.
func (q consoleQuery) chooses(t *tenants.Tenant) bool {
	if t.IsPlatform() || q.kind != "" && string(t.Kind) != q.kind || q.standing != "" && string(t.Standing()) != q.standing {
		return false
	}
	words := persian.SearchKey(t.NameFA + " " + t.NameEN + " " + t.Slug + " " + t.Host)
	return strings.Contains(words, persian.SearchKey(q.search))
}

// organizations is the platform's home: every organization with its figures.
func (w *web) organizations(r *req) error {
	q := consoleQuery{r.query("q"), r.query("kind"), r.query("standing")}
	r.db.Release() // what follows takes connections of its own
	all, err := w.Root.UnscopedTenants(r.ctx)
	if err != nil {
		return err
	}
	tallies, err := w.Root.UnscopedTallies(r.ctx, periodOf("month", r.now()).String())
	if err != nil {
		return err
	}
	m := views.ConsoleList{Now: r.now(), Search: q.search, Clear: consolePath, Onboard: r.can("platform:onboard")}
	chosen := slices.DeleteFunc(slices.Clone(all), func(t tenants.Tenant) bool { return !q.chooses(&t) })
	m.Total = len(chosen)
	m.Results = r.t("console.results", "n", messages.Number(r.ctx, m.Total))
	if after := r.query("after"); after != "" {
		m.Previous = q.path("")
		chosen = slices.DeleteFunc(chosen, func(t tenants.Tenant) bool { return t.Slug <= after })
	}
	if len(chosen) > consolePage {
		chosen = chosen[:consolePage]
		m.Next = q.path(chosen[consolePage-1].Slug)
	}
	m.Rows = r.consoleRows(all, chosen, tallies)
	r.consoleChoices(&m, q)
	p := r.frame("console.title")
	return r.page(parts.Desk, p, views.ConsolePage(p, m))
}

func (r *req) consoleRows(all, chosen []tenants.Tenant, tallies map[int64]tenants.Tally) []views.ConsoleRow {
	names := make(map[int64]string, len(all))
	for _, t := range all {
		names[t.ID] = r.in(t.NameFA, t.NameEN)
	}
	rows := make([]views.ConsoleRow, len(chosen))
	for i := range chosen {
		t := &chosen[i]
		rows[i] = views.ConsoleRow{Tenant: t, Name: names[t.ID], Tally: tallies[t.ID]}
		if t.ParentID != nil {
			rows[i].Parent = names[*t.ParentID]
		}
	}
	return rows
}

func (r *req) consoleChoices(m *views.ConsoleList, q consoleQuery) {
	m.Kinds = choose(append(tenants.Sectors(), tenants.Other), q.kind, func(k tenants.Kind) (string, string) { return string(k), r.t("sector." + string(k)) })
	m.Stands = choose(tenants.Statuses(), q.standing, func(s tenants.Status) (string, string) { return string(s), r.t("standing." + string(s)) })
	if q.search != "" {
		m.Chips = append(m.Chips, parts.Chip{Label: r.t("console.search"), Value: q.search, Remove: consoleQuery{"", q.kind, q.standing}.path("")})
	}
	for _, o := range m.Kinds {
		if o.Selected {
			m.Chips = append(m.Chips, parts.Chip{Label: r.t("console.kind"), Value: o.Label, Remove: consoleQuery{q.search, "", q.standing}.path("")})
		}
	}
	for _, o := range m.Stands {
		if o.Selected {
			m.Chips = append(m.Chips, parts.Chip{Label: r.t("console.standing"), Value: o.Label, Remove: consoleQuery{q.search, q.kind, ""}.path("")})
		}
	}
}
