package meetings

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// save writes session and slots, frees what drafts hold in dropped ones, and
// brings along who waits.
func (c *reshaping) save(ctx context.Context, tx *tenants.Tx) error {
	c.session.CalendarSequence++
	err := tx.Update(ctx, c.session, "calendar_sequence", "executive_id", "starts_at", "ends_at", "site_fa", "site_en", "site_id", "planned_at", "state", "changed", "cause", "reason")
	if fault.Is(err, fault.Conflict) {
		return fault.Field("starts", "planning.error.overlap") // the constraint saw what no check could
	}
	if err != nil {
		return err
	}
	for i := range c.slots {
		slot := &c.slots[i]
		if err := tx.Update(ctx, slot, "starts_at", "ends_at", "seats", "dropped"); err != nil {
			return err
		}
	}
	if err := c.freeDrafts(ctx, tx); err != nil {
		return err
	}
	if err := c.followLine(ctx, tx); err != nil {
		return err
	}
	return c.sweepOut(ctx, tx)
}

// sweepOut frees what nobody's meeting keeps in slots that are no more.
func (c *reshaping) sweepOut(ctx context.Context, tx *tenants.Tx) error {
	for _, slot := range c.slots {
		if !slot.Dropped && c.session.State == SessionOpen {
			continue
		}
		_, err := tx.Delete(ctx, (*SeatClaim)(nil), "session_id = ? AND slot_number = ? AND meeting_id IS NULL", slot.SessionID, slot.Number)
		if err != nil {
			return err
		}
	}
	return nil
}

// stays tells whether the meeting keeps its place: the slot is there, and the
// executive who takes over is not somebody whom the person meets already.
func (c *reshaping) stays(ctx context.Context, tx *tenants.Tx, m *Meeting, slot *Slot) (bool, error) {
	switch {
	case m.WalkIn && c.session.State == SessionOpen:
		return true, nil // they are there, and have no slot to lose
	case slot == nil || slot.Dropped:
		return false, nil
	case c.session.ExecutiveID == c.before.ExecutiveID:
		return true, nil
	}
	person, err := citizens.ByID(ctx, tx, m.CitizenID)
	if err != nil {
		return false, err
	}
	handed := *m
	handed.ExecutiveID, handed.StartsAt = c.session.ExecutiveID, slot.StartsAt
	err = checkQuota(ctx, tx, &handed, person.NationalID)
	if fault.Is(err, fault.TooMany) {
		return false, nil
	}
	return true, err
}

// carry takes a meeting along that keeps its place, and tells the citizen.
func (c *reshaping) carry(ctx context.Context, tx *tenants.Tx, m *Meeting, slot *Slot) error {
	if slot == nil {
		return nil
	}
	moved := !m.StartsAt.Equal(slot.StartsAt)
	handed := c.session.ExecutiveID != c.before.ExecutiveID || c.session.siteID() != c.before.siteID()
	if !moved && !handed {
		return nil
	}
	m.StartsAt, m.ExecutiveID = slot.StartsAt, c.session.ExecutiveID
	m.CalendarSequence++
	m.hurry()
	done := &step{
		act: "meeting:change", detail: string(c.cause), fact: "meeting.changed",
		event: timeline.Event{Kind: "meeting.changed", FromState: string(m.State), DueAt: &m.StartsAt, Text: c.reason, Public: true},
	}
	if moved {
		done.fact, done.event.Kind = "meeting.rescheduled", "meeting.moved"
	}
	if err := m.write(ctx, tx, done, "starts_at", "executive_id", "calendar_sequence", "asked_until"); err != nil {
		return err
	}
	if moved {
		if _, err := m.favour(ctx, tx, c.cause, c.reason, false); err != nil {
			return err
		}
	}
	if m.State != Approved || !moved {
		return nil
	}
	return m.remind(ctx, tx, done.event.ID)
}
