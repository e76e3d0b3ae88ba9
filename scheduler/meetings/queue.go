package meetings

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// CheckIn notes that the citizen is there, on the day of the meeting; also one
// who was marked absent and came late.
func CheckIn(ctx context.Context, tx *tenants.Tx, id int64) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Approved, Absent); err != nil {
		return err
	}
	now := tx.Now()
	if persian.DateOf(now.In(persian.Tehran)) != persian.DateOf(m.StartsAt.In(persian.Tehran)) {
		return fault.New(fault.Conflict, "meeting.conflict.not_today")
	}
	session := new(Session)
	if err := tx.Select(session).Where("session.id = ?", m.SessionID).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	from := m.State
	m.State, m.CheckedInAt, m.EndedAt, m.Reason = CheckedIn, &now, nil, ""
	m.QueuePlace = m.ownPlace(session)
	return m.write(ctx, tx, &step{
		act:   "meeting:check_in",
		event: timeline.Event{Kind: "meeting.checked_in", FromState: string(from), Public: true},
	}, "state", "checked_in_at", "ended_at", "reason", "queue_place")
}

// CallNext calls who is next in the queue of a session: of those checked in,
// the one with the lowest place. Conflict: meeting.conflict.queue_empty,
// meeting.conflict.room_busy while somebody is in the room.
func CallNext(ctx context.Context, tx *tenants.Tx, sessionID int64) (*Meeting, error) {
	if err := lockRoom(ctx, tx, sessionID, 0); err != nil {
		return nil, err
	}
	waiting, err := waitingIn(ctx, tx, sessionID)
	if err != nil {
		return nil, err
	}
	if len(waiting) == 0 {
		return nil, fault.New(fault.Conflict, "meeting.conflict.queue_empty")
	}
	m, err := lock(ctx, tx, waiting[0].ID)
	if err != nil {
		return nil, err
	}
	if err := m.in(CheckedIn); err != nil {
		return nil, err
	}
	return m, m.call(ctx, tx, "next", "")
}

// lockRoom locks a session and makes sure that nobody but the named one is with
// the executive. Whoever calls comes through this lock, so two desks cannot fill
// one room.
func lockRoom(ctx context.Context, tx *tenants.Tx, sessionID, but int64) error {
	if err := tx.Lock(ctx, new(Session), "session.id = ?", sessionID); err != nil {
		return err
	}
	n, err := tx.Select((*Meeting)(nil)).Where("meeting.session_id = ? AND meeting.state = ? AND meeting.id <> ?", sessionID, Called, but).Count(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if n > 0 {
		return fault.New(fault.Conflict, "meeting.conflict.room_busy")
	}
	return nil
}

// Call is CallOut without a reason: for who is next, and once more for who did
// not hear.
func Call(ctx context.Context, tx *tenants.Tx, id int64) error { return CallOut(ctx, tx, id, "") }

// CallOut calls one who is checked in, or calls again who did not hear. Out of
// turn it needs a reason; both stand in the audit. Field error: reason.
// Conflict: meeting.conflict.room_busy while somebody else is in the room.
func CallOut(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	seen := new(Meeting)
	if err := tx.Select(seen).Where("meeting.id = ?", id).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	if err := seen.in(CheckedIn, Called); err != nil {
		return err
	}
	if err := lockRoom(ctx, tx, seen.SessionID, id); err != nil {
		return err
	}
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(CheckedIn, Called); err != nil {
		return err
	}
	if m.State == Called {
		return m.call(ctx, tx, "again", "")
	}
	waiting, err := waitingIn(ctx, tx, m.SessionID)
	if err != nil {
		return err
	}
	if waiting[0].ID == m.ID {
		return m.call(ctx, tx, "next", "")
	}
	if reason, err = reasoned(reason); err != nil {
		return err
	}
	return m.call(ctx, tx, "out of turn", reason)
}

func (m *Meeting) call(ctx context.Context, tx *tenants.Tx, detail, reason string) error {
	now, from := tx.Now(), m.State
	m.State, m.CalledAt = Called, &now
	return m.write(ctx, tx, &step{
		act: "meeting:call", detail: detail,
		event: timeline.Event{Kind: "meeting.called", FromState: string(from), Text: reason},
	}, "state", "called_at")
}

// MarkAbsent notes that the citizen did not come, once the slot has begun, or
// left before the meeting. It starts the cool-down unless Excuse follows.
func MarkAbsent(ctx context.Context, tx *tenants.Tx, id int64) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Approved, CheckedIn, Called); err != nil {
		return err
	}
	if m.State == Approved && tx.Now().Before(m.StartsAt) {
		return fault.New(fault.Conflict, "meeting.conflict.too_early")
	}
	now, from := tx.Now(), m.State
	m.State, m.EndedAt, m.QueuePlace = Absent, &now, nil
	return m.write(ctx, tx, &step{
		act:   "meeting:mark_absent",
		event: timeline.Event{Kind: "meeting.absent", FromState: string(from), Public: true},
	}, "state", "ended_at", "queue_place")
}

// Excuse accepts the reason of an absence, which ends the cool-down. Field
// error: reason.
func Excuse(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Absent); err != nil {
		return err
	}
	if m.Reason, err = reasoned(reason); err != nil {
		return err
	}
	return m.write(ctx, tx, &step{
		act:   "meeting:excuse",
		event: timeline.Event{Kind: "meeting.excused", FromState: string(Absent), Text: m.Reason, Public: true},
	}, "reason")
}
