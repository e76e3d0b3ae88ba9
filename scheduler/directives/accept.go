package directives

import (
	"context"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Accept ends a reported directive. Only for the executive who issued it, or
// the executive's office; Forbidden for everybody else. note is what the
// citizen is told and may be empty. Fact: directive.accepted.
func Accept(ctx context.Context, tx *tenants.Tx, id int64, note string) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := mustIssue(ctx, tx, d); err != nil {
		return err
	}
	if d.State != Reported {
		return errState()
	}
	note = persian.Clean(note)
	if utf8.RuneCountInString(note) > MaxReason {
		return fault.Field("note", "directive.error.too_long")
	}
	now := tx.Now()
	d.State, d.DoneAt, d.NextClockAt = Done, &now, nil
	return d.write(ctx, tx, step{
		act: "directive:accept", fact: "directive.accepted",
		event: timeline.Event{Kind: "directive.accepted", FromState: string(Reported), Text: note, Public: true},
	}, "state", "done_at", "next_clock_at")
}

// Return sends a reported directive back to the unit with a reason; its clock
// goes on with the same due time. Who may: see Accept. Field error: reason.
// Fact: directive.returned.
func Return(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := mustIssue(ctx, tx, d); err != nil {
		return err
	}
	if d.State != Reported {
		return errState()
	}
	if reason, err = words(reason, "reason", "directive.error.reason", MaxReason); err != nil {
		return err
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	d.State, d.Returns = Returned, d.Returns+1
	d.resume(working)
	return d.write(ctx, tx, step{
		act: "directive:return", fact: "directive.returned",
		event: timeline.Event{Kind: "directive.returned", FromState: string(Reported), Text: reason, Public: true},
	}, "state", "returns", "next_clock_at")
}
