package jobs

import (
	"context"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/handover"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// importLimit is how long a file of the largest size may take.
const importLimit = 10 * time.Minute

// limitOf is how long a task of the kind may take.
func limitOf(kind string) time.Duration {
	switch kind {
	case complaints.KindImportCheck, complaints.KindImportApply:
		return importLimit
	case handover.KindAsked:
		return packageLimit
	}
	return runLimit
}

// progressEvery keeps the word of how far an import is from costing anything.
const progressEvery = 300 * time.Millisecond

// progress tells how far the batch is, now and then.
func (d *Deps) progress(ctx context.Context, tenant, batch int64) complaints.Progress {
	var last time.Time
	return func(done, total int) {
		now := d.Root.Clock()()
		if d.Progress == nil || now.Sub(last) < progressEvery && done < total {
			return
		}
		last = now
		d.Progress(ctx, tenant, batch, done, total)
	}
}

// importCheck judges every line of a file.
func importCheck(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var o complaints.BatchOrder
	if err := t.IDs(&o); err != nil {
		return "", errPayload(err)
	}
	return complaints.RunCheck(ctx, db, d.Files, o, d.progress(ctx, db.Tenant().ID, o.BatchID))
}

// importApply registers the cases of a file in the name of who brought it.
func importApply(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var o complaints.BatchOrder
	if err := t.IDs(&o); err != nil {
		return "", errPayload(err)
	}
	b, err := complaints.BatchByID(ctx, db, o.BatchID)
	if err != nil {
		return "", err
	}
	who, err := staff.ByID(ctx, db, b.StaffID)
	if err != nil {
		return "", fault.Wrap(err, "jobs.importApply")
	}
	actor := tenants.Actor{Kind: tenants.Staff, ID: who.ID, Name: who.NameFA}
	if who.UnitID != nil {
		actor.UnitID = *who.UnitID
	}
	return complaints.RunApply(ctx, db, d.Files, o, actor, d.progress(ctx, db.Tenant().ID, o.BatchID))
}
