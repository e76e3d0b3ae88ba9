package meetings

import (
	"context"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// ruledSlot is a slot with the rules of its session's window.
type ruledSlot struct {
	Slot     `bun:",extend"`
	WinRules Rules `bun:"win_rules,type:jsonb,scanonly"`
}

// lockRuled locks the session of a slot and reads the rules of its window.
// Whoever takes a seat or a queue number of a session comes through its lock, so
// they stand in one line.
func lockRuled(ctx context.Context, tx *tenants.Tx, sessionID int64, number int) (*Session, *Slot, error) {
	s := new(Session)
	if err := tx.Lock(ctx, s, "session.id = ?", sessionID); err != nil {
		return nil, nil, err
	}
	ruled := new(ruledSlot)
	err := tx.Select(ruled).ColumnExpr("slot.*, win.rules AS win_rules").
		Join("JOIN ? ON win.id = ?", tx.From((*Window)(nil)), s.WindowID).
		Where("slot.session_id = ? AND slot.number = ?", sessionID, number).Scan(ctx)
	s.Rules = &ruled.WinRules
	return s, &ruled.Slot, tenants.Err(err)
}

// lockBookable locks the session of a slot and checks that the transaction's
// actor may book it now.
func lockBookable(ctx context.Context, tx *tenants.Tx, sessionID int64, number int) (*Session, *Slot, error) {
	s, slot, err := lockRuled(ctx, tx, sessionID, number)
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
	if slot.Dropped || !slot.EndsAt.After(tx.Now()) {
		return nil, nil, errClosed()
	}
	return s, slot, s.checkBusy(ctx, tx, slot)
}

// lockPromised is lockBookable for somebody to whom the office owes a place, by
// an offer, a draw or a priority: the times between which anybody may book do
// not count, but the slot must be there and to come.
func lockPromised(ctx context.Context, tx *tenants.Tx, sessionID int64, number int) (*Session, *Slot, error) {
	s, slot, err := lockRuled(ctx, tx, sessionID, number)
	if err != nil {
		return nil, nil, err
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	if slot.Dropped || !slot.StartsAt.After(tx.Now()) {
		return nil, nil, errClosed()
	}
	if err := s.openTo(tenants.Staff, tx.Now(), tx.Tenant().Settings, working); err != nil {
		return nil, nil, err
	}
	return s, slot, s.checkBusy(ctx, tx, slot)
}

func errClosed() error { return fault.New(fault.Conflict, "meeting.conflict.session_closed") }
