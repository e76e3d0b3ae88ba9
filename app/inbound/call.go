package inbound

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Call is a call that rings.
type Call struct {
	tenants.BaseModel `bun:"table:inbound_calls,alias:ring"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	DoorID    int64
	Key       string
	Caller    string `sealed:"inbound_calls.caller,blind=caller"` // E.164, or a short code
	Extension string // of whoever it rings for; empty: all
	At        time.Time
	StaffID   *int64
	// CallerSealed is what the blind index of the column stands for.
	CallerSealed string
}

// Ringing is how long a call stands on the screens.
const Ringing = 90 * time.Second

// Ring notes a call, once. A number that cannot be read is nobody's: Invalid.
func Ring(ctx context.Context, tx *tenants.Tx, d *Door, key, caller, extension string) (fresh bool, err error) {
	number, ok := persian.Dialable(caller)
	if !ok {
		return false, fault.Field("caller", "inbound.error.caller")
	}
	now := tx.Now()
	if key == "" {
		key = number + "@" + now.Truncate(time.Minute).Format(time.RFC3339)
	}
	c := &Call{ID: tenants.NewID(), DoorID: d.ID, Key: cut(key, 200), Caller: number, Extension: persian.ToASCII(cut(persian.CleanLine(extension), 20)), At: now}
	if fresh, err = tx.InsertNew(ctx, c); err != nil || !fresh {
		return false, fault.Wrap(err, "inbound.Ring")
	}
	d.LastAt = &now
	return true, tx.Update(ctx, d, "last_at")
}

// RingingNow is the newest call that rings for an extension, or for everybody;
// nil when none does.
func RingingNow(ctx context.Context, r tenants.Reader, extension string) (*Call, error) {
	var list []Call
	q := r.Select(&list).Where("ring.at > ?", r.Now().Add(-Ringing)).OrderExpr("ring.at DESC, ring.id DESC").Limit(1)
	if extension != "" {
		q = q.Where("(ring.extension = ? OR ring.extension = '')", extension)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "inbound.RingingNow")
	}
	if len(list) == 0 {
		return nil, nil //nolint:nilnil // no call rings
	}
	return &list[0], nil
}
