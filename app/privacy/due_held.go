package privacy

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// none stands in lists that must not be empty; no blind index and no id is it.
const none = "-"

// heldPeople are the people under a hold, and the blind indexes by which what came
// from them is known.
type heldPeople struct {
	ids              []int64
	senders, callers []string
}

// peopleHeld reads them: few, for a hold is placed by hand.
func peopleHeld(ctx context.Context, r tenants.Reader) (*heldPeople, error) {
	var people []citizens.Citizen
	held := r.Select((*LegalHold)(nil)).Column("subject_id").Where("hold.lifted_at IS NULL AND hold.subject_kind = ?", HoldsPerson)
	if err := r.Select(&people).Where("citizen.id IN (?) AND citizen.erased_at IS NULL", held).Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "privacy.peopleHeld")
	}
	h := &heldPeople{ids: []int64{0}, senders: []string{none}, callers: []string{none}}
	for i := range people {
		c := &people[i]
		h.ids = append(h.ids, c.ID)
		for _, at := range []string{c.Mobile, c.Phone, c.Email} {
			if at != "" {
				h.senders, h.callers = append(h.senders, r.Blind("sender", at)), append(h.callers, r.Blind("caller", at))
			}
		}
	}
	return h, nil
}

// inboundHeld holds what came in about a case that is held, from a person who is,
// and what went to a case or a meeting of theirs.
func inboundHeld(ctx context.Context, r tenants.Reader) (string, []any, error) {
	h, err := peopleHeld(ctx, r)
	if err != nil {
		return "", nil, err
	}
	return "EXISTS (SELECT 1 FROM ? WHERE hold.lifted_at IS NULL AND hold.subject_kind = 'complaint' AND hold.subject_id = came.complaint_id)" +
			" OR came.sender IN (?) OR EXISTS (SELECT 1 FROM ? WHERE c.id = came.complaint_id AND c.citizen_id IN (?))" +
			" OR EXISTS (SELECT 1 FROM ? WHERE meeting.id = came.meeting_id AND meeting.citizen_id IN (?))",
		[]any{
			r.From((*LegalHold)(nil)), tenants.In(h.senders), r.From((*keptCase)(nil)), tenants.In(h.ids), r.From((*keptMeeting)(nil)), tenants.In(h.ids),
		}, nil
}

// callHeld holds the calls of a person who is held.
func callHeld(ctx context.Context, r tenants.Reader) (string, []any, error) {
	h, err := peopleHeld(ctx, r)
	if err != nil {
		return "", nil, err
	}
	return "ring.caller IN (?)", []any{tenants.In(h.callers)}, nil
}

// lockFree judges locked rows again: it gives the ids of those that nothing holds
// now.
func lockFree(ctx context.Context, tx *tenants.Tx, row any, alias string, hold func(context.Context, tenants.Reader) (string, []any, error), ids []int64) (free []int64, err error) {
	held, args, err := hold(ctx, tx)
	if err != nil {
		return nil, err
	}
	err = tx.Select(row).ColumnExpr(alias+".id").Where(alias+".id IN (?)", tenants.In(ids)).Where("NOT ("+held+")", args...).Scan(ctx, &free)
	return free, fault.Wrap(tenants.Err(err), "privacy.lockFree")
}

// lockHoldable locks cases, then people, as whoever places a hold does.
func lockHoldable(ctx context.Context, tx *tenants.Tx, people, cases []int64) error {
	var locked []keptCase
	if len(cases) > 0 {
		if err := tx.LockAll(ctx, &locked, "c.id IN (?)", tenants.In(cases)); err != nil {
			return fault.Wrap(err, "privacy.lockHoldable")
		}
	}
	if len(people) == 0 {
		return nil
	}
	var who []citizens.Citizen
	return fault.Wrap(tx.LockAll(ctx, &who, "citizen.id IN (?)", tenants.In(people)), "privacy.lockHoldable")
}
