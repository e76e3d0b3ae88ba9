package meetings

import (
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// SessionChange is what becomes of one session, apart from its series; zero
// values leave things as they are. Reason is what its citizens read.
type SessionChange struct {
	StartsAt    time.Time // all slots move along
	EndsAt      time.Time // slots that end later are dropped
	ExecutiveID int64
	SiteID      int64
	Reason      string
}

// ChangeSession moves or shortens one session, or gives it to another executive
// or site, and tells its citizens. They keep their places where these still fit,
// else they get a priority. Field errors: starts, ends, executive, site, reason.
// Conflict: meeting.conflict.session_over. Facts: meeting.rescheduled,
// meeting.changed, meeting.displaced.
func ChangeSession(ctx context.Context, tx *tenants.Tx, id int64, in SessionChange) error {
	s, err := lockSession(ctx, tx, id, in.ExecutiveID)
	if err != nil {
		return err
	}
	if in.Reason, err = reasoned(in.Reason); err != nil {
		return err
	}
	c := &reshaping{session: s, before: *s, cause: CauseOffice, reason: in.Reason}
	if err := c.read(ctx, tx); err != nil {
		return err
	}
	if err := c.apply(ctx, tx, in); err != nil {
		return err
	}
	s.Changed = true
	if err := c.write(ctx, tx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "meeting_session:change", "meeting_session", s.ID, c.detail())
}

// lockSession locks the executives, in the order of their ids, and the session
// that is to change.
func lockSession(ctx context.Context, tx *tenants.Tx, id, other int64) (*Session, error) {
	seen, err := SessionByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	ids := []int64{seen.ExecutiveID}
	if other != 0 && other != seen.ExecutiveID {
		ids = append(ids, other)
	}
	slices.Sort(ids)
	for _, e := range ids {
		if err := standStill(ctx, tx, e); err != nil {
			return nil, err
		}
	}
	s := new(Session)
	if err := tx.Lock(ctx, s, "session.id = ?", id); err != nil {
		return nil, err
	}
	if s.State != SessionOpen || !s.EndsAt.After(tx.Now()) {
		return nil, fault.New(fault.Conflict, "meeting.conflict.session_over")
	}
	return s, nil
}

// standStill is lockExecutive for a post that may have been given up since.
func standStill(ctx context.Context, tx *tenants.Tx, id int64) error {
	n, err := tx.Set(ctx, (*directives.Executive)(nil), "position = position", nil, "id = ?", id)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return err
}

// reshaping is a change of one locked session on its way.
type reshaping struct {
	session  *Session
	before   Session
	slots    []Slot // all that it has, in order
	meetings []Meeting
	cause    Cause
	reason   string
}

// read reads the slots and locks the meetings that have a place.
func (c *reshaping) read(ctx context.Context, tx *tenants.Tx) error {
	err := tx.Select(&c.slots).Where("slot.session_id = ?", c.session.ID).Order("slot.number").Scan(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	return tx.LockAll(ctx, &c.meetings, "meeting.session_id = ? AND meeting.state IN (?, ?, ?)", c.session.ID, Requested, Approved, CheckedIn)
}

func (c *reshaping) detail() string {
	switch s := c.session; {
	case !s.StartsAt.Equal(c.before.StartsAt):
		return "moved"
	case s.ExecutiveID != c.before.ExecutiveID:
		return "executive"
	case s.SiteFA != c.before.SiteFA:
		return "site"
	}
	return "shortened"
}

// apply writes the change on the session and its slots, in memory.
func (c *reshaping) apply(ctx context.Context, tx *tenants.Tx, in SessionChange) error {
	s := c.session
	begun := !s.StartsAt.After(tx.Now())
	delta := time.Duration(0)
	if !in.StartsAt.IsZero() {
		delta = in.StartsAt.Sub(s.StartsAt)
	}
	if begun && (delta != 0 || in.ExecutiveID != 0 && in.ExecutiveID != s.ExecutiveID || in.SiteID != 0 && in.SiteID != s.siteID()) {
		return fault.New(fault.Conflict, "meeting.conflict.session_over")
	}
	s.StartsAt, s.EndsAt = s.StartsAt.Add(delta), s.EndsAt.Add(delta)
	if err := c.shorten(in.EndsAt, delta, tx.Now()); err != nil {
		return err
	}
	if err := c.hand(ctx, tx, in); err != nil {
		return err
	}
	if s.StartsAt.Equal(c.before.StartsAt) && s.EndsAt.Equal(c.before.EndsAt) && s.ExecutiveID == c.before.ExecutiveID && s.siteID() == c.before.siteID() {
		return fault.Field("starts", "planning.error.nothing")
	}
	return c.fits(ctx, tx)
}

func (s *Session) siteID() int64 {
	if s.SiteID == nil {
		return 0
	}
	return *s.SiteID
}

// shorten shifts the slots and drops those beyond the new end.
func (c *reshaping) shorten(ends time.Time, delta time.Duration, now time.Time) error {
	s := c.session
	if !ends.IsZero() && (ends.After(s.EndsAt) || !ends.After(s.StartsAt) || !ends.After(now)) {
		return fault.Field("ends", "planning.error.ends")
	}
	if !ends.IsZero() {
		s.EndsAt = ends
	}
	left := 0
	for i := range c.slots {
		slot := &c.slots[i]
		slot.StartsAt, slot.EndsAt = slot.StartsAt.Add(delta), slot.EndsAt.Add(delta)
		slot.Dropped = slot.Dropped || slot.EndsAt.After(s.EndsAt)
		if !slot.Dropped {
			left++
		}
	}
	if left == 0 {
		return fault.Field("ends", "planning.error.no_slots")
	}
	return nil
}

// hand gives the session to another executive or site.
func (c *reshaping) hand(ctx context.Context, tx *tenants.Tx, in SessionChange) error {
	s := c.session
	if in.ExecutiveID != 0 && in.ExecutiveID != s.ExecutiveID {
		e, err := directives.ExecutiveByID(ctx, tx, in.ExecutiveID)
		if err != nil {
			return err
		}
		if !e.Active {
			return fault.Field("executive", "planning.error.executive")
		}
		s.ExecutiveID = e.ID
	}
	if in.SiteID != 0 && in.SiteID != s.siteID() {
		site, err := SiteByID(ctx, tx, in.SiteID)
		if err != nil {
			return err
		}
		if !site.Active {
			return fault.Field("site", "planning.error.site")
		}
		s.SiteID, s.SiteFA, s.SiteEN = &site.ID, site.NameFA, site.NameEN
	}
	return nil
}

// fits wants the new time to be to come, on an open day, free of the
// executive's other sessions.
func (c *reshaping) fits(ctx context.Context, tx *tenants.Tx) error {
	s := c.session
	if s.StartsAt.Equal(c.before.StartsAt) && s.ExecutiveID == c.before.ExecutiveID {
		return nil // only shorter, or elsewhere
	}
	field := "starts"
	if s.ExecutiveID != c.before.ExecutiveID {
		field = "executive"
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	if !s.StartsAt.After(tx.Now()) {
		return fault.Field("starts", "planning.error.past")
	}
	if working.Closed(s.StartsAt) {
		return fault.Field("starts", "planning.error.closed_day")
	}
	busy, err := clashes(ctx, tx, s.ExecutiveID, s.StartsAt, s.EndsAt, s.ID)
	if err != nil {
		return err
	}
	if busy {
		return fault.Field(field, "planning.error.overlap")
	}
	same, err := tx.Select((*Session)(nil)).Where("session.executive_id = ? AND session.starts_at = ? AND session.id <> ?", s.ExecutiveID, s.StartsAt, s.ID).Count(ctx)
	if err == nil && same > 0 {
		return fault.Field(field, "planning.error.cancelled_there")
	}
	return tenants.Err(err)
}

// write saves session and slots, and what follows for the meetings: first who
// loses the place, then who keeps it.
func (c *reshaping) write(ctx context.Context, tx *tenants.Tx) error {
	if err := c.save(ctx, tx); err != nil {
		return err
	}
	var lost []*Priority
	for i := range c.meetings {
		m := &c.meetings[i]
		slot := c.slotOf(m)
		stays, err := c.stays(ctx, tx, m, slot)
		if err != nil {
			return err
		}
		if !stays {
			p, err := m.displace(ctx, tx, c.cause, c.reason)
			if err != nil {
				return err
			}
			lost = append(lost, p)
			continue
		}
		if err := c.carry(ctx, tx, m, slot); err != nil {
			return err
		}
	}
	if err := c.sweepOut(ctx, tx); err != nil {
		return err
	}
	return propose(ctx, tx, c.before.ExecutiveID, lost) // whom they asked for
}

func (c *reshaping) slotOf(m *Meeting) *Slot {
	if at := slices.IndexFunc(c.slots, func(s Slot) bool { return s.Number == m.SlotNumber }); at >= 0 {
		return &c.slots[at]
	}
	return nil
}
