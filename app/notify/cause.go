package notify

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Cause is the task that makes somebody be told something. Every message of it
// has a key made from it, so that running the task again sends nothing again.
type Cause struct{ task *tenants.Task }

// CauseOf takes a task of the outbox as the cause of messages.
func CauseOf(t *tenants.Task) Cause { return Cause{t} }

// Key names the message of this cause to one audience. The time belongs to it,
// because a task that was put off tells a new thing.
func (c Cause) Key(audience string) string {
	return fmt.Sprintf("%d@%d:%s", c.task.ID, c.task.RunAt.Unix(), audience)
}

// lang is the language of text messages; people's own choice is not kept yet.
const lang = messages.FA

// told is what a message says: its key in the catalogue and what fills it.
type told struct {
	subject timeline.Subject
	key     string
	args    []any
	opens   bool // the link opens the subject, once, without code and number
}

// text writes the message with the office's name in its first line.
func (t told) text(r tenants.Reader) string {
	return messages.In(lang, t.key, append([]any{"office", r.Tenant().NameFA}, t.args...)...)
}

// unsaid is the code for the link of a message, unless the message says it.
func unsaid(key, code string) string {
	if strings.Contains(messages.In(lang, key), "{code}") {
		return ""
	}
	return code
}

// citizen tells one citizen; nobody when the person stayed nameless.
func (p *Post) citizen(ctx context.Context, db *tenants.DB, c Cause, id *int64, t told) (string, error) {
	if id == nil {
		return "nameless", nil
	}
	return p.Send(ctx, db, c.Key("citizen"), func(tx *tenants.Tx) (Draft, error) {
		who, err := citizens.ByID(ctx, tx, *id)
		if err != nil {
			return Draft{}, err
		}
		d := Draft{Template: t.key, Citizen: who.ID, Subject: t.subject, To: who.Mobile, Mail: who.Email, Text: t.text(tx)}
		if t.opens {
			err = p.opening(ctx, tx, &d, t)
		}
		return d, err
	})
}

// opening puts a link of its own into the message; the record keeps the plain one.
func (p *Post) opening(ctx context.Context, tx *tenants.Tx, d *Draft, t told) error {
	word, err := citizens.NewLink(ctx, tx, t.subject.Kind, t.subject.ID)
	if err != nil {
		return err
	}
	d.Kept = d.Text
	t.args = append([]any{"link", p.Links.Open(tx.Tenant(), word)}, t.args...)
	d.Text = t.text(tx)
	return nil
}

// staff tells everybody in the list; the word counts the outcomes.
func (p *Post) staff(ctx context.Context, db *tenants.DB, c Cause, list []staff.Staff, t told) (string, error) {
	if len(list) == 0 {
		return "nobody to tell", nil
	}
	var words []string
	for _, who := range list {
		word, err := p.Send(ctx, db, c.Key(fmt.Sprintf("staff.%d", who.ID)), func(tx *tenants.Tx) (Draft, error) {
			return Draft{Template: t.key, Staff: who.ID, Subject: t.subject, To: who.Mobile, Mail: who.Email, Text: t.text(tx)}, nil
		})
		if err != nil {
			return "", err
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", "), nil
}

// inCharge lists who answers for a unit: its heads; where there are none,
// everybody in it.
func inCharge(ctx context.Context, r tenants.Reader, unitID int64) ([]staff.Staff, error) {
	list, err := staff.WithRole(ctx, r, "unit_head", &unitID)
	if err != nil || len(list) > 0 {
		return list, err
	}
	return staff.OfUnit(ctx, r, unitID)
}

// holders lists who holds a role: those of the unit for the roles that belong to
// units, else those of the whole organization.
func holders(ctx context.Context, r tenants.Reader, role string, unitID int64) ([]staff.Staff, error) {
	if role == "unit_head" || role == "unit_expert" {
		return inCharge(ctx, r, unitID)
	}
	return staff.WithRole(ctx, r, role, nil)
}

// account lists one member of staff; nobody when there is none or the account
// is closed.
func account(ctx context.Context, r tenants.Reader, id *int64) ([]staff.Staff, error) {
	if id == nil {
		return nil, nil
	}
	who, err := staff.ByID(ctx, r, *id)
	if fault.Is(err, fault.NotFound) || (err == nil && who.DisabledAt != nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []staff.Staff{*who}, nil
}

// accounts reads those of several accounts that are in use.
func accounts(ctx context.Context, r tenants.Reader, ids []int64) ([]staff.Staff, error) {
	var list []staff.Staff
	for _, id := range ids {
		one, err := account(ctx, r, &id)
		if err != nil {
			return nil, err
		}
		list = append(list, one...)
	}
	return list, nil
}

// both tells two audiences of one cause, one after the other.
func both(first string, err error, second func() (string, error)) (string, error) {
	if err != nil {
		return "", err
	}
	word, err := second()
	return first + ", " + word, err
}
