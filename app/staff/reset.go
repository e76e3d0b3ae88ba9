package staff

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// KindResetAsked is the outbox kind of a wish for a new password; its payload is
// About, with 0 where there is no such account.
const KindResetAsked = "staff.reset_asked"

// resetsAnHour is how many resets one account is sent.
const resetsAnHour = 3

// AskReset notes that somebody asks for a new password for a user name. It does
// the same work and answers the same whether or not there is such an account;
// whether a link is sent is decided where nobody waits for the answer.
func AskReset(ctx context.Context, tx *tenants.Tx, typed string) error {
	id := int64(0)
	s, err := ByUserName(ctx, tx, typed)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, "staff.AskReset")
	}
	if err == nil {
		id = s.ID
	}
	if err := audit.Record(ctx, tx, "staff:reset_asked", "staff", id, ""); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindResetAsked, About{id})
}

// BeginReset sends the link that was asked for, when the account is in use, can
// be reached and was not sent too many of late; sent tells whether it did. It
// runs where no one waits, with the system as the actor.
func BeginReset(ctx context.Context, tx *tenants.Tx, id int64) (sent bool, err error) {
	if id == 0 {
		return false, nil
	}
	s := new(Staff)
	if err := tx.Lock(ctx, s, "staff.id = ?", id); err != nil {
		return false, fault.Wrap(err, "staff.BeginReset")
	}
	if s.DisabledAt != nil || s.Mobile == "" && s.Email == "" {
		return false, nil
	}
	n, err := tx.Select((*Pass)(nil)).Where("pass.staff_id = ? AND pass.purpose = ? AND pass.created_at > ?", id, ByReset, tx.Now().Add(-time.Hour)).Count(ctx)
	if err != nil || n >= resetsAnHour {
		return false, fault.Wrap(tenants.Err(err), "staff.BeginReset")
	}
	return true, StartReset(ctx, tx, id)
}
