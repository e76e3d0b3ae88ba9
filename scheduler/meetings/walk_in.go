package meetings

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// WalkIn is a visitor who stands at the counter without a booking.
type WalkIn struct {
	CitizenID  int64
	NationalID string
	SessionID  int64
	Subject    string
	Companions int
}

// AddWalkIn gives a visitor without a booking a number behind all seats of a
// session of today, and checks them in: they are there. The quota is that of
// everybody. Field errors: as Book. Conflict: session_closed, not_today,
// meeting.conflict.walk_in_full. TooMany: as Book.
func AddWalkIn(ctx context.Context, tx *tenants.Tx, in WalkIn) (*Meeting, error) {
	seen := new(Session)
	if err := tx.Select(seen).Where("session.id = ?", in.SessionID).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	asked := Booking{
		CitizenID: in.CitizenID, NationalID: in.NationalID, ExecutiveID: seen.ExecutiveID, SessionID: in.SessionID,
		Subject: in.Subject, Text: in.Subject, Companions: in.Companions, Channel: InPerson,
	}
	if err := asked.check(); err != nil {
		return nil, err
	}
	if err := lockExecutive(ctx, tx, seen.ExecutiveID); err != nil {
		return nil, err
	}
	if err := asked.checkCitizen(ctx, tx); err != nil {
		return nil, err
	}
	s, last, err := lockToday(ctx, tx, in.SessionID)
	if err != nil {
		return nil, err
	}
	m, err := asked.meeting(tx, last)
	if err != nil {
		return nil, err
	}
	if err := checkQuota(ctx, tx, m, asked.NationalID); err != nil {
		return nil, err
	}
	if err := leaveBooked(ctx, tx, &asked); err != nil {
		return nil, err
	}
	if m.QueueNumber, err = s.numberBehind(ctx, tx); err != nil {
		return nil, err
	}
	now := tx.Now()
	m.WalkIn, m.State, m.CheckedInAt, m.QueuePlace = true, CheckedIn, &now, m.ownPlace(s)
	if err := tx.Insert(ctx, m); err != nil {
		return nil, err
	}
	return m, m.leave(ctx, tx, &step{
		act: "meeting:walk_in", event: timeline.Event{Kind: "meeting.walked_in", Public: true},
	})
}

// lockToday locks a session of today that still goes on, and names its last slot.
func lockToday(ctx context.Context, tx *tenants.Tx, id int64) (*Session, *Slot, error) {
	s, last := new(Session), new(Slot)
	if err := tx.Lock(ctx, s, "session.id = ?", id); err != nil {
		return nil, nil, err
	}
	if persian.DateOf(tx.Now().In(persian.Tehran)) != persian.DateOf(s.StartsAt.In(persian.Tehran)) {
		return nil, nil, fault.New(fault.Conflict, "meeting.conflict.not_today")
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	if s.State != SessionOpen || !s.EndsAt.After(tx.Now()) || working.Closed(s.StartsAt) {
		return nil, nil, errClosed()
	}
	err = tx.Select(last).Where("slot.session_id = ? AND NOT slot.dropped", id).Order("slot.number DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, nil, tenants.Err(err)
	}
	came, err := tx.Select((*Meeting)(nil)).Where("meeting.session_id = ? AND meeting.walk_in", id).
		Where("meeting.state NOT IN (?, ?)", Refused, Cancelled).Count(ctx)
	if err != nil {
		return nil, nil, tenants.Err(err)
	}
	if int(came) >= s.WalkInsAllowed(tx.Tenant().Settings) {
		return nil, nil, fault.New(fault.Conflict, "meeting.conflict.walk_in_full")
	}
	return s, last, nil
}

// WalkInsAllowed is how many may come to the session without a booking.
func (s *Session) WalkInsAllowed(set tenants.Settings) int {
	if s.WalkInRoom != nil {
		return *s.WalkInRoom
	}
	return *set.Defaults().WalkInRoom
}

// numberBehind gives the next number behind all seats and behind all numbers
// that were given; the session is locked.
func (s *Session) numberBehind(ctx context.Context, tx *tenants.Tx) (*int, error) {
	_, n, err := (&SeatClaim{SessionID: s.ID}).place(ctx, tx)
	if err != nil {
		return nil, err
	}
	n = max(s.NextQueueNumber, n+1)
	s.NextQueueNumber = n + 1
	return &n, tx.Update(ctx, s, "next_queue_number")
}

// DayAct is one press of a button of the day that has been carried out.
type DayAct struct {
	tenants.BaseModel `bun:"table:meeting_day_acts,alias:done"`
	tenants.Owned
	StaffID int64  `bun:",pk"`
	ActKey  string `bun:",pk"`
	At      time.Time
}

// dayActLife is how long a browser may send the same press again.
const dayActLife = 2 * day

// Once tells whether the actor's press with this key is new, and remembers it
// in the transaction of the act: what comes twice is done once. An empty key is
// always new. Field error: act_key.
func Once(ctx context.Context, tx *tenants.Tx, key string) (bool, error) {
	if key == "" {
		return true, nil
	}
	if len(key) < 8 || len(key) > 64 {
		return false, fault.Field("act_key", "error.invalid")
	}
	return tx.InsertNew(ctx, &DayAct{StaffID: tx.Actor().ID, ActKey: key, At: tx.Now()})
}

// PurgeDayActs forgets presses that no browser sends again.
func PurgeDayActs(ctx context.Context, tx *tenants.Tx) (int64, error) {
	return tx.Delete(ctx, (*DayAct)(nil), "at < ?", tx.Now().Add(-dayActLife))
}
