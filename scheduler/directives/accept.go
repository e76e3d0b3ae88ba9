package directives

import (
	"cmp"
	"context"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Accept ends a reported directive. Only for the executive who issued it, or
// the executive's office; Forbidden for everybody else. note is what the
// citizen is told; when it is empty, the report itself is. The documents of the
// report come to light with it. Fact: directive.accepted.
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
	if err := d.publishEvidence(ctx, tx); err != nil {
		return err
	}
	if err := d.endClaims(ctx, tx); err != nil {
		return err
	}
	now := tx.Now()
	d.State, d.DoneAt, d.NextClockAt = Done, &now, nil
	return d.write(ctx, tx, step{
		act: "directive:accept", fact: "directive.accepted",
		event: timeline.Event{Kind: "directive.accepted", FromState: string(Reported), Text: cmp.Or(note, d.Report), Public: true},
	}, "state", "done_at", "next_clock_at")
}

// publishEvidence shows the citizen the documents of the report that is being
// accepted, unless the directive is none of theirs to see.
func (d *Directive) publishEvidence(ctx context.Context, tx *tenants.Tx) error {
	if !d.Public {
		return nil
	}
	story, err := timeline.Of(ctx, tx, timeline.Subject{Kind: "directive", ID: d.ID}, false)
	if err != nil {
		return err
	}
	report := LastReport(story, d.ID)
	if report == nil {
		return nil
	}
	return files.Publish(ctx, tx, files.Subject{Kind: "directive", ID: d.ID}, report.ID, true)
}

// LastReport is the newest report among the events of one or more directives;
// nil before the first.
func LastReport(story []timeline.Event, id int64) *timeline.Event {
	return last(story, id, "directive.reported")
}

// Result is what the citizen is told about a directive that is done: the
// executive's word, else the accepted report; empty while it is not done. The
// events may be those of several directives.
func (d *Directive) Result(story []timeline.Event) string {
	if d.Open() {
		return ""
	}
	if e := last(story, d.ID, "directive.accepted"); e != nil && e.Text != "" {
		return e.Text
	}
	return d.Report
}

func last(story []timeline.Event, id int64, kind string) *timeline.Event {
	for i := len(story) - 1; i >= 0; i-- {
		if e := &story[i]; e.SubjectKind == "directive" && e.SubjectID == id && e.Kind == kind {
			return e
		}
	}
	return nil
}

// Return sends a reported directive back to the unit with a reason; its clock
// goes on with the same due time. The reason is between executive and unit: the
// citizen sees only that the result went back. Who may: see Accept. Field error: reason.
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
	if err := d.plain(ctx, tx, "directive.sent_back", Reported); err != nil {
		return err
	}
	return d.write(ctx, tx, step{
		act: "directive:return", fact: "directive.returned",
		event: timeline.Event{Kind: "directive.returned", FromState: string(Reported), Text: reason},
	}, "state", "returns", "next_clock_at")
}
