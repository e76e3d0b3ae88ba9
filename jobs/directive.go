package jobs

import (
	"context"
	"errors"

	"pasokh/app/notify"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// aboutDirective makes the reaction to a directive.… fact: it reads the
// directive again, and tells.
func aboutDirective(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, notify.Order) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids directives.Fact
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		row, err := directives.ByID(ctx, db, ids.DirectiveID)
		if err != nil {
			return "", err
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), notify.Order{Directive: row, Level: ids.Level})
	}
}

// directiveIssued tells the unit, and notes that it has been told: it stands
// behind the bell, whatever becomes of the text messages.
func directiveIssued(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids directives.Fact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	word, telling := aboutDirective((*notify.Post).DirectiveIssued)(ctx, d, db, t)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return directives.Notify(ctx, tx, ids.DirectiveID)
	})
	return word, errors.Join(telling, err)
}

// sweepDirectives sends the notices of directives that have come due.
func sweepDirectives(ctx context.Context, d *Deps) error {
	return sweep(ctx, d, d.Root.UnscopedDueDirectives, free((*directives.Directive)(nil), oneByOne(directives.Sweep)))
}
