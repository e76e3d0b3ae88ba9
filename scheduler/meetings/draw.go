package meetings

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Draw gives the seats of one session. The hash of its seed is published before
// anybody enters, the seed after it was held, so that anybody can recompute it.
type Draw struct {
	tenants.BaseModel `bun:"table:meeting_draws,alias:draw"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	SessionID int64
	Seed      string // 64 hexadecimal digits; secret until DrawnAt
	SeedHash  string // SHA-256 of Seed as written, in hexadecimal digits
	ClosesAt  time.Time
	Tickets   int // given out so far
	DrawnAt   *time.Time
}

// Drawing tells whether the session's seats wait for its draw.
func (s *Session) Drawing() bool { return s.Draw && s.DrawnAt == nil }

// DrawKey is what decides a ticket's place: the SHA-256 of "seed:ticket" in
// hexadecimal digits. The lowest key comes first.
func DrawKey(seed string, ticket int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s:%d", seed, ticket))
	return hex.EncodeToString(sum[:])
}

// DrawOrder puts tickets in the order of the draw.
func DrawOrder(seed string, tickets []int) []int {
	order := slices.Clone(tickets)
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(DrawKey(seed, a), DrawKey(seed, b)) })
	return order
}

// commitDraw binds a new session to a seed.
func commitDraw(ctx context.Context, tx *tenants.Tx, s *Session) error {
	var raw [32]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return fault.Wrap(err, "meetings.commitDraw")
	}
	seed := hex.EncodeToString(raw[:])
	hash := sha256.Sum256([]byte(seed))
	d := &Draw{
		ID: tenants.NewID(), SessionID: s.ID, Seed: seed, SeedHash: hex.EncodeToString(hash[:]),
		ClosesAt: s.StartsAt.Add(-tx.Tenant().Settings.Booking.DrawClose()),
	}
	return tx.Insert(ctx, d)
}

// SetDraw says whether the seats of the coming sessions of a window are drawn.
// Sessions in which a seat is taken already stay as they are, and so do those
// whose draw would have been held by now.
func SetDraw(ctx context.Context, tx *tenants.Tx, windowID int64, on bool) error {
	w := new(Window)
	if err := tx.Lock(ctx, w, "win.id = ?", windowID); err != nil {
		return err
	}
	if w.Draw == on {
		return nil
	}
	w.Draw = on
	if err := tx.Update(ctx, w, "draw"); err != nil {
		return err
	}
	var list []Session
	err := tx.Select(&list).Where("session.window_id = ? AND session.starts_at > ?", windowID, tx.Now()).Order("session.id").Scan(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	for i := range list {
		if err := list[i].setDraw(ctx, tx, on); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, "meeting_window:draw", "executive", w.ExecutiveID, fmt.Sprint(on))
}

func (s *Session) setDraw(ctx context.Context, tx *tenants.Tx, on bool) error {
	if err := tx.Lock(ctx, s, "session.id = ?", s.ID); err != nil {
		return err
	}
	taken, err := tx.Select((*SeatClaim)(nil)).Where("claim.session_id = ?", s.ID).Count(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	entered, err := tx.Select((*Wait)(nil)).Where("wait.session_id = ? AND wait.draw_id IS NOT NULL", s.ID).Count(ctx)
	late := !s.StartsAt.Add(-tx.Tenant().Settings.Booking.DrawClose()).After(tx.Now())
	if err != nil || taken+entered > 0 || s.Draw == on || on && late {
		return tenants.Err(err)
	}
	s.Draw = on
	if err := tx.Update(ctx, s, "draw"); err != nil {
		return err
	}
	if on {
		return commitDraw(ctx, tx, s)
	}
	_, err = tx.Delete(ctx, (*Draw)(nil), "session_id = ?", s.ID)
	return err
}

// enter gives a ticket of the session's draw; the session is locked.
func (w *Wait) enter(ctx context.Context, tx *tenants.Tx) error {
	d := new(Draw)
	if err := tx.Lock(ctx, d, "draw.session_id = ?", *w.SessionID); err != nil {
		return err
	}
	if d.DrawnAt != nil || !d.ClosesAt.After(tx.Now()) {
		return fault.New(fault.Conflict, "booking.conflict.draw_closed")
	}
	d.Tickets++
	ticket := d.Tickets
	w.State, w.DrawID, w.Ticket = WaitEntered, &d.ID, &ticket
	return tx.Update(ctx, d, "tickets")
}

// DrawsDue lists the draws that are to be held now.
func DrawsDue(ctx context.Context, r tenants.Reader) (ids []int64, err error) {
	err = r.Select((*Draw)(nil)).ColumnExpr("draw.id").Where("draw.drawn_at IS NULL AND draw.closes_at <= ?", r.Now()).
		Order("draw.closes_at").Scan(ctx, &ids)
	return ids, tenants.Err(err)
}

// HoldDraw holds a draw whose time has come, once: the first tickets get the
// seats in the order of time, the others stand in the session's line in the
// order of the draw. Who may not have a seat any more is passed over. Facts: see
// Book, and meeting.draw_lost.
func HoldDraw(ctx context.Context, tx *tenants.Tx, id int64) error {
	seen := new(Draw)
	if err := tx.Select(seen).Where("draw.id = ?", id).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	s, err := SessionByID(ctx, tx, seen.SessionID)
	if err != nil {
		return err
	}
	if err := standStill(ctx, tx, s.ExecutiveID); err != nil {
		return err
	}
	if err := tx.Lock(ctx, s, "session.id = ?", s.ID); err != nil {
		return err
	}
	d := new(Draw)
	if err := tx.Lock(ctx, d, "draw.id = ?", id); err != nil {
		return err
	}
	if d.DrawnAt != nil || d.ClosesAt.After(tx.Now()) {
		return nil
	}
	now := tx.Now()
	d.DrawnAt, s.DrawnAt = &now, &now
	if err := tx.Update(ctx, d, "drawn_at"); err != nil {
		return err
	}
	if err := tx.Update(ctx, s, "drawn_at"); err != nil {
		return err
	}
	if err := d.give(ctx, tx, s); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "meeting:draw", "executive", s.ExecutiveID, d.SeedHash)
}

// give hands out the seats.
func (d *Draw) give(ctx context.Context, tx *tenants.Tx, s *Session) error {
	entered, err := d.entered(ctx, tx)
	if err != nil {
		return err
	}
	slots, err := s.calmSlots(ctx, tx)
	if err != nil {
		return err
	}
	var free []int // a slot's number for each of its seats
	for _, slot := range slots {
		free = append(free, slices.Repeat([]int{slot.Number}, slot.Seats)...)
	}
	for i := range entered {
		w, place := &entered[i], i+1
		w.Place = &place
		if err := tx.Update(ctx, w, "place"); err != nil {
			return err
		}
		won := false
		for !won && len(free) > 0 && s.State == SessionOpen {
			_, err := w.book(ctx, tx, s.ID, free[0])
			won = err == nil
			if fault.Is(err, fault.TooMany) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) || isFull(err) {
				break // may not have a seat any more
			}
			if err != nil && !fault.Is(err, fault.Conflict) {
				return err
			}
			free = free[1:]
		}
		if won {
			continue
		}
		if err := w.lose(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// isFull tells whether the channel has no seat left, though others may.
func isFull(err error) bool {
	return fault.Is(err, fault.Conflict) && fault.As(err).Key == "meeting.conflict.channel_full"
}

// entered are those in the draw, in its order.
func (d *Draw) entered(ctx context.Context, tx *tenants.Tx) ([]Wait, error) {
	var list []Wait
	err := tx.Select(&list).Where("wait.draw_id = ? AND wait.state = ?", d.ID, WaitEntered).Scan(ctx)
	slices.SortFunc(list, func(a, b Wait) int { return strings.Compare(DrawKey(d.Seed, *a.Ticket), DrawKey(d.Seed, *b.Ticket)) })
	return list, tenants.Err(err)
}

// lose puts who got no seat into the line of the session, behind who lost with a
// better place.
func (w *Wait) lose(ctx context.Context, tx *tenants.Tx) error {
	w.State, w.Position = WaitWaiting, tenants.NewID()
	w.Version++
	if err := tx.Update(ctx, w, "state", "position", "version"); err != nil {
		return err
	}
	return w.leave(ctx, tx, "meeting:draw_lost", "meeting.draw_lost", "meeting.draw_lost")
}

// OpenDraws lists the draws of an executive that can be entered now, with their
// sessions, in the order of time.
func OpenDraws(ctx context.Context, r tenants.Reader, executiveID int64) ([]OpenDraw, error) {
	var list []OpenDraw
	err := r.Select(&list).ColumnExpr("draw.*").ColumnExpr("session.starts_at AS starts_at, session.site_fa AS site_fa, session.site_en AS site_en").
		Join("JOIN ? ON session.id = draw.session_id", r.From((*Session)(nil))).
		Where("session.executive_id = ? AND session.state = ?", executiveID, SessionOpen).
		Where("draw.drawn_at IS NULL AND draw.closes_at > ?", r.Now()).Order("session.starts_at").Limit(20).Scan(ctx)
	return list, tenants.Err(err)
}

// OpenDraw is a draw that can be entered.
type OpenDraw struct {
	Draw     `bun:",extend"`
	StartsAt time.Time `bun:"starts_at,scanonly"`
	SiteFA   string    `bun:"site_fa,scanonly"`
	SiteEN   string    `bun:"site_en,scanonly"`
}
