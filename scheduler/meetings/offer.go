package meetings

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// The day, in hours of Tehran: outside of it nobody is offered anything, and no
// offer's time runs.
const (
	dayBegins = 8
	dayEnds   = 22
)

// handOver is how long an offered seat stays kept after the offer's end, so that
// the next in line gets it and not who happens to look.
const handOver = 15 * time.Minute

// isDaytime tells whether people may be disturbed.
func isDaytime(t time.Time) bool {
	h := t.In(persian.Tehran).Hour()
	return h >= dayBegins && h < dayEnds
}

// nextDay is the next morning.
func nextDay(t time.Time) time.Time {
	local := t.In(persian.Tehran)
	y, m, d := local.Date()
	if local.Hour() >= dayBegins {
		d++
	}
	return time.Date(y, m, d, dayBegins, 0, 0, 0, persian.Tehran)
}

// OfferDeadline is until when an offer that is made now may be taken: after the
// given length of time, of which nights do not count.
func OfferDeadline(now time.Time, length time.Duration) time.Time {
	at := now
	if !isDaytime(at) {
		at = nextDay(at)
	}
	for {
		local := at.In(persian.Tehran)
		y, m, d := local.Date()
		night := time.Date(y, m, d, dayEnds, 0, 0, 0, persian.Tehran)
		if left := night.Sub(at); length > left {
			length -= left
			at = nextDay(night)
			continue
		}
		return at.Add(length).UTC()
	}
}

// WaitingExecutives lists the executives for whom somebody waits.
func WaitingExecutives(ctx context.Context, r tenants.Reader) (ids []int64, err error) {
	err = r.Select((*Wait)(nil)).ColumnExpr("DISTINCT wait.executive_id").
		Where("wait.state IN (?)", tenants.In([]WaitState{WaitWaiting, WaitOffered})).Scan(ctx, &ids)
	return ids, tenants.Err(err)
}

// lineLimit is how many are looked at in one go.
const lineLimit = 200

// Offer ends the offers of an executive that nobody took, and offers free seats,
// those that were given up before all, to who waits, in order. It tells how many
// offers it made; it may run any number of times, side by side. Facts:
// meeting.wait_offered, meeting.wait_lapsed.
func Offer(ctx context.Context, tx *tenants.Tx, executiveID int64) (int, error) {
	err := lockExecutive(ctx, tx, executiveID)
	if fault.Is(err, fault.NotFound) {
		return 0, nil // no longer receives anybody
	}
	if err != nil {
		return 0, err
	}
	if err := lapse(ctx, tx, executiveID); err != nil {
		return 0, err
	}
	seats, err := seatsToOffer(ctx, tx, executiveID)
	if err != nil || len(seats) == 0 {
		return 0, err
	}
	line, err := lineFor(ctx, tx, executiveID, seats)
	if err != nil || len(line) == 0 {
		return 0, err
	}
	if !isDaytime(tx.Now()) {
		return 0, keepOverNight(ctx, tx, seats)
	}
	made := 0
	for i := range line {
		ok, err := line[i].offer(ctx, tx, seats)
		if err != nil {
			return made, err
		}
		if ok {
			made++
		}
	}
	return made, nil
}

// lineFor lists who waits for any of the seats, the first one first: those who
// wait for another session must not stand in the way, however many they are.
func lineFor(ctx context.Context, tx *tenants.Tx, executiveID int64, seats []freeSeats) ([]Wait, error) {
	var sessions []int64
	for i := range seats {
		sessions = append(sessions, seats[i].SessionID)
	}
	var line []Wait
	err := tx.Select(&line).Where("wait.executive_id = ? AND wait.state = ?", executiveID, WaitWaiting).
		Where("(wait.session_id IS NULL OR wait.session_id IN (?))", tenants.In(sessions)).
		Order("wait.position", "wait.id").Limit(lineLimit).Scan(ctx)
	return line, tenants.Err(err)
}

// lapse ends the offers whose time is over, and the waiting for a session that
// has begun.
func lapse(ctx context.Context, tx *tenants.Tx, executiveID int64) error {
	var offers, over []Wait
	err := tx.Select(&offers).Where("wait.executive_id = ? AND wait.state = ? AND wait.offer_until <= ?", executiveID, WaitOffered, tx.Now()).
		Order("wait.position").Scan(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	err = tx.Select(&over).Where("wait.executive_id = ? AND wait.state = ? AND wait.session_id IS NOT NULL", executiveID, WaitWaiting).
		Where("NOT EXISTS (SELECT 1 FROM ? WHERE session.id = wait.session_id AND session.state = 'open' AND session.starts_at > ?)", tx.From((*Session)(nil)), tx.Now()).
		Order("wait.position").Limit(lineLimit).Scan(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	for i := range offers {
		if err := offers[i].endAs(ctx, tx, WaitLapsed, "meeting.wait_lapsed"); err != nil {
			return err
		}
	}
	for i := range over {
		if err := over[i].endAs(ctx, tx, WaitOver, "meeting.wait_over"); err != nil {
			return err
		}
	}
	return nil
}

func (w *Wait) endAs(ctx context.Context, tx *tenants.Tx, state WaitState, kind string) error {
	if err := w.end(ctx, tx, state); err != nil {
		return err
	}
	return w.leave(ctx, tx, "meeting:"+kind[len("meeting."):], kind, kind)
}

// freeSeats is a slot with what of it can be offered.
type freeSeats struct {
	OpenSlot
	session  *Session // with its rules
	released []SeatClaim
}

// seatsToOffer lists the slots with seats for those who wait, in order of time.
func seatsToOffer(ctx context.Context, tx *tenants.Tx, executiveID int64) ([]freeSeats, error) {
	sessions, err := offered(ctx, tx, executiveID, 0, tenants.System)
	if err != nil || len(sessions) == 0 {
		return nil, err
	}
	ids := make([]int64, len(sessions))
	for i := range sessions {
		ids[i] = sessions[i].ID
	}
	var given []SeatClaim
	err = tx.Select(&given).Where(released).Where("claim.held_until > ? AND claim.session_id IN (?)", tx.Now(), tenants.In(ids)).Scan(ctx)
	if err != nil {
		return nil, tenants.Err(err)
	}
	bySlot := map[[2]int64][]SeatClaim{}
	for _, c := range given {
		key := [2]int64{c.SessionID, int64(c.SlotNumber)}
		bySlot[key] = append(bySlot[key], c)
	}
	var list []freeSeats
	for i := range sessions {
		for _, slot := range sessions[i].Slots {
			if slot.Dropped || slot.Busy {
				continue
			}
			f := freeSeats{OpenSlot: slot, session: &sessions[i].Session, released: bySlot[[2]int64{slot.SessionID, int64(slot.Number)}]}
			if slot.Free > 0 || len(f.released) > 0 {
				list = append(list, f)
			}
		}
	}
	return list, nil
}

// keepOverNight keeps seats that were given up, or whose claim has just ended,
// for those who wait until the morning.
func keepOverNight(ctx context.Context, tx *tenants.Tx, seats []freeSeats) error {
	until := nextDay(tx.Now()).Add(handOver)
	for i := range seats {
		err := vacateUntil(ctx, tx, until, "session_id = ? AND slot_number = ? AND meeting_id IS NULL AND held_until <= ? AND held_until > ?",
			seats[i].SessionID, seats[i].Number, tx.Now(), tx.Now().Add(-lineFirst))
		if err != nil {
			return err
		}
		for _, c := range seats[i].released {
			if !c.HeldUntil.Before(until) {
				continue
			}
			if _, err := tx.Set(ctx, (*SeatClaim)(nil), "held_until = ?", []any{until}, claimKey+" AND meeting_id IS NULL AND draft_id IS NULL",
				c.SessionID, c.SlotNumber, c.Seat); err != nil {
				return err
			}
		}
	}
	return nil
}

const claimKey = "session_id = ? AND slot_number = ? AND seat = ?"

// offer offers the first seat that suits.
func (w *Wait) offer(ctx context.Context, tx *tenants.Tx, seats []freeSeats) (bool, error) {
	c, err := citizens.ByID(ctx, tx, w.CitizenID)
	if err != nil {
		return false, err
	}
	until := OfferDeadline(tx.Now(), tx.Tenant().Settings.Booking.Offer())
	for i := range seats {
		f := &seats[i]
		if !w.suits(f) || !f.StartsAt.After(until.Add(handOver)) {
			continue
		}
		m := &Meeting{ID: w.ID, ExecutiveID: w.ExecutiveID, StartsAt: f.StartsAt, Party: w.Party}
		if err := checkQuota(ctx, tx, m, c.NationalID); fault.Is(err, fault.TooMany) {
			continue
		} else if err != nil {
			return false, err
		}
		ok, err := f.keep(ctx, tx, w, until.Add(handOver))
		if err != nil {
			return false, err
		}
		if !ok {
			continue
		}
		w.State, w.OfferedSessionID, w.OfferedSlot, w.OfferUntil = WaitOffered, &f.SessionID, &f.Number, &until
		w.Version++
		if err := tx.Update(ctx, w, "state", "offered_session_id", "offered_slot", "offer_until", "version"); err != nil {
			return false, err
		}
		return true, w.leave(ctx, tx, "meeting:wait_offered", "meeting.wait_offered", "meeting.wait_offered")
	}
	return false, nil
}

// suits tells whether there is a seat, and the rules of its window let the
// person have it.
func (w *Wait) suits(f *freeSeats) bool {
	if f.Free < 1 && len(f.released) == 0 || w.SessionID != nil && *w.SessionID != f.SessionID {
		return false
	}
	r := f.session.Rules
	return f.session.serves(deref(w.TopicID), deref(w.DistrictID)) && (r.Companions == nil || w.Companions <= *r.Companions)
}

// keep takes a seat of the slot for who waits: one that was given up, else any,
// within the quota of their channel.
func (f *freeSeats) keep(ctx context.Context, tx *tenants.Tx, w *Wait, until time.Time) (bool, error) {
	if err := tx.Lock(ctx, new(Session), "session.id = ?", f.SessionID); err != nil {
		return false, err
	}
	if err := f.session.checkChannel(ctx, tx, w.Channel, w.Urgent, 0, 0); fault.Is(err, fault.Conflict) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	waitID := w.ID
	for len(f.released) > 0 {
		c := f.released[0]
		f.released = f.released[1:]
		n, err := tx.Set(ctx, (*SeatClaim)(nil), "draft_id = ?, held_until = ?", []any{waitID, until},
			claimKey+" AND meeting_id IS NULL AND draft_id IS NULL", c.SessionID, c.SlotNumber, c.Seat)
		if err != nil || n == 1 {
			return n == 1, err
		}
	}
	if f.Free < 1 {
		return false, nil
	}
	if err := clearExpired(ctx, tx, &f.Slot); err != nil {
		return false, err
	}
	c, err := claim(ctx, tx, &f.Slot, &waitID)
	if fault.Is(err, fault.Conflict) {
		f.Free = 0
		return false, nil
	}
	if err != nil {
		return false, err
	}
	f.Free--
	c.HeldUntil = &until
	return true, tx.Update(ctx, c, "held_until")
}
