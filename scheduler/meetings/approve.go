package meetings

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Approve gives a requested meeting its queue number, after it has looked again
// at session and seat in the same transaction. Fact: meeting.approved.
func Approve(ctx context.Context, tx *tenants.Tx, id int64) error {
	seen := new(Meeting)
	if err := tx.Select(seen).Where("meeting.id = ?", id).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	if err := standStill(ctx, tx, seen.ExecutiveID); err != nil { // as all who lock both meeting and session
		return err
	}
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Requested); err != nil {
		return err
	}
	s := new(Session)
	if err := tx.Lock(ctx, s, "session.id = ?", m.SessionID); err != nil {
		return err
	}
	if s.State != SessionOpen || !m.StartsAt.After(tx.Now()) {
		return fault.New(fault.Conflict, "meeting.conflict.session_closed")
	}
	seat, err := m.seat(ctx, tx)
	if err != nil {
		return err
	}
	return m.approve(ctx, tx, s, seat)
}

// seat locks the seat that the meeting keeps.
func (m *Meeting) seat(ctx context.Context, tx *tenants.Tx) (*SeatClaim, error) {
	c := new(SeatClaim)
	err := tx.Lock(ctx, c, "claim.meeting_id = ? AND claim.session_id = ? AND claim.slot_number = ?", m.ID, m.SessionID, m.SlotNumber)
	if fault.Is(err, fault.NotFound) {
		return nil, errTaken()
	}
	return c, err
}

// approve is the common end of Book and Approve; the session is locked.
func (m *Meeting) approve(ctx context.Context, tx *tenants.Tx, s *Session, seat *SeatClaim) error {
	n, err := s.number(ctx, tx, seat)
	if err != nil {
		return err
	}
	m.State, m.QueueNumber, m.AskedUntil = Approved, n, nil
	m.CalendarSequence++ // the status of the calendar entry changes
	done := &step{
		act: "meeting:approve", fact: "meeting.approved",
		event: timeline.Event{Kind: "meeting.approved", FromState: string(Requested), DueAt: &m.StartsAt, Public: true},
	}
	if err := m.write(ctx, tx, done, "state", "queue_number", "calendar_sequence", "asked_until"); err != nil {
		return err
	}
	return m.remind(ctx, tx, done.event.ID)
}

// Refuse ends a requested meeting with a reason, which may be the answer
// itself, and frees the seat. Field error: reason. Fact: meeting.refused.
func Refuse(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Requested); err != nil {
		return err
	}
	if reason, err = reasoned(reason); err != nil {
		return err
	}
	return m.end(ctx, tx, Refused, reason, &step{act: "meeting:refuse", fact: "meeting.refused", event: timeline.Event{Kind: "meeting.refused"}})
}

// end is the common end of Refuse and Cancel: the seat is free again and no
// reminder goes out.
func (m *Meeting) end(ctx context.Context, tx *tenants.Tx, state State, reason string, s *step) error {
	now := tx.Now()
	s.event.FromState, s.event.Text, s.event.Public = string(m.State), reason, true
	m.State, m.Reason, m.EndedAt = state, reason, &now
	m.QueueNumber = nil // it is the seat's, and the seat is free again
	m.AskedUntil = nil
	m.CalendarSequence++
	if err := m.vacate(ctx, tx); err != nil {
		return err
	}
	if err := tx.Unschedule(ctx, string(state), refs(m.ID)...); err != nil {
		return err
	}
	return m.write(ctx, tx, s, "state", "reason", "cancelled_by", "ended_at", "queue_number", "calendar_sequence", "asked_until")
}
