package web

import (
	"context"

	"pasokh/policies"
	"pasokh/tenants"
)

// Empower notes on the actor what the policy lets the roles see, for the rules
// of the rooms.
func Empower(book *policies.Book, tenant int64, a *tenants.Actor) {
	can := func(permission string) bool { return book.Can(tenant, a.Roles, permission) }
	a.SeesAll, a.Inspects = book.Scope(tenant, a.Roles) == policies.ScopeTenant, can("complaint:inspect")
	a.Arbitrates = can("complaint:arbitrate")
	a.Leads, a.Office = can("unit:lead"), can("directive:office")
	a.InspectsOnly = a.Inspects && !can("complaint:triage")
}

// empower is Empower, and notes the units below the own one for who is shown
// their cases: one statement more, for them alone.
func empower(ctx context.Context, r tenants.Reader, book *policies.Book, a *tenants.Actor) error {
	tenant := r.Tenant().ID
	Empower(book, tenant, a)
	if a.UnitID == 0 || book.Scope(tenant, a.Roles) != policies.ScopeSubtree {
		return nil
	}
	units, err := tenants.AllUnits(ctx, r)
	a.Below = tenants.Below(units, a.UnitID)
	return err
}
