package meetings

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// SeatClaim is a taken seat. Its key is session, slot and seat, so the database
// itself refuses a second claim: nothing else makes double booking impossible.
// A hold is a claim of a draft until a time, without a meeting.
type SeatClaim struct {
	tenants.BaseModel `bun:"table:seat_claims,alias:claim"`
	tenants.Owned
	SessionID  int64 `bun:",pk"`
	SlotNumber int   `bun:",pk"`
	Seat       int   `bun:",pk"`
	DraftID    *int64
	MeetingID  *int64
	HeldUntil  *time.Time
}

func errTaken() error { return fault.New(fault.Conflict, "meeting.conflict.slot_taken") }

// Hold keeps a free seat of a slot for a draft, for as long as the organization
// set, instead of what the draft held before. Holding the same slot again does
// not make it longer. Conflict: meeting.conflict.slot_taken, session_closed,
// session_not_yet.
func Hold(ctx context.Context, tx *tenants.Tx, draftID, sessionID int64, number int) (*SeatClaim, error) {
	session, slot, err := lockBookable(ctx, tx, sessionID, number)
	if err != nil {
		return nil, err
	}
	if err := session.checkChannel(ctx, tx, Web, false, draftID, 0); err != nil {
		return nil, err
	}
	if err := session.clear(ctx, tx, slot); err != nil {
		return nil, err
	}
	mine, err := HeldBy(ctx, tx, draftID)
	switch {
	case err == nil && mine.SessionID == sessionID && mine.SlotNumber == number:
		return mine, nil
	case err != nil && !fault.Is(err, fault.NotFound):
		return nil, err
	}
	if err := Release(ctx, tx, draftID); err != nil {
		return nil, err
	}
	return claim(ctx, tx, slot, &draftID)
}

// HeldBy reads the seat that a draft holds; NotFound when it holds none (any
// more).
func HeldBy(ctx context.Context, r tenants.Reader, draftID int64) (*SeatClaim, error) {
	c := new(SeatClaim)
	return c, tenants.Err(r.Select(c).Where("claim.draft_id = ? AND claim.held_until > ?", draftID, r.Now()).Scan(ctx))
}

// Release gives up what a draft holds: the seat is free from now on.
func Release(ctx context.Context, tx *tenants.Tx, draftID int64) error {
	return vacateUntil(ctx, tx, tx.Now(), "draft_id = ? AND meeting_id IS NULL", draftID)
}

// vacateUntil makes claims those of nobody, until a time.
func vacateUntil(ctx context.Context, tx *tenants.Tx, until time.Time, where string, args ...any) error {
	_, err := tx.Set(ctx, (*SeatClaim)(nil), "meeting_id = NULL, draft_id = NULL, held_until = ?", []any{until}, where, args...)
	return err
}

// lineFirst is how long a seat that has just come free is not the public's
// while somebody waits for one: longer than it takes until the line is looked at
// again. The row of the claim that has ended tells since when it is free.
const lineFirst = 2 * time.Minute

// PurgeHolds removes the holds that have expired and tells how many. Nothing
// waits for it: an expired hold blocks nobody for longer than lineFirst.
func PurgeHolds(ctx context.Context, tx *tenants.Tx) (int64, error) {
	return tx.Delete(ctx, (*SeatClaim)(nil), "held_until <= ?", tx.Now().Add(-lineFirst))
}

// clear removes the ended claims of a slot for somebody who does not stand in
// the line: while somebody does, those of the last moment stay. The session is
// locked.
func (s *Session) clear(ctx context.Context, tx *tenants.Tx, slot *Slot) error {
	since := tx.Now()
	waits, err := tx.Select((*Wait)(nil)).Where("wait.executive_id = ? AND wait.state = ?", s.ExecutiveID, WaitWaiting).
		Where("(wait.session_id IS NULL OR wait.session_id = ?)", s.ID).Limit(1).Count(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if waits > 0 {
		since = since.Add(-lineFirst)
	}
	return clearEnded(ctx, tx, slot, since)
}

// clearExpired removes the ended claims of a slot for those who come first.
func clearExpired(ctx context.Context, tx *tenants.Tx, slot *Slot) error {
	return clearEnded(ctx, tx, slot, tx.Now())
}

func clearEnded(ctx context.Context, tx *tenants.Tx, slot *Slot, since time.Time) error {
	_, err := tx.Delete(ctx, (*SeatClaim)(nil), "session_id = ? AND slot_number = ? AND held_until <= ?", slot.SessionID, slot.Number, since)
	return err
}

// claim takes the first free seat as a hold; slot_taken when there is none. A
// seat is tried by writing it, never by looking first.
func claim(ctx context.Context, tx *tenants.Tx, slot *Slot, draftID *int64) (*SeatClaim, error) {
	until := tx.Now().Add(time.Duration(tx.Tenant().Settings.HoldMinutes) * time.Minute)
	for seat := 1; seat <= slot.Seats; seat++ {
		c := &SeatClaim{SessionID: slot.SessionID, SlotNumber: slot.Number, Seat: seat, DraftID: draftID, HeldUntil: &until}
		won, err := tx.InsertNew(ctx, c)
		if err != nil {
			return nil, err
		}
		if won {
			return c, nil
		}
	}
	return nil, errTaken()
}

// claimFor takes a seat for a booking: the one its draft holds in this slot,
// else any free one. The session is locked.
func claimFor(ctx context.Context, tx *tenants.Tx, s *Session, slot *Slot, draftID int64) (*SeatClaim, error) {
	if err := s.clear(ctx, tx, slot); err != nil {
		return nil, err
	}
	if draftID == 0 {
		return claim(ctx, tx, slot, nil)
	}
	mine := new(SeatClaim)
	err := tx.Lock(ctx, mine, "claim.draft_id = ? AND claim.session_id = ? AND claim.slot_number = ? AND claim.held_until > ?",
		draftID, slot.SessionID, slot.Number, tx.Now())
	if err == nil || !fault.Is(err, fault.NotFound) {
		return mine, err
	}
	if err := Release(ctx, tx, draftID); err != nil {
		return nil, err
	}
	return claim(ctx, tx, slot, &draftID)
}

// bind makes the hold the seat of a meeting.
func (c *SeatClaim) bind(ctx context.Context, tx *tenants.Tx, meetingID int64) error {
	c.MeetingID, c.DraftID, c.HeldUntil = &meetingID, nil, nil
	return tx.Update(ctx, c, "meeting_id", "draft_id", "held_until")
}
