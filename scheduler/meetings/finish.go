package meetings

import (
	"context"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Minutes is what was said and how many people were met, companions included.
type Minutes struct {
	Text      string
	PeopleMet int
}

func (in *Minutes) check() error {
	bad := fault.Fields{}
	in.Text = persian.Clean(in.Text)
	if in.Text == "" {
		bad.Add("minutes", "meeting.error.minutes")
	}
	if utf8.RuneCountInString(in.Text) > MaxText {
		bad.Add("minutes", "meeting.error.too_long")
	}
	if in.PeopleMet < 1 || in.PeopleMet > 1+MaxCompanions {
		bad.Add("people_met", "meeting.error.people_met")
	}
	return bad.Err()
}

// Finish writes the minutes of a meeting and locks them: of one that is being
// held, which ends it, or of one that ended without. What follows is added by
// AddMinutesNote. Directives follow with directives.Issue and then
// SettleAfterDirective, or Close; the citizen is told then, because the minutes
// are not theirs to see. Field errors: minutes, people_met. Conflict:
// meeting.conflict.minutes_locked.
func Finish(ctx context.Context, tx *tenants.Tx, id int64, in Minutes) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if m.Minutes != "" {
		return fault.New(fault.Conflict, "meeting.conflict.minutes_locked")
	}
	if err := m.in(Called, Held, FollowUp, Closed); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	if _, err := tx.Delete(ctx, (*MinutesDraft)(nil), "meeting_id = ?", id); err != nil {
		return err
	}
	m.Minutes, m.PeopleMet = in.Text, in.PeopleMet
	if m.State != Called {
		return m.write(ctx, tx, &step{
			act: "meeting:finish", event: timeline.Event{Kind: "meeting.minutes", FromState: string(m.State)},
		}, "minutes", "people_met")
	}
	now := tx.Now()
	m.State, m.EndedAt, m.QueuePlace = Held, &now, nil
	return m.write(ctx, tx, &step{
		act:   "meeting:finish",
		event: timeline.Event{Kind: "meeting.held", FromState: string(Called), Public: true},
	}, "state", "minutes", "people_met", "ended_at", "queue_place")
}

// End ends a meeting whose minutes are written later, so that the next one can
// come in. Field error: people_met.
func End(ctx context.Context, tx *tenants.Tx, id int64, people int) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Called); err != nil {
		return err
	}
	if people < 1 || people > 1+MaxCompanions {
		return fault.Field("people_met", "meeting.error.people_met")
	}
	now := tx.Now()
	m.State, m.PeopleMet, m.EndedAt, m.QueuePlace = Held, people, &now, nil
	return m.write(ctx, tx, &step{
		act: "meeting:end", event: timeline.Event{Kind: "meeting.held", FromState: string(Called), Public: true},
	}, "state", "people_met", "ended_at", "queue_place")
}

// SettleAfterDirective brings a meeting in line with its directives: in
// follow-up while one is open, closed when the last one is done, in follow-up
// again when a citizen objects. Call it after a directive of the meeting was
// issued, accepted or returned, in the same transaction or in a job; it may run
// any number of times.
func SettleAfterDirective(ctx context.Context, tx *tenants.Tx, meetingID int64) error {
	m, err := lock(ctx, tx, meetingID)
	if err != nil {
		return err
	}
	open, err := directives.Open(ctx, tx, directives.OnMeeting, m.ID)
	if err != nil {
		return err
	}
	switch {
	case open > 0 && (m.State == Held || m.State == Closed):
		return m.turn(ctx, tx, FollowUp, "meeting.follow_up")
	case open == 0 && m.State == FollowUp:
		return m.turn(ctx, tx, Closed, "meeting.closed")
	}
	return nil
}

// Close ends a held meeting from which nothing follows, with a reason that the
// citizen reads. Field error: reason. Conflict: meeting.conflict.open_directives.
// Fact: meeting.closed.
func Close(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Held, FollowUp); err != nil {
		return err
	}
	open, err := directives.Open(ctx, tx, directives.OnMeeting, m.ID)
	if err != nil {
		return err
	}
	if open > 0 {
		return fault.New(fault.Conflict, "meeting.conflict.open_directives", "n", open)
	}
	if reason, err = reasoned(reason); err != nil {
		return err
	}
	from := m.State
	m.State, m.Reason = Closed, reason
	return m.write(ctx, tx, &step{
		act: "meeting:closed", fact: "meeting.closed",
		event: timeline.Event{Kind: "meeting.closed", FromState: string(from), Text: reason, Public: true},
	}, "state", "reason")
}

func (m *Meeting) turn(ctx context.Context, tx *tenants.Tx, to State, kind string) error {
	from := m.State
	m.State = to
	return m.write(ctx, tx, &step{
		act: "meeting:" + string(to), event: timeline.Event{Kind: kind, FromState: string(from), Public: true},
	}, "state")
}
