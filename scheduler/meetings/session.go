package meetings

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// SessionState tells whether a session takes place.
type SessionState string

// The states of a session.
const (
	SessionOpen      SessionState = "open"
	SessionCancelled SessionState = "cancelled"
)

// Session is one date of an executive's public meetings.
type Session struct {
	tenants.BaseModel `bun:"table:meeting_sessions,alias:session"`
	tenants.Owned
	ID              int64 `bun:",pk"`
	ExecutiveID     int64
	WindowID        int64
	StartsAt        time.Time
	EndsAt          time.Time
	SiteFA          string `bun:"site_fa"`
	SiteEN          string `bun:"site_en"`
	State           SessionState
	NextQueueNumber int  // of those for whom no seat is numbered
	Draw            bool // its seats are given by a draw, see draw.go
	DrawnAt         *time.Time
}

// Slot is a numbered part of a session with one or more seats.
type Slot struct {
	tenants.BaseModel `bun:"table:meeting_slots,alias:slot"`
	tenants.Owned
	SessionID int64 `bun:",pk"`
	Number    int   `bun:",pk"`
	StartsAt  time.Time
	EndsAt    time.Time
	Seats     int
}

// OpenSlot is a slot with the number of its seats that are free.
type OpenSlot struct {
	Slot `bun:",extend"`
	Free int `bun:"free,scanonly"`
}

// OpenSession is a session that can be booked, with all its slots in order.
type OpenSession struct {
	Session
	Slots []OpenSlot
}

// Numbers are the first and the last queue number of the i-th slot: the same
// where a slot has one seat.
func (s *OpenSession) Numbers(i int) (from, until int) {
	for _, before := range s.Slots[:i] {
		from += before.Seats
	}
	return from + 1, from + s.Slots[i].Seats
}

// Free is the number of free seats of the session.
func (s *OpenSession) Free() int {
	n := 0
	for i := range s.Slots {
		n += s.Slots[i].Free
	}
	return n
}

// SessionByID reads one session.
func SessionByID(ctx context.Context, r tenants.Reader, id int64) (*Session, error) {
	s := new(Session)
	return s, tenants.Err(r.Select(s).Where("session.id = ?", id).Scan(ctx))
}

// SlotOf reads one slot of a session.
func SlotOf(ctx context.Context, r tenants.Reader, sessionID int64, number int) (*Slot, error) {
	s := new(Slot)
	return s, tenants.Err(r.Select(s).Where("slot.session_id = ? AND slot.number = ?", sessionID, number).Scan(ctx))
}

// OpenSessions lists what a citizen may book now with an executive: sessions
// after the lead time and within the horizon, on days that are not closed. The
// hold of the citizen's own draft (0 = none) counts as free.
func OpenSessions(ctx context.Context, r tenants.Reader, executiveID, draftID int64) ([]OpenSession, error) {
	return offered(ctx, r, executiveID, draftID, tenants.Citizen)
}

// DeskSessions lists what staff may book with an executive for somebody who
// calls or stands there: everything generated that has not ended.
func DeskSessions(ctx context.Context, r tenants.Reader, executiveID int64) ([]OpenSession, error) {
	return offered(ctx, r, executiveID, 0, tenants.Staff)
}

func offered(ctx context.Context, r tenants.Reader, executiveID, draftID int64, to tenants.ActorKind) ([]OpenSession, error) {
	working, err := tenants.WorkingTimeOf(ctx, r)
	if err != nil {
		return nil, err
	}
	var sessions []Session
	err = r.Select(&sessions).Where("session.executive_id = ? AND session.ends_at > ?", executiveID, r.Now()).
		Order("session.starts_at").Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	list := make([]OpenSession, 0, len(sessions))
	at := map[int64]int{}
	for i := range sessions {
		if sessions[i].openTo(to, r.Now(), r.Tenant().Settings, working) == nil {
			at[sessions[i].ID] = len(list)
			list = append(list, OpenSession{Session: sessions[i]})
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	slots, err := openSlots(ctx, r, list, draftID)
	if err != nil {
		return nil, err
	}
	for _, slot := range slots {
		s := &list[at[slot.SessionID]]
		s.Slots = append(s.Slots, slot)
	}
	return list, nil
}

// openSlots reads the slots of the sessions with their free seats in one query.
func openSlots(ctx context.Context, r tenants.Reader, sessions []OpenSession, draftID int64) ([]OpenSlot, error) {
	ids := make([]int64, len(sessions))
	for i := range sessions {
		ids[i] = sessions[i].ID
	}
	taken := r.Select((*SeatClaim)(nil)).ColumnExpr("COUNT(*)").
		Where("claim.session_id = slot.session_id AND claim.slot_number = slot.number").
		Where("claim.held_until IS NULL OR (claim.held_until > ? AND (claim.draft_id IS NULL OR claim.draft_id <> ?))", r.Now(), draftID)
	var list []OpenSlot
	err := r.Select(&list).ColumnExpr("slot.*").
		ColumnExpr("CASE WHEN slot.ends_at <= ? THEN 0 ELSE slot.seats - (?) END AS free", r.Now(), taken).
		Where("slot.session_id IN (?)", tenants.In(ids)).Order("slot.session_id", "slot.number").Scan(ctx)
	return list, tenants.Err(err)
}

// openTo tells why the session cannot be booked now; nil when it can. Citizens
// book between the horizon and the lead time, staff until the end.
func (s *Session) openTo(to tenants.ActorKind, now time.Time, set tenants.Settings, working tenants.WorkingTime) error {
	gone := fault.New(fault.Conflict, "meeting.conflict.session_closed")
	switch {
	case s.State != SessionOpen, working.Closed(s.StartsAt), !s.EndsAt.After(now):
		return gone
	case s.Drawing():
		return fault.New(fault.Conflict, "booking.conflict.draw")
	case to != tenants.Citizen:
		return nil
	case s.StartsAt.Before(now.Add(time.Duration(set.LeadHours) * time.Hour)):
		return gone
	case s.StartsAt.After(now.AddDate(0, 0, set.HorizonDays)):
		return fault.New(fault.Conflict, "meeting.conflict.session_not_yet")
	}
	return nil
}

// lockBookable locks the session of a slot and checks that the transaction's
// actor may book it now. Whoever changes seats or queue numbers of a session
// comes through its lock, so they stand in one line.
func lockBookable(ctx context.Context, tx *tenants.Tx, sessionID int64, number int) (*Session, *Slot, error) {
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
	if err := s.openTo(tx.Actor().Kind, tx.Now(), tx.Tenant().Settings, working); err != nil {
		return nil, nil, err
	}
	if !slot.EndsAt.After(tx.Now()) {
		return nil, nil, fault.New(fault.Conflict, "meeting.conflict.session_closed")
	}
	return s, slot, nil
}

// number gives the queue number of a taken seat; the session is locked. Numbers
// follow the order of time: where a slot has one seat it is the slot's own
// number, else the seats of the slots before are counted too. It is known from
// the moment the seat is held, so every page and message says the same. A number
// that somebody has already goes on after the last seat, as for walk-ins.
func (s *Session) number(ctx context.Context, tx *tenants.Tx, seat *SeatClaim) (*int, error) {
	n, all, err := seat.place(ctx, tx)
	if err != nil {
		return nil, err
	}
	given, err := tx.Select((*Meeting)(nil)).Where("meeting.session_id = ? AND meeting.queue_number = ?", s.ID, n).Count(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	if given == 0 {
		return &n, nil
	}
	n = max(s.NextQueueNumber, all+1)
	s.NextQueueNumber = n + 1
	return &n, tx.Update(ctx, s, "next_queue_number")
}

// NumberOf is the queue number that a held seat will have.
func NumberOf(ctx context.Context, r tenants.Reader, seat *SeatClaim) (int, error) {
	n, _, err := seat.place(ctx, r)
	return n, err
}

// place counts the seats up to this one, and all of the session.
func (c *SeatClaim) place(ctx context.Context, r tenants.Reader) (n, all int, err error) {
	var slots []Slot
	if err := r.Select(&slots).Where("slot.session_id = ?", c.SessionID).Order("slot.number").Scan(ctx); err != nil {
		return 0, 0, tenants.Err(err)
	}
	for i := range slots {
		if slots[i].Number < c.SlotNumber {
			n += slots[i].Seats
		}
		all += slots[i].Seats
	}
	return n + c.Seat, all, nil
}
