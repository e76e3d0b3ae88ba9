package notify_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pasokh/app/carriers/fakes"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// A provider that is asked for one message at a time answers of some, then breaks
// off: those behind have their turn next, and one that it knows nothing of keeps
// nobody from it.
func TestProviderThatBreaksOffIsAskedOn(t *testing.T) {
	g := newGates(t)
	g.add("melipayamak")
	const many = 6
	for n := range many {
		if _, err := g.send(fmt.Sprintf("%d@0:a", n+1), text); err != nil {
			t.Fatal(err)
		}
		g.Clock.Advance(time.Second)
	}
	g.fake.SetFate(fakes.Delivered)
	g.fake.Set("melipayamak", fakes.Broken)
	g.Clock.Advance(time.Minute)
	if _, err := g.post.CheckDeliveries(t.Context(), g.door()); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, m := range g.list() {
		asked += m.Checks
	}
	if asked != 1 {
		t.Fatalf("%d count as asked of the one that was", asked)
	}
	g.fake.Set("melipayamak", fakes.Good)
	g.Clock.Advance(time.Minute)
	if n, err := g.post.CheckDeliveries(t.Context(), g.door()); err != nil || n != many-1 {
		t.Fatal(n, err)
	}
	for i, m := range g.list() {
		if (m.Delivery == notify.Delivered) != (i > 0) {
			t.Fatalf("%d: %+v", i, m)
		}
	}
}

// What is sealed was given for one host, and goes to no other one.
func TestSecretsDoNotFollowAnotherHost(t *testing.T) {
	g := newGates(t)
	row := &notify.Gateway{Provider: "smtp", Line: "desk@gas.example", Enabled: true, Settings: map[string]string{"host": "mail.gas.example", "port": "587", "username": "desk"}}
	save := func(secret string) error {
		return g.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			one := *row
			if err := g.post.Gateways.Save(t.Context(), tx, &one, map[string]string{"password": secret}); err != nil {
				return err
			}
			*row = one
			return nil
		})
	}
	if err := save("CANARY-word"); err != nil {
		t.Fatal(err)
	}
	sealed := row.Secrets
	row.Settings = map[string]string{"host": "mail.gas.example", "port": "465", "username": "desk"}
	if err := save(""); err != nil || row.Secrets != sealed {
		t.Fatal("the same host:", err)
	}
	row.Settings = map[string]string{"host": "mail.thief.example", "port": "465", "username": "desk"}
	if err := save(""); fault.As(err).Fields["password"] != "gateway.error.again" {
		t.Fatalf("the password follows: %v", err)
	}
	row.Settings["username"] = ""
	if err := save(""); err != nil || row.Secrets != "" {
		t.Fatal("a server that asks for none gets it:", err)
	}
	row.Settings = map[string]string{"host": "mail.gas.example", "port": "465", "username": "desk"}
	if err := save("another"); err != nil || row.Secrets == "" {
		t.Fatal(err)
	}
}

// The trial of a code goes the way that codes go: by the gateway's own template.
func TestTrialOfACodeTriesTheCode(t *testing.T) {
	g := newGates(t)
	for _, provider := range []string{"kavenegar", "smsir", "ghasedak", "melipayamak"} {
		row, before := g.add(provider), len(g.fake.Sent())
		for i, id := range []string{"code", "code_visit", "complaint.closed"} {
			e, ok := notify.EventOf(id)
			if !ok {
				t.Fatal(id)
			}
			if err := g.post.Gateways.TryEvent(t.Context(), row, e, "trial:"+id, mobile, notify.Letter{Text: "متن"}); err != nil {
				t.Fatal(provider, id, err)
			}
			sent := g.fake.Sent()[before+i]
			if (sent.Template == "77") != (id == "code") { // the template that was set up is of this one alone
				t.Errorf("%s %s: %+v", provider, id, sent)
			}
		}
	}
}

// At a gateway that answers, a crowd waits for its turn and nobody is put off.
func TestCrowdAtAGatewayThatAnswersGoesThrough(t *testing.T) {
	g := newGates(t)
	g.add("kavenegar")
	g.post.Lanes = notify.NewLanes(1)
	const many = 6
	errs := make(chan error, many)
	for n := range many {
		go func() {
			db := g.Root.For(g.A)
			defer db.Release()
			_, err := g.post.Send(context.Background(), db, fmt.Sprintf("%d@0:a", n+1), draft)
			errs <- err
		}()
	}
	for range many {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := len(g.fake.Sent()); n != many {
		t.Fatalf("%d carried", n)
	}
}
