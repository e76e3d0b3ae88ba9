package privacy

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// takeWaits blanks lines for a meeting that have ended.
func takeWaits(ctx context.Context, tx *tenants.Tx, ids []int64) (t taken, err error) {
	var list []keptWait
	if err := tx.LockAll(ctx, &list, "wait.id IN (?) AND wait.ended_at IS NOT NULL", tenants.In(ids)); err != nil {
		return t, fault.Wrap(err, "privacy.takeWaits")
	}
	var mine, people, cases []int64
	for _, w := range list {
		mine, people = append(mine, w.ID), append(people, w.CitizenID)
		if w.ComplaintID != nil {
			cases = append(cases, *w.ComplaintID)
		}
	}
	if len(mine) == 0 {
		return t, nil
	}
	if err := lockHoldable(ctx, tx, people, cases); err != nil {
		return t, err
	}
	if mine, err = lockFree(ctx, tx, (*keptWait)(nil), "wait", heldBy(waitHeld), mine); err != nil {
		return t, err
	}
	if err := citizens.ScrubWaits(ctx, tx, mine); err != nil {
		return t, err
	}
	t.rows = int64(len(mine))
	t.people, err = forget(ctx, tx, people)
	return t, err
}
