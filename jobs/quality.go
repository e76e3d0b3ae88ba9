package jobs

import (
	"context"

	"pasokh/app/notify"
	"pasokh/app/quality"
	"pasokh/tenants"
)

// lookForWarnings looks in every organization that takes cases for what is out
// of the ordinary.
func lookForWarnings(ctx context.Context, d *Deps) error {
	return eachWith(ctx, d, tenants.NewCases, quality.Since(d.Root.Clock()()), func(ctx context.Context, db *tenants.DB) error {
		return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_, err := quality.Look(ctx, tx)
			return err
		})
	})
}

// warningsRaised tells those who watch.
func warningsRaised(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var in quality.Raised
	if err := t.IDs(&in); err != nil {
		return "", errPayload(err)
	}
	return d.Post.WarningsRaised(ctx, db, notify.CauseOf(t), in.WarningIDs)
}

// warningAssigned tells who has to see to a warning.
func warningAssigned(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var in quality.Assigned
	if err := t.IDs(&in); err != nil {
		return "", errPayload(err)
	}
	return d.Post.WarningAssigned(ctx, db, notify.CauseOf(t), in)
}
