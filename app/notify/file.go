package notify

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// ShowFile adds to the file of an organization what it says in its own words, and
// by which channels where they are not the usual ones.
func ShowFile(ctx context.Context, r tenants.Reader, spec *tenants.Spec) error {
	all, err := Wordings(ctx, r)
	if err != nil {
		return err
	}
	for _, w := range all {
		s := tenants.MessageSpec{Event: w.Event.ID, Texts: w.textSpecs()}
		if on := w.channels(w.On); !slices.Equal(on, w.channels(w.Event.ByDefault)) {
			s.Channels, s.Silent = on, len(on) == 0
		}
		if s.Channels != nil || s.Silent || len(s.Texts) > 0 {
			spec.Messages = append(spec.Messages, s)
		}
	}
	return nil
}

// channels are those of the message that a rule lets through.
func (w *Wording) channels(on func(string) bool) (list []string) {
	for _, c := range w.Event.Channels() {
		if on(c) {
			list = append(list, c)
		}
	}
	return list
}

func (w *Wording) textSpecs() (list []tenants.TextSpec) {
	for _, c := range w.Event.Channels() {
		for _, l := range messages.Langs {
			if own, ok := w.Own(c, l); ok {
				list = append(list, tenants.TextSpec{Channel: c, Language: string(l), Subject: own.Subject, Text: own.Text})
			}
		}
	}
	return list
}

// ApplyFile brings the messages to what the file says, and lists what it changed.
// Nothing when the file does not name them; a message that it does not have goes
// back to the usual words and channels.
func ApplyFile(ctx context.Context, tx *tenants.Tx, spec *tenants.Spec) ([]tenants.Change, error) {
	if spec.Messages == nil {
		return nil, nil
	}
	for i, s := range spec.Messages {
		if _, ok := EventOf(s.Event); !ok {
			return nil, spec.Wrong("messages", i, "event", "message "+s.Event)
		}
	}
	all, err := Wordings(ctx, tx)
	if err != nil {
		return nil, err
	}
	var changes []tenants.Change
	for _, w := range all {
		s := tenants.MessageSpec{}
		if at := slices.IndexFunc(spec.Messages, func(o tenants.MessageSpec) bool { return o.Event == w.Event.ID }); at >= 0 {
			s = spec.Messages[at]
		}
		changed, err := w.apply(ctx, tx, s)
		if err != nil {
			return nil, fault.Wrap(err, "notify.ApplyFile")
		}
		if changed {
			changes = append(changes, tenants.Change{Verb: "change", What: "message " + w.Event.ID})
		}
	}
	return changes, nil
}

func (w *Wording) apply(ctx context.Context, tx *tenants.Tx, s tenants.MessageSpec) (changed bool, err error) {
	want := w.channels(w.Event.ByDefault)
	if s.Silent || len(s.Channels) > 0 {
		want = w.channels(func(c string) bool { return slices.Contains(s.Channels, c) })
	}
	if !slices.Equal(w.channels(w.On), want) && !w.Event.Locked() {
		changed = true
		on := map[string]bool{}
		for _, c := range want {
			on[c] = true
		}
		if err := SaveRules(ctx, tx, w.Event.ID, on); err != nil {
			return true, err
		}
	}
	have := w.textSpecs()
	for _, t := range s.Texts {
		if slices.Contains(have, t) {
			continue
		}
		changed = true
		if err := SaveText(ctx, tx, w.Event.ID, t.Channel, messages.Parse(t.Language), Letter{Subject: t.Subject, Text: t.Text}); err != nil {
			return true, err
		}
	}
	for _, t := range have {
		if slices.ContainsFunc(s.Texts, func(o tenants.TextSpec) bool { return o.Channel == t.Channel && o.Language == t.Language }) {
			continue
		}
		changed = true
		if err := ResetText(ctx, tx, w.Event.ID, t.Channel, messages.Lang(t.Language)); err != nil {
			return true, err
		}
	}
	return changed, nil
}
