package staff

import (
	"slices"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// AdminRole is the role without which an organization cannot rule itself.
const AdminRole = "tenant_admin"

// executing are the roles that answer cases; whoever holds one does not judge
// the answer (product.md, rule 2).
var (
	executing = []string{"unit_expert", "unit_head"}
	judging   = []string{"feedback_agent", "special_followup"}
)

// apart tells whether the roles must lie in different hands.
func apart(roles []string) bool {
	holds := func(of []string) bool {
		return slices.ContainsFunc(of, func(role string) bool { return slices.Contains(roles, role) })
	}
	return holds(executing) && holds(judging)
}

// mayGrantAll refuses a role that the actor cannot give: the policy says which
// (Actor.Grants). The program itself, and who runs the platform, bring the first
// people of an organization in.
func mayGrantAll(tx *tenants.Tx, roles []string) error {
	a := tx.Actor()
	if a.Kind == tenants.System || a.Has("platform_admin") {
		return nil
	}
	for _, role := range roles {
		if !slices.Contains(a.Grants, role) {
			return fault.New(fault.Forbidden, "staff.grant")
		}
	}
	return nil
}
