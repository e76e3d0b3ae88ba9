package notify

import (
	"context"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Rule is whether a message goes to an audience by a channel, where the
// organization has decided it.
type Rule struct {
	tenants.BaseModel `bun:"table:message_rules,alias:rule"`
	tenants.Owned
	Event     string   `bun:",pk"`
	Audience  Audience `bun:",pk"`
	Channel   string   `bun:",pk"`
	Enabled   bool
	UpdatedAt time.Time
}

// Text is what the organization says in place of the catalogue's text.
type Text struct {
	tenants.BaseModel `bun:"table:message_texts,alias:words"`
	tenants.Owned
	Event     string        `bun:",pk"`
	Channel   string        `bun:",pk"`
	Language  messages.Lang `bun:",pk"`
	Subject   string        // of a mail
	Text      string
	UpdatedAt time.Time
}

// Wording is how an organization says one message, and by which channels.
type Wording struct {
	Event *Event
	rules []Rule
	texts []Text
}

// WordingOf reads how the organization says a message.
func WordingOf(ctx context.Context, r tenants.Reader, id string) (*Wording, error) {
	e, ok := EventOf(id)
	if !ok {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	w := &Wording{Event: e}
	if err := r.Select(&w.rules).Where("rule.event = ?", e.ID).Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "notify.WordingOf")
	}
	err := r.Select(&w.texts).Where("words.event = ?", e.ID).Scan(ctx)
	return w, fault.Wrap(tenants.Err(err), "notify.WordingOf")
}

// Wordings reads the whole matrix, in the order of Events.
func Wordings(ctx context.Context, r tenants.Reader) ([]*Wording, error) {
	list, at := make([]*Wording, len(events)), map[string]*Wording{}
	for i, e := range events {
		list[i] = &Wording{Event: e}
		at[e.ID] = list[i]
	}
	var rules []Rule
	if err := r.Select(&rules).Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "notify.Wordings")
	}
	for _, rule := range rules {
		if w := at[rule.Event]; w != nil {
			w.rules = append(w.rules, rule)
		}
	}
	var texts []Text
	err := r.Select(&texts).Scan(ctx)
	for _, t := range texts {
		if w := at[t.Event]; w != nil {
			w.texts = append(w.texts, t)
		}
	}
	return list, fault.Wrap(tenants.Err(err), "notify.Wordings")
}

// On tells whether the message takes a channel.
func (w *Wording) On(channel string) bool {
	if w.Event.Locked() {
		return channel == carriers.SMS
	}
	for i := range w.rules {
		if r := &w.rules[i]; r.Channel == channel && r.Audience == w.Event.Audience {
			return r.Enabled
		}
	}
	return w.Event.ByDefault(channel)
}

// Own is the organization's own text, if it has one.
func (w *Wording) Own(channel string, l messages.Lang) (Letter, bool) {
	for i := range w.texts {
		if t := &w.texts[i]; t.Channel == channel && t.Language == l {
			return Letter{Subject: t.Subject, Text: t.Text}, true
		}
	}
	return Letter{}, false
}

// Changed tells whether the organization says the message in its own words
// anywhere.
func (w *Wording) Changed() bool { return len(w.texts) > 0 }

// Open is the text of a channel, its fields open.
func (w *Wording) Open(channel string, l messages.Lang) Letter {
	if own, ok := w.Own(channel, l); ok {
		return own
	}
	short := messages.In(l, w.Event.Key())
	if own, ok := w.Own(carriers.SMS, l); ok {
		short = own.Text
	}
	return standard(w.Event, channel, l, short)
}

// Say is the text of a channel with its fields filled by name, value pairs; the
// office is known.
func (w *Wording) Say(t *tenants.Tenant, channel string, l messages.Lang, args []any) Letter {
	return fillLetter(w.Event, w.Open(channel, l), t, l, args)
}

func fillLetter(e *Event, open Letter, t *tenants.Tenant, l messages.Lang, args []any) Letter {
	args = append([]any{"office", named(t.NameFA, t.NameEN)}, args...)
	s := saying{lang: l, text: open.Text}
	out := Letter{Text: s.say(e.Key(), args)}
	if open.Subject != "" {
		out.Subject = strings.Join(strings.Fields(saying{lang: l, text: open.Subject}.say("", args)), " ")
	}
	return out
}

// SaveRules decides by which channels a message goes; at least one must be left
// of one that is official. Field error: channels.
func SaveRules(ctx context.Context, tx *tenants.Tx, id string, on map[string]bool) error {
	w, err := WordingOf(ctx, tx, id)
	if err != nil {
		return err
	}
	any, changed := w.Event.Staff() && w.Event.Audience != ToMember, []string{} // staff have the bell, once they are in
	for _, c := range w.Event.Channels() {
		any = any || on[c]
	}
	if w.Event.Locked() || !any && w.Event.Official {
		return fault.Field("channels", "message.error.official")
	}
	for _, c := range w.Event.Channels() {
		if on[c] == w.On(c) {
			continue
		}
		changed = append(changed, c)
		if err := w.setRule(ctx, tx, c, on[c]); err != nil {
			return err
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return audit.Record(ctx, tx, "message.channels", "message", 0, w.Event.ID+" "+strings.Join(changed, " "))
}

func (w *Wording) setRule(ctx context.Context, tx *tenants.Tx, channel string, on bool) error {
	row := &Rule{Event: w.Event.ID, Audience: w.Event.Audience, Channel: channel, Enabled: on, UpdatedAt: tx.Now()}
	fresh, err := tx.InsertNew(ctx, row)
	if err != nil || fresh {
		return err
	}
	_, err = tx.Set(ctx, (*Rule)(nil), "enabled = ?, updated_at = ?", []any{on, tx.Now()},
		"event = ? AND audience = ? AND channel = ?", row.Event, row.Audience, channel)
	return err
}

// SaveText writes the organization's own text of a channel and language. Field
// errors: subject, text, see Check.
func SaveText(ctx context.Context, tx *tenants.Tx, id, channel string, l messages.Lang, in Letter) error {
	e, ok := EventOf(id)
	if !ok || !e.says(channel) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	in, err := e.Check(channel, in)
	if err != nil {
		return err
	}
	row := &Text{Event: e.ID, Channel: channel, Language: l, Subject: in.Subject, Text: in.Text, UpdatedAt: tx.Now()}
	fresh, err := tx.InsertNew(ctx, row)
	if err == nil && !fresh {
		_, err = tx.Set(ctx, (*Text)(nil), "subject = ?, text = ?, updated_at = ?", []any{in.Subject, in.Text, tx.Now()},
			"event = ? AND channel = ? AND language = ?", e.ID, channel, l)
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, "message.text", "message", 0, e.ID+" "+channel+" "+string(l))
}

// ResetText goes back to the catalogue's text.
func ResetText(ctx context.Context, tx *tenants.Tx, id, channel string, l messages.Lang) error {
	e, ok := EventOf(id)
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	n, err := tx.Delete(ctx, (*Text)(nil), "event = ? AND channel = ? AND language = ?", e.ID, channel, l)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(ctx, tx, "message.text_reset", "message", 0, e.ID+" "+channel+" "+string(l))
}

// Setting implements tenants.Setting.
func (r *Rule) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaMessages}
}

// Setting implements tenants.Setting.
func (t *Text) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaMessages}
}
