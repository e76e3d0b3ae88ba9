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
	if err := clearExpired(ctx, tx, slot); err != nil {
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

// Release gives up what a draft holds.
func Release(ctx context.Context, tx *tenants.Tx, draftID int64) error {
	_, err := tx.Delete(ctx, (*SeatClaim)(nil), "draft_id = ? AND meeting_id IS NULL", draftID)
	return err
}

// PurgeHolds removes the holds that have expired and tells how many. Nothing
// waits for it: an expired hold blocks nobody.
func PurgeHolds(ctx context.Context, tx *tenants.Tx) (int64, error) {
	return tx.Delete(ctx, (*SeatClaim)(nil), "held_until <= ?", tx.Now())
}

func clearExpired(ctx context.Context, tx *tenants.Tx, slot *Slot) error {
	_, err := tx.Delete(ctx, (*SeatClaim)(nil), "session_id = ? AND slot_number = ? AND held_until <= ?",
		slot.SessionID, slot.Number, tx.Now())
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
// else any free one.
func claimFor(ctx context.Context, tx *tenants.Tx, slot *Slot, draftID int64) (*SeatClaim, error) {
	if err := clearExpired(ctx, tx, slot); err != nil {
		return nil, err
	}
	if draftID == 0 {
		return claim(ctx, tx, slot, nil)
	}
	mine := new(SeatClaim)
	err := tx.Lock(ctx, mine, "claim.draft_id = ? AND claim.session_id = ? AND claim.slot_number = ?",
		draftID, slot.SessionID, slot.Number)
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
