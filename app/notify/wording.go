package notify

import (
	"context"
	"strings"
	"time"

	"pasokh/app/carriers"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// saying is one text while it is written: its language, and its words with
// the fields still open.
type saying struct {
	lang messages.Lang
	text string
}

// spoken is a value that is said differently in different texts.
type spoken func(saying) any

func (s saying) ctx() context.Context { return messages.With(context.Background(), s.lang) }

// named is a name in the reader's language.
func named(fa, en string) spoken {
	return func(s saying) any {
		if s.lang == messages.EN && en != "" {
			return en
		}
		return fa
	}
}

// worded is a word of the catalogue in the reader's language.
func worded(key string) spoken { return func(s saying) any { return messages.In(s.lang, key) } }

// date is the short date of t.
func date(t time.Time) spoken { return func(s saying) any { return messages.ShortDate(s.ctx(), t) } }

// day is the long date of t without its year: it is never far away, and the
// room is short.
func day(t time.Time) spoken {
	return func(s saying) any {
		long := messages.Date(s.ctx(), t)
		return long[:strings.LastIndexByte(long, ' ')]
	}
}

// clock is the time of day of t.
func clock(t time.Time) spoken { return func(s saying) any { return messages.Clock(s.ctx(), t) } }

// track leads to where a case or meeting is followed; the code is left out of
// the link of a text that says it, to stay short.
func (p *Post) track(t *tenants.Tenant, code string) spoken {
	return func(s saying) any {
		if strings.Contains(s.text, "{code}") {
			return p.Links.Track(t, "")
		}
		return p.Links.Track(t, code)
	}
}

// say fills the fields of a text.
func (s saying) say(key string, args []any) string {
	spelled := make([]any, len(args))
	for i, arg := range args {
		if late, ok := arg.(spoken); ok {
			arg = late(s)
		}
		spelled[i] = arg
	}
	if key != "" && s.text == messages.In(s.lang, key) {
		return messages.In(s.lang, key, spelled...) // which knows one from many
	}
	return messages.Fill(s.lang, s.text, spelled...)
}

// Letter is a message as one channel carries it.
type Letter struct{ Subject, Text string }

// standard is the catalogue's text of a message for a channel, its fields open.
// A mail says the text message in a letter, unless there is a longer text of
// its own; the inbox needs neither the office's name nor the address.
func standard(e *Event, channel string, l messages.Lang, short string) Letter {
	switch channel {
	case carriers.Mail:
		out := Letter{Subject: messages.In(l, e.NameKey()) + " – {office}"}
		if key := "mail." + e.ID; messages.Has(l, key) {
			out.Text = messages.In(l, key)
		} else {
			out.Text = without(short, "{office}")
		}
		out.Text = messages.In(l, "message.mail.hello") + "\n\n" + out.Text + "\n\n" + messages.In(l, "message.mail.end")
		return out
	case Inbox:
		return Letter{Text: strings.TrimRight(without(short, "{office}", "{link}"), ":\n ")}
	}
	return Letter{Text: short}
}

// without leaves out the lines that are nothing but one of the fields.
func without(text string, fields ...string) string {
	var kept []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		drop := false
		for _, f := range fields {
			drop = drop || strings.TrimSpace(line) == f
		}
		if !drop {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
