package staff

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// KindLinked is the fact that an account was linked to another of the same
// person, or is no longer; its payload is About.
const KindLinked = "staff.linked"

// SetLinked notes on an account whether it has links to others of the same
// person, and tells the person. added says which of the two has just happened.
func SetLinked(ctx context.Context, tx *tenants.Tx, id int64, added, linked bool) error {
	who := new(Staff)
	if err := tx.Lock(ctx, who, "staff.id = ?", id); err != nil {
		return fault.Wrap(err, "staff.SetLinked")
	}
	now, act := tx.Now(), "account:unlink"
	if added {
		act = "account:link"
	}
	if who.LinkedAt = nil; linked {
		who.LinkedAt = &now
	}
	if err := tx.Update(ctx, who, "linked_at"); err != nil {
		return fault.Wrap(err, "staff.SetLinked")
	}
	if err := audit.Record(ctx, tx, act, "staff", id, ""); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindLinked, About{id})
}

// Arrive signs somebody in who came over from a linked account: this
// organization judges the account anew, asks for its second factor, and takes the
// coming over for no proof that opens dangerous acts. Forbidden "session.refused"
// like every sign-in that fails.
func Arrive(ctx context.Context, tx *tenants.Tx, id int64, from Device) (*SignedIn, error) {
	roles, err := Roles(ctx, tx, id)
	if err == nil {
		err = byOwnDoor(tx, roles)
	}
	if err != nil {
		return nil, err
	}
	return enter(ctx, tx, id, from, "crossing")
}

// enter signs in whom somebody else vouches for; by is who.
func enter(ctx context.Context, tx *tenants.Tx, id int64, from Device, by string) (*SignedIn, error) {
	who, roles, err := admitted(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		err = errRefused()
	}
	if err != nil {
		return nil, err
	}
	now := tx.Now()
	who.SignedInAt = &now
	if err := tx.Update(ctx, who, "signed_in_at"); err != nil {
		return nil, fault.Wrap(err, "staff.enter")
	}
	if who.FactorAt != nil {
		return who.half(ctx, tx, from)
	}
	signed, err := who.begin(ctx, tx, roles, from, by)
	if err != nil {
		return nil, err
	}
	signed.ConfirmedAt = nil
	_, err = tx.Set(ctx, (*tenants.Session)(nil), "confirmed_at = NULL", nil, "id = ?", signed.SessionID)
	return signed, fault.Wrap(err, "staff.enter")
}
