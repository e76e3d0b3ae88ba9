package notify

import (
	"context"
	"fmt"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// KindDigest is the fact that somebody's morning digest is due.
const KindDigest = "staff.digest"

// DigestFact is its payload.
type DigestFact struct {
	StaffID int64 `json:"staff_id"`
}

// digestID is the message that says how much there is.
const digestID = "staff.digest"

// planDigest plans the digest for the beginning of the next working day; there
// is one in a day.
func planDigest(ctx context.Context, tx *tenants.Tx, who *staff.Staff) error {
	w, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	at := w.NextDay(tx.Now())
	ref := fmt.Sprintf("digest:%d:%s", who.ID, at.In(persian.Tehran).Format(time.DateOnly))
	return tx.Schedule(ctx, KindDigest, ref, at, DigestFact{who.ID})
}

// StaffDigest tells somebody how much has collected; nothing when all of it has
// been read meanwhile.
func (p *Post) StaffDigest(ctx context.Context, db *tenants.DB, cause Cause, staffID int64) (string, error) {
	list, err := account(ctx, db, &staffID)
	if err != nil || len(list) == 0 {
		return "nobody to tell", err
	}
	n := 0
	rows := db.Select((*Notification)(nil)).ColumnExpr("COUNT(*)").
		Where("notification.staff_id = ? AND notification.digest = 'waiting' AND notification.read_at IS NULL", staffID)
	if err := rows.Scan(ctx, &n); err != nil {
		return "", fault.Wrap(tenants.Err(err), "notify.StaffDigest")
	}
	word := "dropped: read"
	if n > 0 {
		word, err = p.staff(ctx, db, cause, list, told{key: "sms." + digestID, args: []any{"n", n, "link", p.Links.Notifications(db.Tenant())}})
	}
	if err != nil || !cause.task.Later().IsZero() {
		return word, err
	}
	return word, fault.Wrap(db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*Notification)(nil), "digest = 'sent'", nil, "staff_id = ? AND digest = 'waiting' AND created_at <= ?", staffID, cause.task.RunAt)
		return err
	}), "notify.StaffDigest")
}
