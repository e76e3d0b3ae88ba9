package staff

import (
	"context"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// What a browser may be asked to sign for.
const (
	purposeRegister = "register"
	purposeSignIn   = "sign_in"
	purposeConfirm  = "confirm"
)

func purposeOf(confirm bool) string {
	if confirm {
		return purposeConfirm
	}
	return purposeSignIn
}

// challengeTime is how long a browser may take to sign.
const challengeTime = 5 * time.Minute

// challenge is what a browser was asked to sign. Its ID is the hash of the
// random bytes, so that the answer finds it.
type challenge struct {
	tenants.BaseModel `bun:"table:staff_challenges,alias:challenge"`
	tenants.Owned
	ID        string `bun:",pk"`
	Purpose   string
	Holder    string
	StaffID   *int64
	Data      webauthn.SessionData `bun:"type:jsonb"`
	ExpiresAt time.Time
}

// ask keeps a challenge for the browser that it was made for.
func ask(ctx context.Context, tx *tenants.Tx, purpose, holder string, staffID *int64, data *webauthn.SessionData) error {
	row := &challenge{
		ID: tenants.HashToken(data.Challenge), Purpose: purpose, Holder: holder, StaffID: staffID,
		Data: *data, ExpiresAt: tx.Now().Add(challengeTime),
	}
	return fault.Wrap(tx.Insert(ctx, row), "staff.ask")
}

// take uses a challenge up, in a transaction of its own: an answer that turns
// out wrong has used it as well.
func take(ctx context.Context, db *tenants.DB, actor tenants.Actor, purpose, holder, random string) (*webauthn.SessionData, error) {
	row := new(challenge)
	err := db.Write(ctx, actor, func(tx *tenants.Tx) error {
		id := tenants.HashToken(random)
		err := tx.Lock(ctx, row, "challenge.id = ? AND challenge.purpose = ? AND challenge.holder = ?", id, purpose, holder)
		if fault.Is(err, fault.NotFound) || err == nil && !row.ExpiresAt.After(tx.Now()) ||
			err == nil && row.StaffID != nil && *row.StaffID != actor.ID {
			return errRefused()
		}
		if err != nil {
			return fault.Wrap(err, "staff.take")
		}
		n, err := tx.Delete(ctx, (*challenge)(nil), "id = ?", id)
		if err == nil && n == 0 {
			return errRefused()
		}
		return fault.Wrap(err, "staff.take")
	})
	return &row.Data, err
}
