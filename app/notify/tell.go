package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// citizen tells one citizen; nobody when the person stayed nameless or wants
// no courtesies. Outside its hours the message is put off with its task.
func (p *Post) citizen(ctx context.Context, db *tenants.DB, c Cause, id *int64, t told) (string, error) {
	if id == nil {
		return "nameless", nil
	}
	w, err := WordingOf(ctx, db, t.key)
	if err != nil {
		return "", err
	}
	who, err := citizens.ByID(ctx, db, *id)
	if err != nil {
		return "", err
	}
	if who.CourtesyOff && !w.Event.Official {
		return "not wanted", nil
	}
	if !w.Event.Official {
		if stop, err := tenants.CourtesyStops(ctx, db); stop || err != nil {
			return "quota", err
		}
	}
	if word, err := p.hold(ctx, db, c, w.Event, t); word != "" || err != nil {
		return word, err
	}
	return p.each(ctx, db, c.Key("citizen"), w, who.Email != "", func(channel string) func(*tenants.Tx) (Draft, error) {
		return func(tx *tenants.Tx) (Draft, error) {
			who, err := citizens.ByID(ctx, tx, *id)
			if err != nil {
				return Draft{}, err
			}
			d := Draft{Channel: channel, Template: t.key, Citizen: who.ID, Subject: t.subject, Mail: who.Email, until: t.before, ref: c.task.Ref}
			d.To = address(channel, who.Mobile, who.Email)
			err = p.write(ctx, tx, &d, w, who.Language, t)
			return d, err
		}
	})
}

// staff tells everybody in the list: first all of them behind the bell, which
// needs nobody else, then each by the other channels. What fails for one keeps
// nothing from the next; the errors come together. The word counts the outcomes.
func (p *Post) staff(ctx context.Context, db *tenants.DB, c Cause, list []staff.Staff, t told) (string, error) {
	if len(list) == 0 {
		return "nobody to tell", nil
	}
	w, err := WordingOf(ctx, db, t.key)
	if err != nil {
		return "", err
	}
	var failures []error
	var words []string
	say := func(word string, err error) {
		if failures = append(failures, err); err == nil && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	var now []*staff.Staff // those whom it does not wait for in the morning
	for i := range list {
		collected, err := p.leave(ctx, db, memberKey(c, &list[i]), &list[i], w, t)
		switch {
		case err != nil, collected:
			say("in the digest", err)
		default:
			now = append(now, &list[i])
		}
	}
	for _, who := range now {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		say(p.member(ctx, db, c, who, w, t))
	}
	return strings.Join(words, ", "), errors.Join(failures...)
}

func memberKey(c Cause, who *staff.Staff) string { return c.Key(fmt.Sprintf("staff.%d", who.ID)) }

// member tells one member of the staff by the channels other than the bell, in
// the hours of the message.
func (p *Post) member(ctx context.Context, db *tenants.DB, c Cause, who *staff.Staff, w *Wording, t told) (string, error) {
	if word, err := p.hold(ctx, db, c, w.Event, t); word != "" || err != nil {
		return word, err
	}
	return p.each(ctx, db, memberKey(c, who), w, who.Email != "", func(channel string) func(*tenants.Tx) (Draft, error) {
		return func(tx *tenants.Tx) (Draft, error) {
			d := Draft{Channel: channel, Template: t.key, Staff: who.ID, Subject: t.subject, Mail: who.Email, until: t.before, ref: c.task.Ref}
			d.To = address(channel, who.Mobile, who.Email)
			return d, p.write(ctx, tx, &d, w, who.Language, t)
		}
	})
}

// each sends by every channel of the message, whatever becomes of one. The word
// is that of the first that carried it.
func (p *Post) each(ctx context.Context, db *tenants.DB, key string, w *Wording, mail bool, draft func(channel string) func(*tenants.Tx) (Draft, error)) (string, error) {
	channels, err := p.channels(ctx, db, w, mail)
	if err != nil {
		return "", err
	}
	var failures []error
	word := ""
	for _, channel := range channels {
		said, err := p.Send(ctx, db, keyOf(key, channel), draft(channel))
		if ctx.Err() != nil && err != nil {
			return "", ctx.Err()
		}
		if failures = append(failures, err); err == nil && (word == "" || word == string(Failed)) {
			word = said
		}
	}
	if word == "" {
		word = "no channel"
	}
	return word, errors.Join(failures...)
}

// channels are those of the message that are on and that something carries, text
// messages first. A text message that nothing carries is left out only where
// another channel is left: else its record tells the office what is missing.
func (p *Post) channels(ctx context.Context, r tenants.Reader, w *Wording, mail bool) ([]string, error) {
	var list []string
	short := false
	for _, channel := range w.Event.Channels() {
		if !w.On(channel) || channel == carriers.Mail && !mail {
			continue
		}
		carried, err := p.carries(ctx, r, channel)
		switch {
		case err != nil:
			return nil, err
		case carried:
			list = append(list, channel)
		case channel == carriers.SMS:
			short = true
		}
	}
	if len(list) == 0 && short {
		list = []string{carriers.SMS}
	}
	return list, nil
}

// keyOf names the message of a channel: a mail that stands in for a text message
// and one that goes beside it are the same mail, and go once.
func keyOf(key, channel string) string {
	if channel == carriers.SMS {
		return key
	}
	return key + ":" + channel
}

// carries tells whether anything carries a channel.
func (p *Post) carries(ctx context.Context, r tenants.Reader, channel string) (bool, error) {
	if p.Sender != nil || p.Gateways == nil {
		return p.Sender != nil, nil
	}
	rows, err := inUse(ctx, r, channel)
	return len(rows) > 0, err
}

// address is where a channel reaches somebody.
func address(channel, mobile, email string) string {
	if channel == carriers.Mail {
		return email
	}
	return mobile
}

// write puts the words of its channel into a draft, and those of the mail that
// may have to stand in for it.
func (p *Post) write(ctx context.Context, tx *tenants.Tx, d *Draft, w *Wording, chosen messages.Lang, t told) error {
	l, args := messages.Parse(string(chosen)), t.args
	if t.opens {
		link, err := p.opening(ctx, tx, t)
		if err != nil {
			return err
		}
		d.Kept = w.Say(tx.Tenant(), d.channel(), l, t.args).Text
		args = append([]any{"link", link}, args...)
	}
	said := w.Say(tx.Tenant(), d.channel(), l, args)
	d.Title, d.Text = said.Subject, said.Text
	if d.Mail == "" {
		return nil
	}
	letter := w.Say(tx.Tenant(), carriers.Mail, l, args)
	d.Letter = &letter
	if t.invite == nil {
		return nil
	}
	var err error
	d.Calendar, err = t.invite(ctx, tx, l, d.Mail)
	return err
}

// opening makes a link that opens the subject by itself; the record keeps the
// plain one.
func (p *Post) opening(ctx context.Context, tx *tenants.Tx, t told) (string, error) {
	word, err := citizens.NewLink(ctx, tx, t.subject.Kind, t.subject.ID)
	return p.Links.Open(tx.Tenant(), word), err
}

// hold tells whether a message has to wait: then its task is put off to the
// next opening, and reads the world again when it runs. One that would come too
// late does not wait.
func (p *Post) hold(ctx context.Context, r tenants.Reader, c Cause, e *Event, t told) (string, error) {
	now := r.Now()
	if !t.before.IsZero() && !now.Before(t.before) {
		return "dropped: passed", nil
	}
	if t.urgent {
		return "", nil
	}
	at, err := opens(ctx, r, e.Hours, t.unit)
	if err != nil || !at.After(now) {
		return "", err
	}
	if !t.before.IsZero() && t.before.Sub(at) < enoughTime {
		return "", nil
	}
	c.task.PutOff(at)
	return "put off", nil
}

// enoughTime is how long before an appointment a message must come at least.
const enoughTime = 3 * time.Hour
