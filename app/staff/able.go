package staff

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/policies"
	"pasokh/tenants"
)

// Rights say, by permission, which roles have it at an organization: the
// built-in ones with its changes, and its own. Rooms that hold no book ask them
// whom to tell and who can be chosen, so that own roles count like built-in ones.
type Rights map[string][]string

// RightsTo reads who has the permissions at this moment. It says what the book
// says (policies.Book.Replace).
func RightsTo(ctx context.Context, r tenants.Reader, permissions ...string) (Rights, error) {
	rights := Rights{}
	for _, p := range permissions {
		rights[p] = policies.Usual(p)
	}
	var rules []tenants.PolicyRule
	err := r.Select(&rules).Where("rule.permission IN (?)", tenants.In(permissions)).Order("rule.role").Scan(ctx)
	if err != nil {
		return nil, fault.Wrap(tenants.Err(err), "staff.RightsTo")
	}
	for i := range rules {
		rights.set(rules[i].Role, rules[i].Permission, rules[i].Allow)
	}
	if slices.Contains(permissions, policies.SeesAll) {
		scopes, err := tenants.RoleScopes(ctx, r)
		if err != nil {
			return nil, err
		}
		for i := range scopes {
			rights.set(scopes[i].Role, policies.SeesAll, policies.Scope(scopes[i].Scope) == policies.ScopeTenant)
		}
	}
	return rights, rights.unretire(ctx, r)
}

// set gives a permission to a role, or takes it; nobody is given what is the
// platform's.
func (g Rights) set(role, permission string, allow bool) {
	g[permission] = slices.DeleteFunc(g[permission], func(held string) bool { return held == role })
	if allow && !policies.IsPlatform(permission) {
		g[permission] = append(g[permission], role)
	}
}

// unretire leaves out own roles that are no more.
func (g Rights) unretire(ctx context.Context, r tenants.Reader) error {
	own := false
	for _, roles := range g {
		own = own || slices.ContainsFunc(roles, policies.IsOwn)
	}
	if !own {
		return nil
	}
	known, err := tenants.OwnRoles(ctx, r)
	for p, roles := range g {
		g[p] = slices.DeleteFunc(roles, func(role string) bool { return policies.IsOwn(role) && !slices.Contains(known, role) })
	}
	return err
}

// Can tells whether any of the roles has the permission, which is one that the
// rights were read for.
func (g Rights) Can(roles []string, permission string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(g[permission], role) })
}

// Able lists the active staff whose roles together have all of the permissions,
// in one unit or (nil) in the whole organization, by user name.
func Able(ctx context.Context, r tenants.Reader, unitID *int64, permissions ...string) ([]Staff, error) {
	rights, err := RightsTo(ctx, r, permissions...)
	if err != nil {
		return nil, err
	}
	var list []Staff
	q := query(r, &list).Where("staff.disabled_at IS NULL").Order("staff.user_name")
	for _, p := range permissions {
		if len(rights[p]) == 0 {
			return nil, nil
		}
		q = q.Where("EXISTS (?)", r.Select((*Membership)(nil)).ColumnExpr("1").
			Where("membership.staff_id = staff.id AND membership.role IN (?)", tenants.In(rights[p])))
	}
	if unitID != nil {
		q = q.Where("staff.unit_id = ?", *unitID)
	}
	return list, fault.Wrap(tenants.Err(q.Scan(ctx)), "staff.Able")
}
