package staff

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// ServiceOnly tells whether somebody with these roles may come in by the
// organization's own sign-in service alone. Its admins are left a way of their
// own for the day on which the service does not answer: password or passkey, and
// always a second factor (see NeedsFactor), so that an organization cannot lock
// itself out, and nobody else passes the service by.
func ServiceOnly(t *tenants.Tenant, roles []string) bool {
	return t.Settings.ServiceOnly && !slices.Contains(roles, AdminRole)
}

// byOwnDoor refuses whom only the service lets in, like every sign-in that fails.
func byOwnDoor(tx *tenants.Tx, roles []string) error {
	if ServiceOnly(tx.Tenant(), roles) {
		return errRefused()
	}
	return nil
}

// AdminsReady counts the active admins who have a second factor: who could come
// in past the service at once.
func AdminsReady(ctx context.Context, r tenants.Reader) (int, error) {
	n := 0
	all, err := Roster(ctx, r)
	for _, m := range all {
		if m.DisabledAt == nil && m.FactorAt != nil && slices.Contains(m.Roles, AdminRole) {
			n++
		}
	}
	return n, fault.Wrap(err, "staff.AdminsReady")
}
