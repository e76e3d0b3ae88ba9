package meetings

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Reschedule moves a meeting to a free slot of the same executive; code and
// approval stay, an approved meeting gets the queue number of its new seat and
// its reminders move along. Citizens may do it RescheduleLimit times. Conflict:
// see Hold, and meeting.conflict.same_slot. TooMany: meeting.limit.reschedule,
// meeting.limit.quota. Fact: meeting.rescheduled.
func Reschedule(ctx context.Context, tx *tenants.Tx, id, sessionID int64, number int) error {
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
	if err := m.movable(tx); err != nil {
		return err
	}
	session, slot, err := lockBookable(ctx, tx, sessionID, number)
	switch {
	case err != nil:
		return err
	case session.ExecutiveID != m.ExecutiveID:
		return fault.New(fault.NotFound, "error.not_found")
	case m.SessionID == sessionID && m.SlotNumber == number:
		return fault.New(fault.Conflict, "meeting.conflict.same_slot")
	}
	if err := m.fits(ctx, tx, session); err != nil {
		return err
	}
	if err := session.checkChannel(ctx, tx, m.Channel, m.Urgent, 0, m.ID); err != nil {
		return err
	}
	return m.move(ctx, tx, session, slot)
}

// fits judges the meeting by the rules of another window. A citizen does not get
// past an approval by moving from a window that wants none. Conflict:
// booking.conflict.not_served, booking.conflict.approval.
func (m *Meeting) fits(ctx context.Context, tx *tenants.Tx, s *Session) error {
	most := MaxCompanions
	if s.Rules.Companions != nil {
		most = *s.Rules.Companions
	}
	if !s.serves(deref(m.TopicID), deref(m.DistrictID)) || m.Companions > most {
		return fault.New(fault.Conflict, "booking.conflict.not_served")
	}
	if m.State != Approved || tx.Actor().Kind != tenants.Citizen || m.SessionID == s.ID || !s.NeedsApproval(tx.Tenant().Settings) {
		return nil
	}
	from, err := rulesOf(ctx, tx, m.SessionID)
	if err == nil && !from.NeedsApproval(tx.Tenant().Settings) {
		err = fault.New(fault.Conflict, "booking.conflict.approval")
	}
	return err
}

// rulesOf reads a session with the rules of its window.
func rulesOf(ctx context.Context, r tenants.Reader, id int64) (*Session, error) {
	s := new(ruledSession)
	err := r.Select(s).ColumnExpr("session.*, win.rules AS win_rules").
		Join("JOIN ? ON win.id = session.window_id", r.From((*Window)(nil))).Where("session.id = ?", id).Scan(ctx)
	s.Rules = &s.WinRules
	return &s.Session, tenants.Err(err)
}

func (m *Meeting) movable(tx *tenants.Tx) error {
	if !m.CanCancel(tx.Now()) {
		return fault.New(fault.Conflict, "meeting.conflict.state")
	}
	limit := tx.Tenant().Settings.RescheduleLimit
	if tx.Actor().Kind == tenants.Citizen && m.Reschedules >= limit {
		return fault.New(fault.TooMany, "meeting.limit.reschedule", "n", limit)
	}
	return nil
}

// move takes the new seat before it gives up the old one, so that a lost race
// leaves the citizen where they were, and no two moves wait for each other.
func (m *Meeting) move(ctx context.Context, tx *tenants.Tx, session *Session, slot *Slot) error {
	c, err := citizens.ByID(ctx, tx, m.CitizenID)
	if err != nil {
		return err
	}
	m.StartsAt = slot.StartsAt
	if err := checkQuota(ctx, tx, m, c.NationalID); err != nil {
		return err
	}
	seat, err := claimFor(ctx, tx, session, slot, 0)
	if err != nil {
		return err
	}
	if err := m.vacate(ctx, tx); err != nil {
		return err
	}
	if err := seat.bind(ctx, tx, m.ID); err != nil {
		return err
	}
	if err := endPriority(ctx, tx, m.ID); err != nil { // they have chosen
		return err
	}
	if m.State == Approved {
		if m.QueueNumber, err = session.number(ctx, tx, seat); err != nil {
			return err
		}
	}
	m.SessionID, m.SlotNumber = session.ID, slot.Number
	m.CalendarSequence++
	m.hurry()
	if tx.Actor().Kind == tenants.Citizen {
		m.Reschedules++
	}
	moved := &step{
		act: "meeting:reschedule", fact: "meeting.rescheduled",
		event: timeline.Event{Kind: "meeting.rescheduled", FromState: string(m.State), DueAt: &m.StartsAt, Public: true},
	}
	err = m.write(ctx, tx, moved, "session_id", "slot_number", "starts_at", "queue_number", "calendar_sequence", "reschedules", "asked_until")
	if err != nil || m.State != Approved {
		return err
	}
	return m.remind(ctx, tx, moved.event.ID)
}
