package complaints

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Track finds the case for somebody who knows its code and either the mobile
// number it was filed with or, for a nameless report, its PIN. Whatever is
// wrong, the answer is the same NotFound.
func Track(ctx context.Context, r tenants.Reader, code, secret string) (*Complaint, error) {
	lost := fault.New(fault.NotFound, "complaint.error.track")
	code, ok := persian.ParseCode(code)
	if !ok {
		return nil, lost
	}
	c, err := ByCode(ctx, r, code)
	if err != nil {
		return nil, orLost(err, lost)
	}
	if c.Anonymous() {
		if pin, ok := persian.ParsePIN(secret); ok && checkPIN(c.PINHash, pin) {
			return c, nil
		}
		return nil, lost
	}
	mobile, ok := persian.Mobile(secret)
	if !ok {
		return nil, lost
	}
	citizen, err := citizens.ByID(ctx, r, *c.CitizenID)
	if err != nil {
		return nil, orLost(err, lost)
	}
	if citizen.Mobile != mobile {
		return nil, lost
	}
	return c, nil
}

func orLost(err error, lost *fault.Error) error {
	if fault.Is(err, fault.NotFound) {
		return lost
	}
	return err
}
