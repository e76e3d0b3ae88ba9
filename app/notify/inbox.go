package notify

import (
	"context"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Notification is what a member of the staff was told, behind the bell.
type Notification struct {
	tenants.BaseModel `bun:"table:notifications,alias:notification"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	Key         string
	StaffID     int64
	Event       string
	SubjectKind string
	SubjectID   int64
	Link        string // path on the organization's own host, or empty
	Text        string `sealed:"notifications.text"`
	Digest      string // waiting, sent, or empty: was told by itself
	CreatedAt   time.Time
	ReadAt      *time.Time
}

// kept is how long a notification is kept.
const kept = 90 * 24 * time.Hour

// leave puts a message behind the bell, once. It is collected when the person
// wants what is not urgent together in the morning.
func (p *Post) leave(ctx context.Context, db *tenants.DB, key string, who *staff.Staff, w *Wording, t told) (collected bool, err error) {
	collected = who.Digest && !t.urgent && w.Event.Hours == Office && w.Event.ID != digestID
	fresh := false
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		l := messages.Parse(string(who.Language))
		row := &Notification{
			ID: tenants.NewID(), Key: key, StaffID: who.ID, Event: w.Event.ID, SubjectKind: t.subject.Kind, SubjectID: t.subject.ID,
			Link: p.path(tx.Tenant(), w, l, t), Text: w.Say(tx.Tenant(), Inbox, l, t.args).Text, CreatedAt: tx.Now(),
		}
		if collected {
			row.Digest = "waiting"
		}
		if w.Event.ID == digestID {
			return nil // says what stands there already
		}
		var err error
		if fresh, err = tx.InsertNew(ctx, row); err != nil || !fresh || !collected {
			return err
		}
		return planDigest(ctx, tx, who)
	})
	if fresh && p.Told != nil {
		p.Told(db.Tenant().ID)
	}
	return collected, fault.Wrap(err, "notify.leave")
}

// path is where the message leads, on the organization's own host.
func (p *Post) path(t *tenants.Tenant, w *Wording, l messages.Lang, to told) string {
	for i := 0; i+1 < len(to.args); i += 2 {
		if to.args[i] != "link" {
			continue
		}
		link := (saying{lang: l, text: "{link}"}).say("", to.args)
		if path, ours := strings.CutPrefix(link, p.Links.Home(t)); ours && strings.HasPrefix(path, "/") {
			return path
		}
	}
	return ""
}

const notificationPage = 30

// Notifications lists what the actor was told, newest first: what is unread, or
// everything; and whether there is more. before is the last one seen, 0 at the
// start.
func Notifications(ctx context.Context, r tenants.Reader, staffID int64, unread bool, before int64) (list []Notification, more bool, err error) {
	q := r.Select(&list).Where("notification.staff_id = ?", staffID).Order("notification.id DESC").Limit(notificationPage + 1)
	if unread {
		q = q.Where("notification.read_at IS NULL")
	}
	if before != 0 {
		q = q.Where("notification.id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "notify.Notifications")
	}
	if len(list) > notificationPage {
		return list[:notificationPage], true, nil
	}
	return list, false, nil
}

// unreadLimit bounds what is counted.
const unreadLimit = 1000

// Unread counts what somebody was told and has not read, up to 1000.
func Unread(ctx context.Context, r tenants.Reader, staffID int64) (n int, err error) {
	err = r.Select((*tenants.Unit)(nil)).ColumnExpr("(SELECT count(*) FROM (?) AS t)", UnreadOf(r, staffID)).Limit(1).Scan(ctx, &n)
	return n, fault.Wrap(tenants.Err(err), "notify.Unread")
}

// UnreadOf is the query of the rows that Unread counts.
func UnreadOf(r tenants.Reader, staffID int64) *tenants.Query {
	return r.Select((*Notification)(nil)).ColumnExpr("1").
		Where("notification.staff_id = ? AND notification.read_at IS NULL", staffID).Limit(unreadLimit)
}

// MarkRead marks one of the actor's notifications as read and gives it, or with
// id 0 all of them.
func MarkRead(ctx context.Context, tx *tenants.Tx, id int64) (*Notification, error) {
	where, args, own := "staff_id = ? AND read_at IS NULL", []any{tx.Actor().ID}, new(Notification)
	if id != 0 {
		if err := tx.Lock(ctx, own, "notification.id = ? AND notification.staff_id = ?", id, tx.Actor().ID); err != nil {
			return nil, err
		}
		where, args = where+" AND id = ?", append(args, id)
	}
	_, err := tx.Set(ctx, (*Notification)(nil), "read_at = ?", []any{tx.Now()}, where, args...)
	return own, fault.Wrap(err, "notify.MarkRead")
}

// PurgeNotifications removes those that nobody looks for any more.
func PurgeNotifications(ctx context.Context, tx *tenants.Tx) (int64, error) {
	n, err := tx.Delete(ctx, (*Notification)(nil), "created_at < ?", tx.Now().Add(-kept))
	return n, fault.Wrap(err, "notify.PurgeNotifications")
}
