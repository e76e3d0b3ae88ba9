package staff

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// mayRule refuses what would let the actor become somebody who may do more: their
// address, their password, their factors, the account itself. The actor must be
// one who could give every role that the person holds; who rules the organization
// may do it for all but who rules the platform. One's own account is one's own.
// Forbidden "staff.above".
func mayRule(ctx context.Context, tx *tenants.Tx, id int64) error {
	a := tx.Actor()
	if a.Kind == tenants.Staff && a.ID == id {
		return nil
	}
	roles, err := Roles(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.Has(AdminRole) {
		roles = slices.DeleteFunc(roles, func(role string) bool { return role != "platform_admin" })
	}
	if fault.Is(mayGrantAll(tx, roles), fault.Forbidden) {
		return fault.New(fault.Forbidden, "staff.above")
	}
	return nil
}

// KindAddressLeft is the fact that somebody is reached elsewhere than before; its
// payload is AddressLeft.
const KindAddressLeft = "staff.address_changed"

// AddressLeft is the payload of KindAddressLeft.
type AddressLeft struct {
	LeftID int64 `json:"left_id"`
}

// Left is where somebody was reached until then.
type Left struct {
	tenants.BaseModel `bun:"table:staff_left_addresses,alias:left_address"`
	tenants.Owned
	ID      int64 `bun:",pk"`
	StaffID int64
	Mobile  string // E.164, or empty
	Email   string // or empty
	LeftAt  time.Time
}

// LeftByID reads one of them; NotFound when its time has passed.
func LeftByID(ctx context.Context, r tenants.Reader, id int64) (*Left, error) {
	l := new(Left)
	return l, tenants.Err(r.Select(l).Where("left_address.id = ?", id).Scan(ctx))
}

// readdressed keeps where an account was reached, and has that place told, when
// it is another one now.
func (s *Staff) readdressed(ctx context.Context, tx *tenants.Tx, mobile, email string) error {
	if s.Mobile == mobile && s.Email == email || mobile == "" && email == "" {
		return nil
	}
	l := &Left{ID: tenants.NewID(), StaffID: s.ID, Mobile: mobile, Email: email, LeftAt: tx.Now()}
	if err := tx.Insert(ctx, l); err != nil {
		return fault.Wrap(err, "staff.readdressed")
	}
	return tx.Enqueue(ctx, KindAddressLeft, AddressLeft{LeftID: l.ID})
}

// PurgeLeft forgets addresses that were left a month ago.
func PurgeLeft(ctx context.Context, tx *tenants.Tx) (int64, error) {
	n, err := tx.Delete(ctx, (*Left)(nil), "left_at < ?", tx.Now().AddDate(0, -1, 0))
	return n, fault.Wrap(err, "staff.PurgeLeft")
}
