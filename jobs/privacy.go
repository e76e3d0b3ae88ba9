package jobs

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/privacy"
	"pasokh/tenants"
)

// aboutChange tells of one change of a mobile number.
func aboutChange(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, int64) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids citizens.ChangeFact
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), ids.ChangeID)
	}
}

// aboutErasure tells of one request for erasure.
func aboutErasure(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, int64) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids privacy.Fact
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), ids.RequestID)
	}
}

// erased notes an erasure outside the database, then tells the person.
func erased(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	if err := d.keepErasuresOf(ctx, db); err != nil {
		return "", err
	}
	return aboutErasure((*notify.Post).Erased)(ctx, d, db, t)
}

// keepErasures notes outside the database whoever was erased anywhere.
func keepErasures(ctx context.Context, d *Deps) error {
	return eachKept(ctx, d, d.keepErasuresOf)
}

func (d *Deps) keepErasuresOf(ctx context.Context, db *tenants.DB) error {
	if d.Erasures == nil {
		return nil
	}
	list, err := citizens.Erasures(ctx, db)
	if err != nil {
		return err
	}
	return fault.Wrap(d.Erasures.Append(list), "jobs.keepErasures")
}

// retain takes away what has had its time, in every organization, and notes whom
// it forgot.
func retain(ctx context.Context, d *Deps) error {
	return eachKept(ctx, d, func(ctx context.Context, db *tenants.DB) error {
		run, err := privacy.Retain(ctx, db)
		if err != nil || run == nil {
			return err
		}
		d.Log.InfoContext(ctx, "retention", "organization", db.Tenant().Slug, "certificate", run.Number)
		db.Release()
		return d.keepErasuresOf(ctx, db)
	})
}
