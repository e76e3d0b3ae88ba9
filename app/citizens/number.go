package citizens

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// CorrectMobile replaces a number that turned out not to be the citizen's own
// and gives the old number with the citizen as they are now. The new number
// counts as unproven. When the same person is already known under the new
// number, that citizen is given and the old row stays as it was.
func CorrectMobile(ctx context.Context, tx *tenants.Tx, id int64, typed string) (old string, c *Citizen, err error) {
	mobile, ok := persian.Mobile(typed)
	if !ok {
		return "", nil, fault.Field("mobile", "citizen.mobile.wrong")
	}
	c = new(Citizen)
	if err := tx.Lock(ctx, c, "citizen.id = ?", id); err != nil {
		return "", nil, err
	}
	if old = c.Mobile; old == mobile {
		return "", nil, fault.Field("mobile", "citizen.mobile.same")
	}
	known := new(Citizen)
	err = tx.Select(known).Where("citizen.mobile = ? AND citizen.national_id = ?", tx.Blind("mobile", mobile), tx.Blind("national_id", c.NationalID)).Scan(ctx)
	if err == nil {
		return old, known, nil
	}
	if err := tenants.Err(err); !fault.Is(err, fault.NotFound) {
		return "", nil, err
	}
	c.Mobile, c.VerifiedAt = mobile, nil
	return old, c, fault.Wrap(tx.Update(ctx, c, "mobile", "verified_at"), "citizens.CorrectMobile")
}

// PurposeOf is what a one-time code was asked for.
func PurposeOf(ctx context.Context, r tenants.Reader, otpID int64) (string, error) {
	c := new(Code)
	err := r.Select(c).Column("purpose").Where("code.id = ?", otpID).Scan(ctx)
	return c.Purpose, tenants.Err(err)
}
