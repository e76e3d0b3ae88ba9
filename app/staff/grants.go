package staff

import (
	"context"
	"slices"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/policies"
	"pasokh/tenants"
)

// AdminRole is the role without which an organization cannot rule itself.
const AdminRole = "tenant_admin"

// executing are the built-in roles that answer cases; whoever holds one does not
// judge the answer (product.md, rule 2).
var (
	executing = []string{"unit_expert", "unit_head"}
	judging   = []string{"feedback_agent", "special_followup"}
)

// Executing lists the permissions of who answers a case, Judging those of who
// judges the answer. Excepted are the built-in roles for which the rooms
// themselves keep the two apart: inspection by two persons
// (complaints.anotherPerson), the PR manager by unit (complaints.independent).
func Executing() []string { return []string{"complaint:take", "complaint:answer"} }

// Judging is explained at Executing.
func Judging() []string {
	return []string{"complaint:feedback", "complaint:close", "complaint:sign_off"}
}

// Excepted is explained at Executing.
func Excepted() []string { return []string{"inspector", "pr_manager"} }

// apart tells whether the roles must lie in different hands: the built-in ones by
// their names, beside own ones all by what they may do.
func apart(ctx context.Context, r tenants.Reader, roles []string) (bool, error) {
	holds := func(of []string) bool {
		return slices.ContainsFunc(of, func(role string) bool { return slices.Contains(roles, role) })
	}
	if holds(executing) && holds(judging) || !slices.ContainsFunc(roles, policies.IsOwn) {
		return holds(executing) && holds(judging), nil
	}
	rights, err := RightsTo(ctx, r, slices.Concat(Executing(), Judging())...)
	bound := without(roles, Excepted())
	can := func(of []string) bool {
		return slices.ContainsFunc(of, func(p string) bool { return rights.Can(bound, p) })
	}
	return can(Executing()) && can(Judging()), err
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

// admins says how many people beside one could rule the organization, and
// whether that one can.
type admins struct {
	left  int
	isOne bool
}

func errLastAdmin() error { return fault.New(fault.Conflict, "staff.last_admin") }

// otherAdmins counts the administrators who can sign in, beside the account id.
// It locks all of them first, in their order, and reads again what it then
// counts, so that of two who remove each other only one succeeds.
func otherAdmins(ctx context.Context, tx *tenants.Tx, id int64) (admins, error) {
	ids, err := adminIDs(ctx, tx)
	if err != nil || len(ids) == 0 {
		return admins{}, err
	}
	var rows []Staff
	if err := tx.LockAll(ctx, &rows, "staff.id IN (?)", tenants.In(ids)); err != nil {
		return admins{}, fault.Wrap(err, "staff.otherAdmins")
	}
	if ids, err = adminIDs(ctx, tx); err != nil {
		return admins{}, err
	}
	a := admins{isOne: slices.Contains(ids, id)}
	for i := range rows {
		s := &rows[i]
		if s.ID != id && s.DisabledAt == nil && s.PasswordHash != "" && slices.Contains(ids, s.ID) {
			a.left++
		}
	}
	return a, nil
}

func adminIDs(ctx context.Context, r tenants.Reader) ([]int64, error) {
	var held []Membership
	err := r.Select(&held).Where("membership.role = ?", AdminRole).Order("membership.staff_id").Scan(ctx)
	ids := make([]int64, len(held))
	for i := range held {
		ids[i] = held[i].StaffID
	}
	return ids, fault.Wrap(tenants.Err(err), "staff.adminIDs")
}

// SetRoles gives a person these roles and takes the others; they hold from the
// next request on. Nobody changes their own. Field error: roles; Forbidden
// "staff.grant" for a role given or taken that is not the actor's to give.
func SetRoles(ctx context.Context, tx *tenants.Tx, id int64, typed []string) error {
	others, err := otherAdmins(ctx, tx, id)
	if err != nil {
		return err
	}
	s := new(Staff)
	if err := tx.Lock(ctx, s, "staff.id = ?", id); err != nil {
		return fault.Wrap(err, "staff.SetRoles")
	}
	if a := tx.Actor(); a.Kind == tenants.Staff && a.ID == id {
		return fault.New(fault.Conflict, "staff.own_roles")
	}
	roles, err := rolesOf(ctx, tx, typed)
	if err != nil {
		return err
	}
	held, err := Roles(ctx, tx, id)
	if err != nil {
		return err
	}
	given, taken := without(roles, held), without(held, roles)
	if err := mayGrantAll(tx, append(slices.Clone(given), taken...)); err != nil {
		return err
	}
	if slices.Contains(taken, AdminRole) && others.left == 0 {
		return errLastAdmin()
	}
	return writeRoles(ctx, tx, id, given, taken)
}

func writeRoles(ctx context.Context, tx *tenants.Tx, id int64, given, taken []string) error {
	for _, role := range given {
		if err := tx.Insert(ctx, &Membership{StaffID: id, Role: role, GrantedAt: tx.Now()}); err != nil {
			return fault.Wrap(err, "staff.SetRoles")
		}
	}
	if len(taken) > 0 {
		if _, err := tx.Delete(ctx, (*Membership)(nil), "staff_id = ? AND role IN (?)", id, tenants.In(taken)); err != nil {
			return fault.Wrap(err, "staff.SetRoles")
		}
	}
	if len(given)+len(taken) == 0 {
		return nil
	}
	return audit.Record(ctx, tx, "staff:roles", "staff", id, "given="+strings.Join(given, " ")+" taken="+strings.Join(taken, " "))
}

// without gives what of list is not in the other.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(v string) bool { return slices.Contains(other, v) })
}
