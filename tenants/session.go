package tenants

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"pasokh/app/fault"
)

// SessionKind says what a session proves.
type SessionKind string

// The kinds of sessions.
const (
	SessionStaff   SessionKind = "staff"   // a member of staff has signed in
	SessionCitizen SessionKind = "citizen" // somebody has proven to hold a mobile number
	SessionTracker SessionKind = "tracker" // somebody knows the code and secret of one case or meeting
)

// How long a session lives: without a request, and at most. seen_at is written
// at most once per sessionTouch, so that ordinary requests write nothing.
const (
	SessionIdle  = 30 * time.Minute
	SessionLimit = 12 * time.Hour
	sessionTouch = time.Minute
)

// Session is one signed-in browser at one organization. Its ID is the SHA-256
// of the token that the browser holds; the token itself is never stored.
type Session struct {
	BaseModel `bun:"table:sessions,alias:session"`
	Owned
	ID          string `bun:",pk"`
	Kind        SessionKind
	StaffID     *int64 // SessionStaff
	Mobile      string `sealed:"sessions.mobile,blind=mobile"` // SessionCitizen, E.164
	SubjectKind string // SessionTracker: complaint, meeting
	SubjectID   int64
	CreatedAt   time.Time
	SeenAt      time.Time
	ExpiresAt   time.Time
	// MobileSealed is what the blind index of the column stands for.
	MobileSealed string
	UserAgent    string     // SessionStaff: of the browser, cut off at 200 bytes
	IP           string     `bun:"ip"` // SessionStaff: where it was begun
	ConfirmedAt  *time.Time // SessionStaff: when the person last proved to be who they are
}

// tokenBytes is twice the 128 bits that a session token needs (ASVS 7.2.3).
const tokenBytes = 32

// NewToken draws a secret for a cookie: 43 characters, safe in URLs.
func NewToken() string {
	var raw [tokenBytes]byte
	_, _ = rand.Read(raw[:]) // never fails: the runtime ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// HashToken is the form in which a token is stored: SHA-256 in hex. A plain
// hash is enough for a secret of 256 random bits.
func HashToken(token string) string {
	digest := sha256.Sum256([]byte(token))
	return hex.EncodeToString(digest[:])
}

// IsToken tells whether s looks like a token; anything else is not worth a query.
func IsToken(s string) bool {
	return len(s) == base64.RawURLEncoding.EncodedLen(tokenBytes)
}

// OpenSession writes s, whose kind and binding the caller has filled, under a
// new token and returns the token. A session is never handed on: every sign-in
// opens a new one.
func OpenSession(ctx context.Context, tx *Tx, s *Session) (token string, err error) {
	token = NewToken()
	s.ID = HashToken(token)
	s.CreatedAt, s.SeenAt, s.ExpiresAt = tx.Now(), tx.Now(), tx.Now().Add(SessionLimit)
	return token, fault.Wrap(tx.Insert(ctx, s), "tenants.OpenSession")
}

// LiveSession binds a query over sessions (alias session) to the one that
// token opens and that has neither ended nor idled away.
func LiveSession(q *Query, token string, now time.Time) *Query {
	return q.Where("session.id = ?", HashToken(token)).
		Where("session.expires_at > ?", now).
		Where("session.seen_at > ?", now.Add(-SessionIdle))
}

// ErrSessionEnded is what Authenticate of staff and citizens answers for a
// token that opens nothing (any more): the web asks to sign in again.
func ErrSessionEnded() error { return fault.New(fault.NotFound, "session.ended") }

// SessionStale tells whether a session seen at seenAt is due for TouchSession.
func SessionStale(seenAt, now time.Time) bool { return now.Sub(seenAt) >= sessionTouch }

// TouchSession notes that the session is in use. It wakes no session that has
// ended meanwhile, and of parallel requests only the first writes.
func TouchSession(ctx context.Context, tx *Tx, id string) error {
	now := tx.Now()
	_, err := tx.Set(ctx, (*Session)(nil), "seen_at = ?", []any{now},
		"id = ? AND seen_at <= ? AND seen_at > ? AND expires_at > ?",
		id, now.Add(-sessionTouch), now.Add(-SessionIdle), now)
	return fault.Wrap(err, "tenants.TouchSession")
}

// ConfirmSession gives the session of a token a new token, and notes that the
// person has just proved to be who they are; the old token opens nothing from
// then on.
func ConfirmSession(ctx context.Context, tx *Tx, old string) (token string, err error) {
	token = NewToken()
	n, err := tx.Set(ctx, (*Session)(nil), "id = ?, confirmed_at = ?", []any{HashToken(token), tx.Now()},
		"id = ? AND expires_at > ?", HashToken(old), tx.Now())
	if err == nil && n == 0 {
		err = ErrSessionEnded()
	}
	return token, fault.Wrap(err, "tenants.ConfirmSession")
}

// CloseSession ends the session of the token; a token that opens nothing is no
// error.
func CloseSession(ctx context.Context, tx *Tx, token string) error {
	_, err := tx.Delete(ctx, (*Session)(nil), "id = ?", HashToken(token))
	return fault.Wrap(err, "tenants.CloseSession")
}

// PurgeSessions removes the sessions that have ended and tells how many.
func PurgeSessions(ctx context.Context, tx *Tx) (int64, error) {
	n, err := tx.Delete(ctx, (*Session)(nil), "expires_at <= ? OR seen_at <= ?", tx.Now(), tx.Now().Add(-SessionIdle))
	return n, fault.Wrap(err, "tenants.PurgeSessions")
}
