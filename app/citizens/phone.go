package citizens

import (
	"context"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Phone reads a number that somebody can be called at, with its area code: E.164.
// A short code is nobody's number.
func Phone(typed string) (string, bool) {
	number, ok := persian.Dialable(typed)
	return number, ok && strings.HasPrefix(number, "+98")
}

// KeepPhone keeps a second number of somebody; an empty one changes nothing.
// Field error: phone.
func KeepPhone(ctx context.Context, tx *tenants.Tx, id int64, typed string) error {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	number, ok := Phone(typed)
	if !ok {
		return fault.Field("phone", "citizen.phone.wrong")
	}
	c := new(Citizen)
	if err := tx.Lock(ctx, c, "citizen.id = ?", id); err != nil {
		return err
	}
	c.Phone = number
	return fault.Wrap(tx.Update(ctx, c, "phone"), "citizens.KeepPhone")
}
