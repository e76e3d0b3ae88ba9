package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// anchorAudits walks the audit of every organization, the platform's own
// included, notes what it found, and writes down where each chain ends today:
// in the database and in the file outside it.
func anchorAudits(ctx context.Context, d *Deps) error {
	list, err := d.Root.UnscopedTenants(ctx)
	if err != nil {
		return fault.Wrap(err, "jobs.anchorAudits")
	}
	var outside map[int64][]audit.Anchor
	if d.Anchors != nil {
		if outside, err = d.Anchors.Read(); err != nil {
			return err // a file that was changed is not written on
		}
	}
	var dropped []audit.Anchor
	var failures []error
	slugs := map[int64]string{}
	for i := range list {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a, err := d.anchorAudit(ctx, &list[i], outside[list[i].ID])
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", list[i].Slug, err))
		}
		if a != nil {
			dropped, slugs[a.TenantID] = append(dropped, *a), list[i].Slug
		}
	}
	if d.Anchors != nil {
		failures = append(failures, d.Anchors.Append(dropped, slugs))
	}
	return errors.Join(failures...)
}

// anchorAudit walks one chain. A chain that does not hold gets no anchor, which
// would make what happened to it look right.
func (d *Deps) anchorAudit(ctx context.Context, t *tenants.Tenant, outside []audit.Anchor) (a *audit.Anchor, err error) {
	db := d.Root.For(t)
	defer db.Release()
	check, err := audit.Walk(ctx, db, outside)
	if err != nil {
		return nil, err
	}
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		a = nil
		if err := audit.Note(ctx, tx, check); err != nil || !check.Holds() {
			return err
		}
		a, err = audit.Drop(ctx, tx, tx.Now().In(persian.Tehran).Format(time.DateOnly))
		return err
	})
	if err == nil && !check.Holds() {
		err = fmt.Errorf("the audit does not hold from line %d: %s", check.Broken, check.Why)
	}
	return a, err
}
