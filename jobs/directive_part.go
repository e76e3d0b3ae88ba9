package jobs

import (
	"context"

	"pasokh/app/notify"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// aboutPart makes the reaction to a directive.part_… fact.
func aboutPart(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, notify.Share) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids directives.Fact
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		row, err := directives.ByID(ctx, db, ids.DirectiveID)
		if err != nil {
			return "", err
		}
		part, err := directives.PartByID(ctx, db, ids.PartID)
		if err != nil {
			return "", err
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), notify.Share{Order: notify.Order{Directive: row, Level: ids.Level}, Part: part})
	}
}

// sweepParts sends the notices of parts that have come due.
func sweepParts(ctx context.Context, d *Deps) error {
	return sweep(ctx, d, d.Root.UnscopedDueParts, free((*directives.Part)(nil), oneByOne(directives.SweepPart)))
}

// sendDigests has every executive told once a week, in working time.
func sendDigests(ctx context.Context, d *Deps) error {
	return eachTenant(ctx, d, func(ctx context.Context, db *tenants.DB) error {
		return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return directives.OrderDigests(ctx, tx) })
	})
}

// executiveDigest tells one executive about the week that is over.
func executiveDigest(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids directives.DigestFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	executive, err := directives.ExecutiveByID(ctx, db, ids.ExecutiveID)
	if err != nil {
		return "", err
	}
	week, err := directives.WeekOf(ctx, db, tenants.SystemActor(), executive.ID, ids.Week)
	if err != nil {
		return "", err
	}
	return d.Post.Digest(ctx, db, notify.CauseOf(t), executive, week)
}
