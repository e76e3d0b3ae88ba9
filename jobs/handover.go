package jobs

import (
	"context"
	"time"

	"pasokh/app/handover"
	"pasokh/tenants"
)

// packageLimit is how long the package of a large organization may take.
const packageLimit = 2 * time.Hour

// makePackage makes the package of an organization that was asked for.
func makePackage(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ref handover.OrderRef
	if err := t.IDs(&ref); err != nil {
		return "", errPayload(err)
	}
	s := handover.Source{Root: d.Root, Tenant: db.Tenant(), Files: d.Files, Program: d.Program}
	return handover.Make(ctx, db, s, ref.ExportID)
}

// eraseDeleted empties the organizations that were deleted.
func eraseDeleted(ctx context.Context, d *Deps) error {
	if d.Files == nil {
		return nil
	}
	_, err := handover.EraseDue(ctx, d.Root, d.Files)
	return err
}
