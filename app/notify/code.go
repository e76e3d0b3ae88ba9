package notify

import (
	"context"

	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

// Code makes the one-time code that a citizen asked for and sends it. The code
// is kept nowhere: a try whose end is unknown is not repeated, the citizen asks
// for another.
func (p *Post) Code(ctx context.Context, db *tenants.DB, c Cause, otpID int64) (string, error) {
	return p.Send(ctx, db, c.Key("citizen"), func(tx *tenants.Tx) (Draft, error) {
		mobile, digits, err := citizens.IssueCode(ctx, tx, otpID)
		if err != nil {
			return Draft{}, err
		}
		key, err := codeText(ctx, tx, otpID)
		if err != nil {
			return Draft{}, err
		}
		w, err := WordingOf(ctx, tx, key)
		if err != nil {
			return Draft{}, err
		}
		l, err := citizens.LanguageOf(ctx, tx, mobile)
		if err != nil {
			return Draft{}, err
		}
		said := w.Say(tx.Tenant(), carriers.SMS, l, []any{"code", digits, "n", int(citizens.CodeLife.Minutes())})
		return Draft{Template: key, To: mobile, Text: said.Text, Secret: true, Params: []carriers.Param{{Name: "code", Value: digits}}}, nil
	})
}

// codeText is the key of the text that carries a code: one that confirms
// something says what it confirms, so that nobody gives it away unknowingly.
func codeText(ctx context.Context, r tenants.Reader, otpID int64) (string, error) {
	purpose, err := citizens.PurposeOf(ctx, r, otpID)
	if complaints.IsVisitPurpose(purpose) {
		return "sms.code_visit", err
	}
	return "sms.code", err
}
