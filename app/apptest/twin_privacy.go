package apptest

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/privacy"
	"pasokh/tenants"
)

// private leaves a wish to be forgotten, a change of number, a hold, and a
// certificate of retention.
func (w *Twin) private(ctx context.Context, tx *tenants.Tx) error {
	q, err := privacy.Ask(ctx, tx, w.Citizen)
	if err != nil {
		return err
	}
	m, err := citizens.AskMove(ctx, tx, "+989121110008", w.Mobile, "0012345679")
	if err != nil {
		return err
	}
	h, err := privacy.Place(ctx, tx, privacy.HoldsCase, w.Code, w.Canary+" is needed by a court")
	if err != nil {
		return err
	}
	now := tx.Now()
	run := &privacy.Run{ID: tenants.NewID(), Number: 1, Periods: privacy.Periods{}, Counts: privacy.Counts{privacy.Cases: 1}, Held: privacy.Counts{}, StartedAt: now, EndedAt: &now}
	w.Erasure, w.Move, w.Hold, w.Certificate = q.ID, m.ID, h.ID, run.ID
	return tx.Insert(ctx, run)
}
