package meetings

import (
	"context"
	"time"

	"pasokh/tenants"
)

// settle does to one session what the new window asks for.
func (w *Window) settle(ctx context.Context, tx *tenants.Tx, d *Planned, keep bool, reason string) ([]*Priority, error) {
	s := d.Session
	if err := tx.Lock(ctx, s, "session.id = ?", s.ID); err != nil {
		return nil, err
	}
	c := &reshaping{session: s, before: *s, cause: CauseWindow, reason: reason}
	if err := c.read(ctx, tx); err != nil {
		return nil, err
	}
	switch {
	case len(c.meetings) > 0 && keep:
		s.Changed = true
		return nil, tx.Update(ctx, s, "changed")
	case d.Fate == FateDrop && len(c.meetings) == 0:
		gone, err := s.remove(ctx, tx)
		if gone || err != nil {
			return nil, err
		}
		return s.cancel(ctx, tx, CauseWindow, reason)
	case d.Fate == FateDrop:
		return s.cancel(ctx, tx, CauseWindow, reason)
	}
	return w.reshape(ctx, tx, c, d.StartsAt)
}

// remove deletes a session that nobody has ever booked, with its holds.
func (s *Session) remove(ctx context.Context, tx *tenants.Tx) (bool, error) {
	for _, used := range []any{(*Meeting)(nil), (*Priority)(nil), (*PrioritySeat)(nil), (*Wait)(nil)} {
		n, err := tx.Select(used).Where("session_id = ?", s.ID).Count(ctx)
		if err != nil || n > 0 {
			return false, tenants.Err(err)
		}
	}
	offered, err := tx.Select((*Wait)(nil)).Where("wait.offered_session_id = ?", s.ID).Count(ctx)
	if err != nil || offered > 0 {
		return false, tenants.Err(err)
	}
	for _, below := range []any{(*Draw)(nil), (*SeatClaim)(nil), (*Slot)(nil)} {
		if _, err := tx.Delete(ctx, below, "session_id = ?", s.ID); err != nil {
			return false, err
		}
	}
	_, err = tx.Delete(ctx, (*Session)(nil), "id = ?", s.ID)
	return true, err
}

// reshape gives the session the window's slots. A number stays with its
// citizen; who has a number that is no more, or a seat beyond, loses the place.
func (w *Window) reshape(ctx context.Context, tx *tenants.Tx, c *reshaping, start time.Time) ([]*Priority, error) {
	s := c.session
	next, slots := w.session(start)
	s.StartsAt, s.EndsAt, s.SiteFA, s.SiteEN, s.SiteID = next.StartsAt, next.EndsAt, w.SiteFA, w.SiteEN, w.SiteID
	s.PlannedAt = &start
	var fresh []Slot
	for i := range slots {
		slots[i].SessionID = s.ID
		if i >= len(c.slots) {
			fresh = append(fresh, slots[i])
			continue
		}
		c.slots[i].StartsAt, c.slots[i].EndsAt, c.slots[i].Seats, c.slots[i].Dropped = slots[i].StartsAt, slots[i].EndsAt, slots[i].Seats, false
	}
	for i := len(slots); i < len(c.slots); i++ {
		c.slots[i].Dropped = true
	}
	var beyond []SeatClaim
	err := tx.Select(&beyond).Where("claim.session_id = ? AND claim.seat > ?", s.ID, w.Seats).Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	lost, err := c.unseat(ctx, tx, beyond, w.Seats)
	if err != nil {
		return nil, err
	}
	if len(fresh) > 0 {
		if err := tx.Insert(ctx, &fresh); err != nil {
			return nil, err
		}
	}
	return lost, c.write(ctx, tx)
}

// unseat takes the seats away that a slot does not have any more.
func (c *reshaping) unseat(ctx context.Context, tx *tenants.Tx, beyond []SeatClaim, seats int) (lost []*Priority, err error) {
	for _, claim := range beyond {
		if claim.MeetingID == nil {
			continue // goes with the others below
		}
		for i := range c.meetings {
			if c.meetings[i].ID != *claim.MeetingID {
				continue
			}
			p, err := c.meetings[i].displace(ctx, tx, c.cause, c.reason)
			if err != nil {
				return nil, err
			}
			lost = append(lost, p)
			c.meetings = append(c.meetings[:i], c.meetings[i+1:]...)
			break
		}
	}
	if err := recall(ctx, tx, "offered_session_id = ? AND EXISTS (SELECT 1 FROM ? WHERE claim.draft_id = wait.id AND claim.seat > ?)",
		c.session.ID, tx.From((*SeatClaim)(nil)), seats); err != nil {
		return nil, err
	}
	_, err = tx.Delete(ctx, (*SeatClaim)(nil), "session_id = ? AND seat > ? AND meeting_id IS NULL", c.session.ID, seats)
	return lost, err
}
