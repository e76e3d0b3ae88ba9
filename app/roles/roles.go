// Package roles holds what an organization lets each role do: the roles it made
// itself, its changes to the built-in ones, whose cases a role is shown, and the
// rules about who may change that.
package roles

import (
	"context"
	"slices"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/policies"
	"pasokh/tenants"
)

// The limits of a role's texts, in letters.
const (
	nameLimit        = 60
	descriptionLimit = 300
	// ReasonMin is the shortest reason for a change.
	ReasonMin = 10
	ownLimit  = 60 // roles of one organization that are not retired
)

// platformRoles belong to the platform's own people: no organization sees them
// among its roles or changes them.
var platformRoles = []string{"platform_admin", "break_glass"}

// OfPlatform tells whether the role is the platform's.
func OfPlatform(role string) bool { return slices.Contains(platformRoles, role) }

// InForce reads all that the organization changed, as the book takes it.
// Retired roles are left out, and with them all they could do.
func InForce(ctx context.Context, r tenants.Reader) (policies.Own, error) {
	own := policies.Own{Scopes: map[string]policies.Scope{}}
	var err error
	if own.Roles, err = tenants.OwnRoles(ctx, r); err != nil {
		return own, err
	}
	rules, err := tenants.PolicyRules(ctx, r)
	if err != nil {
		return own, err
	}
	for i := range rules {
		own.Rules = append(own.Rules, policies.Rule{Role: rules[i].Role, Permission: rules[i].Permission, Allow: rules[i].Allow})
	}
	scopes, err := tenants.RoleScopes(ctx, r)
	for i := range scopes {
		own.Scopes[scopes[i].Role] = policies.Scope(scopes[i].Scope)
	}
	return own, err
}

// ByCode reads one of the organization's own roles; NotFound when there is none.
func ByCode(ctx context.Context, r tenants.Reader, code string) (*tenants.Role, error) {
	role := new(tenants.Role)
	return role, tenants.Err(r.Select(role).Where("role.code = ?", code).Scan(ctx))
}

// Holders lists the active accounts that hold the role, with all their roles.
func Holders(ctx context.Context, r tenants.Reader, role string) ([]staff.Member, error) {
	all, err := staff.Roster(ctx, r)
	return slices.DeleteFunc(all, func(m staff.Member) bool {
		return m.DisabledAt != nil || !slices.Contains(m.Roles, role)
	}), err
}

// Naming is what an own role is called and for.
type Naming struct{ FA, EN, Description string }

func (n Naming) checked() (Naming, error) {
	n.FA, n.EN, n.Description = persian.CleanLine(n.FA), persian.CleanLine(n.EN), persian.CleanLine(n.Description)
	wrong := fault.Fields{}
	for field, text := range map[string]string{"name_fa": n.FA, "name_en": n.EN} {
		if l := len([]rune(text)); l < 2 || l > nameLimit {
			wrong.Add(field, "roles.error.name")
		}
	}
	if len([]rune(n.Description)) > descriptionLimit {
		wrong.Add("description", "roles.error.description")
	}
	return n, wrong.Err()
}

// Create makes a role of the organization's own. Based on a built-in role it
// begins with what that role may do by default, as far as the actor may give it
// and no duties meet that must be apart; else it may do nothing yet.
func Create(ctx context.Context, tx *tenants.Tx, book *policies.Book, in Naming, basedOn string) (*tenants.Role, error) {
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	if basedOn != "" && (!book.KnownRole(basedOn) || OfPlatform(basedOn)) {
		return nil, fault.Field("based_on", "roles.error.based_on")
	}
	now, err := lock(ctx, tx, book)
	if err != nil {
		return nil, err
	}
	list, err := tenants.Roles(ctx, tx)
	if err != nil {
		return nil, err
	}
	running := 0
	for i := range list {
		if list[i].RetiredAt != nil {
			continue
		}
		if running++; list[i].NameFA == in.FA {
			return nil, fault.Field("name_fa", "roles.error.taken")
		}
	}
	if running >= ownLimit {
		return nil, fault.New(fault.Conflict, "roles.error.many")
	}
	role := &tenants.Role{ID: tenants.NewID(), NameFA: in.FA, NameEN: in.EN, Description: in.Description, BasedOn: basedOn, CreatedAt: tx.Now()}
	role.Code = policies.OwnPrefix + idText(role.ID)
	if err := tx.Insert(ctx, role); err != nil {
		return nil, fault.Wrap(err, "roles.Create")
	}
	if err := begin(ctx, tx, book, now, role); err != nil {
		return nil, err
	}
	return role, audit.Record(ctx, tx, "policy:create", "role", role.ID, "based_on="+basedOn)
}

// begin gives a new role what its built-in one may do.
func begin(ctx context.Context, tx *tenants.Tx, book *policies.Book, now *policies.Verdicts, role *tenants.Role) error {
	if role.BasedOn == "" {
		return nil
	}
	base, yes := []string{role.BasedOn}, true
	judges := slices.ContainsFunc(judging, func(p string) bool { return book.BuiltIn().Can(base, p) })
	for _, p := range book.Permissions() {
		if !book.BuiltIn().Can(base, p) || policies.IsPlatform(p) || judges && slices.Contains(executing, p) || !mayGive(tx.Actor(), now, p) {
			continue
		}
		if err := tx.SetPolicyRule(ctx, role.Code, p, &yes, ""); err != nil {
			return err
		}
	}
	return nil
}

// Rename changes what an own role is called and for.
func Rename(ctx context.Context, tx *tenants.Tx, code string, in Naming) error {
	in, err := in.checked()
	if err != nil {
		return err
	}
	role := new(tenants.Role)
	if err := tx.Lock(ctx, role, "role.code = ? AND role.retired_at IS NULL", code); err != nil {
		return err
	}
	taken, err := tx.Select((*tenants.Role)(nil)).Where("role.name_fa = ? AND role.code <> ? AND role.retired_at IS NULL", in.FA, code).Exists(ctx)
	if err != nil {
		return fault.Wrap(tenants.Err(err), "roles.Rename")
	}
	if taken {
		return fault.Field("name_fa", "roles.error.taken")
	}
	before := strings.Join([]string{role.NameFA, role.NameEN, role.Description}, " | ")
	role.NameFA, role.NameEN, role.Description = in.FA, in.EN, in.Description
	if err := tx.Update(ctx, role, "name_fa", "name_en", "description"); err != nil {
		return fault.Wrap(err, "roles.Rename")
	}
	return audit.Record(ctx, tx, "policy:rename", "role", role.ID, "before: "+before)
}

// Retire ends an own role that nobody holds any more, accounts that are closed
// included (one that is opened again would hold it), and that no ladder tells.
func Retire(ctx context.Context, tx *tenants.Tx, code string) error {
	role := new(tenants.Role)
	if err := tx.PolicyChanged(ctx); err != nil {
		return err
	}
	if err := tx.Lock(ctx, role, "role.code = ?", code); err != nil {
		return err
	}
	if role.RetiredAt != nil {
		return fault.New(fault.Conflict, "roles.conflict.retired")
	}
	held, err := tx.Select((*staff.Membership)(nil)).Where("membership.role = ?", code).Exists(ctx)
	if err != nil {
		return fault.Wrap(tenants.Err(err), "roles.Retire")
	}
	if held {
		return fault.New(fault.Conflict, "roles.conflict.held")
	}
	classes, err := tenants.SLAClasses(ctx, tx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(classes, func(c tenants.SLAClass) bool { return c.Tells(code) }) {
		return fault.New(fault.Conflict, "roles.conflict.told")
	}
	at := tx.Now()
	role.RetiredAt = &at
	if err := tx.Update(ctx, role, "retired_at"); err != nil {
		return fault.Wrap(err, "roles.Retire")
	}
	return audit.Record(ctx, tx, "policy:retire", "role", role.ID, "")
}

// lock keeps other changes of the organization's policy waiting, and gives what
// is in force.
func lock(ctx context.Context, tx *tenants.Tx, book *policies.Book) (*policies.Verdicts, error) {
	if err := tx.PolicyChanged(ctx); err != nil {
		return nil, err
	}
	own, err := InForce(ctx, tx)
	if err != nil {
		return nil, err
	}
	return book.Judge(own)
}
