package complaints

import (
	"context"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// maxNotice is the longest notice in characters.
const maxNotice = 600

// Notice is a known issue, shown before a case about it is registered: to all
// who choose its topic, its district, or both.
type Notice struct {
	tenants.BaseModel `bun:"table:notices,alias:notice"`
	tenants.Owned
	ID         int64 `bun:",pk"`
	TopicID    *int64
	DistrictID *int64
	TextFA     string `bun:"text_fa"`
	TextEN     string `bun:"text_en"`
	StartsAt   time.Time
	EndsAt     time.Time
	CreatedAt  time.Time
}

// Running tells whether the notice is shown at the instant.
func (n *Notice) Running(now time.Time) bool {
	return !now.Before(n.StartsAt) && now.Before(n.EndsAt)
}

// NoticesFor lists the notices running now about a topic. Those of a district
// are among them when the district, or one that holds it, was chosen, or while
// none was chosen yet.
func NoticesFor(ctx context.Context, r tenants.Reader, topic int64, districts []tenants.District, district *int64) ([]Notice, error) {
	var list []Notice
	q := r.Select(&list).Where("notice.starts_at <= ? AND notice.ends_at > ?", r.Now(), r.Now()).
		Where("(notice.topic_id IS NULL OR notice.topic_id = ?)", topic).Order("notice.starts_at DESC", "notice.id DESC").Limit(10)
	if district != nil {
		inside := []int64{*district}
		for _, d := range tenants.DistrictPath(districts, *district) {
			inside = append(inside, d.ID)
		}
		q = q.Where("(notice.district_id IS NULL OR notice.district_id IN (?))", tenants.In(inside))
	}
	return list, fault.Wrap(tenants.Err(q.Scan(ctx)), "complaints.NoticesFor")
}

// ListedNotice is a notice with the number of people whom it answered.
type ListedNotice struct {
	Notice
	Answered int
}

// Notices reads one page of the notices, those that end last first; before is
// the end and id of the last row of the page before.
func Notices(ctx context.Context, r tenants.Reader, before Cursor) (list []ListedNotice, more bool, err error) {
	const page = 30
	var rows []Notice
	q := r.Select(&rows).OrderExpr("notice.ends_at DESC, notice.id DESC").Limit(page + 1)
	if !before.Due.IsZero() {
		q = q.Where("(notice.ends_at, notice.id) < (?, ?)", before.Due, before.ID)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "complaints.Notices")
	}
	if more = len(rows) > page; more {
		rows = rows[:page]
	}
	counts, err := answeredBy(ctx, r, rows)
	for i := range rows {
		list = append(list, ListedNotice{Notice: rows[i], Answered: counts[rows[i].ID]})
	}
	return list, more, err
}

func answeredBy(ctx context.Context, r tenants.Reader, rows []Notice) (map[int64]int, error) {
	if len(rows) == 0 {
		return nil, nil //nolint:nilnil // nothing to count
	}
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	var found []struct {
		NoticeID int64
		N        int
	}
	err := r.Select((*Guidance)(nil)).ColumnExpr("guidance.notice_id, count(*) AS n").
		Where("guidance.notice_id IN (?)", tenants.In(ids)).GroupExpr("guidance.notice_id").Scan(ctx, &found)
	counts := make(map[int64]int, len(found))
	for _, f := range found {
		counts[f.NoticeID] = f.N
	}
	return counts, fault.Wrap(tenants.Err(err), "complaints.Notices")
}

// NoticeByID reads one notice.
func NoticeByID(ctx context.Context, r tenants.Reader, id int64) (*Notice, error) {
	n := new(Notice)
	return n, tenants.Err(r.Select(n).Where("notice.id = ?", id).Scan(ctx))
}

// SaveNotice writes a notice, a new one when it has no ID.
func SaveNotice(ctx context.Context, tx *tenants.Tx, n *Notice) error {
	fresh := n.ID == 0
	if !fresh {
		old := new(Notice)
		if err := tx.Lock(ctx, old, "notice.id = ?", n.ID); err != nil {
			return err
		}
		n.CreatedAt = old.CreatedAt
	}
	n.TextFA, n.TextEN = persian.Clean(n.TextFA), persian.Clean(n.TextEN)
	if err := n.check(ctx, tx); err != nil {
		return err
	}
	if fresh {
		n.ID, n.CreatedAt = tenants.NewID(), tx.Now()
		if err := tx.Insert(ctx, n); err != nil {
			return fault.Wrap(err, "complaints.SaveNotice")
		}
	} else if err := tx.Update(ctx, n); err != nil {
		return fault.Wrap(err, "complaints.SaveNotice")
	}
	return audit.Record(ctx, tx, "notice:edit", "notice", n.ID, "")
}

func (n *Notice) check(ctx context.Context, r tenants.Reader) error {
	wrong := fault.Fields{}
	for field, text := range map[string]string{"text_fa": n.TextFA, "text_en": n.TextEN} {
		if utf8.RuneCountInString(text) > maxNotice {
			wrong.Add(field, "intake.error.too_long")
		}
	}
	if n.TextFA == "" {
		wrong.Add("text_fa", "intake.error.notice_text")
	}
	if n.StartsAt.IsZero() {
		wrong.Add("from", "intake.error.notice_from")
	}
	switch {
	case n.EndsAt.IsZero():
		wrong.Add("until", "intake.error.notice_until")
	case !n.EndsAt.After(n.StartsAt):
		wrong.Add("until", "intake.error.notice_order")
	case n.ID == 0 && !n.EndsAt.After(r.Now()):
		wrong.Add("until", "intake.error.notice_past")
	}
	if n.TopicID == nil && n.DistrictID == nil {
		wrong.Add("topic", "intake.error.notice_about")
	}
	if n.TopicID != nil {
		if _, err := tenants.TopicByID(ctx, r, *n.TopicID); fault.Is(err, fault.NotFound) {
			wrong.Add("topic", "complaint.error.topic")
		} else if err != nil {
			return err
		}
	}
	if n.DistrictID != nil {
		if _, err := tenants.DistrictByID(ctx, r, *n.DistrictID); fault.Is(err, fault.NotFound) {
			wrong.Add("district", "intake.error.district")
		} else if err != nil {
			return err
		}
	}
	return wrong.Err()
}

// EndNotice stops showing a notice at once. One that has not begun is taken
// back; Conflict when it is over already.
func EndNotice(ctx context.Context, tx *tenants.Tx, id int64) error {
	n := new(Notice)
	if err := tx.Lock(ctx, n, "notice.id = ?", id); err != nil {
		return err
	}
	now := tx.Now()
	switch {
	case !n.EndsAt.After(now):
		return fault.New(fault.Conflict, "intake.error.notice_over")
	case n.StartsAt.Before(now):
		n.EndsAt = now
		if err := tx.Update(ctx, n, "ends_at"); err != nil {
			return fault.Wrap(err, "complaints.EndNotice")
		}
	default:
		if _, err := tx.Delete(ctx, (*Notice)(nil), "id = ?", id); err != nil {
			return fault.Wrap(err, "complaints.EndNotice")
		}
	}
	return audit.Record(ctx, tx, "notice:edit", "notice", id, "ended")
}

// Setting implements tenants.Setting.
func (n *Notice) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaIntake}
}
