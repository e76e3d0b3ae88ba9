package staff

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// DeviceLife is how long a browser with which nobody signs in stays known.
const DeviceLife = 365 * 24 * time.Hour

// KnownDevice tells whether the account of the user name was signed in to with
// the browser that keeps the word. That opens nothing: whoever signs in with it
// only has tries of their own, which strangers cannot use up.
func KnownDevice(ctx context.Context, r tenants.Reader, word, typed string) (bool, error) {
	n, err := r.Select((*deviceRow)(nil)).
		Join("JOIN ? ON staff.id = device.staff_id", r.From((*Staff)(nil))).
		Where("device.token_hash = ? AND device.seen_at > ? AND staff.user_name = ?", tenants.HashToken(word), r.Now().Add(-DeviceLife), UserName(typed)).Count(ctx)
	return n > 0, fault.Wrap(tenants.Err(err), "staff.KnownDevice")
}
