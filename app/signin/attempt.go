package signin

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/openid"
	"pasokh/tenants"
)

// AttemptTime is how long somebody may take at the service.
const AttemptTime = 10 * time.Minute

// attempt is a sign-in that is awaited back, by the hash of its state.
type attempt struct {
	tenants.BaseModel `bun:"table:sign_in_attempts,alias:attempt"`
	tenants.Owned
	ID        string `bun:",pk"`
	Kind      Kind
	Holder    string
	Nonce     string
	Verifier  string
	Next      string
	ExpiresAt time.Time
}

// Begin keeps an attempt for the browser that it was begun in.
func Begin(ctx context.Context, tx *tenants.Tx, kind Kind, holder, next string, a openid.Attempt) error {
	if _, err := tx.Delete(ctx, (*attempt)(nil), "expires_at <= ?", tx.Now()); err != nil {
		return fault.Wrap(err, "signin.Begin")
	}
	row := &attempt{
		ID: tenants.HashToken(a.State), Kind: kind, Holder: holder, Nonce: a.Nonce, Verifier: a.Verifier, Next: next,
		ExpiresAt: tx.Now().Add(AttemptTime),
	}
	return fault.Wrap(tx.Insert(ctx, row), "signin.Begin")
}

// Take uses an attempt up, in a transaction of its own, so that whatever comes of
// it, it came once. Forbidden "service.refused" when this browser began none of
// that state.
func Take(ctx context.Context, db *tenants.DB, kind Kind, holder, state string) (a openid.Attempt, next string, err error) {
	row := new(attempt)
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		id := tenants.HashToken(state)
		err := tx.Lock(ctx, row, "attempt.id = ? AND attempt.kind = ? AND attempt.holder = ? AND attempt.expires_at > ?", id, kind, holder, tx.Now())
		if fault.Is(err, fault.NotFound) {
			return errRefused()
		}
		if err != nil {
			return fault.Wrap(err, "signin.Take")
		}
		n, err := tx.Delete(ctx, (*attempt)(nil), "id = ?", id)
		if err == nil && n == 0 {
			return errRefused()
		}
		return fault.Wrap(err, "signin.Take")
	})
	return openid.Attempt{State: state, Nonce: row.Nonce, Verifier: row.Verifier}, row.Next, err
}

// errRefused is the one answer to every sign-in that fails.
func errRefused() error { return fault.New(fault.Forbidden, "service.refused") }

// Refused notes a sign-in that failed; why is a word, no claim.
func Refused(ctx context.Context, tx *tenants.Tx, kind Kind, why string) error {
	return audit.Record(ctx, tx, "service:refused", "service", 0, string(kind)+" "+why)
}
