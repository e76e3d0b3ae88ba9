package complaints

import (
	"context"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Guidance is a matter that was settled by what the person was told. It is
// counted, and is no case.
type Guidance struct {
	tenants.BaseModel `bun:"table:guidances,alias:guidance"`
	tenants.Owned
	ID       int64 `bun:",pk"`
	TopicID  int64
	NoticeID *int64 // that answered
	Channel  string
	StaffID  *int64 // who told; nil when the person read it
	Note     string
	At       time.Time
}

// Guide counts a matter settled by guidance. A topic is needed; the notice, if
// one answered, must be about it.
func Guide(ctx context.Context, tx *tenants.Tx, g Guidance) (*Guidance, error) {
	wrong := fault.Fields{}
	topic, err := tenants.TopicByID(ctx, tx, g.TopicID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if err != nil || !topic.Active {
		wrong.Add("topic", "complaint.error.topic")
	}
	if g.NoticeID != nil {
		n, err := NoticeByID(ctx, tx, *g.NoticeID)
		if err != nil {
			return nil, err
		}
		if n.TopicID != nil && *n.TopicID != g.TopicID {
			return nil, fault.New(fault.NotFound, "error.not_found")
		}
	}
	if !slices.Contains(Channels(), g.Channel) {
		wrong.Add("channel", "complaint.error.channel")
	}
	g.Note = persian.Clean(g.Note)
	if utf8.RuneCountInString(g.Note) > maxNotice {
		wrong.Add("guidance_note", "intake.error.too_long")
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	g.ID, g.At, g.StaffID = tenants.NewID(), tx.Now(), nil
	if a := tx.Actor(); a.Kind == tenants.Staff {
		g.StaffID = &a.ID
	}
	if err := tx.Insert(ctx, &g); err != nil {
		return nil, fault.Wrap(err, "complaints.Guide")
	}
	return &g, audit.Record(ctx, tx, "complaint:register", "guidance", g.ID, "topic "+strconv.FormatInt(g.TopicID, 10))
}

// Guided counts the matters settled by guidance from an instant on, until
// another.
func Guided(ctx context.Context, r tenants.Reader, from, until time.Time) (int, error) {
	n, err := r.Select((*Guidance)(nil)).Where("guidance.at >= ? AND guidance.at < ?", from, until).Count(ctx)
	return int(n), fault.Wrap(tenants.Err(err), "complaints.Guided")
}
