package settings

import (
	"context"
	"net/url"
	"slices"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// maxContacts bounds the contacts of an organization: they stand below every page.
const maxContacts = 20

// ContactKinds lists the kinds in the order they are offered.
func ContactKinds() []string {
	return []string{"phone", "short_code", "voicemail", "sms", "ivr", "link"}
}

// ContactByID reads one contact.
func ContactByID(ctx context.Context, r tenants.Reader, id int64) (*tenants.Contact, error) {
	c := new(tenants.Contact)
	return c, tenants.Err(r.Select(c).Where("contact.id = ?", id).Scan(ctx))
}

// SaveContact writes a contact: a new one at the end when it has no ID. Field
// errors: kind, label_fa, label_en, number, hours_fa, hours_en.
func SaveContact(ctx context.Context, tx *tenants.Tx, c *tenants.Contact) error {
	for _, line := range []*string{&c.LabelFA, &c.LabelEN, &c.Number, &c.HoursFA, &c.HoursEN} {
		*line = persian.CleanLine(*line)
	}
	c.Number = persian.ToASCII(c.Number)
	if err := checkContact(c); err != nil {
		return err
	}
	all, err := tenants.Contacts(ctx, tx)
	if err != nil {
		return err
	}
	if c.ID != 0 {
		err = tx.Update(ctx, c, "kind", "label_fa", "label_en", "number", "hours_fa", "hours_en")
	} else {
		if len(all) >= maxContacts {
			return fault.Field("number", "contact.error.many")
		}
		c.ID = tenants.NewID()
		for i := range all {
			c.Position = max(c.Position, all[i].Position+1)
		}
		err = tx.Insert(ctx, c)
	}
	if err != nil {
		return fault.Wrap(err, "settings.SaveContact")
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", c.ID, "contact")
}

func checkContact(c *tenants.Contact) error {
	wrong := fault.Fields{}
	if !slices.Contains(ContactKinds(), c.Kind) {
		wrong.Add("kind", "contact.error.kind")
	}
	for field, label := range map[string]string{"label_fa": c.LabelFA, "label_en": c.LabelEN} {
		if label == "" || utf8.RuneCountInString(label) > 80 {
			wrong.Add(field, "contact.error.label")
		}
	}
	for field, hours := range map[string]string{"hours_fa": c.HoursFA, "hours_en": c.HoursEN} {
		if utf8.RuneCountInString(hours) > 80 {
			wrong.Add(field, "contact.error.hours")
		}
	}
	if c.Kind == "link" {
		if at, err := url.Parse(c.Number); err != nil || at.Scheme != "https" || at.Host == "" || at.User != nil || len(c.Number) > 300 {
			wrong.Add("number", "contact.error.link")
		}
	} else if n := digits(c.Number); n < 3 || n > 15 || len(c.Number) > 24 {
		wrong.Add("number", "contact.error.number")
	}
	return wrong.Err()
}

// digits counts the digits of a number; a number with anything else than digits
// and what people write between them has none.
func digits(number string) (n int) {
	for _, c := range number {
		switch {
		case c >= '0' && c <= '9':
			n++
		case c != '-' && c != ' ' && c != '+' && c != '(' && c != ')':
			return 0
		}
	}
	return n
}

// MoveContact puts a contact one place up or down.
func MoveContact(ctx context.Context, tx *tenants.Tx, id int64, down bool) error {
	all, err := tenants.Contacts(ctx, tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(c tenants.Contact) bool { return c.ID == id })
	if at < 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	to := at - 1
	if down {
		to = at + 1
	}
	if to < 0 || to >= len(all) {
		return nil
	}
	all[at], all[to] = all[to], all[at]
	for i := range all {
		if all[i].Position == i {
			continue
		}
		all[i].Position = i
		if err := tx.Update(ctx, &all[i], "position"); err != nil {
			return fault.Wrap(err, "settings.MoveContact")
		}
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", id, "contact")
}

// RemoveContact takes a contact away.
func RemoveContact(ctx context.Context, tx *tenants.Tx, id int64) error {
	n, err := tx.Delete(ctx, (*tenants.Contact)(nil), "id = ?", id)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	if err != nil {
		return fault.Wrap(err, "settings.RemoveContact")
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", id, "contact")
}
