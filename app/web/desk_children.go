package web

import (
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const childrenPath = "/desk/children"

// children shows the figures of the organizations below this one, over a month,
// a season or a year; what their cases say is theirs.
func (w *web) children(r *req) error {
	period, ok := parsePeriod(r.query("period"))
	if !ok || period.from().After(r.now()) {
		period = periodOf("month", r.now())
	}
	r.db.Release() // the count takes a connection of its own
	list, err := w.Root.UnscopedChildFigures(r.ctx, r.tenant, period.from(), period.until())
	if err != nil {
		return err
	}
	link := func(p solarPeriod) string { return childrenPath + "?period=" + p.String() }
	m := views.Children{Period: r.periodName(period), Prev: link(period.add(-1))}
	if period.until().Before(r.now()) {
		m.Next = link(period.add(1))
	}
	for _, kind := range periodKinds {
		m.Kinds = append(m.Kinds, parts.Tab{Label: r.t("period." + kind), Href: link(periodOf(kind, period.from())), Current: kind == period.kind})
	}
	for _, f := range list {
		row := views.ChildRow{Name: r.in(f.NameFA, f.NameEN), ChildFigures: f, Share: "—"}
		if f.Closed > 0 {
			row.Share = messages.Percent(r.ctx, (f.Confirmed*100+f.Closed/2)/f.Closed)
		}
		m.Rows = append(m.Rows, row)
		m.Received, m.Open, m.Overdue, m.People = m.Received+f.Received, m.Open+f.Open, m.Overdue+f.Overdue, m.People+f.People
	}
	return r.page(parts.Desk, r.frame("children.title"), views.ChildrenPage(m))
}
