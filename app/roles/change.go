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

// ScopePermission is the permission that the scope of a role decides; it is no
// choice of its own.
const ScopePermission = "complaint:read_all"

// Draft is what somebody wants a role to be able to do from now on: all that is
// not in Allow is denied. Seen is what the editor was shown, so that nobody
// undoes what somebody else has changed meanwhile; empty asks nothing.
type Draft struct {
	Role   string
	Allow  map[string]bool
	Scope  policies.Scope
	Reason string
	Seen   string
}

// Effect is one permission that the change gives or takes, and who of the people
// really gains or loses it: not those who have it by another role.
type Effect struct {
	Permission string
	Allow      bool
	People     []staff.Member
}

// Plan is what a change would do.
type Plan struct {
	Role     string
	Effects  []Effect // in the order of the permissions
	From, To policies.Scope
	Holders  []staff.Member
	Affected []staff.Member // to whom the scope changes something
}

// Empty tells whether the change changes nothing.
func (p *Plan) Empty() bool { return len(p.Effects) == 0 && p.From == p.To }

// Current is the draft that changes nothing.
func Current(book *policies.Book, now *policies.Verdicts, role string) Draft {
	d := Draft{Role: role, Allow: map[string]bool{}, Scope: now.Scope([]string{role})}
	for _, p := range book.Permissions() {
		if p != ScopePermission && now.Can([]string{role}, p) {
			d.Allow[p] = true
		}
	}
	d.Seen = d.mark()
	return d
}

// mark names what the draft allows, for Seen.
func (d *Draft) mark() string {
	var list []string
	for p, yes := range d.Allow {
		if yes {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return tenants.HashToken(string(d.Scope) + " " + strings.Join(list, " "))
}

// Preview tells what the draft would do, and to whom, without doing it. Its
// errors are those of Save, but for the reason.
func Preview(ctx context.Context, r tenants.Reader, book *policies.Book, actor tenants.Actor, d Draft) (*Plan, error) {
	own, err := InForce(ctx, r)
	if err != nil {
		return nil, err
	}
	return plan(ctx, r, book, own, actor, &d)
}

// Save puts the draft into force with a reason: it is in force in every process
// within a second. Field errors carry the permission as the field's name.
func Save(ctx context.Context, tx *tenants.Tx, book *policies.Book, d Draft) (*Plan, error) {
	if err := tx.PolicyChanged(ctx); err != nil { // others wait here
		return nil, err
	}
	own, err := InForce(ctx, tx)
	if err != nil {
		return nil, err
	}
	p, err := plan(ctx, tx, book, own, tx.Actor(), &d)
	if err != nil {
		return nil, err
	}
	if d.Reason = persian.CleanLine(d.Reason); len([]rune(d.Reason)) < ReasonMin {
		return nil, fault.Field("reason", "roles.error.reason")
	}
	if p.Empty() {
		return nil, fault.New(fault.Conflict, "roles.conflict.nothing")
	}
	for _, e := range p.Effects {
		if err := write(ctx, tx, book, &d, e); err != nil {
			return nil, err
		}
	}
	if p.From != p.To {
		if err := tx.SetRoleScope(ctx, d.Role, usualScope(book, d.Role, d.Scope), d.Reason); err != nil {
			return nil, err
		}
		if err := audit.Record(ctx, tx, "policy:scope", "role", roleID(d.Role), d.Role+" "+string(p.From)+" → "+string(p.To)+": "+d.Reason); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(p.Effects, func(e Effect) bool { return e.Allow && Guarded(e.Permission) }) {
		return p, staff.TellSecurity(ctx, tx, true)
	}
	return p, nil
}

// usualScope is empty when the scope is the one of the built-in role, so that
// the organization's choice is taken back.
func usualScope(book *policies.Book, role string, s policies.Scope) string {
	if !policies.IsOwn(role) && book.BuiltIn().Scope([]string{role}) == s {
		return ""
	}
	return string(s)
}

// write keeps the rule, or takes it back when it says what the built-in role
// does anyway.
func write(ctx context.Context, tx *tenants.Tx, book *policies.Book, d *Draft, e Effect) error {
	effect, allow := "deny", &e.Allow
	if e.Allow {
		effect = "allow"
	}
	if e.Allow == book.BuiltIn().Can([]string{d.Role}, e.Permission) {
		effect, allow = "default", nil
	}
	if err := tx.SetPolicyRule(ctx, d.Role, e.Permission, allow, d.Reason); err != nil {
		return fault.Wrap(err, "roles.Save")
	}
	return audit.Record(ctx, tx, "policy:"+effect, "role", roleID(d.Role), d.Role+" "+e.Permission+": "+d.Reason)
}

func roleID(role string) int64 {
	var id int64
	for _, digit := range strings.TrimPrefix(role, policies.OwnPrefix) {
		if digit < '0' || digit > '9' {
			return 0
		}
		id = id*10 + int64(digit-'0')
	}
	return id
}

// plan judges the draft against what is in force.
func plan(ctx context.Context, r tenants.Reader, book *policies.Book, own policies.Own, actor tenants.Actor, d *Draft) (*Plan, error) {
	now, err := book.Judge(own)
	if err != nil {
		return nil, fault.Wrap(err, "roles.plan")
	}
	if !slices.Contains(now.Roles(), d.Role) || OfPlatform(d.Role) {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	if !slices.Contains(policies.Scopes(), d.Scope) {
		return nil, fault.Field("scope", "roles.error.scope")
	}
	if current := Current(book, now, d.Role); d.Seen != "" && d.Seen != current.Seen {
		return nil, fault.New(fault.Conflict, "roles.conflict.moved")
	}
	role := []string{d.Role}
	p := &Plan{Role: d.Role, From: now.Scope(role), To: d.Scope}
	then, err := book.Judge(d.onto(book, own))
	if err != nil {
		return nil, fault.Wrap(err, "roles.plan")
	}
	if p.Holders, err = Holders(ctx, r, d.Role); err != nil {
		return nil, err
	}
	gains, loses := p.fill(book, now, then, d)
	wrong := fault.Fields{}
	for perm, yes := range d.Allow {
		if yes && !book.Known(perm) {
			wrong.Add("", "roles.error.unknown")
		}
	}
	limits(actor, book, now, d, gains, loses, wrong)
	duties(book, d, gains, wrong)
	persons(now, then, p.Holders, wrong)
	return p, wrong.Err()
}

// fill notes what changes and for whom.
func (p *Plan) fill(book *policies.Book, now, then *policies.Verdicts, d *Draft) (gains, loses []string) {
	role := []string{d.Role}
	for _, perm := range book.Permissions() {
		had, has := now.Can(role, perm), d.Allow[perm]
		if perm == ScopePermission || had == has {
			continue
		}
		e := Effect{Permission: perm, Allow: has}
		for _, m := range p.Holders {
			if now.Can(m.Roles, perm) != then.Can(m.Roles, perm) {
				e.People = append(e.People, m)
			}
		}
		p.Effects = append(p.Effects, e)
		if has {
			gains = append(gains, perm)
		} else {
			loses = append(loses, perm)
		}
	}
	for _, m := range p.Holders {
		if now.Scope(m.Roles) != then.Scope(m.Roles) {
			p.Affected = append(p.Affected, m)
		}
	}
	return gains, loses
}

// onto is what the organization would have changed after the draft.
func (d *Draft) onto(book *policies.Book, own policies.Own) policies.Own {
	next := policies.Own{Roles: own.Roles, Scopes: map[string]policies.Scope{d.Role: d.Scope}}
	for role, s := range own.Scopes {
		if role != d.Role {
			next.Scopes[role] = s
		}
	}
	for _, rule := range own.Rules {
		if rule.Role != d.Role {
			next.Rules = append(next.Rules, rule)
		}
	}
	for _, perm := range book.Permissions() {
		if perm != ScopePermission {
			next.Rules = append(next.Rules, policies.Rule{Role: d.Role, Permission: perm, Allow: d.Allow[perm]})
		}
	}
	return next
}
