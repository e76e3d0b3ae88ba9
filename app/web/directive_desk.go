package web

import (
	"pasokh/tenants"
	"slices"
	"strconv"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/views"
	"pasokh/views/parts"
)

func directivePath(id int64) string { return "/desk/directives/" + idText(id) }

// maySee is nil when the person may see the directive: everybody's with
// directive:read_all, else those the own unit leads or has a part in, and those of the own post.
// What one may not see is NotFound.
func (r *req) maySee(d *directives.Directive) error {
	a := r.principal.actor
	if err := d.MaySee(r.ctx, r.db, a); err != nil {
		return err
	}
	if r.can("directive:read_all") || a.UnitID != 0 && a.UnitID == d.UnitID {
		return nil
	}
	if share, err := directives.Parts(r.ctx, r.db, d.ID, a.UnitID); err != nil || a.UnitID != 0 && len(share) > 0 {
		return err
	}
	acts, err := r.actsFor(d.ExecutiveID)
	if err == nil && !acts {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	return err
}

// actsFor tells whether the person holds the post or stands in for its holder.
func (r *req) actsFor(executiveID int64) (bool, error) {
	own, err := directives.PostsOfStaff(r.ctx, r.db, r.principal.actor.ID)
	return slices.ContainsFunc(own, func(e directives.Executive) bool { return e.ID == executiveID }), err
}

// chosenPost is the post of the list that was chosen, else the first.
func chosenPost(list []directives.Executive, chosen int64) *directives.Executive {
	at := slices.IndexFunc(list, func(e directives.Executive) bool { return e.ID == chosen })
	return &list[max(at, 0)]
}

// postOptions offers posts, the chosen one marked.
func (r *req) postOptions(list []directives.Executive, chosen string) []parts.Option {
	return choose(list, chosen, func(e directives.Executive) (string, string) { return idText(e.ID), r.in(e.PostFA, e.PostEN) })
}

// directiveViews are the tabs, the one to begin with first.
var directiveViews = []directives.View{directives.ToDo, directives.Late, directives.ToJudge, directives.Ended}

// directiveDesk lists directives by due time: a unit its own, an executive the
// own, the others those of all executives or of one.
func (w *web) directiveDesk(r *req) error {
	q := r.officeQuery("view", "executive", "unit", "state", "age", "after")
	m := views.DirectiveDesk{Key: q["view"], Now: r.now()}
	if !slices.Contains(directiveViews, directives.View(m.Key)) {
		m.Key = string(directiveViews[0])
	}
	tally, err := r.directiveRows(q, &m)
	if err != nil {
		return err
	}
	counts := map[directives.View]int{directives.ToDo: tally.Open, directives.Late: tally.Overdue, directives.ToJudge: tally.Reported}
	for _, v := range directiveViews {
		m.Tabs = append(m.Tabs, parts.Tab{
			Label: r.t("directive.view." + string(v)), Href: q.with("view", string(v)).to("/desk/directives"), Count: counts[v],
			Alert: v == directives.Late, Current: string(v) == m.Key,
		})
	}
	if q["after"] != "" {
		m.First = q.with().to("/desk/directives")
	}
	if err := r.directiveFilters(q, &m); err != nil {
		return err
	}
	m.Empty = parts.EmptyOpts{Icon: "scroll-text", Title: r.t("directive_desk.empty." + m.Key), Text: r.t("directive_desk.empty." + m.Key + "_text")}
	p := r.frame("directive_desk.title")
	return r.page(parts.Desk, p, views.DirectiveDeskPage(p, m))
}

// directiveRows reads the rows that the person may see, and counts them all.
func (r *req) directiveRows(q deskQuery, m *views.DirectiveDesk) (t directives.Tally, err error) {
	f := directives.Filter{View: directives.View(m.Key), After: q.number("after"), Actor: r.principal.actor, UnitID: q.number("unit"), State: directives.State(q["state"])}
	if days := q.number("age"); days > 0 {
		f.IssuedBefore = r.now().AddDate(0, 0, -int(min(days, 3650)))
	}
	executive, more := q.number("executive"), false
	own, err := directives.PostsOfStaff(r.ctx, r.db, r.principal.actor.ID)
	switch {
	case err != nil:
		return t, err
	case r.can("directive:read_all"):
		if m.Executives, err = r.executiveOptions(q["executive"]); err != nil {
			return t, err
		}
	case len(own) > 0:
		if len(own) > 1 {
			m.Executives = r.postOptions(own, q["executive"])
		}
		executive = chosenPost(own, executive).ID
	default:
		m.OwnUnit = true
		if m.Rows, more, err = directives.OfUnit(r.ctx, r.db, r.principal.actor.UnitID, f); err != nil {
			return t, err
		}
		m.Next = nextPage(q, m.Rows, more)
		return directives.CountsOfUnit(r.ctx, r.db, r.principal.actor, r.principal.actor.UnitID)
	}
	if m.Rows, more, err = directives.OfExecutive(r.ctx, r.db, executive, f); err != nil {
		return t, err
	}
	m.Next = nextPage(q, m.Rows, more)
	return directives.Counts(r.ctx, r.db, r.principal.actor, executive)
}

func nextPage(q deskQuery, rows []directives.Listed, more bool) string {
	if !more {
		return ""
	}
	return q.with("after", idText(rows[len(rows)-1].ID)).to("/desk/directives")
}

// directiveAges are the ages that the list can be narrowed to, in days.
var directiveAges = []int{7, 30, 90}

// directiveFilters offers what narrows the list, and shows what does.
func (r *req) directiveFilters(q deskQuery, m *views.DirectiveDesk) error {
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	if !m.OwnUnit {
		m.Units = choose(units, q["unit"], func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	}
	m.States = choose(directives.States(), q["state"], func(s directives.State) (string, string) { return string(s), r.t("directive.state." + string(s)) })
	m.Ages = choose(directiveAges, q["age"], func(n int) (string, string) { return strconv.Itoa(n), r.t("executive.age_over", "n", n) })
	m.Clear = q.with("executive", "", "unit", "", "state", "", "age", "").to("/desk/directives")
	m.Chips = r.chips(q, "/desk/directives", chipOf{"executive", "directive_desk.issuer", m.Executives}, chipOf{"unit", "desk.unit", m.Units},
		chipOf{"state", "desk.column.state", m.States}, chipOf{"age", "executive.age", m.Ages})
	return nil
}
