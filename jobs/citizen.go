package jobs

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// citizenCodeRequested makes and sends the one-time code; one that was used,
// replaced or has expired meanwhile is dropped.
func citizenCodeRequested(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids citizens.CodeRequested
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	word, err := d.Post.Code(ctx, db, notify.CauseOf(t), ids.OTPID)
	if err != nil && fault.As(err).Key == "code.over" {
		return "code over", nil
	}
	return word, err
}
