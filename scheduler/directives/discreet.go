package directives

import (
	"context"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// A confidential directive is shown to who issued it, to the executives'
// office, to the heads of the units that carry it out, and to who inspects.
// Every list goes through discreet, every page through MaySee.

// overseer tells whether the actor is shown every directive.
func overseer(a tenants.Actor) bool {
	return a.Kind == tenants.System || a.Kind == tenants.Staff && (a.Inspects || a.Office)
}

// discreet leaves out the directives (alias directive) that are kept from the
// actor.
func discreet(r tenants.Reader, q *tenants.Query, a tenants.Actor) *tenants.Query {
	switch {
	case overseer(a):
		return q
	case a.Kind != tenants.Staff:
		return q.Where("NOT directive.confidential")
	}
	own := ofStaff(r, r.Select((*Executive)(nil)).Column("id"), a.ID)
	if !a.Leads { // the rest of the unit sees no confidential order
		return q.Where("(NOT directive.confidential OR directive.executive_id IN (?))", own)
	}
	parts := r.Select((*Part)(nil)).Column("directive_id").Where("part.unit_id = ?", a.UnitID)
	return q.Where("(NOT directive.confidential OR directive.unit_id = ? OR directive.executive_id IN (?) OR directive.id IN (?))", a.UnitID, own, parts)
}

// Discreet narrows a query on directives (alias directive) of another room to
// those that the actor may know of.
func Discreet(r tenants.Reader, q *tenants.Query, a tenants.Actor) *tenants.Query {
	return discreet(r, q, a)
}

// MaySee is NotFound when a confidential directive is kept from the actor.
func (d *Directive) MaySee(ctx context.Context, r tenants.Reader, a tenants.Actor) error {
	if !d.Confidential {
		return nil
	}
	seen, err := discreet(r, r.Select((*Directive)(nil)).Where("directive.id = ?", d.ID), a).Exists(ctx)
	if err != nil {
		return fault.Wrap(tenants.Err(err), "directives.MaySee")
	}
	if !seen {
		return errUnknown()
	}
	return nil
}
