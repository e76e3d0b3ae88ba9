package meetings

import (
	"context"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// look refuses a booking of a slot in which every seat is taken before it
// stands in line for the executive: of a thousand who want a hundred seats, nine
// hundred need not wait for each other. It decides nothing else; a seat is taken
// by writing its claim.
func (in *Booking) look(ctx context.Context, r tenants.Reader) error {
	taken, err := r.Select((*SeatClaim)(nil)).Where("claim.session_id = ? AND claim.slot_number = ?", in.SessionID, in.Slot).
		Where("claim.held_until IS NULL OR (claim.held_until > ? AND (claim.draft_id IS NULL OR claim.draft_id <> ?))", r.Now(), in.DraftID).Count(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	slot, err := SlotOf(ctx, r, in.SessionID, in.Slot)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !slot.EndsAt.After(r.Now()):
		return nil // said below, in its own words
	case err != nil:
		return err
	case taken < int64(slot.Seats):
		return nil
	}
	own, err := r.Select((*Meeting)(nil)).Where("meeting.session_id = ? AND meeting.slot_number = ?", in.SessionID, in.Slot).
		Where("meeting.citizen_id = ?", in.CitizenID).Count(ctx)
	if err != nil || own > 0 { // who has it is told so by the quota
		return tenants.Err(err)
	}
	return errTaken()
}
