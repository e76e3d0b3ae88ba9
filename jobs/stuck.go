package jobs

import (
	"context"
	"errors"
	"maps"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// handOver gives every open case that no clock will wake, and every one whose
// legal answer is due, to the PR manager of its organization. Run twice, it
// tells nothing twice.
func handOver(ctx context.Context, d *Deps) error {
	return eachTenant(ctx, d, func(ctx context.Context, db *tenants.DB) error {
		return errors.Join(handOverStuck(ctx, d, db), warnLegal(ctx, d, db), sendStranded(ctx, db))
	})
}

func handOverStuck(ctx context.Context, d *Deps, db *tenants.DB) error {
	seen, after := map[int64]error{}, complaints.Cursor{}
	for ctx.Err() == nil {
		ids, last, err := complaints.Stuck(ctx, db, after, sweepTogether)
		db.Release()
		if err != nil || len(ids) == 0 {
			return errors.Join(err, joined(seen))
		}
		maps.Copy(seen, sweepGroup(ctx, d, dueOf(db, ids), oneByOne(complaints.HandOver)))
		after = last
	}
	return ctx.Err()
}

func warnLegal(ctx context.Context, d *Deps, db *tenants.DB) error {
	seen := map[int64]error{}
	for ctx.Err() == nil {
		ids, err := complaints.LegalDue(ctx, db, sweepTogether)
		db.Release()
		if err != nil || len(ids) == 0 {
			return errors.Join(err, joined(seen))
		}
		if maps.Copy(seen, sweepGroup(ctx, d, dueOf(db, ids), oneByOne(complaints.WarnLegal))); joined(seen) != nil {
			return joined(seen) // what failed stays due and would be read for ever
		}
	}
	return ctx.Err()
}

func dueOf(db *tenants.DB, ids []int64) []tenants.Due {
	rows := make([]tenants.Due, len(ids))
	for i, id := range ids {
		rows[i] = tenants.Due{TenantID: db.Tenant().ID, ID: id}
	}
	return rows
}
