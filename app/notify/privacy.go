package notify

import (
	"context"

	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/privacy"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// tellNumber tells a number by itself: that of somebody who is erased, or who has
// another one. The text names nobody, and the record keeps no person.
func (p *Post) tellNumber(ctx context.Context, db *tenants.DB, key, mobile string, l messages.Lang, t told) (string, error) {
	if mobile == "" {
		return movedOn, nil
	}
	return p.Send(ctx, db, key, func(tx *tenants.Tx) (Draft, error) {
		w, err := WordingOf(ctx, tx, t.key)
		if err != nil {
			return Draft{}, err
		}
		said := w.Say(tx.Tenant(), carriers.SMS, l, t.args)
		return Draft{Template: t.key, To: mobile, Text: said.Text}, nil
	})
}

// MobileAsked tells the old number that somebody wants it replaced.
func (p *Post) MobileAsked(ctx context.Context, db *tenants.DB, c Cause, id int64) (string, error) {
	m, l, word, err := change(ctx, db, id)
	if m == nil {
		return word, err
	}
	return p.tellNumber(ctx, db, c.Key("old"), m.OldMobile, l, told{key: "sms.citizen.mobile_asked", args: []any{"date", date(m.AskedAt), "link", p.Links.Home(db.Tenant())}})
}

// MobileChanged tells both numbers.
func (p *Post) MobileChanged(ctx context.Context, db *tenants.DB, c Cause, id int64) (string, error) {
	m, l, word, err := change(ctx, db, id)
	if m == nil {
		return word, err
	}
	word, err = p.tellNumber(ctx, db, c.Key("old"), m.OldMobile, l, told{key: "sms.citizen.mobile_left", args: []any{"date", date(m.AskedAt), "link", p.Links.Home(db.Tenant())}})
	if err != nil {
		return "", err
	}
	other, err := p.tellNumber(ctx, db, c.Key("new"), m.NewMobile, l, told{key: "sms.citizen.mobile_changed", args: []any{"date", date(m.AskedAt), "link", p.Links.MyData(db.Tenant())}})
	return word + ", " + other, err
}

// MobileRefused tells the number that asked.
func (p *Post) MobileRefused(ctx context.Context, db *tenants.DB, c Cause, id int64) (string, error) {
	m, l, word, err := change(ctx, db, id)
	if m == nil {
		return word, err
	}
	return p.tellNumber(ctx, db, c.Key("new"), m.NewMobile, l, told{key: "sms.citizen.mobile_refused", args: []any{"link", p.Links.MyData(db.Tenant())}})
}

func change(ctx context.Context, db *tenants.DB, id int64) (*citizens.MobileChange, messages.Lang, string, error) {
	m, err := citizens.MoveByID(ctx, db, id)
	if fault.Is(err, fault.NotFound) {
		return nil, "", movedOn, nil
	}
	if err != nil {
		return nil, "", "", err
	}
	l, err := citizens.LanguageOf(ctx, db, m.NewMobile)
	return m, l, "", err
}

// ErasureAsked tells a person that their wish was noted, and until when it is
// answered.
func (p *Post) ErasureAsked(ctx context.Context, db *tenants.DB, c Cause, id int64) (string, error) {
	q, err := privacy.ByID(ctx, db, id)
	if err != nil || q.State != privacy.Open {
		return movedOn, err
	}
	return p.citizen(ctx, db, c, &q.CitizenID, told{key: "sms.citizen.erasure_asked", args: []any{"date", date(q.DueAt), "link", p.Links.MyData(db.Tenant())}})
}

// ErasureRefused tells a person where they can read why.
func (p *Post) ErasureRefused(ctx context.Context, db *tenants.DB, c Cause, id int64) (string, error) {
	q, err := privacy.ByID(ctx, db, id)
	if err != nil || q.State != privacy.Refused {
		return movedOn, err
	}
	return p.citizen(ctx, db, c, &q.CitizenID, told{key: "sms.citizen.erasure_refused", args: []any{"link", p.Links.MyData(db.Tenant())}})
}

// Erased tells somebody that they were forgotten, and then forgets their number.
func (p *Post) Erased(ctx context.Context, db *tenants.DB, c Cause, id int64) (string, error) {
	q, err := privacy.ByID(ctx, db, id)
	if err != nil || q.State != privacy.Erased {
		return movedOn, err
	}
	word, err := p.tellNumber(ctx, db, c.Key("number"), q.Mobile, messages.Parse(string(q.Language)), told{key: "sms.citizen.erased", args: []any{"date", date(*q.DecidedAt)}})
	if err != nil {
		return "", err
	}
	return word, db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return privacy.Told(ctx, tx, id) })
}
