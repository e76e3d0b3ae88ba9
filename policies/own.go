package policies

import (
	"maps"
	"slices"
	"strings"
)

// OwnPrefix begins the code of every role that an organization made itself, so
// that it is never the code of a built-in one nor the id of a person.
const OwnPrefix = "o:"

// IsOwn tells whether the role is one that an organization made itself.
func IsOwn(role string) bool { return strings.HasPrefix(role, OwnPrefix) && len(role) > len(OwnPrefix) }

// IsPlatform tells whether the permission is the platform's: no organization
// gives it to anybody.
func IsPlatform(permission string) bool { return strings.HasPrefix(permission, "platform:") }

// Scope says whose cases a role is shown.
type Scope string

// The scopes, from the narrowest on.
const (
	ScopeUnit    Scope = "unit"    // of the own unit, now or ever
	ScopeSubtree Scope = "subtree" // and of every unit below it
	ScopeTenant  Scope = "tenant"  // of the whole organization
)

// Scopes lists the scopes, the narrowest first.
func Scopes() []Scope { return []Scope{ScopeUnit, ScopeSubtree, ScopeTenant} }

// Wider tells whether the scope shows more than the other.
func (s Scope) Wider(other Scope) bool {
	return slices.Index(Scopes(), s) > slices.Index(Scopes(), other)
}

// SeesAll is the permission that makes the whole organization the scope of a
// role for which the organization chose no scope.
const SeesAll = "complaint:read_all"

// Own is what an organization changed: its own roles, its rules for all roles,
// and the scopes that it chose.
type Own struct {
	Roles  []string // codes, see IsOwn
	Rules  []Rule
	Scopes map[string]Scope // by role
}

// Verdicts are all decisions of one organization, ready made and immutable.
// What is not in them is denied; the nil Verdicts deny everything.
type Verdicts struct {
	allowed decisions
	roles   []string
	scopes  map[string]Scope
}

// Can tells whether any of the roles may do the permission.
func (v *Verdicts) Can(roles []string, permission string) bool {
	if v == nil {
		return false
	}
	return slices.ContainsFunc(roles, func(role string) bool { return v.allowed[role+" "+permission] })
}

// Scope is the widest scope of the roles; the own unit for nobody in particular.
func (v *Verdicts) Scope(roles []string) Scope {
	widest := ScopeUnit
	if v == nil {
		return widest
	}
	for _, role := range roles {
		if s := v.scopeOf(role); s.Wider(widest) {
			widest = s
		}
	}
	return widest
}

func (v *Verdicts) scopeOf(role string) Scope {
	if s := v.scopes[role]; s != "" {
		return s
	}
	if v.allowed[role+" "+SeesAll] {
		return ScopeTenant
	}
	return ScopeUnit
}

// Roles lists the roles that there are, the built-in ones first.
func (v *Verdicts) Roles() []string {
	if v == nil {
		return nil
	}
	return slices.Clone(v.roles)
}

// Of gives the decisions of an organization: the built-in ones where it changed
// nothing, none for no organization.
func (b *Book) Of(tenant int64) *Verdicts {
	if tenant == 0 {
		return nil
	}
	b.mu.RLock()
	v, ok := b.tenants[tenant]
	b.mu.RUnlock()
	if !ok {
		return b.builtin
	}
	return v
}

// BuiltIn gives the decisions before any organization changed them.
func (b *Book) BuiltIn() *Verdicts { return b.builtin }

// Scope is the widest scope of the roles in the organization.
func (b *Book) Scope(tenant int64, roles []string) Scope { return b.Of(tenant).Scope(roles) }

// Replace puts what an organization changed into force at once for all readers.
// When it cannot be judged, everything is denied there until it can.
func (b *Book) Replace(tenant int64, own Own) error {
	v, err := b.Judge(own)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil && len(own.Rules)+len(own.Roles)+len(own.Scopes) == 0 {
		delete(b.tenants, tenant)
		return nil
	}
	b.tenants[tenant] = v
	return err
}

// Judge gives the decisions that the changes make, without putting them into
// force. The matcher compares for equality, so a rule moves only its own
// decision. Rules for roles or permissions that do not exist, and rules that
// would give what is the platform's, say nothing.
func (b *Book) Judge(own Own) (*Verdicts, error) {
	v := &Verdicts{allowed: maps.Clone(b.builtin.allowed), roles: slices.Clone(b.roles), scopes: map[string]Scope{}}
	for _, role := range own.Roles {
		if IsOwn(role) && !slices.Contains(v.roles, role) {
			v.roles = append(v.roles, role)
		}
	}
	if err := b.judgeRules(v, own.Rules); err != nil {
		return nil, err
	}
	for role, scope := range own.Scopes {
		if !slices.Contains(v.roles, role) || !slices.Contains(Scopes(), scope) {
			continue
		}
		v.scopes[role] = scope
		delete(v.allowed, role+" "+SeesAll)
		if scope == ScopeTenant {
			v.allowed[role+" "+SeesAll] = true
		}
	}
	return v, nil
}

func (b *Book) judgeRules(v *Verdicts, rules []Rule) error {
	rules = slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool {
		return !slices.Contains(v.roles, r.Role) || !b.Known(r.Permission) || r.Allow && IsPlatform(r.Permission)
	})
	if len(rules) == 0 {
		return nil
	}
	e, err := b.enforcer(rules)
	if err != nil {
		return err
	}
	for _, rule := range rules {
		if err := v.allowed.ask(e, rule.Role, rule.Permission); err != nil {
			return err
		}
	}
	return nil
}
