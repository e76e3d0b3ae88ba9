package citizens

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// LinkLife is how long a link in a message opens the case or meeting.
const LinkLife = 7 * 24 * time.Hour

// linkBytes are 96 random bits: short enough for a text message, far too many
// to guess within the limits of look-ups.
const linkBytes = 12

// AccessLink opens one case or meeting to whoever holds the message it was
// sent in: once, and in its time. Its ID is the SHA-256 of the word in the
// address, which is stored nowhere.
type AccessLink struct {
	tenants.BaseModel `bun:"table:access_links,alias:link"`
	tenants.Owned
	ID          string `bun:",pk"`
	SubjectKind string // complaint, meeting
	SubjectID   int64
	CreatedAt   time.Time
	ExpiresAt   time.Time
	UsedAt      *time.Time
}

// IsLink tells whether s looks like the word of a link.
func IsLink(s string) bool { return len(s) == base64.RawURLEncoding.EncodedLen(linkBytes) }

// NewLink makes a link to a subject and returns the word for its address. A
// message that is sent again has a link of its own; each opens once.
func NewLink(ctx context.Context, tx *tenants.Tx, subjectKind string, subjectID int64) (word string, err error) {
	var raw [linkBytes]byte
	_, _ = rand.Read(raw[:]) // never fails: the runtime ends the program instead
	word = base64.RawURLEncoding.EncodeToString(raw[:])
	link := &AccessLink{
		ID: tenants.HashToken(word), SubjectKind: subjectKind, SubjectID: subjectID,
		CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(LinkLife),
	}
	return word, fault.Wrap(tx.Insert(ctx, link), "citizens.NewLink")
}

// LinkOpens tells whether the word would open something now; it uses nothing up.
func LinkOpens(ctx context.Context, r tenants.Reader, word string) (bool, error) {
	if !IsLink(word) {
		return false, nil
	}
	n, err := r.Select((*AccessLink)(nil)).
		Where("link.id = ? AND link.used_at IS NULL AND link.expires_at > ?", tenants.HashToken(word), r.Now()).Count(ctx)
	return n > 0, fault.Wrap(tenants.Err(err), "citizens.LinkOpens")
}

// OpenLink uses the link up and opens a tracker session of what it leads to. A
// word that is unknown, used or too old is NotFound, all the same; of parallel
// openings only one succeeds.
func OpenLink(ctx context.Context, tx *tenants.Tx, word string) (link *AccessLink, token string, err error) {
	over := fault.New(fault.NotFound, "link.over")
	if !IsLink(word) {
		return nil, "", over
	}
	id := tenants.HashToken(word)
	n, err := tx.Set(ctx, (*AccessLink)(nil), "used_at = ?", []any{tx.Now()},
		"id = ? AND used_at IS NULL AND expires_at > ?", id, tx.Now())
	if err != nil {
		return nil, "", fault.Wrap(err, "citizens.OpenLink")
	}
	if n == 0 {
		return nil, "", over
	}
	link = new(AccessLink)
	if err := tx.Select(link).Where("link.id = ?", id).Scan(ctx); err != nil {
		return nil, "", fault.Wrap(tenants.Err(err), "citizens.OpenLink")
	}
	token, err = OpenTracker(ctx, tx, link.SubjectKind, link.SubjectID)
	return link, token, err
}

// EndLinks ends the links to a subject that nobody has opened yet: they went to
// a number that turned out to be wrong.
func EndLinks(ctx context.Context, tx *tenants.Tx, subjectKind string, subjectID int64) error {
	_, err := tx.Delete(ctx, (*AccessLink)(nil), "subject_kind = ? AND subject_id = ? AND used_at IS NULL", subjectKind, subjectID)
	return fault.Wrap(err, "citizens.EndLinks")
}
