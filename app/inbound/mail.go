package inbound

import (
	"context"

	"pasokh/app/citizens"
	"pasokh/tenants"
)

func (f *Fetcher) fetchMail(context.Context, *tenants.DB, *Door) error { return nil }

func (m *Message) settleMail(context.Context, *tenants.Tx, []citizens.Citizen) error {
	m.State, m.Outcome = Waiting, "mail"
	return nil
}
