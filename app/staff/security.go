package staff

import (
	"context"

	"pasokh/tenants"
)

// KindSecurityChanged is the fact that somebody changed what the safety of the
// organization hangs on: the second factor, gateways, sign-in services, who sees
// confidential cases and whole identities. Its payload is SecurityFact.
const KindSecurityChanged = "security.changed"

// SecurityFact is who changed it; zero is the program itself. Inspectors are told
// too of what lets somebody see what they guard.
type SecurityFact struct {
	StaffID    int64 `json:"staff_id"`
	Inspectors bool  `json:"inspectors,omitempty"`
}

// TellSecurity has all administrators told, and the inspectors where they are
// asked for, that the actor changed something of the kind. What the program sets
// up of itself is told to nobody.
func TellSecurity(ctx context.Context, tx *tenants.Tx, inspectors bool) error {
	a := tx.Actor()
	if a.Kind != tenants.Staff {
		return nil
	}
	return tx.Enqueue(ctx, KindSecurityChanged, SecurityFact{StaffID: a.ID, Inspectors: inspectors})
}
