package directives

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// objectEvery is how often a citizen may say "not done" (product.md: once per
// period), as the organization has it.
func objectEvery(r tenants.Reader) time.Duration {
	days := r.Tenant().Settings.DirectiveObjectionDays
	if days <= 0 {
		days = 30 // set before the organization could
	}
	return time.Duration(days) * 24 * time.Hour
}

// MayObject tells whether the citizen may object now: the directive is public
// and done, and the last objection is a period old.
func MayObject(ctx context.Context, r tenants.Reader, d *Directive) (bool, error) {
	if d.State != Done || !d.Public {
		return false, nil
	}
	n, err := objections(ctx, r, d.ID)
	return n == 0, err
}

// objections counts the citizen's objections of the last period.
func objections(ctx context.Context, r tenants.Reader, id int64) (int, error) {
	var n int
	err := r.Select((*timeline.Event)(nil)).ColumnExpr("COUNT(*)").
		Where("event.subject_kind = 'directive' AND event.subject_id = ?", id).
		Where("event.kind = 'directive.objected' AND event.at > ?", r.Now().Add(-objectEvery(r))).Scan(ctx, &n)
	return n, tenants.Err(err)
}

// Object is the citizen's "not done": it returns a done directive to the unit
// with a new due time. Only for citizens, of public directives; NotFound
// otherwise. TooMany within a period (Settings.DirectiveObjectionDays) of the last objection. Field error:
// text. Fact: directive.returned.
func Object(ctx context.Context, tx *tenants.Tx, id int64, text string) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Public || tx.Actor().Kind != tenants.Citizen {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if d.State != Done {
		return errState()
	}
	n, err := objections(ctx, tx, id)
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.New(fault.TooMany, "directive.objection_limit", "n", int(objectEvery(tx)/(24*time.Hour)))
	}
	if text, err = words(text, "text", "directive.error.objection", MaxReason); err != nil {
		return err
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	d.State, d.DoneAt, d.Returns = Returned, nil, d.Returns+1
	due := working.AddDays(tx.Now(), tx.Tenant().Settings.DirectiveDays)
	if d.DueAt.After(due) {
		due = d.DueAt
	}
	d.wind(due, tx.Now(), working)
	return d.write(ctx, tx, step{
		act: "directive:object", fact: "directive.returned",
		event: timeline.Event{Kind: "directive.objected", FromState: string(Done), Text: text, DueAt: &d.DueAt, Public: true},
	}, "state", "done_at", "returns", "due_at", "next_clock_at", "reminded_level")
}
