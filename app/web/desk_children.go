package web

import (
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	childrenPath = "/desk/children"
	commendPath  = childrenPath + "/commendation"
)

// childFigures are the figures of the organizations below this one, those first
// that answered the greatest share of what they received.
func (w *web) childFigures(r *req) (solarPeriod, []tenants.ChildFigures, error) {
	period, ok := parsePeriod(r.query("period"))
	if !ok || period.from().After(r.now()) {
		period = periodOf("month", r.now())
	}
	r.db.Release() // the count takes a connection of its own
	list, err := w.Root.UnscopedChildFigures(r.ctx, r.tenant, period.from(), period.until())
	slices.SortStableFunc(list, func(a, b tenants.ChildFigures) int { return b.Answers() - a.Answers() })
	return period, list, err
}

// children shows the figures of the organizations below this one, over a month,
// a season or a year; what their cases say is theirs.
func (w *web) children(r *req) error {
	period, list, err := w.childFigures(r)
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
	for i, f := range list {
		row := views.ChildRow{Name: r.in(f.NameFA, f.NameEN), ChildFigures: f, Share: "—", Answers: "—"}
		if f.Closed > 0 {
			row.Share = messages.Percent(r.ctx, (f.Confirmed*100+f.Closed/2)/f.Closed)
		}
		if f.Received > 0 {
			row.Place, row.Answers = 1, messages.Percent(r.ctx, f.Answers()/100)
			if i > 0 {
				row.Place = i + 1
				if before := m.Rows[i-1]; before.ChildFigures.Answers() == f.Answers() {
					row.Place = before.Place
				}
			}
		}
		m.Rows = append(m.Rows, row)
		m.Received, m.Open, m.Overdue, m.People = m.Received+f.Received, m.Open+f.Open, m.Overdue+f.Overdue, m.People+f.People
	}
	if len(best(list)) > 0 && over(period, r.now()) {
		m.Commend = commendPath + "?period=" + period.String()
	}
	return r.page(parts.Desk, r.frame("children.title"), views.ChildrenPage(m))
}

func over(p solarPeriod, now time.Time) bool { return !p.until().After(now) }

// best are those that share the first place; nobody when none received anything,
// or there is nobody to be better than.
func best(list []tenants.ChildFigures) []tenants.ChildFigures {
	ranked := slices.DeleteFunc(slices.Clone(list), func(f tenants.ChildFigures) bool { return f.Received == 0 })
	if len(ranked) < 2 {
		return nil
	}
	return slices.DeleteFunc(ranked, func(f tenants.ChildFigures) bool { return f.Answers() < ranked[0].Answers() })
}

// commendation is the letter to those who answered most in a period that is over,
// to be printed and signed.
func (w *web) commendation(r *req) error {
	period, list, err := w.childFigures(r)
	if err != nil {
		return err
	}
	first := best(list)
	if len(first) == 0 || !over(period, r.now()) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	ranked := 0
	for _, f := range list {
		if f.Received > 0 {
			ranked++
		}
	}
	m := views.Commendation{Period: r.periodName(period), Among: ranked, Now: r.now()}
	for _, f := range first {
		m.Letters = append(m.Letters, views.ChildRow{Name: r.in(f.NameFA, f.NameEN), ChildFigures: f, Answers: messages.Percent(r.ctx, f.Answers()/100)})
	}
	p := r.frame("children.commendation")
	p.Paths.Home = childrenPath + "?period=" + period.String()
	return r.page(parts.Print, p, views.CommendationSheet(p, m))
}
