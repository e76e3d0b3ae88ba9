package jobs

import (
	"context"

	"pasokh/app/inspection"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// aboutVisit runs a message about one inspection.
func aboutVisit(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, int64) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var in inspection.Told
		if err := t.IDs(&in); err != nil {
			return "", errPayload(err)
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), in.InspectionID)
	}
}
