package staff

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// DeviceLife is how long a browser from which nobody signs in stays known.
const DeviceLife = 180 * 24 * time.Hour

// Device is a browser from which somebody has signed in. Its ID is the SHA-256
// of the word that the browser keeps. It opens nothing: whoever signs in from it
// only has tries of their own, which strangers cannot use up.
type Device struct {
	tenants.BaseModel `bun:"table:staff_devices,alias:device"`
	tenants.Owned
	ID        string `bun:",pk"`
	StaffID   int64  `bun:",pk"`
	CreatedAt time.Time
	SeenAt    time.Time
}

// KnownDevice tells whether the account of the user name was signed in to from
// the browser that keeps the word.
func KnownDevice(ctx context.Context, r tenants.Reader, word, typed string) (bool, error) {
	n, err := r.Select((*Device)(nil)).
		Join("JOIN ? ON staff.id = device.staff_id", r.From((*Staff)(nil))).
		Where("device.id = ? AND device.seen_at > ? AND staff.user_name = ?", tenants.HashToken(word), r.Now().Add(-DeviceLife), UserName(typed)).Count(ctx)
	return n > 0, fault.Wrap(tenants.Err(err), "staff.KnownDevice")
}

// Remember notes that the actor has signed in from the browser of the word.
func Remember(ctx context.Context, tx *tenants.Tx, word string) error {
	id, now := tx.Actor().ID, tx.Now()
	row := &Device{ID: tenants.HashToken(word), StaffID: id, CreatedAt: now, SeenAt: now}
	fresh, err := tx.InsertNew(ctx, row)
	if err == nil && !fresh {
		_, err = tx.Set(ctx, (*Device)(nil), "seen_at = ?", []any{now}, "id = ? AND staff_id = ?", row.ID, id)
	}
	return fault.Wrap(err, "staff.Remember")
}

// PurgeDevices removes the browsers that nobody signs in from any more.
func PurgeDevices(ctx context.Context, tx *tenants.Tx) (int64, error) {
	n, err := tx.Delete(ctx, (*Device)(nil), "seen_at < ?", tx.Now().Add(-DeviceLife))
	return n, fault.Wrap(err, "staff.PurgeDevices")
}
