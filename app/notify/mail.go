package notify

import (
	"context"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// MailsNamed lists the mails that went out under these Message-IDs, the newest
// first. A name is a digest of the message's key (carriers.Sender of mail), so
// that nobody comes upon it who was not written to.
func MailsNamed(ctx context.Context, r tenants.Reader, names []string) ([]Message, error) {
	var list []Message
	if len(names) == 0 {
		return nil, nil
	}
	err := r.Select(&list).Where("message.via = 'mail' AND message.provider_id <> '' AND message.provider_id IN (?)", tenants.In(names)).
		OrderExpr("message.id DESC").Limit(60).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "notify.MailsNamed")
}

// Bounced notes that mails did not arrive: code is the status of RFC 3463, or
// empty. What is known to have arrived or failed stays as it is. learned, when not
// nil, is told of each.
func Bounced(ctx context.Context, tx *tenants.Tx, names []string, reason, code string, learned func(provider, result string)) error {
	list, err := MailsNamed(ctx, tx, names)
	if err != nil {
		return err
	}
	for i := range list {
		m := &list[i]
		if m.State == Failed || m.Delivery == Undelivered || m.Channel != carriers.Mail {
			continue
		}
		now := tx.Now()
		if m.State == Unknown {
			m.State = Accepted // it was out, or it could not come back
		}
		m.Delivery, m.Reason, m.Code, m.CheckAt, m.CheckedAt = Undelivered, reason, code, nil, &now
		if err := tx.Update(ctx, m, "state", "delivery", "reason", "code", "check_at", "checked_at"); err != nil {
			return fault.Wrap(err, "notify.Bounced")
		}
		m.tell(learned)
	}
	return nil
}
