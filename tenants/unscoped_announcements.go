package tenants

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
)

// Announcement is what the platform tells the staff of organizations for a while.
type Announcement struct {
	bun.BaseModel `bun:"table:announcements,alias:announcement"`
	ID            int64  `bun:",pk"`
	TextFA        string `bun:"text_fa"`
	TextEN        string `bun:"text_en"`
	FromAt        time.Time
	UntilAt       time.Time
	Organizations []int64 `bun:"type:jsonb"` // none is all
	WithdrawnAt   *time.Time
	CreatedAt     time.Time
}

// Running tells whether it is shown now.
func (a *Announcement) Running(now time.Time) bool {
	return a.WithdrawnAt == nil && !now.Before(a.FromAt) && now.Before(a.UntilAt)
}

// For tells whether it is for that organization.
func (a *Announcement) For(id int64) bool {
	return len(a.Organizations) == 0 || slices.Contains(a.Organizations, id)
}

const maxAnnouncement = 600 // characters

// check brings it into its form and finds what is wrong with text_fa, text_en,
// until.
func (a *Announcement) check(now time.Time) error {
	wrong := fault.Fields{}
	for field, text := range map[string]string{"text_fa": a.TextFA, "text_en": a.TextEN} {
		if n := len([]rune(text)); n < 3 || n > maxAnnouncement {
			wrong.Add(field, "announce.error.text")
		}
	}
	if !a.UntilAt.After(a.FromAt) || !a.UntilAt.After(now) {
		wrong.Add("until", "announce.error.until")
	}
	return wrong.Err()
}

// UnscopedAnnounce tells organizations something. Field errors: text_fa, text_en,
// until.
func (r *Root) UnscopedAnnounce(ctx context.Context, a *Announcement) error {
	if err := a.check(r.clock()); err != nil {
		return err
	}
	a.ID, a.CreatedAt = NewID(), r.clock()
	if a.Organizations == nil {
		a.Organizations = []int64{}
	}
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewInsert().Conn(c).Model(a).Exec(ctx)
		return err
	})
}

// UnscopedAnnouncements lists them, the newest first.
func (r *Root) UnscopedAnnouncements(ctx context.Context, before int64, atMost int) ([]Announcement, error) {
	var list []Announcement
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		q := r.write.NewSelect().Conn(c).Model(&list).Order("id DESC").Limit(int64(atMost))
		if before > 0 {
			q = q.Where("id < ?", before)
		}
		return q.Scan(ctx)
	})
	return list, err
}

// UnscopedWithdrawAnnouncement takes one back; NotFound when it was already.
func (r *Root) UnscopedWithdrawAnnouncement(ctx context.Context, id int64) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		res, err := r.write.NewUpdate().Conn(c).Model((*Announcement)(nil)).Set("withdrawn_at = ?", r.clock()).
			Where("id = ? AND withdrawn_at IS NULL", id).Exec(ctx)
		return one(res, err)
	})
}

// dismissal keeps that one member of staff has read one announcement.
type dismissal struct {
	BaseModel `bun:"table:announcement_dismissals,alias:dismissal"`
	Owned
	StaffID        int64 `bun:",pk"`
	AnnouncementID int64 `bun:",pk"`
	At             time.Time
}

// Announcements are those that this member of staff should see now.
func Announcements(ctx context.Context, r Reader, staffID int64) ([]Announcement, error) {
	s := r.self()
	var list []Announcement
	err := s.root.write.NewSelect().Conn(s.conn).Model(&list).
		Where("announcement.until_at > ? AND announcement.from_at <= ? AND announcement.withdrawn_at IS NULL", s.now, s.now).
		Order("announcement.id DESC").Scan(ctx)
	if err != nil {
		return nil, fault.Wrap(Err(err), "tenants.Announcements")
	}
	list = slices.DeleteFunc(list, func(a Announcement) bool { return !a.For(s.tenant.ID) })
	if len(list) == 0 {
		return nil, nil
	}
	var read []dismissal
	if err := r.Select(&read).Where("dismissal.staff_id = ?", staffID).Scan(ctx); err != nil {
		return nil, fault.Wrap(Err(err), "tenants.Announcements")
	}
	return slices.DeleteFunc(list, func(a Announcement) bool {
		return slices.ContainsFunc(read, func(d dismissal) bool { return d.AnnouncementID == a.ID })
	}), nil
}

// Dismiss keeps that the actor has read it; NotFound when it is not for this
// organization.
func Dismiss(ctx context.Context, tx *Tx, id int64) error {
	a := new(Announcement)
	if err := tx.root.write.NewSelect().Conn(tx.conn).Model(a).Where("announcement.id = ?", id).Scan(ctx); err != nil {
		return Err(err)
	}
	if !a.For(tx.tenant.ID) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	_, err := tx.InsertNew(ctx, &dismissal{StaffID: tx.actor.ID, AnnouncementID: id, At: tx.now})
	return err
}
