package citizens_test

import (
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// open writes a session and gives its token.
func open(t *testing.T, w *dbtest.World, fn func(tx *tenants.Tx) (string, error)) (token string) {
	t.Helper()
	w.Write(t, anybody, func(tx *tenants.Tx) (err error) {
		token, err = fn(tx)
		return err
	})
	return token
}

func signIn(t *testing.T, w *dbtest.World) string {
	return open(t, w, func(tx *tenants.Tx) (string, error) { return citizens.OpenSession(t.Context(), tx, "09121234567") })
}

func authenticate(t *testing.T, w *dbtest.World, token string) (*citizens.Principal, error) {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	return citizens.Authenticate(t.Context(), db, token)
}

func TestSessionHoldsAMobile(t *testing.T) {
	w := dbtest.New(t)
	p, err := authenticate(t, w, signIn(t, w))
	if err != nil {
		t.Fatal(err)
	}
	if p.Actor.Kind != tenants.Citizen || !p.Holds(mobile) || p.Holds("+989120000000") || p.Holds("") || p.Follows("complaint", 0) {
		t.Errorf("principal %+v", p)
	}
}

func TestTrackerFollowsOneSubject(t *testing.T) {
	w := dbtest.New(t)
	token := open(t, w, func(tx *tenants.Tx) (string, error) { return citizens.OpenTracker(t.Context(), tx, "complaint", 7) })
	p, err := authenticate(t, w, token)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Follows("complaint", 7) || p.Follows("meeting", 7) || p.Follows("complaint", 8) || p.Holds("") {
		t.Errorf("principal %+v", p)
	}
}

func TestCitizenSessionEnds(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *dbtest.World, string){
		"idle": func(_ *testing.T, w *dbtest.World, _ string) { w.Clock.Advance(30 * time.Minute) },
		"signed out": func(t *testing.T, w *dbtest.World, token string) {
			w.Write(t, anybody, func(tx *tenants.Tx) error { return citizens.SignOut(t.Context(), tx, token) })
		},
		"absolute limit": func(t *testing.T, w *dbtest.World, token string) {
			for range 12 * 3 {
				w.Clock.Advance(20 * time.Minute)
				w.Write(t, anybody, func(tx *tenants.Tx) error {
					return tenants.TouchSession(t.Context(), tx, tenants.HashToken(token))
				})
			}
		},
	} {
		w := dbtest.New(t)
		token := signIn(t, w)
		end(t, w, token)
		if _, err := authenticate(t, w, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: still opens, %v", name, err)
		}
	}
}

func TestAuthenticateIsOneQueryAndRefusesStrangers(t *testing.T) {
	w := dbtest.New(t)
	token := signIn(t, w)
	queries := 0
	w.Root.OnStatement = func(string) { queries++ }
	if _, err := authenticate(t, w, token); err != nil || queries != 1 {
		t.Errorf("%d queries, %v", queries, err)
	}
	w.Root.OnStatement = nil
	ofStaff := open(t, w, func(tx *tenants.Tx) (string, error) {
		return tenants.OpenSession(t.Context(), tx, &tenants.Session{Kind: tenants.SessionStaff})
	})
	for _, strange := range []string{"", "x", tenants.NewToken(), tenants.HashToken(token), ofStaff} {
		if _, err := authenticate(t, w, strange); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", strange, err)
		}
	}
	if _, err := citizens.Authenticate(t.Context(), w.For(t, w.B), token); !fault.Is(err, fault.NotFound) {
		t.Errorf("opens at another organization: %v", err)
	}
}

func TestSessionNeedsAMobile(t *testing.T) {
	w := dbtest.New(t)
	err := w.Try(t, anybody, func(tx *tenants.Tx) error {
		_, err := citizens.OpenSession(t.Context(), tx, "02188991234")
		return err
	})
	if fault.As(err).Fields["mobile"] != "citizen.mobile.wrong" {
		t.Error(err)
	}
}
