package jobs

import (
	"context"
	"errors"
	"fmt"

	"pasokh/app/emergency"
	"pasokh/tenants"
)

// endEmergencies puts on record which emergency access ran out, wherever one did:
// also where the organization is suspended, when nothing else runs there.
func endEmergencies(ctx context.Context, d *Deps) error {
	list, err := d.Root.UnscopedWith(ctx, tenants.EmergenciesOver, d.Root.Clock()())
	if err != nil {
		return err
	}
	var failures []error
	for i := range list {
		if list[i].Standing() == tenants.StatusDeleted {
			continue
		}
		db := d.Root.For(&list[i])
		err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { _, err := emergency.RunOut(ctx, tx); return err })
		db.Release()
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", list[i].Slug, err))
		}
	}
	return errors.Join(failures...)
}
