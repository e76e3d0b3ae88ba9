package notify

import (
	"context"
	"slices"

	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// MeetingRequested gives the citizen the tracking code of the request.
func (p *Post) MeetingRequested(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	if m.State != meetings.Requested {
		return movedOn, nil
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.requested")
}

// MeetingApproved gives the citizen time, queue number and code.
func (p *Post) MeetingApproved(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	if m.State != meetings.Approved {
		return movedOn, nil
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.approved", "queue", queueNumber(m))
}

// MeetingRescheduled gives the citizen the new time.
func (p *Post) MeetingRescheduled(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	switch m.State {
	case meetings.Requested:
		return p.visitor(ctx, db, cause, m, "sms.meeting.moved_request")
	case meetings.Approved:
		return p.visitor(ctx, db, cause, m, "sms.meeting.moved", "queue", queueNumber(m))
	}
	return movedOn, nil
}

// MeetingRefused tells the citizen where to read why.
func (p *Post) MeetingRefused(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	return p.visitor(ctx, db, cause, m, "sms.meeting.refused")
}

// MeetingCancelled confirms what the citizen did, or says what the office did.
func (p *Post) MeetingCancelled(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	if m.CancelledBy == meetings.ByCitizen {
		return p.visitor(ctx, db, cause, m, "sms.meeting.cancelled")
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.cancelled_office")
}

// MeetingDisplaced tells the citizen that the office took the place, and where
// another one is chosen first.
func (p *Post) MeetingDisplaced(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	if m.State != meetings.Cancelled {
		return movedOn, nil
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.displaced")
}

// MeetingChanged tells the citizen that executive or site are others now.
func (p *Post) MeetingChanged(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	if m.State != meetings.Requested && m.State != meetings.Approved {
		return movedOn, nil
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.changed", "site", named(m.SiteFA, m.SiteEN))
}

// MeetingClosed tells the citizen where to read how a meeting ended from which
// no order followed. An order tells of itself, see DirectiveIssued.
func (p *Post) MeetingClosed(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed) (string, error) {
	if m.State != meetings.Closed {
		return movedOn, nil
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.closed")
}

// MeetingReminder reminds the citizen, unless the meeting has moved, ended or
// begun since the reminder was planned.
func (p *Post) MeetingReminder(ctx context.Context, db *tenants.DB, cause Cause, meetingID int64) (string, error) {
	m, drop, err := meetings.ReminderDue(ctx, db, meetingID, cause.task.Ref, cause.task.RunAt)
	if err != nil {
		return "", err
	}
	if drop != "" {
		return "dropped: " + drop, nil
	}
	return p.visitor(ctx, db, cause, m, "sms.meeting.reminder", "queue", queueNumber(m))
}

// visitor tells the citizen of a meeting: with whom, when, under which code.
func (p *Post) visitor(ctx context.Context, db *tenants.DB, cause Cause, m *meetings.Listed, key string, args ...any) (string, error) {
	args = append(args, "post", named(m.PostFA, m.PostEN), "day", day(m.StartsAt), "time", clock(m.StartsAt),
		"code", persian.ShowCode(m.Code), "link", p.track(db.Tenant(), m.Code))
	t := told{subject: timeline.Subject{Kind: "meeting", ID: m.ID}, key: key, args: args}
	if e, ok := EventOf(key); ok && e.Invites {
		t.invite = p.entry(m)
	}
	if slices.Contains(ahead, key) {
		t.before = m.StartsAt
		if drop, err := overtaken(ctx, db, cause, t.subject); drop != "" || err != nil {
			return drop, err
		}
	}
	return p.citizen(ctx, db, cause, &m.CitizenID, t)
}

// ahead are the messages about a meeting that is still to come.
var ahead = []string{
	"sms.meeting.requested", "sms.meeting.approved", "sms.meeting.moved", "sms.meeting.moved_request", "sms.meeting.changed", "sms.meeting.reminder",
	"sms.meeting.cancelled_office", "sms.meeting.displaced", "sms.meeting.asked",
}

// overtaken tells whether a message that had to wait is no longer the last word
// about its subject: the meeting has moved or been called off since, which tells
// of itself.
func overtaken(ctx context.Context, r tenants.Reader, cause Cause, s timeline.Subject) (string, error) {
	if !cause.task.WasPutOff() || cause.task.Ref != "" { // a reminder knows by itself
		return "", nil
	}
	var fact meetings.Fact
	if err := cause.task.IDs(&fact); err != nil || fact.EventID == 0 {
		return "", err
	}
	list, err := timeline.Of(ctx, r, s, false)
	for _, e := range list {
		if word := overtakes[e.Kind]; word != "" && e.ID > fact.EventID {
			return word, err
		}
	}
	return "", err
}

func queueNumber(m *meetings.Listed) int {
	if m.QueueNumber == nil {
		return 0
	}
	return *m.QueueNumber
}
