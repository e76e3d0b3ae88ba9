package tenants

import (
	"context"
	"time"

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
	ChangedBy  *int64     // the member of staff; nil: the program
	ChangedAt  *time.Time // nil for rules from before this was kept
	Reason     string
}

// PolicyRules lists the organization's changes to the built-in policy.
func PolicyRules(ctx context.Context, r Reader) ([]PolicyRule, error) {
	var list []PolicyRule
	err := r.Select(&list).Order("rule.role", "rule.permission").Scan(ctx)
	return list, fault.Wrap(Err(err), "tenants.PolicyRules")
}

// SetPolicyRule writes one change; allow nil takes it back. Every process
// decides by it within a second of the commit.
func (tx *Tx) SetPolicyRule(ctx context.Context, role, permission string, allow *bool, reason string) error {
	if _, err := tx.Delete(ctx, (*PolicyRule)(nil), "role = ? AND permission = ?", role, permission); err != nil {
		return err
	}
	if allow != nil {
		now := tx.Now()
		rule := &PolicyRule{Role: role, Permission: permission, Allow: *allow, ChangedBy: tx.changer(), ChangedAt: &now, Reason: reason}
		if err := tx.Insert(ctx, rule); err != nil {
			return err
		}
	}
	return tx.PolicyChanged(ctx)
}

// PolicyChanged counts the version of the policy up, so that every process
// reads it again after the commit. Writers of one organization wait for each
// other here.
func (tx *Tx) PolicyChanged(ctx context.Context) error {
	tx.conn.policies = true
	res, err := tx.root.write.NewUpdate().Conn(tx.conn).Model((*Tenant)(nil)).
		Set("policy_version = policy_version + 1").Where("id = ?", tx.tenant.ID).Exec(ctx)
	return one(res, err)
}
