package jobs

import (
	"context"
	"errors"
	"fmt"

	"pasokh/app/notify"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// aboutWait makes the reaction to a fact about a place in the line: it reads the
// place again, and tells.
func aboutWait(tell func(*notify.Post, context.Context, *tenants.DB, notify.Cause, *meetings.ListedWait) (string, error)) Reaction {
	return func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
		var ids meetings.WaitFact
		if err := t.IDs(&ids); err != nil {
			return "", errPayload(err)
		}
		w, err := meetings.WaitByID(ctx, db, ids.WaitID)
		if err != nil {
			return "", err
		}
		return tell(d.Post, ctx, db, notify.CauseOf(t), w)
	}
}

// sweepBooking, in every organization that has something to do, holds the draws that are due, passes free seats on to those who
// wait, and ends requests whose documents did not come.
func sweepBooking(ctx context.Context, d *Deps) error {
	due, err := d.Root.UnscopedDueBooking(ctx, d.Root.Clock()())
	if err != nil {
		return err
	}
	var failures []error
	for _, id := range due {
		tenant, err := d.tenant(ctx, id)
		if err == nil && tenant.Serves() {
			db := d.Root.For(tenant)
			err = SweepBooking(ctx, db)
			db.Release()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("organization %d: %w", id, err))
		}
	}
	return errors.Join(failures...)
}

// SweepBooking does it for one organization; each piece in a transaction of its
// own, any number of times.
func SweepBooking(ctx context.Context, db *tenants.DB) error {
	reason := messages.In(messages.FA, "booking.asked_over")
	var failures []error
	for _, part := range []struct {
		due func(context.Context, tenants.Reader) ([]int64, error)
		do  func(context.Context, *tenants.Tx, int64) error
	}{
		{meetings.DrawsDue, meetings.HoldDraw},
		{meetings.AskedOver, func(ctx context.Context, tx *tenants.Tx, id int64) error {
			return meetings.EndAsked(ctx, tx, id, reason)
		}},
		{meetings.WaitingExecutives, func(ctx context.Context, tx *tenants.Tx, id int64) error {
			_, err := meetings.Offer(ctx, tx, id)
			return err
		}},
	} {
		ids, err := part.due(ctx, db)
		failures = append(failures, err)
		for _, id := range ids { // one that fails keeps no other from its turn
			failures = append(failures, db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return part.do(ctx, tx, id) }))
		}
	}
	return errors.Join(failures...)
}
