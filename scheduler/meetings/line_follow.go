package meetings

import (
	"context"

	"pasokh/tenants"
)

// followLine brings along those who wait for a session that was changed or
// called off: an offer stands where its seat still is, else the person goes back
// to the own place in the line; who waits for this session, or stands in its
// draw, goes on waiting, for any session of the executive when this one is off.
// Everybody is told. The executives are locked. Facts: meeting.wait_kept,
// meeting.wait_changed.
func (c *reshaping) followLine(ctx context.Context, tx *tenants.Tx) error {
	if err := c.moveDraw(ctx, tx); err != nil {
		return err
	}
	var list []Wait
	err := tx.LockAll(ctx, &list, "wait.state IN (?) AND (wait.session_id = ? OR wait.state = ? AND wait.offered_session_id = ?)",
		tenants.In(liveWaits), c.session.ID, WaitOffered, c.session.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if err := c.followWait(ctx, tx, &list[i]); err != nil {
			return err
		}
	}
	return nil
}

// off tells whether the session is not there any more.
func (c *reshaping) off() bool { return c.session.State != SessionOpen }

// shifted tells whether time, place or executive are others now.
func (c *reshaping) shifted() bool {
	s, was := c.session, &c.before
	return !s.StartsAt.Equal(was.StartsAt) || s.siteID() != was.siteID() || s.ExecutiveID != was.ExecutiveID
}

func (c *reshaping) followWait(ctx context.Context, tx *tenants.Tx, w *Wait) error {
	kept, changed := false, false
	if w.State == WaitOffered && *w.OfferedSessionID == c.session.ID {
		stands, err := c.stillOffered(ctx, tx, w)
		if err != nil {
			return err
		}
		if stands {
			changed = c.shifted()
		} else if kept = true; true {
			if err := w.backInLine(ctx, tx); err != nil {
				return err
			}
		}
	}
	if w.SessionID != nil && *w.SessionID == c.session.ID {
		if err := c.keepWaiting(ctx, tx, w); err != nil {
			return err
		}
		kept, changed = kept || w.SessionID == nil, changed || c.shifted()
	}
	switch {
	case kept:
		return w.leave(ctx, tx, "meeting:wait_kept", "meeting.wait_kept", "meeting.wait_kept")
	case changed:
		return w.leave(ctx, tx, "meeting:wait_changed", "meeting.wait_changed", "meeting.wait_changed")
	}
	return nil
}

// stillOffered tells whether the seat of an offer is still there and the person
// has time to take it.
func (c *reshaping) stillOffered(ctx context.Context, tx *tenants.Tx, w *Wait) (bool, error) {
	if c.off() || c.session.ExecutiveID != w.ExecutiveID {
		return false, nil
	}
	for i := range c.slots {
		slot := &c.slots[i]
		if slot.Number != *w.OfferedSlot {
			continue
		}
		if slot.Dropped || !slot.StartsAt.After(w.OfferUntil.Add(handOver)) {
			return false, nil
		}
		n, err := tx.Select((*SeatClaim)(nil)).Where("claim.draft_id = ? AND claim.session_id = ? AND claim.slot_number = ?", w.ID, slot.SessionID, slot.Number).Count(ctx)
		return n > 0, tenants.Err(err)
	}
	return false, nil
}

// backInLine takes an offer back; the place in the line stays.
func (w *Wait) backInLine(ctx context.Context, tx *tenants.Tx) error {
	if err := release(ctx, tx, "draft_id = ? AND meeting_id IS NULL", w.ID); err != nil {
		return err
	}
	w.State, w.OfferedSessionID, w.OfferedSlot, w.OfferUntil = WaitWaiting, nil, nil, nil
	w.Version++
	return tx.Update(ctx, w, "state", "offered_session_id", "offered_slot", "offer_until", "version")
}

// keepWaiting lets somebody who waits for this very session go on: with its new
// executive, or for any session of the old one when it is off or they wait with
// the new one already.
func (c *reshaping) keepWaiting(ctx context.Context, tx *tenants.Tx, w *Wait) error {
	s := c.session
	if !c.off() && s.ExecutiveID == w.ExecutiveID {
		return nil
	}
	if !c.off() {
		twice, err := tx.Select((*Wait)(nil)).Where("wait.executive_id = ? AND wait.citizen_id = ? AND wait.state IN (?)", s.ExecutiveID, w.CitizenID, tenants.In(liveWaits)).Count(ctx)
		if err != nil {
			return tenants.Err(err)
		}
		if twice == 0 {
			w.ExecutiveID = s.ExecutiveID
			w.Version++
			return tx.Update(ctx, w, "executive_id", "version")
		}
	}
	w.SessionID = nil
	if w.State == WaitEntered {
		w.State = WaitWaiting
	}
	w.Version++
	return tx.Update(ctx, w, "session_id", "state", "version")
}

// moveDraw shifts the end of a draw with its session.
func (c *reshaping) moveDraw(ctx context.Context, tx *tenants.Tx) error {
	s := c.session
	if c.off() || !s.Drawing() || s.StartsAt.Equal(c.before.StartsAt) {
		return nil
	}
	closes := s.StartsAt.Add(-tx.Tenant().Settings.Booking.DrawClose())
	_, err := tx.Set(ctx, (*Draw)(nil), "closes_at = ?", []any{closes}, "session_id = ? AND drawn_at IS NULL", s.ID)
	return err
}

// freeDrafts gives back the seats that people hold in the wizard while a session
// moves, so that nobody books a time that they have not seen: the wizard asks
// again. Offers and seats kept for a priority stay.
func (c *reshaping) freeDrafts(ctx context.Context, tx *tenants.Tx) error {
	if c.off() || !c.shifted() {
		return nil
	}
	offers := tx.Select((*Wait)(nil)).Column("id").Where("wait.offered_session_id = ?", c.session.ID)
	kept := tx.Select((*PrioritySeat)(nil)).Column("hold_id").Where("kept.session_id = ?", c.session.ID)
	_, err := tx.Delete(ctx, (*SeatClaim)(nil), "session_id = ? AND meeting_id IS NULL AND draft_id IS NOT NULL AND draft_id NOT IN (?) AND draft_id NOT IN (?)",
		c.session.ID, offers, kept)
	return err
}
