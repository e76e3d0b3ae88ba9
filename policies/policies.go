// Package policies decides who may do what: casbin evaluates the built-in
// roles, and an organization's changes to them, once; requests only look up.
package policies

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
)

//go:embed model.conf
var modelText string

//go:embed roles.csv
var rolesText []byte

// Rule is an organization's own change to the built-in policy.
type Rule struct {
	Role       string
	Permission string // object:action
	Allow      bool
}

// Book holds the decisions of all organizations, ready made and immutable;
// the zero value is not usable, see Load.
type Book struct {
	builtin *Verdicts
	perms   map[string]bool
	roles   []string
	lines   [][]string
	model   string

	mu      sync.RWMutex
	tenants map[int64]*Verdicts // only organizations with rules of their own
}

// decisions has one entry for everything allowed: role + " " + permission.
type decisions map[string]bool

// Load evaluates the built-in policy.
func Load() (*Book, error) {
	b := &Book{perms: map[string]bool{}, tenants: map[int64]*Verdicts{}, model: modelText}
	for _, line := range bytes.Split(rolesText, []byte("\n")) {
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		f := strings.Split(text, ",")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		if len(f) != 5 || f[0] != "p" {
			return nil, fmt.Errorf("policies: bad line %q", text)
		}
		b.lines = append(b.lines, f[1:])
		b.perms[f[2]+":"+f[3]] = true
		if !slices.Contains(b.roles, f[1]) {
			b.roles = append(b.roles, f[1])
		}
	}
	d, err := b.evaluate()
	b.builtin = &Verdicts{allowed: d, roles: b.roles}
	return b, err
}

// evaluate asks casbin for every (role, permission) there is.
func (b *Book) evaluate() (decisions, error) {
	e, err := b.enforcer(nil)
	if err != nil {
		return nil, err
	}
	d := decisions{}
	for _, role := range b.roles {
		for perm := range b.perms {
			if err := d.ask(e, role, perm); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

func (b *Book) enforcer(own []Rule) (*casbin.Enforcer, error) {
	m, err := model.NewModelFromString(b.model)
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	if _, err := e.AddPolicies(b.lines); err != nil {
		return nil, err
	}
	for _, rule := range own {
		object, action, _ := strings.Cut(rule.Permission, ":")
		effect := "deny"
		if rule.Allow {
			effect = "allow"
		}
		if _, err := e.AddPolicy(rule.Role, object, action, effect); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// ask notes what casbin decides.
func (d decisions) ask(e *casbin.Enforcer, role, perm string) error {
	object, action, _ := strings.Cut(perm, ":")
	ok, err := e.Enforce(role, object, action)
	delete(d, role+" "+perm)
	if ok && err == nil {
		d[role+" "+perm] = true
	}
	return err
}

// Swap replaces the rules of one organization at once for all readers; it has
// no own roles and no own scopes then, see Replace.
func (b *Book) Swap(tenant int64, own []Rule) error { return b.Replace(tenant, Own{Rules: own}) }

// Can tells whether any of the roles may do the permission in the
// organization. No role, no organization or no such permission: no.
func (b *Book) Can(tenant int64, roles []string, permission string) bool {
	return b.Of(tenant).Can(roles, permission)
}

// Known tells whether the permission is in the policy; routes refuse others at
// the start of the program.
func (b *Book) Known(permission string) bool { return b.perms[permission] }

// KnownRole tells whether the role is one of the built-in ones.
func (b *Book) KnownRole(role string) bool { return slices.Contains(b.roles, role) }

// HasRole tells whether the organization has the role: a built-in one, or its own.
func (b *Book) HasRole(tenant int64, role string) bool {
	return slices.Contains(b.Of(tenant).Roles(), role)
}

// Roles lists the built-in roles.
func (b *Book) Roles() []string { return slices.Clone(b.roles) }

// Grantable lists the roles that somebody with these roles may give to others:
// those that allow nothing the giver lacks; whoever administers the organization
// gives all of its roles. platform_admin comes from its own kind only.
func (b *Book) Grantable(tenant int64, roles []string) []string {
	admin := slices.Contains(roles, "tenant_admin")
	var list []string
	for _, role := range b.Of(tenant).Roles() {
		if role == "platform_admin" && !slices.Contains(roles, role) {
			continue
		}
		if admin || b.within(tenant, role, roles) {
			list = append(list, role)
		}
	}
	return list
}

func (b *Book) within(tenant int64, role string, roles []string) bool {
	for p := range b.perms {
		if b.Can(tenant, []string{role}, p) && !b.Can(tenant, roles, p) {
			return false
		}
	}
	return true
}

// Allowed lists what a role may do in an organization, sorted.
func (b *Book) Allowed(tenant int64, role string) []string {
	return slices.DeleteFunc(b.Permissions(), func(p string) bool { return !b.Can(tenant, []string{role}, p) })
}

// usual is the built-in policy, evaluated once for those who hold no book.
var usual = sync.OnceValues(Load)

// Usual lists the built-in roles that have the permission where an organization
// changed nothing.
func Usual(permission string) []string {
	b, err := usual()
	if err != nil {
		return nil // as everywhere: what cannot be judged is denied
	}
	return slices.DeleteFunc(b.Roles(), func(role string) bool { return !b.builtin.allowed[role+" "+permission] })
}

// Permissions lists all permissions, sorted.
func (b *Book) Permissions() []string {
	list := make([]string, 0, len(b.perms))
	for p := range b.perms {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}
