package jobs

import (
	"context"
	"errors"

	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// quotaWarned tells the organization and the platform that a limit is near or
// reached. Both are told by the keys of the one task, so that neither hears it
// twice.
func quotaWarned(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var f tenants.QuotaWarning
	if err := t.IDs(&f); err != nil {
		return "", errPayload(err)
	}
	word, failed := d.Post.QuotaWarned(ctx, db, notify.CauseOf(t), f)
	of := db.Tenant()
	db.Release()
	platform, err := d.Root.UnscopedTenantBySlug(ctx, tenants.PlatformSlug)
	if fault.Is(err, fault.NotFound) {
		return word, failed // a deployment without a console
	}
	if err != nil {
		return word, errors.Join(failed, err)
	}
	above := d.Root.For(platform)
	defer above.Release()
	said, err := d.Post.QuotaSeen(ctx, above, notify.CauseOf(t), of, f)
	return word + "; platform: " + said, errors.Join(failed, err)
}
