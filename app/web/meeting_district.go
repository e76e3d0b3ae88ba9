package web

import (
	"slices"

	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
)

// ownExecutive narrows the list to who receives the people of the chosen
// district, where the organization has said so.
func (r *req) ownExecutive(m *views.MeetingExecutive) error {
	served, err := meetings.DistrictsServed(r.ctx, r.db)
	if err != nil || len(served) == 0 {
		return err
	}
	all, err := tenants.Districts(r.ctx, r.db)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(d tenants.District) bool { return served[d.ID] == 0 })
	m.Districts = choose(all, r.query("district"), func(d tenants.District) (string, string) { return idText(d.ID), r.in(d.NameFA, d.NameEN) })
	m.District = r.officeQuery("district").number("district")
	own := served[m.District]
	if own == 0 {
		return nil
	}
	bound := map[int64]bool{}
	for _, executive := range served {
		bound[executive] = true
	}
	m.Own = true
	m.Executives = slices.DeleteFunc(m.Executives, func(e directives.Executive) bool { return bound[e.ID] && e.ID != own })
	if m.Chosen == 0 {
		m.Chosen = own
	}
	return nil
}
