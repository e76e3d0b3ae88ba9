package meetings

import (
	"context"
	"fmt"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Notice is one of the two reminders of a meeting, as its task's ref ends.
type Notice string

// The reminders.
const (
	DayBefore   Notice = "day"
	HoursBefore Notice = "hours"
)

func (n Notice) before() time.Duration {
	if n == DayBefore {
		return day
	}
	return 2 * time.Hour
}

// Ref names the reminder's task: "meeting:<id>:day".
func (n Notice) Ref(meetingID int64) string { return fmt.Sprintf("meeting:%d:%s", meetingID, n) }

// At is when the reminder of a meeting at start is due.
func (n Notice) At(start time.Time) time.Time { return start.Add(-n.before()) }

func refs(meetingID int64) []string {
	return []string{DayBefore.Ref(meetingID), HoursBefore.Ref(meetingID)}
}

// remind schedules the reminders that still lie ahead, and drops those that
// stand from before a move.
func (m *Meeting) remind(ctx context.Context, tx *tenants.Tx, eventID int64) error {
	for _, n := range []Notice{DayBefore, HoursBefore} {
		at := n.At(m.StartsAt)
		if !at.After(tx.Now()) {
			if err := tx.Unschedule(ctx, "too late", n.Ref(m.ID)); err != nil {
				return err
			}
			continue
		}
		if err := tx.Schedule(ctx, "meeting.reminder", n.Ref(m.ID), at, Fact{MeetingID: m.ID, EventID: eventID}); err != nil {
			return err
		}
	}
	return nil
}

// ReminderDue reads the meeting that a meeting.reminder task with this ref and
// time is about, and tells why it must be dropped: gone, state, moved, late.
// drop is empty when the reminder is true now.
func ReminderDue(ctx context.Context, r tenants.Reader, meetingID int64, ref string, at time.Time) (m *Listed, drop string, err error) {
	m, err = ByID(ctx, r, meetingID)
	if fault.Is(err, fault.NotFound) {
		return nil, "gone", nil
	}
	if err != nil {
		return nil, "", err
	}
	n := HoursBefore
	if ref == DayBefore.Ref(meetingID) {
		n = DayBefore
	}
	switch {
	case m.State != Approved:
		return m, "state", nil
	case ref != n.Ref(meetingID) || !at.Equal(n.At(m.StartsAt)):
		return m, "moved", nil
	case !r.Now().Before(m.StartsAt), n == DayBefore && !r.Now().Before(HoursBefore.At(m.StartsAt)):
		return m, "late", nil
	}
	return m, "", nil
}
