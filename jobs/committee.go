package jobs

import (
	"context"

	"pasokh/app/committees"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// aboutSitting makes the reaction to a committee.… fact.
func aboutSitting(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, *committees.Sitting) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids committees.Fact
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		s, err := committees.SittingByID(ctx, db, ids.SittingID)
		if err != nil {
			return "", err
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), s)
	}
}

// generateSittings plans the sittings of the coming weeks.
func generateSittings(ctx context.Context, d *Deps) error {
	return eachTenant(ctx, d, func(ctx context.Context, db *tenants.DB) error {
		return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return committees.Generate(ctx, tx) })
	})
}
