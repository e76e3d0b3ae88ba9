package web

import (
	"slices"

	"pasokh/app/complaints"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
)

const (
	colleaguesLooked = 60 // accounts that fit what was typed
	colleaguesShown  = 8
)

// deskColleagues lists who can be called in a note on the case, by what was
// typed of a name: staff who may open it, and nobody else.
func (w *web) deskColleagues(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.count(limitColleagues, idText(r.principal.actor.ID)); err != nil {
		return err
	}
	c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return err
	}
	found, err := staff.Matching(r.ctx, r.db, r.query("q"), colleaguesLooked)
	if err != nil {
		return err
	}
	able, err := r.readers(c, found)
	if err != nil {
		return err
	}
	list := make([]views.Colleague, 0, colleaguesShown)
	for i := range found {
		s := &found[i]
		if s.ID != r.principal.actor.ID && able[s.ID] && len(list) < colleaguesShown {
			list = append(list, views.Colleague{User: s.UserName, Name: r.in(s.NameFA, s.NameEN)})
		}
	}
	return r.render(views.Colleagues(list))
}

// readers tells which of the accounts may open the case.
func (r *req) readers(c *complaints.Complaint, found []staff.Member) (map[int64]bool, error) {
	people := make([]tenants.Actor, len(found))
	for i := range found {
		people[i] = found[i].Actor()
		if err := empower(r.ctx, r.db, r.w.Book, &people[i]); err != nil {
			return nil, err
		}
	}
	people = slices.DeleteFunc(people, func(a tenants.Actor) bool { return !r.w.Book.Can(r.tenant.ID, a.Roles, "complaint:read") })
	may, err := complaints.MaySee(r.ctx, r.db, c, people)
	able := make(map[int64]bool, len(may))
	for _, a := range may {
		able[a.ID] = true
	}
	return able, err
}
