package complaints

import (
	"context"
	"regexp"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Mention tells a member of staff that an event of a case is for them: a note
// that names them, or a case that was put into their hands.
type Mention struct {
	tenants.BaseModel `bun:"table:mentions,alias:mention"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	StaffID     int64
	ComplaintID ID
	EventID     int64
	At          time.Time
	ReadAt      *time.Time
}

// handle is how a note names somebody: @ before the user name, not inside a word
// (an e-mail address names nobody).
var handle = regexp.MustCompile(`(?:^|[^\w.@])@([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])`)

// maxMentions bounds how many colleagues one note calls.
const maxMentions = 20

// Handles lists the user names that a text mentions, each once, in their order.
func Handles(text string) []string {
	var names []string
	for _, m := range handle.FindAllStringSubmatch(staff.UserName(text), -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// mentioned finds the accounts that a note on the case names. A name that nobody
// has is a slip of the pen that would reach nobody, so it is refused; so is, on
// a confidential case, the name of somebody who is not shown it.
func mentioned(ctx context.Context, r tenants.Reader, c *Complaint, text string) ([]int64, error) {
	names := Handles(text)
	if len(names) == 0 {
		return nil, nil
	}
	if len(names) > maxMentions {
		return nil, fault.Field("text", "mention.error.many")
	}
	var ids []int64
	err := r.Select((*staff.Staff)(nil)).Column("id").
		Where("staff.user_name IN (?) AND staff.disabled_at IS NULL", tenants.In(names)).Order("staff.id").Scan(ctx, &ids)
	if err == nil && len(ids) != len(names) {
		return nil, fault.Field("text", "mention.error.unknown")
	}
	if err == nil && c.Confidential {
		err = c.onlyKeepers(ctx, r, ids)
	}
	return ids, fault.Wrap(tenants.Err(err), "complaints.Note")
}

// tell leaves the event with each of the accounts, but not with the actor.
func tell(ctx context.Context, tx *tenants.Tx, c *Complaint, e *timeline.Event, ids []int64) error {
	var list []Mention
	for _, id := range ids {
		if id != tx.Actor().ID {
			list = append(list, Mention{ID: tenants.NewID(), StaffID: id, ComplaintID: c.ID, EventID: e.ID, At: tx.Now()})
		}
	}
	if len(list) == 0 {
		return nil
	}
	return fault.Wrap(tx.Insert(ctx, &list), "complaints.tell")
}

// Mentioned is a mention with what its reader asks next.
type Mentioned struct {
	Mention `bun:",extend"`
	Code    string `bun:"code,scanonly"`
	TopicID int64  `bun:"topic_id,scanonly"`
	State   State  `bun:"state,scanonly"`
	Kind    string `bun:"event_kind,scanonly"` // of the event: complaint.noted, complaint.assigned
	Text    string `bun:"text,scanonly"`
	ByFA    string `bun:"by_fa,scanonly"`
	ByEN    string `bun:"by_en,scanonly"`
}

// Mentions lists what the actor was told, newest first: what is unread, or
// everything; and whether there is more. Cases that the actor may no longer see
// are left out.
func Mentions(ctx context.Context, r tenants.Reader, actor tenants.Actor, unread bool, before int64) (list []Mentioned, more bool, err error) {
	q := r.Select(&list).ColumnExpr("mention.*, c.code, c.topic_id, c.state, event.kind AS event_kind, event.text").
		ColumnExpr("coalesce(staff.name_fa, event.actor_name) AS by_fa, coalesce(staff.name_en, event.actor_name) AS by_en").
		Join("JOIN ? ON c.id = mention.complaint_id", r.From((*Complaint)(nil))).
		Join("JOIN ? ON event.id = mention.event_id", r.From((*timeline.Event)(nil))).
		Join("LEFT JOIN ? ON staff.id = event.actor_id", r.From((*staff.Staff)(nil))).
		Where("mention.staff_id = ?", actor.ID).Order("mention.id DESC").Limit(pageSize + 1)
	if unread {
		q = q.Where("mention.read_at IS NULL")
	}
	if before != 0 {
		q = q.Where("mention.id < ?", before)
	}
	if err := visible(r, q, actor).Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "complaints.Mentions")
	}
	if len(list) > pageSize {
		return list[:pageSize], true, nil
	}
	return list, false, nil
}

// Unread counts what the actor was told and has not read, up to 1000, about
// cases that Mentions would list.
func Unread(ctx context.Context, r tenants.Reader, actor tenants.Actor) (n int, err error) {
	err = r.Select((*tenants.Unit)(nil)).ColumnExpr("(SELECT count(*) FROM (?) AS t)", unreadOf(r, actor)).Limit(1).Scan(ctx, &n)
	return n, fault.Wrap(tenants.Err(err), "complaints.Unread")
}

func unreadOf(r tenants.Reader, actor tenants.Actor) *tenants.Query {
	q := r.Select((*Mention)(nil)).ColumnExpr("1").
		Join("JOIN ? ON c.id = mention.complaint_id", r.From((*Complaint)(nil))).
		Where("mention.staff_id = ? AND mention.read_at IS NULL", actor.ID).Limit(countLimit)
	return visible(r, q, actor)
}

// Read marks one of the actor's mentions as read, or with id 0 all of them.
func Read(ctx context.Context, tx *tenants.Tx, id int64) error {
	where, args := "staff_id = ? AND read_at IS NULL", []any{tx.Actor().ID}
	if id != 0 {
		own := new(Mention)
		if err := tx.Lock(ctx, own, "mention.id = ? AND mention.staff_id = ?", id, tx.Actor().ID); err != nil {
			return err
		}
		where, args = where+" AND id = ?", append(args, id)
	}
	_, err := tx.Set(ctx, (*Mention)(nil), "read_at = ?", []any{tx.Now()}, where, args...)
	return fault.Wrap(err, "complaints.Read")
}
