package meetings

import (
	"context"
	"crypto/rand"
	"io"
	"math/big"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// ReleaseDelay is how long a seat that was given up stays closed: anything from
// least to most, evenly, in whole seconds. Nobody can know when it comes back,
// so nobody can sell a seat by giving it up for another.
func ReleaseDelay(random io.Reader, least, most time.Duration) (time.Duration, error) {
	if most <= least {
		return least, nil
	}
	n, err := rand.Int(random, big.NewInt(int64((most-least)/time.Second)+1))
	if err != nil {
		return 0, fault.Wrap(err, "meetings.ReleaseDelay")
	}
	return least + time.Duration(n.Int64())*time.Second, nil
}

// A released seat is a claim of nobody until a time. Those who wait get it
// before that; everybody else after.
const released = "claim.meeting_id IS NULL AND claim.draft_id IS NULL"

// vacate gives up the seat of a meeting, which comes back after a while.
func (m *Meeting) vacate(ctx context.Context, tx *tenants.Tx) error {
	return release(ctx, tx, "meeting_id = ?", m.ID)
}

// release turns a claim into a released seat; at once where the organization
// wants no delay.
func release(ctx context.Context, tx *tenants.Tx, where string, args ...any) error {
	delay, err := ReleaseDelay(rand.Reader, 0, 0)
	if least, most := tx.Tenant().Settings.Booking.Release(); err == nil && most > 0 {
		delay, err = ReleaseDelay(rand.Reader, least, most)
	}
	if err != nil {
		return err
	}
	return vacateUntil(ctx, tx, tx.Now().Add(delay), where, args...)
}
