package inbound

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// State is what was done about something that came in.
type State string

// The states. New waits for the program, Waiting for a person.
const (
	New      State = "new"
	Waiting  State = "waiting"
	Attached State = "attached"
	Done     State = "done"
	Ignored  State = "ignored"
)

// Message is one thing that came in.
type Message struct {
	tenants.BaseModel `bun:"table:inbound_messages,alias:came"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	DoorID      int64
	Kind        string // SMS, Mail, Voicemail
	Key         string // the other side's name for it
	Sender      string `sealed:"inbound_messages.sender,blind=sender"` // number in E.164, or address of a mail
	Line        string // where it went to
	Title       string `sealed:"inbound_messages.title"` // of a mail
	Text        string `sealed:"inbound_messages.text"`
	Refs        string // of a mail: which ones it answers
	State       State
	Outcome     string // what it was taken for; catalogue: inbound.outcome.<outcome>
	ComplaintID *int64
	MeetingID   *int64 // that a mail answers
	EventID     *int64 // of the case's story
	Note        string // of who saw to it
	StaffID     *int64
	SentAt      time.Time
	CreatedAt   time.Time
	SettledAt   *time.Time
	PurgedAt    *time.Time // its text is gone, see privacy
	// SenderSealed is what the blind index of the column stands for.
	SenderSealed string
}

// KindArrived is the fact that something came in.
const KindArrived = "inbound.arrived"

// Fact is its payload.
type Fact struct {
	InboundID int64 `json:"inbound_id"`
}

const (
	longestText   = 20_000
	longestSender = 254
)

// Take keeps a text message that came in, once: a second time changes nothing.
func Take(ctx context.Context, tx *tenants.Tx, d *Door, in carriers.Incoming) (fresh bool, err error) {
	m := &Message{Kind: SMS, Key: in.ID, Sender: sender(in.From), Line: cut(in.To, longestSender), Text: in.Text, SentAt: in.At}
	if m.Key == "" {
		at := in.At
		if at.IsZero() {
			at = tx.Now()
		}
		digest := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d", m.Sender, in.Text, at.Unix()/60))
		m.Key = "text:" + hex.EncodeToString(digest[:16])
	}
	return keep(ctx, tx, d, m)
}

// keep writes a message down, and has it settled.
func keep(ctx context.Context, tx *tenants.Tx, d *Door, m *Message) (fresh bool, err error) {
	now := tx.Now()
	m.ID, m.DoorID, m.CreatedAt = tenants.NewID(), d.ID, now
	if m.State == "" {
		m.State = New
	}
	key := persian.CleanLine(m.Key)
	if key == "" { // a name of nothing but signs that cannot be kept is still a name
		digest := sha256.Sum256([]byte(m.Key))
		key = "digest:" + hex.EncodeToString(digest[:])
	}
	m.Key, m.Title, m.Text = cut(key, 300), cut(persian.CleanLine(m.Title), 300), cut(persian.Clean(m.Text), longestText)
	m.Line, m.Refs = persian.CleanLine(m.Line), persian.CleanLine(m.Refs) // the other side may send bytes that are no text
	if m.SentAt.IsZero() || m.SentAt.After(now) {
		m.SentAt = now
	}
	if fresh, err = tx.InsertNew(ctx, m); err != nil || !fresh {
		return false, fault.Wrap(err, "inbound.keep")
	}
	d.LastAt = &now
	if err := tx.Update(ctx, d, "last_at"); err != nil {
		return false, err
	}
	if m.State != New {
		return true, nil
	}
	return true, tx.Enqueue(ctx, KindArrived, Fact{m.ID})
}

// sender writes a number in the one form that people are known by.
func sender(typed string) string {
	if number, ok := persian.Dialable(typed); ok {
		return number
	}
	return cut(persian.CleanLine(typed), longestSender)
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// ByID reads one.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Message, error) {
	m := new(Message)
	return m, tenants.Err(r.Select(m).Where("came.id = ?", id).Scan(ctx))
}

// Page is how many a page of the list shows.
const Page = 30

// List gives what came in, newest first: what waits for somebody, or all.
func List(ctx context.Context, r tenants.Reader, kind string, all bool, before int64) (list []Message, more bool, err error) {
	q := r.Select(&list).OrderExpr("came.id DESC").Limit(Page + 1)
	if all {
		q = q.Where("came.state IN (?)", tenants.In([]State{Waiting, Done, Ignored}))
	} else {
		q = q.Where("came.state = ?", Waiting)
	}
	if kind != "" {
		q = q.Where("came.kind = ?", kind)
	}
	if before != 0 {
		q = q.Where("came.id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "inbound.List")
	}
	if more = len(list) > Page; more {
		list = list[:Page]
	}
	return list, more, nil
}
