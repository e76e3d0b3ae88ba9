package meetings

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Rebook gives somebody whose place the office took or moved another one: a
// kept seat, or any other that is free; lead time, quotas and the limit of
// reschedulings do not count. The code stays. Conflict:
// meeting.conflict.no_priority, and as Hold. Fact: meeting.rescheduled.
func Rebook(ctx context.Context, tx *tenants.Tx, id, sessionID int64, number int) error {
	seen := new(Meeting)
	if err := tx.Select(seen).Where("meeting.id = ?", id).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	if err := lockExecutive(ctx, tx, seen.ExecutiveID); err != nil {
		return err
	}
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	p, err := PriorityOf(ctx, tx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !m.MayRebook(p, tx.Now()) {
		return fault.New(fault.Conflict, "meeting.conflict.no_priority")
	}
	if err != nil {
		return err
	}
	session, slot, err := lockFor(ctx, tx, m, sessionID, number)
	if err != nil {
		return err
	}
	return m.rebook(ctx, tx, p, session, slot)
}

// MayRebook tells whether the meeting is still as the priority found it.
func (m *Meeting) MayRebook(p *Priority, now time.Time) bool {
	if p.Displaced {
		return m.State == Cancelled && m.CancelledBy == ByOffice
	}
	return m.CanCancel(now)
}

// lockFor locks a session of the meeting's executive for somebody with a
// priority.
func lockFor(ctx context.Context, tx *tenants.Tx, m *Meeting, sessionID int64, number int) (*Session, *Slot, error) {
	s := new(Session)
	if err := tx.Lock(ctx, s, "session.id = ?", sessionID); err != nil {
		return nil, nil, err
	}
	slot, err := SlotOf(ctx, tx, sessionID, number)
	if err != nil {
		return nil, nil, err
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case s.ExecutiveID != m.ExecutiveID:
		return nil, nil, fault.New(fault.NotFound, "error.not_found")
	case slot.Dropped || !slot.StartsAt.After(tx.Now()):
		return nil, nil, fault.New(fault.Conflict, "meeting.conflict.session_closed")
	case m.State != Cancelled && m.SessionID == sessionID && m.SlotNumber == number:
		return nil, nil, fault.New(fault.Conflict, "meeting.conflict.same_slot")
	}
	if err := s.openTo(tenants.Staff, tx.Now(), tx.Tenant().Settings, working); err != nil {
		return nil, nil, err
	}
	return s, slot, s.checkBusy(ctx, tx, slot)
}

func (m *Meeting) rebook(ctx context.Context, tx *tenants.Tx, p *Priority, s *Session, slot *Slot) error {
	var hold int64
	for _, k := range p.Seats {
		if k.SessionID == s.ID && k.SlotNumber == slot.Number {
			hold = k.HoldID
		}
	}
	seat, err := claimFor(ctx, tx, slot, hold)
	if err != nil {
		return err
	}
	if err := m.vacate(ctx, tx); err != nil {
		return err
	}
	if err := seat.bind(ctx, tx, m.ID); err != nil {
		return err
	}
	if err := endPriority(ctx, tx, m.ID); err != nil {
		return err
	}
	from := m.State
	m.State, m.Reason, m.CancelledBy, m.EndedAt, m.CheckedInAt, m.QueueNumber = p.State, "", "", nil, nil, nil
	if from != Cancelled {
		m.State = from
	}
	if m.State == Approved {
		if m.QueueNumber, err = s.number(ctx, tx, seat); err != nil {
			return err
		}
	}
	m.SessionID, m.SlotNumber, m.StartsAt = s.ID, slot.Number, slot.StartsAt
	m.CalendarSequence++
	done := &step{
		act: "meeting:rebook", detail: string(p.Cause), fact: "meeting.rescheduled",
		event: timeline.Event{Kind: "meeting.rebooked", FromState: string(from), DueAt: &m.StartsAt, Public: true},
	}
	err = m.write(ctx, tx, done, "state", "reason", "cancelled_by", "ended_at", "checked_in_at", "session_id", "slot_number", "starts_at", "queue_number", "calendar_sequence")
	if err != nil || m.State != Approved {
		return err
	}
	return m.remind(ctx, tx, done.event.ID)
}
