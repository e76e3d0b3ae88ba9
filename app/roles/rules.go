package roles

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/policies"
	"pasokh/tenants"
)

// adminRole rules the organization; it can give all but what is the platform's.
const adminRole = "tenant_admin"

// Kept are the permissions without which an organization would lock itself out:
// its administrators cannot lose them.
func Kept(role, permission string) bool {
	return role == adminRole && slices.Contains([]string{"policy:read", "policy:edit", "staff:read", "staff:edit", "organization:read", "account:own", "security:own"}, permission)
}

// Who answers a case does not judge the answer (product.md, rule 2): a role has
// the permissions of one list only.
var executing, judging = staff.Executing(), staff.Judging()

// exceptions keep what they have by default, no more.
var exceptions = staff.Excepted()

func holdsAny(can func(string) bool, list []string) bool { return slices.ContainsFunc(list, can) }

// together tells whether the permissions meet that must be apart.
func together(can func(string) bool) bool { return holdsAny(can, executing) && holdsAny(can, judging) }

// duties notes beside each permission that the change gives, and that may not
// stand beside what the role has.
func duties(book *policies.Book, d *Draft, gains []string, wrong fault.Fields) {
	role := []string{d.Role}
	usual := func(p string) bool { return slices.Contains(exceptions, d.Role) && book.BuiltIn().Can(role, p) }
	allowed := func(p string) bool { return d.Allow[p] && !usual(p) }
	all := func(p string) bool { return d.Allow[p] }
	if !holdsAny(all, executing) || !holdsAny(all, judging) || !holdsAny(allowed, slices.Concat(executing, judging)) {
		return
	}
	named := false
	for _, p := range gains {
		if usual(p) {
			continue
		}
		switch {
		case slices.Contains(executing, p):
			wrong.Add(p, "roles.error.judges")
			named = true
		case slices.Contains(judging, p):
			wrong.Add(p, "roles.error.answers")
			named = true
		}
	}
	if !named && len(gains) > 0 {
		wrong.Add("", "roles.error.apart")
	}
}

// mayGive tells whether the actor may give the permission to a role: who holds
// it, and who rules the organization. The program itself gives all that an
// organization can have.
func mayGive(a tenants.Actor, now *policies.Verdicts, permission string) bool {
	if policies.IsPlatform(permission) {
		return false
	}
	return a.Kind == tenants.System || a.Has(adminRole) || now.Can(a.Roles, permission)
}

// raises tells whether the actor would give themselves what they cannot do: by a
// role they hold. What the role has by default can always come back.
func raises(a tenants.Actor, book *policies.Book, now *policies.Verdicts, d *Draft, permission string) bool {
	return a.Kind != tenants.System && slices.Contains(a.Roles, d.Role) &&
		!now.Can(a.Roles, permission) && !book.BuiltIn().Can([]string{d.Role}, permission)
}

// Guarded tells whether a permission opens confidential cases or who a citizen
// is: administrators and inspectors hear when a role is given one.
func Guarded(permission string) bool {
	return permission == "complaint:inspect" || strings.HasPrefix(permission, "citizen:")
}

// limits notes what the actor may not give, what the role must keep, and what
// nobody in an organization may have.
func limits(a tenants.Actor, book *policies.Book, now *policies.Verdicts, d *Draft, gains, loses []string, wrong fault.Fields) {
	for _, p := range gains {
		switch {
		case policies.IsPlatform(p):
			wrong.Add(p, "roles.error.platform")
		case !mayGive(a, now, p):
			wrong.Add(p, "roles.error.lack")
		case raises(a, book, now, d, p):
			wrong.Add(p, "roles.error.own")
		}
	}
	for _, p := range loses {
		if Kept(d.Role, p) {
			wrong.Add(p, "roles.error.kept")
		}
	}
	rules := a.Kind == tenants.System || a.Has(adminRole) && !slices.Contains(a.Roles, d.Role)
	if !rules && d.Scope.Wider(now.Scope([]string{d.Role})) && d.Scope.Wider(now.Scope(a.Roles)) {
		wrong.Add("scope", "roles.error.scope_lack")
	}
}

// persons notes when the change would make somebody, by all the roles that
// person holds, answer and judge who did not before.
func persons(now, then *policies.Verdicts, people []staff.Member, wrong fault.Fields) {
	for i := range people {
		held := people[i].Roles
		can := func(v *policies.Verdicts) func(string) bool {
			return func(p string) bool { return v.Can(held, p) }
		}
		if together(can(then)) && !together(can(now)) {
			wrong.Add("", "roles.error.person")
			return
		}
	}
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }
