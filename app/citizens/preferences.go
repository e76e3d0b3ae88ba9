package citizens

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Preferences are how somebody wants to be told.
type Preferences struct {
	Email       string
	Language    messages.Lang
	CourtesyOff bool // only what is official
}

// Address reads an address of mail, empty for none. Field error: email.
func Address(typed string) (string, error) {
	if persian.CleanLine(typed) == "" {
		return "", nil
	}
	address, ok := persian.Mail(typed)
	if !ok {
		return "", fault.Field("email", "citizen.email.wrong")
	}
	return address, nil
}

// PreferencesOf reads those of a mobile number: of the person who was known by
// it last.
func PreferencesOf(ctx context.Context, r tenants.Reader, mobile string) (Preferences, error) {
	var list []Citizen
	err := r.Select(&list).Where("citizen.mobile = ?", r.Blind("mobile", mobile)).Order("citizen.id DESC").Limit(1).Scan(ctx)
	if err != nil || len(list) == 0 {
		return Preferences{Language: messages.FA}, fault.Wrap(tenants.Err(err), "citizens.PreferencesOf")
	}
	return Preferences{list[0].Email, messages.Parse(string(list[0].Language)), list[0].CourtesyOff}, nil
}

// LanguageOf is the language of what we tell a mobile number.
func LanguageOf(ctx context.Context, r tenants.Reader, mobile string) (messages.Lang, error) {
	p, err := PreferencesOf(ctx, r, mobile)
	return p.Language, err
}

// Prefer keeps how the people behind a proven mobile number want to be told.
// Field error: email.
func Prefer(ctx context.Context, tx *tenants.Tx, mobile string, in Preferences) error {
	address, err := Address(in.Email)
	if err != nil {
		return err
	}
	var known []Citizen
	if err := tx.LockAll(ctx, &known, "citizen.mobile = ?", tx.Blind("mobile", mobile)); err != nil {
		return fault.Wrap(err, "citizens.Prefer")
	}
	for i := range known {
		c := &known[i]
		c.Email, c.Language, c.CourtesyOff = address, messages.Parse(string(in.Language)), in.CourtesyOff
		if err := tx.Update(ctx, c, "email", "language", "courtesy_off"); err != nil {
			return fault.Wrap(err, "citizens.Prefer")
		}
	}
	return nil
}
