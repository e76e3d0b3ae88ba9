package jobs

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
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

// eraseDeleted notes outside the database which organizations were deleted, so that
// no backup brings them back, then empties them.
func eraseDeleted(ctx context.Context, d *Deps) error {
	if err := keepRemovals(ctx, d); err != nil {
		return err
	}
	if d.Files == nil {
		return nil
	}
	_, err := handover.EraseDue(ctx, d.Root, d.Files)
	return err
}

func keepRemovals(ctx context.Context, d *Deps) error {
	if d.Erasures == nil {
		return nil
	}
	all, err := d.Root.UnscopedTenants(ctx)
	if err != nil {
		return fault.Wrap(err, "jobs.keepRemovals")
	}
	var gone []citizens.Erasure
	for i := range all {
		if all[i].Standing() != tenants.StatusDeleted {
			continue
		}
		m, err := d.Root.UnscopedRemoval(ctx, all[i].ID)
		if fault.Is(err, fault.NotFound) { // an import that failed
			continue
		}
		if err != nil {
			return fault.Wrap(err, "jobs.keepRemovals")
		}
		e := citizens.Erasure{At: m.AskedAt}
		e.TenantID = m.OrganizationID
		gone = append(gone, e)
	}
	return fault.Wrap(d.Erasures.Append(gone), "jobs.keepRemovals")
}
