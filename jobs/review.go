package jobs

import (
	"context"

	"pasokh/app/inspection"
	"pasokh/app/notify"
	"pasokh/app/quality"
	"pasokh/tenants"
)

// aboutViolation runs a message about the file of a violation.
func aboutViolation(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, int64) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var in inspection.ViolationTold
		if err := t.IDs(&in); err != nil {
			return "", errPayload(err)
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), in.ViolationID)
	}
}

// aboutReview reads a review again, and tells.
func aboutReview(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, *quality.Review) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var in quality.ReviewTold
		if err := t.IDs(&in); err != nil {
			return "", errPayload(err)
		}
		v, err := quality.ReviewByID(ctx, db, in.ReviewID)
		if err != nil {
			return "", err
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), v)
	}
}

// aboutAction reads an action again, and tells.
func aboutAction(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, *quality.Improvement) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var in quality.ActionTold
		if err := t.IDs(&in); err != nil {
			return "", errPayload(err)
		}
		i, err := quality.ImprovementByID(ctx, db, tenants.SystemActor(), in.ImprovementID)
		if err != nil {
			return "", err
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), i)
	}
}
