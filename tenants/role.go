package tenants

import (
	"context"
	"time"

	"pasokh/app/fault"
)

// Role is a role that an organization made itself; what it may do are policy
// rules. Built-in roles have no row.
type Role struct {
	BaseModel `bun:"table:roles,alias:role"`
	Owned
	ID          int64  `bun:",pk"`
	Code        string // o: and the ID, as memberships and rules name it
	NameFA      string `bun:"name_fa"`
	NameEN      string `bun:"name_en"`
	Description string
	BasedOn     string // the built-in role whose permissions it began with, or empty
	CreatedAt   time.Time
	RetiredAt   *time.Time
}

// Roles lists the organization's own roles, retired ones too, the oldest first.
func Roles(ctx context.Context, r Reader) ([]Role, error) {
	return listed[Role](ctx, r, func(q *Query) *Query { return q.Order("role.created_at", "role.id") })
}

// OwnRoles lists the codes of the organization's own roles that are not retired.
func OwnRoles(ctx context.Context, r Reader) (codes []string, err error) {
	list, err := Roles(ctx, r)
	for i := range list {
		if list[i].RetiredAt == nil {
			codes = append(codes, list[i].Code)
		}
	}
	return codes, err
}

// RoleScope says whose cases a role is shown, where the organization chose it.
type RoleScope struct {
	BaseModel `bun:"table:role_scopes,alias:scope"`
	Owned
	Role      string `bun:",pk"`
	Scope     string // unit, subtree, tenant
	ChangedBy *int64
	ChangedAt time.Time
	Reason    string
}

// RoleScopes lists the scopes that the organization chose.
func RoleScopes(ctx context.Context, r Reader) ([]RoleScope, error) {
	var list []RoleScope
	err := r.Select(&list).Order("scope.role").Scan(ctx)
	return list, fault.Wrap(Err(err), "tenants.RoleScopes")
}

// SetRoleScope writes one scope; empty takes the organization's choice back.
// It is in force as quickly as SetPolicyRule.
func (tx *Tx) SetRoleScope(ctx context.Context, role, scope, reason string) error {
	if _, err := tx.Delete(ctx, (*RoleScope)(nil), "role = ?", role); err != nil {
		return err
	}
	if scope != "" {
		by := tx.changer()
		if err := tx.Insert(ctx, &RoleScope{Role: role, Scope: scope, ChangedBy: by, ChangedAt: tx.Now(), Reason: reason}); err != nil {
			return err
		}
	}
	return tx.PolicyChanged(ctx)
}

// changer is the member of staff who acts; nil for the program itself.
func (tx *Tx) changer() *int64 {
	if tx.actor.Kind != Staff || tx.actor.ID == 0 {
		return nil
	}
	id := tx.actor.ID
	return &id
}

// Below lists the units that stand below a unit, at any depth, without itself.
func Below(units []Unit, id int64) []int64 {
	var found []int64
	seen := map[int64]bool{id: true}
	for next := []int64{id}; len(next) > 0; next = next[1:] {
		for i := range units {
			if u := &units[i]; u.ParentID != nil && *u.ParentID == next[0] && !seen[u.ID] {
				seen[u.ID] = true
				found, next = append(found, u.ID), append(next, u.ID)
			}
		}
	}
	return found
}

// AllUnits lists the units of the organization, those that are closed too: the
// cases of a closed unit stay below the unit above it.
func AllUnits(ctx context.Context, r Reader) ([]Unit, error) {
	var list []Unit
	err := r.Select(&list).Order("unit.code").Scan(ctx)
	return list, fault.Wrap(Err(err), "tenants.AllUnits")
}
