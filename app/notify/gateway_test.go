package notify_test

import (
	"bytes"
	"context"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/carriers"
	"pasokh/app/carriers/fakes"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/vault"
	"pasokh/tenants"
)

// gates is a world with the fake gateways.
type gates struct {
	*dbtest.World
	t    *testing.T
	fake *fakes.Server
	box  *fakes.MailServer
	post *notify.Post
	db   *tenants.DB
}

func newGates(t *testing.T) *gates {
	t.Helper()
	g := &gates{World: dbtest.New(t), t: t, fake: &fakes.Server{Pause: time.Second}, box: new(fakes.MailServer)}
	at := httptest.NewServer(g.fake)
	t.Cleanup(at.Close)
	if err := g.box.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.box.Close() })
	keys, err := vault.New(1, map[byte][]byte{1: bytes.Repeat([]byte{7}, vault.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	g.post = &notify.Post{Gateways: &notify.Opener{Keys: keys, Options: carriers.Options{Fakes: at.URL, Loopback: true}}}
	return g
}

// door opens anew what was read before.
func (g *gates) door() *tenants.DB {
	if g.db == nil {
		g.db = g.DB(g.t)
	}
	g.db.Release()
	return g.db
}

func (g *gates) add(provider string) *notify.Gateway {
	g.t.Helper()
	row := &notify.Gateway{Provider: provider, Line: "3000", Enabled: true, Templates: map[string]string{"sms.code": "77"}}
	secrets := map[string]string{"api_key": "CANARY-key", "password": "CANARY-word"}
	switch provider {
	case "melipayamak":
		row.Settings = map[string]string{"username": "u"}
	case "smtp":
		host, port, _ := net.SplitHostPort(g.box.Addr)
		row.Line, row.Settings, secrets = "desk@gas.example", map[string]string{"host": host, "port": port}, nil
	}
	g.Write(g.t, tenants.SystemActor(), func(tx *tenants.Tx) error { return g.post.Gateways.Save(g.t.Context(), tx, row, secrets) })
	return row
}

func (g *gates) send(key string, d notify.Draft) (string, error) {
	d.Subject = about
	return g.post.Send(g.t.Context(), g.door(), key, func(*tenants.Tx) (notify.Draft, error) { return d, nil })
}

func (g *gates) list() []notify.Message {
	g.t.Helper()
	list, err := notify.Of(g.t.Context(), g.door(), about)
	if err != nil {
		g.t.Fatal(err)
	}
	return list
}

var text = notify.Draft{Template: "sms.complaint.closed", To: mobile, Text: "متن"}

func TestNextGatewayStandsIn(t *testing.T) {
	g := newGates(t)
	first, second := g.add("kavenegar"), g.add("melipayamak")
	if strings.Contains(first.Secrets, "CANARY") {
		t.Fatal("the key is readable")
	}
	g.fake.Set("kavenegar", fakes.NoCredit)
	if word, err := g.send("1@0:a", text); err != nil || word != "accepted" {
		t.Fatal(word, err)
	}
	m := g.list()[0]
	if *m.GatewayID != second.ID || m.Provider != "melipayamak" || m.Delivery != notify.Pending || m.Attempts != 1 {
		t.Fatalf("%+v", m)
	}
	row, err := notify.GatewayByID(t.Context(), g.door(), first.ID)
	if err != nil || row.Problem != carriers.Credit || row.ProblemCode != "418" {
		t.Fatalf("%+v, %v", row, err)
	}
	g.fake.Set("kavenegar", fakes.Good)
	if _, err := g.send("2@0:a", text); err != nil {
		t.Fatal(err)
	}
	if row, _ = notify.GatewayByID(t.Context(), g.door(), first.ID); row.Problem != "" {
		t.Fatalf("the problem stays: %+v", row)
	}
}

// A busy gateway gets its tries before another stands in; for a code nobody waits.
func TestBusyGatewayGetsItsTries(t *testing.T) {
	g := newGates(t)
	g.add("kavenegar")
	g.add("smsir")
	g.fake.Set("kavenegar", fakes.Broken)
	for try := 1; try <= 3; try++ {
		word, err := g.send("1@0:a", text)
		if (try < 3) != (err != nil) || (try == 3) != (word == "accepted") {
			t.Fatalf("try %d: %q, %v", try, word, err)
		}
	}
	code := notify.Draft{Template: "sms.code", To: mobile, Text: "123456", Secret: true, Params: []carriers.Param{{Name: "code", Value: "123456"}}}
	if word, err := g.send("2@0:a", code); err != nil || word != "accepted" {
		t.Fatal(word, err)
	}
	if sent := g.fake.Sent(); len(sent) != 2 || sent[1].Template != "77" || sent[1].Provider != "smsir" {
		t.Fatalf("%+v", sent)
	}
}

// The first gateway may have carried the message: the second never gets it.
func TestUncertainMessageGoesToNobodyElse(t *testing.T) {
	g := newGates(t)
	g.add("kavenegar")
	g.add("smsir")
	g.fake.Set("kavenegar", fakes.Garbage)
	for range 2 {
		if word, err := g.send("1@0:a", text); err != nil || word != "unknown" {
			t.Fatal(word, err)
		}
	}
	if g.fake.Calls() != 1 || g.list()[0].Reason != carriers.Lost {
		t.Fatalf("%d calls, %+v", g.fake.Calls(), g.list())
	}
}

func TestWrongNumberFallsBackToMail(t *testing.T) {
	g := newGates(t)
	g.add("kavenegar")
	g.add("smtp")
	var who *citizens.Citizen
	g.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		who, err = citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: mobile, Verified: true})
		return err
	})
	missing, wrong, black, alone := text, text, text, text
	missing.To, missing.Mail, missing.Citizen = "", "a@example.com", who.ID
	wrong.To, wrong.Mail, wrong.Citizen = "+9821", "b@example.com", who.ID
	black.Mail, black.Citizen = "c@example.com", who.ID
	alone.To, alone.Citizen = "", who.ID
	g.fake.Set("kavenegar", fakes.Blacklisted)
	for key, d := range map[string]notify.Draft{"1@0:a": missing, "2@0:a": wrong, "3@0:a": black} {
		for range 2 { // the task that runs again sends nothing again
			if word, err := g.send(key, d); err != nil || word != "failed, by mail: accepted" {
				t.Fatalf("%s: %q, %v", key, word, err)
			}
		}
	}
	if word, err := g.send("4@0:a", alone); err != nil || word != "no mobile number" {
		t.Fatal(word, err)
	}
	if n := len(g.box.Got()); n != 3 {
		t.Fatalf("%d mails", n)
	}
	list := g.list()
	if len(list) != 7 {
		t.Fatalf("%d records", len(list))
	}
	for _, m := range list {
		if (m.Channel == carriers.Mail) != (m.FallbackOf != nil) || (m.Channel == carriers.SMS) != (m.State == notify.Failed && m.Reason != "") {
			t.Errorf("%+v", m)
		}
	}
}

func TestWhatBecomesOfAMessage(t *testing.T) {
	g := newGates(t)
	counted := map[string]int{}
	g.post.Learned = func(provider, result string) { counted[provider+" "+result]++ }
	g.add("kavenegar")
	for _, key := range []string{"1@0:a", "2@0:a"} {
		if _, err := g.send(key, text); err != nil {
			t.Fatal(err)
		}
	}
	check := func(after time.Duration, want int) notify.Message {
		t.Helper()
		g.Clock.Advance(after)
		if n, err := g.post.CheckDeliveries(t.Context(), g.door()); err != nil || n != want {
			t.Fatalf("%d asked, %v", n, err)
		}
		return g.list()[0]
	}
	check(30*time.Second, 0)
	if m := check(30*time.Second, 2); m.Delivery != notify.Pending || m.Checks != 1 {
		t.Fatalf("%+v", m)
	}
	check(time.Minute, 0) // it waits longer now
	g.fake.SetFate(fakes.Delivered)
	if m := check(time.Minute, 2); m.Stage() != "delivered" || m.DeliveredAt == nil {
		t.Fatalf("%+v", m)
	}
	check(time.Hour, 0)
	g.fake.SetFate(fakes.Pending)
	if _, err := g.send("3@0:a", text); err != nil {
		t.Fatal(err)
	}
	check(30*time.Hour, 1)
	if m := g.list()[2]; m.Stage() != "unknown" || m.CheckAt != nil {
		t.Fatalf("%+v", m)
	}
	g.fake.SetFate(fakes.Undelivered)
	if _, err := g.send("4@0:a", text); err != nil {
		t.Fatal(err)
	}
	check(time.Minute, 1)
	if m := g.list()[3]; m.Stage() != "failed" || m.Reason != carriers.NotArrived {
		t.Fatalf("%+v", m)
	}
	if len(counted) != 3 || counted["kavenegar delivered"] != 2 || counted["kavenegar unknown"] != 1 || counted["kavenegar undelivered"] != 1 {
		t.Fatalf("counted %v", counted)
	}
}

func TestLittleCreditIsToldOnceADay(t *testing.T) {
	g := newGates(t)
	row, below := g.add("ghasedak"), int64(1000)
	row.WarnBelow = &below
	g.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return g.post.Gateways.Save(t.Context(), tx, row, nil) })
	told := func(left float64, after time.Duration) int {
		t.Helper()
		g.fake.SetCredit(left)
		g.Clock.Advance(after)
		if err := g.post.Gateways.CheckCredit(t.Context(), g.door()); err != nil {
			t.Fatal(err)
		}
		n, err := g.door().Select((*tenants.Task)(nil)).Where("task.kind = ?", notify.KindCreditLow).Count(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return int(n)
	}
	for i, step := range []struct {
		left  float64
		after time.Duration
		want  int
	}{{5000, 0, 0}, {900, time.Hour, 1}, {800, time.Hour, 1}, {700, 24 * time.Hour, 2}, {5000, time.Hour, 2}, {10, time.Hour, 3}} {
		if n := told(step.left, step.after); n != step.want {
			t.Fatalf("step %d: told %d times, not %d", i, n, step.want)
		}
	}
}

func TestGatewaysAreChecked(t *testing.T) {
	g := newGates(t)
	for field, row := range map[string]*notify.Gateway{
		"provider": {Provider: "pigeon"}, "line": {Provider: "kavenegar", Line: "a"}, "api_key": {Provider: "smsir", Line: "1"},
		"bot_id": {Provider: "bale", Settings: map[string]string{"bot_id": "x"}}, "port": {Provider: "smtp", Settings: map[string]string{"host": "h", "port": "0"}},
	} {
		err := g.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return g.post.Gateways.Save(t.Context(), tx, row, nil) })
		if fault.As(err).Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	first, second := g.add("kavenegar"), g.add("smsir")
	g.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := notify.MoveGateway(context.Background(), tx, second.ID, true); err != nil {
			return err
		}
		return notify.EnableGateway(context.Background(), tx, first.ID, false)
	})
	list, err := notify.Gateways(t.Context(), g.door())
	if err != nil || list[0].ID != second.ID || list[1].Enabled {
		t.Fatalf("%+v, %v", list, err)
	}
	sealed := list[0].Secrets
	row := &list[0]
	row.Line = "۴۰۰۰"
	g.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return g.post.Gateways.Save(t.Context(), tx, row, map[string]string{"api_key": ""})
	})
	if row.Secrets != sealed || row.Line != "4000" {
		t.Fatalf("%+v", row)
	}
}
