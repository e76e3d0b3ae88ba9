package roles

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/policies"
	"pasokh/tenants"
)

// fileReason stands at changes that an organization's file brought.
const fileReason = "از فایل سازمان (tenant apply)"

// ShowFile adds to the file of an organization its own roles and what it changed
// of the built-in ones.
func ShowFile(ctx context.Context, r tenants.Reader, book *policies.Book, spec *tenants.Spec) error {
	list, err := running(ctx, r)
	if err != nil {
		return err
	}
	own, err := InForce(ctx, r)
	if err != nil {
		return err
	}
	for i := range list {
		spec.Roles = append(spec.Roles, tenants.RoleSpec{
			NameFA: list[i].NameFA, NameEN: list[i].NameEN, Description: list[i].Description, BasedOn: list[i].BasedOn,
			Scope: string(own.Scopes[list[i].Code]), Allow: ruled(own, list[i].Code, true),
		})
	}
	for _, role := range book.Roles() {
		p := tenants.PermissionSpec{Role: role, Scope: string(own.Scopes[role]), Allow: ruled(own, role, true), Deny: ruled(own, role, false)}
		if p.Scope != "" || len(p.Allow)+len(p.Deny) > 0 {
			spec.Permissions = append(spec.Permissions, p)
		}
	}
	return nil
}

// running are the own roles that are not retired, the oldest first.
func running(ctx context.Context, r tenants.Reader) ([]tenants.Role, error) {
	list, err := tenants.Roles(ctx, r)
	return slices.DeleteFunc(list, func(o tenants.Role) bool { return o.RetiredAt != nil }), err
}

func ruled(own policies.Own, role string, allow bool) (list []string) {
	for _, rule := range own.Rules {
		if rule.Role == role && rule.Allow == allow {
			list = append(list, rule.Permission)
		}
	}
	slices.Sort(list)
	return list
}

// ApplyFile brings roles and permissions to what the file says, and lists what it
// changed. A part that the file does not name stays; an own role that a named
// part does not have is retired, unless somebody holds it.
func ApplyFile(ctx context.Context, tx *tenants.Tx, book *policies.Book, spec *tenants.Spec) ([]tenants.Change, error) {
	a := &filing{tx: tx, book: book, spec: spec}
	if err := a.judge(); err != nil {
		return nil, err
	}
	if spec.Roles != nil {
		if err := a.roles(ctx, spec.Roles); err != nil {
			return nil, fault.Wrap(err, "roles.ApplyFile")
		}
	}
	if spec.Permissions != nil {
		if err := a.builtIn(ctx, spec.Permissions); err != nil {
			return nil, fault.Wrap(err, "roles.ApplyFile")
		}
	}
	return a.changes, nil
}

type filing struct {
	tx      *tenants.Tx
	book    *policies.Book
	spec    *tenants.Spec
	changes []tenants.Change
}

// judge refuses roles and permissions that there are not, with their line.
func (a *filing) judge() error {
	for i, s := range a.spec.Roles {
		for _, p := range s.Allow {
			if !a.book.Known(p) {
				return a.spec.Wrong("roles", i, "allow", "permission "+p)
			}
		}
	}
	for i, s := range a.spec.Permissions {
		if !a.book.KnownRole(s.Role) || OfPlatform(s.Role) {
			return a.spec.Wrong("permissions", i, "role", "role "+s.Role)
		}
		for _, p := range slices.Concat(s.Allow, s.Deny) {
			if !a.book.Known(p) {
				return a.spec.Wrong("permissions", i, "role", "permission "+p)
			}
		}
	}
	return nil
}

func (a *filing) note(verb, what string) {
	a.changes = append(a.changes, tenants.Change{Verb: verb, What: what})
}

func (a *filing) roles(ctx context.Context, specs []tenants.RoleSpec) error {
	have, err := running(ctx, a.tx)
	if err != nil {
		return err
	}
	for _, s := range specs {
		naming := Naming{FA: s.NameFA, EN: s.NameEN, Description: s.Description}
		at := slices.IndexFunc(have, func(r tenants.Role) bool { return r.NameFA == s.NameFA })
		code := ""
		if at < 0 {
			made, err := Create(ctx, a.tx, a.book, naming, s.BasedOn)
			if err != nil {
				return err
			}
			a.note("add", "role "+s.NameFA)
			code = made.Code
		} else {
			old := have[at]
			have = slices.Delete(have, at, at+1)
			if code = old.Code; old.NameEN != s.NameEN || old.Description != s.Description {
				a.note("change", "role "+s.NameFA)
				if err := Rename(ctx, a.tx, code, naming); err != nil {
					return err
				}
			}
		}
		if err := a.set(ctx, code, s.NameFA, s.Scope, s.Allow); err != nil {
			return err
		}
	}
	for i := range have {
		a.note("retire", "role "+have[i].NameFA)
		if err := Retire(ctx, a.tx, have[i].Code); err != nil {
			return err
		}
	}
	return nil
}

// builtIn brings every built-in role to its default and what the file changes of it.
func (a *filing) builtIn(ctx context.Context, specs []tenants.PermissionSpec) error {
	for _, role := range a.book.Roles() {
		if OfPlatform(role) {
			continue
		}
		s := tenants.PermissionSpec{}
		if at := slices.IndexFunc(specs, func(p tenants.PermissionSpec) bool { return p.Role == role }); at >= 0 {
			s = specs[at]
		}
		var allow []string
		for _, p := range a.book.Permissions() {
			if slices.Contains(s.Allow, p) || a.book.BuiltIn().Can([]string{role}, p) && !slices.Contains(s.Deny, p) {
				allow = append(allow, p)
			}
		}
		scope := s.Scope
		if scope == "" {
			scope = string(a.book.BuiltIn().Scope([]string{role}))
		}
		if err := a.set(ctx, role, role, scope, allow); err != nil {
			return err
		}
	}
	return nil
}

// set gives a role exactly these permissions; nothing when it has them.
func (a *filing) set(ctx context.Context, code, name, scope string, allow []string) error {
	own, err := InForce(ctx, a.tx)
	if err != nil {
		return err
	}
	now, err := a.book.Judge(own)
	if err != nil {
		return err
	}
	d := Current(a.book, now, code)
	before := d.mark()
	d.Allow, d.Reason, d.Seen = map[string]bool{}, fileReason, ""
	for _, p := range allow {
		if p != ScopePermission {
			d.Allow[p] = true
		}
	}
	if scope != "" {
		d.Scope = policies.Scope(scope)
	}
	if d.mark() == before {
		return nil
	}
	a.note("change", "permissions of "+name)
	_, err = Save(ctx, a.tx, a.book, d)
	return err
}
