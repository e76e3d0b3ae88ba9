package staff

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/vault"
	"pasokh/tenants"
)

// FreshFor is how long a proof of who one is opens dangerous acts.
const FreshFor = 10 * time.Minute

// Fresh tells whether the person has proved to be who they are a moment ago, by
// signing in or by Confirm.
func (p *Principal) Fresh(now time.Time) bool {
	return p.ConfirmedAt != nil && now.Sub(*p.ConfirmedAt) < FreshFor
}

// Confirmation is what somebody who is signed in gives to prove it anew: the
// password, or a code of the second factor.
type Confirmation struct {
	Token    string // of the session
	Password string
	Code     string
}

// Confirm proves anew who sits there. The session gets a new token, which goes
// into the cookie; the old one is dead. Field errors: password, code. Like
// SignIn it takes the DB, because hashing takes its time.
func Confirm(ctx context.Context, db *tenants.DB, h Hasher, keys *vault.Keys, actor tenants.Actor, in Confirmation) (token string, err error) {
	by := "password"
	if in.Code == "" {
		account := new(Staff)
		err := db.Select(account).Where("staff.id = ?", actor.ID).Scan(ctx)
		db.Release()
		if err != nil {
			return "", fault.Wrap(tenants.Err(err), "staff.Confirm")
		}
		if !h.Matches(account.PasswordHash, in.Password) {
			return "", refusedAnew(ctx, db, actor, "password", "factor.error.password")
		}
	}
	err = db.Write(ctx, actor, func(tx *tenants.Tx) error {
		if in.Code != "" {
			who, err := lockSelf(ctx, tx)
			if err != nil {
				return err
			}
			if by, err = who.proves(ctx, tx, keys, in.Code); err != nil {
				return err
			}
		}
		token, err = confirmed(ctx, tx, in.Token, by)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return "", refusedAnew(ctx, db, actor, "code", "factor.error.code")
	}
	return token, err
}

func confirmed(ctx context.Context, tx *tenants.Tx, old, by string) (string, error) {
	token, err := tenants.ConfirmSession(ctx, tx, old)
	if err != nil {
		return "", err
	}
	return token, audit.Record(ctx, tx, "session:confirm", "staff", tx.Actor().ID, by)
}

func refusedAnew(ctx context.Context, db *tenants.DB, actor tenants.Actor, field, key string) error {
	err := db.Write(ctx, actor, func(tx *tenants.Tx) error {
		return audit.Record(ctx, tx, "session:confirm_refused", "staff", actor.ID, field)
	})
	if err != nil {
		return err
	}
	return fault.Field(field, key)
}
