package settings

import (
	"context"
	"slices"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Accents are the colours that an organization may choose from: the design
// system holds each to WCAG contrast, in light and dark, in its own test.
var Accents = []string{"teal", "green", "emerald", "cyan", "blue", "indigo", "violet", "plum", "crimson", "amber"}

// identity is what can be wrong with an identity.
type identity tenants.Identity

func (in *identity) check() error {
	wrong := fault.Fields{}
	for field, name := range map[string]string{"name_fa": in.NameFA, "name_en": in.NameEN} {
		if name == "" {
			wrong.Add(field, "identity.error.name")
		} else if utf8.RuneCountInString(name) > 120 {
			wrong.Add(field, "identity.error.long")
		}
	}
	for field, name := range map[string]string{"short_fa": in.ShortFA, "short_en": in.ShortEN} {
		if utf8.RuneCountInString(name) > 30 {
			wrong.Add(field, "identity.error.short_long")
		}
	}
	for field, text := range map[string]string{"about_fa": in.AboutFA, "about_en": in.AboutEN} {
		if utf8.RuneCountInString(text) > 300 {
			wrong.Add(field, "identity.error.about_long")
		}
	}
	if !slices.Contains(Accents, in.Accent) {
		wrong.Add("accent", "identity.error.accent")
	}
	return wrong.Err()
}

// SaveIdentity writes the names, the words about itself and the colour. Field
// errors: name_fa, name_en, short_fa, short_en, about_fa, about_en, accent.
func SaveIdentity(ctx context.Context, tx *tenants.Tx, in tenants.Identity) error {
	for _, line := range []*string{&in.NameFA, &in.NameEN, &in.ShortFA, &in.ShortEN} {
		*line = persian.CleanLine(*line)
	}
	in.AboutFA, in.AboutEN = persian.Clean(in.AboutFA), persian.Clean(in.AboutEN)
	checked := identity(in)
	if err := checked.check(); err != nil {
		return err
	}
	was := tenants.Identity{}
	err := tx.ChangeIdentity(ctx, func(now *tenants.Identity) {
		was = *now
		*now = in
	})
	if err != nil || was == in {
		return err
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, "identity")
}
