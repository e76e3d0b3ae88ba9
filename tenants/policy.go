package tenants

import (
	"context"

	"pasokh/app/fault"
)

// PolicyRule is an organization's own change to the built-in policy: what one
// role may do, or may not, whatever the policy says.
type PolicyRule struct {
	BaseModel `bun:"table:policy_rules,alias:rule"`
	Owned
	Role       string `bun:",pk"`
	Permission string `bun:",pk"` // object:action
	Allow      bool
}

// PolicyRules lists the organization's changes to the built-in policy.
func PolicyRules(ctx context.Context, r Reader) ([]PolicyRule, error) {
	var list []PolicyRule
	err := r.Select(&list).Order("rule.role", "rule.permission").Scan(ctx)
	return list, fault.Wrap(Err(err), "tenants.PolicyRules")
}

// SetPolicyRule writes one change; allow nil takes it back. Every process
// decides by it within a second of the commit.
func (tx *Tx) SetPolicyRule(ctx context.Context, role, permission string, allow *bool) error {
	if _, err := tx.Delete(ctx, (*PolicyRule)(nil), "role = ? AND permission = ?", role, permission); err != nil {
		return err
	}
	if allow != nil {
		if err := tx.Insert(ctx, &PolicyRule{Role: role, Permission: permission, Allow: *allow}); err != nil {
			return err
		}
	}
	tx.conn.policies = true
	res, err := tx.root.write.NewUpdate().Conn(tx.conn).Model((*Tenant)(nil)).
		Set("policy_version = policy_version + 1").Where("id = ?", tx.tenant.ID).Exec(ctx)
	return one(res, err)
}
