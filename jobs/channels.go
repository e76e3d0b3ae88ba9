package jobs

import (
	"context"

	"pasokh/app/notify"
	"pasokh/tenants"
)

// checkDeliveries asks the gateways what became of the messages they took.
func checkDeliveries(ctx context.Context, d *Deps) error {
	return eachWith(ctx, d, tenants.Deliveries, d.Root.Clock()(), func(ctx context.Context, db *tenants.DB) error {
		_, err := d.Post.CheckDeliveries(ctx, db)
		return err
	})
}

// checkCredit asks the gateways what is left on their accounts.
func checkCredit(ctx context.Context, d *Deps) error {
	if d.Post.Gateways == nil {
		return nil
	}
	return eachWith(ctx, d, tenants.Credits, nil, d.Post.Gateways.CheckCredit)
}

// undelivered sends a message that did not arrive by another channel.
func undelivered(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids notify.MessageFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.Undelivered(ctx, db, ids.MessageID)
}

// staffDigest tells a member of the staff in the morning what has collected.
func staffDigest(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids notify.DigestFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.StaffDigest(ctx, db, notify.CauseOf(t), ids.StaffID)
}

// creditLow warns those who look after the gateways.
func creditLow(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids notify.CreditLow
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.CreditLow(ctx, db, notify.CauseOf(t), ids.GatewayID)
}

// resent carries a message that somebody sends again.
func resent(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (string, error) {
	var ids notify.MessageFact
	if err := t.IDs(&ids); err != nil {
		return "", errPayload(err)
	}
	return d.Post.Resent(ctx, db, ids.MessageID)
}
