package views

import (
	"context"

	"pasokh/views/messages"
	"pasokh/views/parts"
)

// prefix keeps the ids of the forms of a post apart; the form that came back has
// the plain ones, to which its errors lead.
func (m *PostPage) prefix(form string) string {
	if m.Form == form || m.Form == "" && form == "holder" {
		return ""
	}
	return form + "-"
}

// accounts are the accounts to choose from, none chosen in a form that was not
// sent.
func (m *PostPage) accounts(form string) []parts.Option {
	list := make([]parts.Option, len(m.Staff))
	for i, o := range m.Staff {
		o.Selected = o.Selected && m.Form == form
		list[i] = o
	}
	return list
}

func (t TermLine) sub(ctx context.Context) string {
	if t.Account {
		return ""
	}
	return messages.T(ctx, "desk.organization.no_account")
}

func (t TermLine) endKey() string {
	if t.Coming {
		return "posts.take_back"
	}
	return "posts.end"
}
