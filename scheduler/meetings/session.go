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
	NextQueueNumber int // of those for whom no seat is numbered
	SiteID          *int64
	PlannedAt       *time.Time // the start that the window gave it
	Changed         bool       // by hand, so edits of the window leave it alone
	Cause           Cause      // of its cancellation
	Reason          string     // … as citizens read it
	Rules           *Rules     `bun:"-"` // of its window; nil where nobody books
	WalkInRoom      *int       // how many may come without a booking; nil is the organization's usual number
	Draw            bool       // its seats are given by a draw, see draw.go
	DrawnAt         *time.Time
	// CalendarSequence rises with every change of time, place and state, for the
	// calendars that show the session.
	CalendarSequence int
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
	Dropped   bool // by a change of the session; nobody books it any more
}

// OpenSlot is a slot with the number of its seats that are free.
type OpenSlot struct {
	Slot `bun:",extend"`
	Free int  `bun:"free,scanonly"`
	Busy bool `bun:"busy,scanonly"` // the executive is elsewhere: nothing for citizens
}

// OpenSession is a session that can be booked, with all its slots in order.
type OpenSession struct {
	Session
	Slots []OpenSlot
	Left  *int // by the quota of the channel; nil when there is none
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
	if s.Left != nil {
		return min(n, *s.Left)
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
	list, err := offered(ctx, r, executiveID, draftID, tenants.Citizen)
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, limited(ctx, r, list, draftID)
}

// limited takes the quota of bookings over the web off what is free.
func limited(ctx context.Context, r tenants.Reader, list []OpenSession, draftID int64) error {
	var ids []int64
	for i := range list {
		if list[i].quota(Web, false) > 0 {
			ids = append(ids, list[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	taken, err := takenBy(ctx, r, ids, draftID)
	for i := range list {
		s := &list[i]
		limit := s.quota(Web, false)
		if limit == 0 {
			continue
		}
		left := max(limit-taken[s.ID][string(Web)], 0)
		if s.Left = &left; left > 0 {
			continue
		}
		for j := range s.Slots {
			s.Slots[j].Free = 0
		}
	}
	return err
}

// DeskSessions lists what staff may book with an executive for somebody who
// calls or stands there: everything generated that has not ended.
func DeskSessions(ctx context.Context, r tenants.Reader, executiveID int64) ([]OpenSession, error) {
	return offered(ctx, r, executiveID, 0, tenants.Staff)
}

// ruledSession is a session with the rules of its window.
type ruledSession struct {
	Session  `bun:",extend"`
	WinRules Rules `bun:"win_rules,type:jsonb,scanonly"`
}

// offered lists the sessions that are open to citizens, to staff or, as System,
// to the line of the executive.
func offered(ctx context.Context, r tenants.Reader, executiveID, draftID int64, to tenants.ActorKind) ([]OpenSession, error) {
	working, err := tenants.WorkingTimeOf(ctx, r)
	if err != nil {
		return nil, err
	}
	reader := to
	if to == tenants.System {
		reader = tenants.Citizen
	}
	var sessions []ruledSession
	err = r.Select(&sessions).ColumnExpr("session.*, win.rules AS win_rules").
		Join("JOIN ? ON win.id = session.window_id", r.From((*Window)(nil))).
		Where("session.executive_id = ? AND session.ends_at > ?", executiveID, r.Now()).Order("session.starts_at").Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	list := make([]OpenSession, 0, len(sessions))
	at := map[int64]int{}
	for i := range sessions {
		sessions[i].Rules = &sessions[i].WinRules
		if sessions[i].openTo(reader, r.Now(), r.Tenant().Settings, working) == nil {
			at[sessions[i].ID] = len(list)
			list = append(list, OpenSession{Session: sessions[i].Session})
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	slots, err := openSlots(ctx, r, list, draftID, to == tenants.System)
	if err != nil {
		return nil, err
	}
	for _, slot := range slots {
		if slot.Busy && to == tenants.Citizen {
			slot.Free = 0
		}
		s := &list[at[slot.SessionID]]
		s.Slots = append(s.Slots, slot)
	}
	for i := range list {
		s := &list[i]
		for n := len(s.Slots); n > 0 && s.Slots[n-1].Dropped; n-- {
			s.Slots = s.Slots[:n-1] // others stay, because they count for the numbers
		}
	}
	return list, nil
}

// openSlots reads the slots of the sessions with their free seats in one query.
// What ended a moment ago is only the line's, where there is one.
func openSlots(ctx context.Context, r tenants.Reader, sessions []OpenSession, draftID int64, line bool) ([]OpenSlot, error) {
	ids := make([]int64, len(sessions))
	for i := range sessions {
		ids[i] = sessions[i].ID
	}
	public := r.Now()
	if !line {
		public = public.Add(-lineFirst)
	}
	waits := r.Select((*Wait)(nil)).ColumnExpr("1").Where("wait.executive_id = ? AND wait.state = 'waiting'", sessions[0].ExecutiveID).
		Where("(wait.session_id IS NULL OR wait.session_id = claim.session_id)")
	taken := r.Select((*SeatClaim)(nil)).ColumnExpr("COUNT(*)").
		Where("claim.session_id = slot.session_id AND claim.slot_number = slot.number").
		Where("claim.held_until IS NULL OR (claim.held_until > ? AND (claim.draft_id IS NULL OR claim.draft_id <> ?))"+
			" OR (claim.held_until > ? AND claim.held_until <= ? AND EXISTS (?))", r.Now(), draftID, public, r.Now(), waits)
	var list []OpenSlot
	err := r.Select(&list).ColumnExpr("slot.*").
		ColumnExpr("CASE WHEN slot.ends_at <= ? OR slot.dropped THEN 0 ELSE slot.seats - (?) END AS free", r.Now(), taken).
		ColumnExpr("COALESCE((?) < slot.ends_at, FALSE) AS busy", nextBusy(r)).
		Join("JOIN ? ON session.id = slot.session_id", r.From((*Session)(nil))).
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
	case s.ClosesAt(set).Before(now):
		return gone
	case s.OpensAt(set).After(now):
		return fault.New(fault.Conflict, "meeting.conflict.session_not_yet")
	}
	return nil
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
