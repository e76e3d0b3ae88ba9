package notify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// A provider may take more than a day to say that a message did not arrive. What
// it said is looked at again before it is said by another way.

// outdated says why the words that a message kept are not to be said any more, for
// the record of the task; empty when they are.
func (m *Message) outdated(ctx context.Context, r tenants.Reader) (string, error) {
	if m.UsefulUntil != nil && !r.Now().Before(*m.UsefulUntil) {
		return "dropped: passed", nil
	}
	switch m.SubjectKind {
	case "meeting":
		return m.overtaken(ctx, r)
	case "complaint":
		return m.settled(ctx, r)
	}
	return "", nil
}

// overtaken is for what was said of a meeting that was still to come.
func (m *Message) overtaken(ctx context.Context, r tenants.Reader) (string, error) {
	if m.Template == "sms.meeting.reminder" && m.Ref != "" {
		_, drop, err := meetings.ReminderDue(ctx, r, m.SubjectID, m.Ref, m.plannedFor())
		if drop != "" {
			drop = "dropped: " + drop
		}
		return drop, err
	}
	if !slices.Contains(ahead, m.Template) {
		return "", nil
	}
	list, err := timeline.Of(ctx, r, timeline.Subject{Kind: m.SubjectKind, ID: m.SubjectID}, false)
	for _, e := range list {
		if word := overtakes[e.Kind]; word != "" && e.At.After(m.CreatedAt) {
			return word, err
		}
	}
	return "", err
}

// overtakes are the events that tell of themselves, with the word for what was
// said before them.
var overtakes = map[string]string{
	"meeting.rescheduled": "dropped: moved", "meeting.cancelled": "dropped: cancelled", "meeting.displaced": "dropped: cancelled", "meeting.refused": "dropped: cancelled",
}

// asks are the messages that want something of the citizen, with the state in
// which the case still does.
var asks = map[string]complaints.State{
	"sms.complaint.asked": complaints.WaitingCitizen, "sms.complaint.answered": complaints.Feedback, "sms.complaint.visited": complaints.AwaitingConfirmation,
}

// settled is for what was said of a case.
func (m *Message) settled(ctx context.Context, r tenants.Reader) (string, error) {
	// With _reply it is the same, asked where an answer by text message is heard.
	state, any := asks[strings.TrimSuffix(m.Template, "_reply")]
	if !any {
		return "", nil
	}
	c, err := complaints.Plain(ctx, r, m.SubjectID)
	if fault.Is(err, fault.NotFound) {
		return "dropped: gone", nil
	}
	if err != nil || c.State == state {
		return "", err
	}
	return "dropped: state", nil
}

// plannedFor is the time of the task that the key names; see Cause.Key.
func (m *Message) plannedFor() time.Time {
	var task, at int64
	head, _, _ := strings.Cut(m.Key, ":")
	if n, err := fmt.Sscanf(head, "%d@%d", &task, &at); n != 2 || err != nil {
		return time.Time{}
	}
	return time.Unix(at, 0)
}
