package jobs

import (
	"context"

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
	return eachThat(ctx, d, list, kept, func(ctx context.Context, db *tenants.DB) error {
		return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { _, err := emergency.RunOut(ctx, tx); return err })
	})
}
