package tenants

import (
	"context"
	"fmt"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Quotas are what an organization may use; zero is no limit. A soft limit warns,
// see Near.
type Quotas struct {
	Cases        int64 `json:"cases,omitempty" yaml:"cases"`                 // in a month; only ever warned of
	Messages     int64 `json:"messages,omitempty" yaml:"messages"`           // in a month
	StorageBytes int64 `json:"storage_bytes,omitempty" yaml:"storage_bytes"` // of files
}

// NearPercent is where a limit begins to be warned of.
const NearPercent = 80

// Near tells whether so much of the limit is used that people should know.
func Near(used, limit int64) bool { return limit > 0 && used*100 >= limit*NearPercent }

// Reached tells whether the limit is used up.
func Reached(used, limit int64) bool { return limit > 0 && used >= limit }

// MonthOf is the month of the Solar Hijri calendar in which the instant lies in
// the offices' zone: 1405-09.
func MonthOf(t time.Time) string {
	d := persian.DateOf(t.In(persian.Tehran))
	return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
}

// RoomFor refuses files for which the organization has no room left; the case
// they belong to is taken without them. Far from the limit the last count is good
// enough, near it the files are counted anew.
func (tx *Tx) RoomFor(ctx context.Context, bytes int64) error {
	limit := tx.tenant.Quotas.StorageBytes
	if limit == 0 {
		return nil
	}
	t, err := Use(ctx, tx, MonthOf(tx.now))
	if err != nil {
		return err
	}
	used := t.StorageBytes
	if t.CountedAt.IsZero() || Near(used+bytes, limit) {
		used = 0
		err := tx.root.write.NewRaw("SELECT COALESCE(SUM(size), 0) FROM files WHERE tenant_id = ?", tx.tenant.ID).Conn(tx.conn).Scan(ctx, &used)
		if err != nil {
			return fault.Wrap(Err(err), "tenants.RoomFor")
		}
	}
	if used+bytes > limit {
		return fault.Field("files", "quota.storage_full")
	}
	return nil
}

// CourtesyStops tells whether the messages of the month are used up: then those
// that are no more than a courtesy are not sent, and all others are.
func CourtesyStops(ctx context.Context, r Reader) (bool, error) {
	limit := r.Tenant().Quotas.Messages
	if limit == 0 {
		return false, nil
	}
	t, err := Use(ctx, r, MonthOf(r.Now()))
	return err == nil && Reached(t.Messages, limit), err
}
