package directives

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// moved says in the audit how a due time changed.
func moved(from, to time.Time) string {
	return from.UTC().Format(time.RFC3339) + " -> " + to.UTC().Format(time.RFC3339)
}

// ChangeDue moves the due time with a reason; the old one stays in the audit
// and the clocks start anew. The executing unit may not move its own: Forbidden.
// Field errors: due, reason.
func ChangeDue(ctx context.Context, tx *tenants.Tx, id int64, due time.Time, reason string) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if a := tx.Actor(); a.Kind == tenants.Citizen || a.UnitID == d.UnitID {
		return fault.New(fault.Forbidden, "directive.forbidden.due")
	}
	if err := d.MaySee(ctx, tx, tx.Actor()); err != nil {
		return err
	}
	if !d.Open() {
		return errState()
	}
	bad := fault.Fields{}
	if !due.After(tx.Now()) {
		bad.Add("due", "directive.error.due")
	}
	if reason, err = words(reason, "reason", "directive.error.reason", MaxReason); err != nil {
		bad.Add("reason", fault.As(err).Fields["reason"])
	}
	if err := bad.Err(); err != nil {
		return err
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	old := d.DueAt
	d.wind(due.UTC(), tx.Now(), working)
	if !d.Waiting() {
		d.NextClockAt = nil
	}
	if err := d.pullParts(ctx, tx, working); err != nil {
		return err
	}
	return d.write(ctx, tx, step{
		act:    "directive:change_due",
		detail: moved(old, d.DueAt),
		event: timeline.Event{
			Kind: "directive.due_changed", FromState: string(d.State), Text: reason, DueAt: &d.DueAt, Public: true,
		},
	}, "due_at", "next_clock_at", "reminded_level")
}
