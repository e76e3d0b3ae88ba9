package citizens

import (
	"context"
	"encoding/json"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// DraftLife is how long an unfinished form is kept, from its first step on. It
// does not slide, so that what belongs to a draft (files, held seats) can be
// judged by its own age.
const DraftLife = 24 * time.Hour

// draftLimit bounds what a form may hold, in bytes.
const draftLimit = 64 << 10

// The kinds of drafts.
const (
	DraftComplaint = "complaint"
	DraftMeeting   = "meeting"
)

// Draft is what one visitor has typed so far in a form of several steps.
type Draft struct {
	tenants.BaseModel `bun:"table:drafts,alias:draft"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	Kind      string
	Holder    string          // tenants.HashToken of the visitor's cookie
	Content   json.RawMessage `bun:"type:jsonb" sealed:"drafts.content"` // the web's own form struct
	CreatedAt time.Time
	ExpiresAt time.Time
}

// SaveDraft writes a new draft (ID 0; it gets its ID) or the content of one
// that stands and belongs to the same visitor, else NotFound.
func SaveDraft(ctx context.Context, tx *tenants.Tx, d *Draft) error {
	if len(d.Content) > draftLimit {
		return fault.New(fault.Invalid, "draft.long")
	}
	if d.ID == 0 {
		d.ID, d.CreatedAt, d.ExpiresAt = tenants.NewID(), tx.Now(), tx.Now().Add(DraftLife)
		return fault.Wrap(tx.Insert(ctx, d), "citizens.SaveDraft")
	}
	stored, err := LockDraft(ctx, tx, d.ID, d.Holder)
	if err != nil {
		return err
	}
	stored.Content = d.Content
	*d = *stored
	return fault.Wrap(tx.Update(ctx, d, "content"), "citizens.SaveDraft")
}

// LoadDraft reads a draft; NotFound when it has expired or is another visitor's.
func LoadDraft(ctx context.Context, r tenants.Reader, id int64, holder string) (*Draft, error) {
	d := new(Draft)
	if err := r.Select(d).Where(ownDraft, id, holder, r.Now()).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	return d.open()
}

// LockDraft is LoadDraft for update: submitting a form and adding a file begin
// with it, so that a double click does neither twice nor beyond a limit.
func LockDraft(ctx context.Context, tx *tenants.Tx, id int64, holder string) (*Draft, error) {
	d := new(Draft)
	if err := tx.Lock(ctx, d, ownDraft, id, holder, tx.Now()); err != nil {
		return nil, err
	}
	return d.open()
}

const ownDraft = "draft.id = ? AND draft.holder = ? AND draft.expires_at > ?"

// DropDraft removes a draft, because it was submitted or given up; one that is
// gone or another visitor's is NotFound.
func DropDraft(ctx context.Context, tx *tenants.Tx, id int64, holder string) error {
	n, err := tx.Delete(ctx, (*Draft)(nil), "id = ? AND holder = ?", id, holder)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return fault.Wrap(err, "citizens.DropDraft")
}

// Purged counts what PurgeExpired removed.
type Purged struct{ Drafts, Sessions, Codes, Links int64 }

// PurgeExpired removes drafts and sessions (of staff too) that have ended, and
// codes that no limit counts any more, and links that are over.
func PurgeExpired(ctx context.Context, tx *tenants.Tx) (Purged, error) {
	var p Purged
	var err error
	if p.Drafts, err = tx.Delete(ctx, (*Draft)(nil), "expires_at <= ?", tx.Now()); err != nil {
		return p, fault.Wrap(err, "citizens.PurgeExpired")
	}
	if p.Codes, err = tx.Delete(ctx, (*Code)(nil), "created_at <= ?", tx.Now().Add(-24*time.Hour)); err != nil {
		return p, fault.Wrap(err, "citizens.PurgeExpired")
	}
	if p.Links, err = tx.Delete(ctx, (*AccessLink)(nil), "expires_at <= ?", tx.Now()); err != nil {
		return p, fault.Wrap(err, "citizens.PurgeExpired")
	}
	p.Sessions, err = tenants.PurgeSessions(ctx, tx)
	return p, err
}
