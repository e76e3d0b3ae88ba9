package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http/httptest"
	"testing"

	"pasokh/app/carriers"
	"pasokh/app/carriers/fakes"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/app/vault"
	"pasokh/jobs"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

const expertMobile = "+989120000104" // of the unit network, and before its head in every list

// bells counts whom something was left for behind the bell.
func (o *office) bells(event string) (n int) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	count, err := db.Select((*notify.Notification)(nil)).Where("notification.event = ?", event).Count(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return int(count)
}

func (o *office) state(id int64) directives.State {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	d, err := directives.ByID(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return d.State
}

// What goes wrong with one person's message keeps nobody else from theirs, and an
// order counts as told.
func TestOneMessageThatFailsSilencesNobody(t *testing.T) {
	for name, failure := range map[string]error{"refused": &notify.Refused{Reason: "number"}, "not reached": &net.OpError{Op: "dial", Err: errors.New("refused")}} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			expert := o.as("expert")
			o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
				return staff.SetRoles(ctx, tx, expert.ID, []string{"unit_expert", "unit_head"})
			})
			o.told()
			d := o.ordered()
			o.Sender.Before = func(out notify.Outgoing) error {
				if out.To == expertMobile {
					return failure
				}
				return nil
			}
			before := len(o.Sender.Sent())
			err := jobs.Drain(t.Context(), o.Deps)
			if refused := name == "refused"; refused != (err == nil) {
				t.Fatal(err)
			}
			sent := o.Sender.Sent()[before:]
			if len(sent) != 2 || sent[0].To != headMobile || sent[1].To != citizenMobile {
				t.Fatalf("told %+v", sent)
			}
			if n := o.bells("directive.issued"); n != 2 || o.state(d.ID) != directives.Notified {
				t.Fatalf("%d behind the bell, %s", n, o.state(d.ID))
			}
			o.Sender.Before = nil
			for _, row := range o.tasks(t) {
				if row.Kind == "directive.issued" && (row.Dead || (row.DoneAt != nil) != (err == nil)) {
					t.Fatalf("%+v", row)
				}
				if row.RetryAt != nil {
					o.Clock.Set(*row.RetryAt)
				}
			}
			if again := o.told(); (len(again) == 1) != (err != nil) {
				t.Fatalf("told again %+v", again)
			}
		})
	}
}

// gated gives the office gateways of its own in the place of the sender.
func (o *office) gated(providers ...string) (*fakes.Server, *fakes.MailServer) {
	o.t.Helper()
	fake, box := new(fakes.Server), new(fakes.MailServer)
	at := httptest.NewServer(fake)
	o.t.Cleanup(at.Close)
	if err := box.Listen("127.0.0.1:0"); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = box.Close() })
	keys, err := vault.New(1, map[byte][]byte{1: bytes.Repeat([]byte{7}, vault.KeySize)})
	if err != nil {
		o.t.Fatal(err)
	}
	o.Deps.Post.Sender = nil
	o.Deps.Post.Gateways = &notify.Opener{Keys: keys, Options: carriers.Options{Fakes: at.URL, Loopback: true}}
	host, port, _ := net.SplitHostPort(box.Addr)
	for _, name := range providers {
		g, secrets := &notify.Gateway{Provider: name, Line: "3000", Enabled: true}, map[string]string{"api_key": "key"}
		if name == "smtp" {
			g.Line, g.Settings, secrets = "desk@gas.example", map[string]string{"host": host, "port": port}, nil
		}
		o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return o.Deps.Post.Gateways.Save(ctx, tx, g, secrets) })
	}
	return fake, box
}

// The channels of a message are no chain: one that is missing or that fails keeps
// nothing from the next.
func TestMailGoesWithoutAGatewayForTextMessages(t *testing.T) {
	for name, providers := range map[string][]string{"no gateway": {"smtp"}, "one that is down": {"kavenegar", "smtp"}} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.ordered()
			fake, box := o.gated(providers...)
			fake.Set("kavenegar", fakes.BadKey)
			o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
				head, err := staff.ByUserName(ctx, tx, "head")
				if err != nil {
					return err
				}
				if _, err := tx.Set(ctx, (*staff.Staff)(nil), "email = ?", []any{"head@gas.example"}, "id = ?", head.ID); err != nil {
					return err
				}
				return notify.SaveRules(ctx, tx, "directive.issued", map[string]bool{carriers.SMS: true, carriers.Mail: true})
			})
			_ = jobs.Drain(t.Context(), o.Deps) // the citizen's message has no way
			if got := box.Got(); len(got) != 1 {
				t.Fatalf("%d mails", len(got))
			}
			if len(fake.Sent()) != 0 {
				t.Fatalf("%+v", fake.Sent())
			}
		})
	}
}
