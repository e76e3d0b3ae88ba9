package web

import (
	"pasokh/policies"
	"pasokh/tenants"
)

// Empower notes on the actor what the policy lets the roles see, for the rules
// of the rooms.
func Empower(book *policies.Book, tenant int64, a *tenants.Actor) {
	can := func(permission string) bool { return book.Can(tenant, a.Roles, permission) }
	a.SeesAll, a.Inspects = can("complaint:read_all"), can("complaint:inspect")
	a.Arbitrates = can("complaint:arbitrate")
	a.InspectsOnly = a.Inspects && !can("complaint:triage")
}
