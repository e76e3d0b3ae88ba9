package jobs

import (
	"context"

	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// staffInvited makes and sends the link by which somebody chooses a password;
// one that was used, replaced or has expired meanwhile is dropped.
func staffInvited(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids staff.Invited
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.StaffInvited(ctx, db, notify.CauseOf(t), ids.InvitationID)
}
