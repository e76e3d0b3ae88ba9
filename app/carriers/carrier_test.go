package carriers_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/carriers/fakes"
)

const mobile = "+989121234567"

func gateways(t *testing.T) (*fakes.Server, string) {
	t.Helper()
	fake := &fakes.Server{Pause: 3 * time.Second}
	at := httptest.NewServer(fake)
	t.Cleanup(at.Close)
	return fake, at.URL
}

func open(t *testing.T, provider, fake string) carriers.Sender {
	t.Helper()
	s, ok := carriers.Open(carriers.Setup{
		Provider: provider, Line: "30001234", Settings: map[string]string{"username": "user", "bot_id": "17"},
		Secrets: map[string]string{"api_key": "k", "password": "p"}, Templates: map[string]string{"sms.code": "12"},
	}, carriers.Options{Fakes: fake})
	if !ok {
		t.Fatalf("%s is unknown", provider)
	}
	return s
}

func out() carriers.Outgoing {
	return carriers.Outgoing{TenantID: 1, Key: "1@0:citizen", Template: "sms.closed", To: mobile, Text: "متن پیام"}
}

// verdict is the kind of an error.
func verdict(err error) string {
	var (
		refused   *carriers.Refused
		down      *carriers.Down
		later     *carriers.Later
		uncertain *carriers.Uncertain
	)
	reason, _ := carriers.Why(err)
	switch {
	case err == nil:
		return "carried"
	case errors.As(err, &refused):
		return "refused " + reason
	case errors.As(err, &down):
		return "down " + reason
	case errors.As(err, &later):
		return "later " + reason
	case errors.As(err, &uncertain):
		return "uncertain"
	}
	return "other"
}

// Every provider, in every way in which it fails, leads to the same verdicts.
func TestVerdictsOfEveryProvider(t *testing.T) {
	fake, at := gateways(t)
	verdicts := map[fakes.Mode]string{
		fakes.Good: "carried", fakes.NoCredit: "down credit", fakes.BadKey: "down credentials", fakes.Blacklisted: "refused blocked",
		fakes.BadNumber: "refused number", fakes.Overloaded: "later busy", fakes.Broken: "later busy", fakes.Garbage: "uncertain", fakes.Moved: "down other",
	}
	others := map[string]string{"ghasedak blacklisted": "refused number", "bale blacklisted": "refused number"} // they do not tell apart
	for _, p := range carriers.Providers() {
		if p.Channel == carriers.Mail {
			continue
		}
		for mode, want := range verdicts {
			t.Run(p.Name+"/"+string(mode), func(t *testing.T) {
				if other := others[p.Name+" "+string(mode)]; other != "" {
					want = other
				}
				fake.Set(p.Name, mode)
				id, err := open(t, p.Name, at).Send(t.Context(), out())
				if got := verdict(err); got != want || (err == nil) == (id == "") {
					t.Fatalf("%q, %v: %s, not %s", id, err, got, want)
				}
				if err != nil && strings.Contains(err.Error(), "/v1/k/") {
					t.Fatal("the error tells the key")
				}
			})
		}
		fake.Set(p.Name, fakes.Good)
	}
	for _, m := range fake.Sent() {
		if m.Text != "متن پیام" || !strings.HasSuffix(m.To, "9121234567") {
			t.Errorf("%+v", m)
		}
	}
}

// The gateway takes the message and its answer never comes: nobody knows.
func TestAnswerThatNeverComes(t *testing.T) {
	fake, at := gateways(t)
	for _, p := range carriers.Providers() {
		if p.Channel == carriers.Mail {
			continue
		}
		fake.Set(p.Name, fakes.Timeout)
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		_, err := open(t, p.Name, at).Send(ctx, out())
		cancel()
		if verdict(err) != "uncertain" {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	if len(fake.Sent()) != 5 {
		t.Errorf("%d taken", len(fake.Sent()))
	}
	if _, err := open(t, "kavenegar", "http://127.0.0.1:1").Send(t.Context(), out()); verdict(err) != "later unreached" {
		t.Errorf("no connection: %v", err)
	}
}

func TestTemplatesStatusAndCredit(t *testing.T) {
	fake, at := gateways(t)
	fake.SetCredit(1234)
	for i, p := range carriers.Providers() {
		if !p.Templated {
			continue
		}
		s := open(t, p.Name, at)
		m := out()
		m.Key, m.Template, m.Params = fmt.Sprint(i), "sms.code", []carriers.Param{{Name: "code", Value: "123456"}}
		id, err := s.Send(t.Context(), m)
		if err != nil {
			t.Fatal(p.Name, err)
		}
		sent := fake.Sent()
		last := sent[len(sent)-1]
		if last.Template != "12" || !strings.Contains(fmt.Sprint(last.Params), "123456") || last.Text != "" {
			t.Errorf("%s: %+v", p.Name, last)
		}
		for fate, want := range map[string]string{
			fakes.Pending: "pending ", fakes.Delivered: "delivered ", fakes.Undelivered: "undelivered not_arrived", fakes.Filtered: "undelivered blocked",
		} {
			fake.SetFate(fate)
			states, err := s.(carriers.Tracker).Status(t.Context(), []string{id})
			if got := states[id].State + " " + states[id].Reason; err != nil || got != want {
				t.Errorf("%s: %q, %v; not %q", p.Name, got, err, want)
			}
		}
		if left, err := s.(carriers.Creditor).Credit(t.Context()); err != nil || left != 1234 {
			t.Errorf("%s: credit %v, %v", p.Name, left, err)
		}
	}
}

// A key that comes again is carried once by those who take our key.
func TestKeysThatComeAgain(t *testing.T) {
	fake, at := gateways(t)
	for _, name := range []string{"kavenegar", "bale"} {
		first, err := open(t, name, at).Send(t.Context(), out())
		second, again := open(t, name, at).Send(t.Context(), out())
		if err != nil || again != nil || first != second {
			t.Errorf("%s: %s, %s, %v, %v", name, first, second, err, again)
		}
	}
	if n := len(fake.Sent()); n != 2 {
		t.Errorf("%d carried", n)
	}
}

// Every return code of Kavenegar, under HTTP 200.
func TestReturnCodesOfKavenegar(t *testing.T) {
	fake, at := gateways(t)
	for code, want := range map[int]string{
		400: "refused other", 401: "down credentials", 402: "later busy", 403: "down credentials", 404: "down other", 405: "down other",
		406: "refused other", 407: "down credentials", 409: "later busy", 411: "refused number", 412: "down line", 413: "refused text",
		414: "down other", 416: "down credentials", 417: "refused other", 418: "down credit", 419: "refused other", 422: "refused text",
		424: "down template", 426: "down template", 428: "refused text", 430: "down credentials", 431: "refused text", 432: "down template",
		420: "down text", 427: "down line", 429: "later busy", 451: "later busy", 500: "later busy", 501: "down credentials",
	} {
		fake.Answer("kavenegar", code)
		_, err := open(t, "kavenegar", at).Send(t.Context(), out())
		if got := verdict(err); got != want {
			t.Errorf("%d: %s, not %s", code, got, want)
		}
		if _, said := carriers.Why(err); said != fmt.Sprint(code) {
			t.Errorf("%d is told as %q", code, said)
		}
	}
}
