package staff

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Link is the address that one message carries. Its ID is the SHA-256 of the
// word in the address, which is stored nowhere.
type Link struct {
	tenants.BaseModel `bun:"table:staff_links,alias:link"`
	tenants.Owned
	ID           string `bun:",pk"`
	InvitationID int64
	CreatedAt    time.Time
}

// NewLink makes an address for a message about a pass and returns its word, of
// 256 random bits. Each message has its own; the first that is used ends all.
func NewLink(ctx context.Context, tx *tenants.Tx, passID int64) (word string, err error) {
	word = tenants.NewToken()
	l := &Link{ID: tenants.HashToken(word), InvitationID: passID, CreatedAt: tx.Now()}
	return word, fault.Wrap(tx.Insert(ctx, l), "staff.NewLink")
}

// PassByID reads one pass.
func PassByID(ctx context.Context, r tenants.Reader, id int64) (*Pass, error) {
	p := new(Pass)
	return p, fault.Wrap(tenants.Err(r.Select(p).Where("pass.id = ?", id).Scan(ctx)), "staff.PassByID")
}

// errOver is the one answer for a word that is unknown, used or too old.
func errOver() error { return fault.New(fault.NotFound, "staff.link_over") }

// PassOf gives the live pass behind the word and whose it is; looking uses
// nothing up. NotFound "staff.link_over" otherwise.
func PassOf(ctx context.Context, r tenants.Reader, why Purpose, word string) (*Pass, *Staff, error) {
	if !tenants.IsToken(word) {
		return nil, nil, errOver()
	}
	p := new(Pass)
	err := r.Select(p).Join("JOIN ? ON link.invitation_id = pass.id", r.From((*Link)(nil))).
		Where("link.id = ? AND pass.purpose = ?", tenants.HashToken(word), why).Scan(ctx)
	if fault.Is(tenants.Err(err), fault.NotFound) || err == nil && !p.Live(r.Now()) {
		return nil, nil, errOver()
	}
	if err != nil {
		return nil, nil, fault.Wrap(tenants.Err(err), "staff.PassOf")
	}
	s, err := ByID(ctx, r, p.StaffID)
	if err == nil && s.DisabledAt != nil {
		return nil, nil, errOver()
	}
	return p, s, err
}

// useUp uses a pass up; of parallel tries only one succeeds.
func useUp(ctx context.Context, tx *tenants.Tx, passID int64) error {
	n, err := tx.Set(ctx, (*Pass)(nil), "used_at = ?", []any{tx.Now()},
		"id = ? AND used_at IS NULL AND expires_at > ?", passID, tx.Now())
	if err == nil && n == 0 {
		return errOver()
	}
	return fault.Wrap(err, "staff.take")
}

// PurgePasses removes links and passes a month after they have ended.
func PurgePasses(ctx context.Context, tx *tenants.Tx) (int64, error) {
	var old []Pass
	err := tx.Select(&old).Column("id").Where("pass.expires_at < ?", tx.Now().AddDate(0, -1, 0)).Order("pass.id").Limit(1000).Scan(ctx)
	if err != nil || len(old) == 0 {
		return 0, fault.Wrap(tenants.Err(err), "staff.PurgePasses")
	}
	ids := make([]int64, len(old))
	for i := range old {
		ids[i] = old[i].ID
	}
	if _, err := tx.Delete(ctx, (*Link)(nil), "invitation_id IN (?)", tenants.In(ids)); err != nil {
		return 0, fault.Wrap(err, "staff.PurgePasses")
	}
	n, err := tx.Delete(ctx, (*Pass)(nil), "id IN (?)", tenants.In(ids))
	return n, fault.Wrap(err, "staff.PurgePasses")
}
