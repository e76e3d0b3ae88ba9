package meetings

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Cause is why a session does not take place, or not as it was announced.
type Cause string

// The causes.
const (
	CauseOffice  Cause = "office"  // the office changed this one session
	CauseClosure Cause = "closure" // a holiday or closure that was entered later
	CauseWindow  Cause = "window"  // the window was changed
)

// Who loses a place may choose another first: for so long, with so many seats
// of the next sessions kept for so long.
const (
	PriorityFor   = 14 * day
	SeatsKeptFor  = 48 * time.Hour
	seatsProposed = 2
)

// Priority is the right to choose any free seat of the executive, because the
// office took one's place or moved it.
type Priority struct {
	tenants.BaseModel `bun:"table:meeting_priorities,alias:priority"`
	tenants.Owned
	ID         int64 `bun:",pk"`
	MeetingID  int64
	SessionID  int64 // where the place was
	SlotNumber int
	State      State // in which the meeting goes on
	Displaced  bool  // the place is lost; else it was moved
	Cause      Cause
	Reason     string
	GrantedAt  time.Time
	UntilAt    time.Time
	UsedAt     *time.Time
	Seats      []ProposedSeat `bun:"-"` // kept for this person
}

// PrioritySeat is a seat that is kept for the person of a priority.
type PrioritySeat struct {
	tenants.BaseModel `bun:"table:priority_seats,alias:kept"`
	tenants.Owned
	HoldID     int64 `bun:",pk"` // of the SeatClaim
	PriorityID int64
	SessionID  int64
	SlotNumber int
	HeldUntil  time.Time
}

// ProposedSeat is a kept seat with what a page shows of it.
type ProposedSeat struct {
	PrioritySeat `bun:",extend"`
	StartsAt     time.Time `bun:"starts_at,scanonly"`
	SiteFA       string    `bun:"site_fa,scanonly"`
	SiteEN       string    `bun:"site_en,scanonly"`
}

// PriorityOf reads the priority that somebody has now; NotFound when there is
// none, or none any more.
func PriorityOf(ctx context.Context, r tenants.Reader, meetingID int64) (*Priority, error) {
	p := new(Priority)
	err := r.Select(p).Where("priority.meeting_id = ? AND priority.used_at IS NULL AND priority.until_at > ?", meetingID, r.Now()).Scan(ctx)
	if err != nil {
		return p, tenants.Err(err)
	}
	err = r.Select(&p.Seats).ColumnExpr("kept.*").ColumnExpr("slot.starts_at AS starts_at, session.site_fa AS site_fa, session.site_en AS site_en").
		Join("JOIN ? ON slot.session_id = kept.session_id AND slot.number = kept.slot_number AND NOT slot.dropped", r.From((*Slot)(nil))).
		Join("JOIN ? ON session.id = kept.session_id AND session.state = 'open'", r.From((*Session)(nil))).
		Where("kept.priority_id = ? AND kept.held_until > ? AND slot.starts_at > ?", p.ID, r.Now(), r.Now()).
		Order("slot.starts_at", "kept.hold_id").Scan(ctx)
	return p, tenants.Err(err)
}

// PrioritySessions lists all that somebody with a priority may choose from:
// lead time, opening and quotas do not count.
func PrioritySessions(ctx context.Context, r tenants.Reader, executiveID int64) ([]OpenSession, error) {
	list, err := DeskSessions(ctx, r, executiveID)
	kept := list[:0]
	for _, s := range list {
		for i := range s.Slots {
			if !s.Slots[i].StartsAt.After(r.Now()) || s.Slots[i].Busy {
				s.Slots[i].Free = 0
			}
		}
		if s.Free() > 0 {
			kept = append(kept, s)
		}
	}
	return kept, err
}

// displace takes a meeting's place away in the office's name and gives the
// citizen a priority instead. Fact: meeting.displaced.
func (m *Meeting) displace(ctx context.Context, tx *tenants.Tx, cause Cause, reason string) (*Priority, error) {
	p, err := m.favour(ctx, tx, cause, reason, true)
	if err != nil {
		return nil, err
	}
	m.CancelledBy = ByOffice
	return p, m.end(ctx, tx, Cancelled, reason, &step{
		act: "meeting:displace", detail: string(cause), fact: "meeting.displaced", event: timeline.Event{Kind: "meeting.displaced"},
	})
}

// favour grants the priority, instead of one that is open.
func (m *Meeting) favour(ctx context.Context, tx *tenants.Tx, cause Cause, reason string, displaced bool) (*Priority, error) {
	if err := endPriority(ctx, tx, m.ID); err != nil {
		return nil, err
	}
	state := Approved
	if m.State == Requested {
		state = Requested
	}
	p := &Priority{
		ID: tenants.NewID(), MeetingID: m.ID, SessionID: m.SessionID, SlotNumber: m.SlotNumber, State: state, Displaced: displaced,
		Cause: cause, Reason: reason, GrantedAt: tx.Now(), UntilAt: tx.Now().Add(PriorityFor),
	}
	return p, tx.Insert(ctx, p)
}

// endPriority uses up what priority there is and gives its seats back.
func endPriority(ctx context.Context, tx *tenants.Tx, meetingID int64) error {
	old := new(Priority)
	err := tx.Lock(ctx, old, "priority.meeting_id = ? AND priority.used_at IS NULL", meetingID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var kept []PrioritySeat
	if err := tx.Select(&kept).Where("kept.priority_id = ?", old.ID).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	for _, k := range kept {
		if err := Release(ctx, tx, k.HoldID); err != nil {
			return err
		}
	}
	if _, err := tx.Delete(ctx, (*PrioritySeat)(nil), "priority_id = ?", old.ID); err != nil {
		return err
	}
	now := tx.Now()
	old.UsedAt = &now
	return tx.Update(ctx, old, "used_at")
}

// propose keeps seats of the next sessions for those who lost their place, in
// the order of the places that they had.
func propose(ctx context.Context, tx *tenants.Tx, executiveID int64, list []*Priority) error {
	if len(list) == 0 {
		return nil
	}
	open, err := PrioritySessions(ctx, tx, executiveID)
	if err != nil {
		return err
	}
	soonest := tx.Now().Add(HoursBefore.before())
	for _, p := range list {
		found := 0
		for i := range open {
			if found == seatsProposed {
				break
			}
			took, err := p.keepIn(ctx, tx, &open[i], soonest)
			if err != nil {
				return err
			}
			if took {
				found++
			}
		}
	}
	return nil
}

// keepIn keeps the first free seat of a session.
func (p *Priority) keepIn(ctx context.Context, tx *tenants.Tx, s *OpenSession, soonest time.Time) (bool, error) {
	if err := tx.Lock(ctx, new(Session), "session.id = ?", s.ID); err != nil {
		return false, err
	}
	for i := range s.Slots {
		slot := &s.Slots[i]
		if slot.Free < 1 || slot.StartsAt.Before(soonest) {
			continue
		}
		if err := clearExpired(ctx, tx, &slot.Slot); err != nil {
			return false, err
		}
		hold, until := tenants.NewID(), tx.Now().Add(SeatsKeptFor)
		for seat := 1; seat <= slot.Seats; seat++ {
			c := &SeatClaim{SessionID: s.ID, SlotNumber: slot.Number, Seat: seat, DraftID: &hold, HeldUntil: &until}
			won, err := tx.InsertNew(ctx, c)
			if err != nil {
				return false, err
			}
			if won {
				slot.Free--
				return true, tx.Insert(ctx, &PrioritySeat{HoldID: hold, PriorityID: p.ID, SessionID: s.ID, SlotNumber: slot.Number, HeldUntil: until})
			}
		}
		slot.Free = 0 // somebody was quicker
	}
	return false, nil
}
