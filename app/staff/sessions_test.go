package staff_test

import (
	"context"
	"strings"
	"testing"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

func TestAgentsInWords(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0": "device.edge device.windows",
		"Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36":        "device.samsung device.android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1":              "device.safari device.iphone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0":                                                    "device.firefox device.linux",
		"curl/8.5": "device.unknown_browser device.unknown_system",
		"":         "device.unknown_browser device.unknown_system",
	} {
		browser, system := staff.Agent(agent)
		if browser+" "+system != want {
			t.Errorf("%s: %s %s", agent, browser, system)
		}
	}
	for ip, want := range map[string]string{"192.0.2.17": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "nothing": ""} {
		if got := staff.Network(ip); got != want {
			t.Errorf("%s: %s", ip, got)
		}
	}
}

func TestSessionsAreEndedOneByOneAndTogether(t *testing.T) {
	w := seeded(t)
	first, second, third := mustSignIn(t, w, "pr"), mustSignIn(t, w, "pr"), mustSignIn(t, w, "pr")
	other := mustSignIn(t, w, "head")
	me := first.Actor
	list, err := staff.Sessions(t.Context(), w.DB(t), me.ID)
	if err != nil || len(list) != 3 {
		t.Fatalf("%d, %v", len(list), err)
	}
	foreign := staff.Handle(other.SessionID)
	if err := w.Try(t, me, func(tx *tenants.Tx) error { return staff.EndSession(t.Context(), tx, foreign) }); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	w.Write(t, me, func(tx *tenants.Tx) error { return staff.EndSession(t.Context(), tx, staff.Handle(second.SessionID)) })
	if _, err := authenticate(t, w, second.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("ended: %v", err)
	}
	w.Write(t, me, func(tx *tenants.Tx) error { return staff.EndSessions(t.Context(), tx, me.ID, first.SessionID) })
	for name, c := range map[string]struct {
		token string
		lives bool
	}{"this one": {first.Token, true}, "another": {third.Token, false}, "somebody else's": {other.Token, true}} {
		if _, err := authenticate(t, w, c.token); (err == nil) != c.lives {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Only a browser that is new to somebody who has used another one is told.
func TestNewBrowsersAreTold(t *testing.T) {
	w := seeded(t)
	told := 0
	w.Root.OnTask = func(_ context.Context, kind string, _ int64) {
		if kind == staff.KindNewDevice {
			told++
		}
	}
	in := func(token string) {
		db := w.Root.For(w.A)
		defer db.Release()
		from := staff.Device{Agent: strings.Repeat("x", 300), IP: "192.0.2.1", Token: token}
		if _, err := staff.SignIn(t.Context(), db, staff.Cheap(), staff.Credentials{User: "pr", Password: secret("pr"), From: from}); err != nil {
			t.Fatal(err)
		}
	}
	for _, token := range []string{"first", "first", "second", "second"} {
		in(token)
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}
