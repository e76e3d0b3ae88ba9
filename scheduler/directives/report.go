package directives

import (
	"context"

	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Start notes that the unit takes the directive up, or takes it up again after
// a return. Only staff of the unit; NotFound for others.
func Start(ctx context.Context, tx *tenants.Tx, id int64) error {
	d, err := ofOwnUnit(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Waiting() || d.State == InProgress {
		return errState()
	}
	from := d.State
	d.State = InProgress
	return d.write(ctx, tx, step{
		act:   "directive:start",
		event: timeline.Event{Kind: "directive.started", FromState: string(from), Public: true},
	}, "state")
}

// Report says what the unit did and stops its clock. Only staff of the unit;
// NotFound for others. A unit that has not pressed start has started by
// reporting. The citizen sees that a report came, not its words, until the
// executive has accepted it. Field errors: text, without. Fact:
// directive.reported.
func Report(ctx context.Context, tx *tenants.Tx, id int64, text string) error {
	return ReportWithout(ctx, tx, id, text, "")
}

// ReportWithout is Report by a lead unit that does not wait for the parts that
// are not in, and says why; with all parts in, why is not kept.
func ReportWithout(ctx context.Context, tx *tenants.Tx, id int64, text, why string) error {
	d, err := ofOwnUnit(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Waiting() {
		return errState()
	}
	if text, err = words(text, "text", "directive.error.report", MaxText); err != nil {
		return err
	}
	if d.WithoutParts, err = d.withoutParts(ctx, tx, why); err != nil {
		return err
	}
	from := d.State
	d.State, d.Report, d.NextClockAt = Reported, text, nil
	if err := d.plain(ctx, tx, "directive.progress", from); err != nil {
		return err
	}
	return d.write(ctx, tx, step{
		act: "directive:report", detail: d.WithoutParts, fact: "directive.reported",
		event: timeline.Event{Kind: "directive.reported", FromState: string(from), Text: text},
	}, "state", "report", "next_clock_at", "without_parts")
}

// plain appends the line without words that tells the citizen what happened,
// where the words themselves stay with the staff in the event that follows.
func (d *Directive) plain(ctx context.Context, tx *tenants.Tx, kind string, from State) error {
	if !d.Public {
		return nil
	}
	return timeline.Append(ctx, tx, &timeline.Event{
		SubjectKind: "directive", SubjectID: d.ID, Kind: kind, Cycle: d.Returns,
		UnitID: &d.UnitID, FromState: string(from), ToState: string(d.State), Public: true,
	})
}
