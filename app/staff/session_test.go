package staff_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// seeded is a world whose organization A has the staff of the gas template;
// the password of each is "secret " and the user name.
func seeded(t *testing.T) *dbtest.World {
	t.Helper()
	w := dbtest.New(t)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return staff.Seed(t.Context(), tx, staff.Cheap(), gasStaff(t), secret)
	})
	return w
}

func gasStaff(t *testing.T) []tenants.StaffSpec {
	t.Helper()
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	return spec.Staff
}

func secret(user string) string { return "secret " + user }

func signIn(t *testing.T, w *dbtest.World, user, password string) (*staff.SignedIn, error) {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	return staff.SignIn(t.Context(), db, staff.Cheap(), staff.Credentials{User: user, Password: password})
}

func mustSignIn(t *testing.T, w *dbtest.World, user string) *staff.SignedIn {
	t.Helper()
	signed, err := signIn(t, w, user, secret(user))
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func byUser(t *testing.T, w *dbtest.World, user string) *staff.Staff {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	s, err := staff.ByUserName(t.Context(), db, user)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// authenticate is what a request of this moment would see.
func authenticate(t *testing.T, w *dbtest.World, token string) (*staff.Principal, error) {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	return staff.Authenticate(t.Context(), db, token)
}

func TestSignInOpensASession(t *testing.T) {
	w := seeded(t)
	signed := mustSignIn(t, w, "expert.service")
	p, err := authenticate(t, w, signed.Token)
	if err != nil {
		t.Fatal(err)
	}
	account := byUser(t, w, "expert.service")
	if p.Actor.Kind != tenants.Staff || p.Actor.ID != account.ID || p.Actor.UnitID != *account.UnitID ||
		p.Actor.Name != "محمد قاسمی" || p.NameEN != "Mohammad Ghasemi" {
		t.Errorf("principal %+v", p)
	}
	if want := []string{"unit_expert", "unit_head"}; !slices.Equal(p.Actor.Roles, want) || !slices.Equal(signed.Actor.Roles, want) {
		t.Errorf("roles %v and %v, want %v", p.Actor.Roles, signed.Actor.Roles, want)
	}
	if p.SessionID == signed.Token || p.SessionID != signed.SessionID {
		t.Error("the session is stored under its token")
	}
	lines, err := audit.Of(t.Context(), w.DB(t), "staff", account.ID, 1)
	if err != nil || len(lines) != 1 || lines[0].Act != "session:create" || lines[0].ActorID != account.ID {
		t.Errorf("audit %+v, %v", lines, err)
	}
}

func TestUserNameIsForgivingAndPasswordIsNot(t *testing.T) {
	w := seeded(t)
	for _, user := range []string{"pr", "  PR ", "\u200fpr"} {
		if _, err := signIn(t, w, user, "secret pr"); err != nil {
			t.Errorf("user name %q: %v", user, err)
		}
	}
	for _, password := range []string{"secret pr ", " secret pr", "Secret pr"} {
		if _, err := signIn(t, w, "pr", password); !fault.Is(err, fault.Forbidden) {
			t.Errorf("password %q: %v", password, err)
		}
	}
}

func TestUserNameTakesPersianDigits(t *testing.T) {
	w := dbtest.New(t)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		specs := []tenants.StaffSpec{{User: "operator۱۲", NameFA: "نرگس", NameEN: "Narges", Roles: []string{"operator"}}}
		return staff.Seed(t.Context(), tx, staff.Cheap(), specs, func(string) string { return "secret" })
	})
	for _, user := range []string{"operator12", "operator۱۲", "operator١٢"} {
		if _, err := signIn(t, w, user, "secret"); err != nil {
			t.Errorf("%q: %v", user, err)
		}
	}
}

func TestEveryRefusalIsTheSame(t *testing.T) {
	w := seeded(t)
	admin := tenants.Actor{Kind: tenants.Staff, ID: byUser(t, w, "admin").ID, Roles: []string{staff.AdminRole}}
	w.Write(t, admin, func(tx *tenants.Tx) error { return staff.Disable(t.Context(), tx, byUser(t, w, "pr").ID) })
	w.Write(t, admin, func(tx *tenants.Tx) error {
		_, err := tx.Delete(t.Context(), (*staff.Membership)(nil), "staff_id = ?", byUser(t, w, "head").ID)
		return err
	})
	elsewhere := w.For(t, w.B)
	for name, try := range map[string]func() error{
		"unknown user":   func() error { _, err := signIn(t, w, "nobody", "secret nobody"); return err },
		"empty":          func() error { _, err := signIn(t, w, "", ""); return err },
		"wrong password": func() error { _, err := signIn(t, w, "manager", "secret"); return err },
		"disabled":       func() error { _, err := signIn(t, w, "pr", "secret pr"); return err },
		"no role":        func() error { _, err := signIn(t, w, "head", "secret head"); return err },
		"other tenant": func() error {
			_, err := staff.SignIn(t.Context(), elsewhere, staff.Cheap(), staff.Credentials{User: "manager", Password: "secret manager"})
			return err
		},
	} {
		if err := try(); err == nil || err.Error() != "forbidden session.refused" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEverySignInHasItsOwnToken(t *testing.T) {
	w := seeded(t)
	first, second := mustSignIn(t, w, "pr"), mustSignIn(t, w, "pr")
	if first.Token == second.Token || len(first.Token) != 43 {
		t.Fatalf("tokens %q and %q", first.Token, second.Token)
	}
	if _, err := authenticate(t, w, first.SessionID); !fault.Is(err, fault.NotFound) {
		t.Error("the stored hash opens the session")
	}
}

func TestSignInRenewsAnOutdatedHash(t *testing.T) {
	w := seeded(t)
	better := staff.Hasher{MemoryKiB: 96, Passes: 1}
	in := staff.Credentials{User: "pr", Password: "secret pr"}
	db := w.DB(t)
	for range 2 { // the second time against the renewed hash
		if _, err := staff.SignIn(t.Context(), db, better, in); err != nil {
			t.Fatal(err)
		}
	}
	stored := new(staff.Staff)
	if err := db.Select(stored).Where("staff.user_name = 'pr'").Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	if better.Outdated(stored.PasswordHash) {
		t.Errorf("still %s", stored.PasswordHash)
	}
}

func TestSessionEnds(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *dbtest.World, *staff.SignedIn){
		"idle": func(_ *testing.T, w *dbtest.World, _ *staff.SignedIn) { w.Clock.Advance(tenants.SessionIdle) },
		"signed out": func(t *testing.T, w *dbtest.World, s *staff.SignedIn) {
			w.Write(t, s.Actor, func(tx *tenants.Tx) error { return staff.SignOut(t.Context(), tx, s.Token) })
		},
		"disabled": func(t *testing.T, w *dbtest.World, s *staff.SignedIn) {
			w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return staff.Disable(t.Context(), tx, s.Actor.ID) })
		},
		"disabled and enabled again": func(t *testing.T, w *dbtest.World, s *staff.SignedIn) {
			w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
				if err := staff.Disable(t.Context(), tx, s.Actor.ID); err != nil {
					return err
				}
				return staff.Enable(t.Context(), tx, s.Actor.ID)
			})
		},
		"disabled, and the session left": func(t *testing.T, w *dbtest.World, s *staff.SignedIn) {
			w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
				_, err := tx.Set(t.Context(), (*staff.Staff)(nil), "disabled_at = ?", []any{tx.Now()}, "id = ?", s.Actor.ID)
				return err
			})
		},
		"last role gone": func(t *testing.T, w *dbtest.World, s *staff.SignedIn) {
			w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
				_, err := tx.Delete(t.Context(), (*staff.Membership)(nil), "staff_id = ?", s.Actor.ID)
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := seeded(t)
			signed := mustSignIn(t, w, "pr")
			end(t, w, signed)
			if _, err := authenticate(t, w, signed.Token); !fault.Is(err, fault.NotFound) {
				t.Errorf("the session still opens: %v", err)
			}
		})
	}
}

func TestSessionLivesWhileUsedButNotForever(t *testing.T) {
	w := seeded(t)
	signed := mustSignIn(t, w, "pr")
	for since := time.Duration(0); since < tenants.SessionLimit; since += 20 * time.Minute {
		p, err := authenticate(t, w, signed.Token)
		if err != nil {
			t.Fatalf("ended after %s: %v", since, err)
		}
		if p.Touch != (since > 0) {
			t.Fatalf("after %s: touch is %v", since, p.Touch)
		}
		w.Write(t, p.Actor, func(tx *tenants.Tx) error { return tenants.TouchSession(t.Context(), tx, p.SessionID) })
		w.Clock.Advance(20 * time.Minute)
	}
	if _, err := authenticate(t, w, signed.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("outlives its limit: %v", err)
	}
}

func TestTouchIsWantedOnceAMinuteAndWakesNothing(t *testing.T) {
	w := seeded(t)
	signed := mustSignIn(t, w, "pr")
	w.Clock.Advance(59 * time.Second)
	if p, err := authenticate(t, w, signed.Token); err != nil || p.Touch {
		t.Errorf("within the minute: %+v, %v", p, err)
	}
	w.Clock.Advance(tenants.SessionIdle)
	w.Write(t, signed.Actor, func(tx *tenants.Tx) error { return tenants.TouchSession(t.Context(), tx, signed.SessionID) })
	if _, err := authenticate(t, w, signed.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("a touch woke an idle session: %v", err)
	}
}

func TestAuthenticateIsOneQueryAndRefusesStrangers(t *testing.T) {
	w := seeded(t)
	signed := mustSignIn(t, w, "pr")
	queries := 0
	w.Root.OnStatement = func(string) { queries++ }
	if _, err := authenticate(t, w, signed.Token); err != nil || queries != 1 {
		t.Errorf("%d queries, %v", queries, err)
	}
	w.Root.OnStatement = nil
	for _, token := range []string{"", "x", tenants.NewToken(), signed.Token + "x", signed.Token[:42]} {
		if _, err := authenticate(t, w, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("token %q: %v", token, err)
		}
	}
	if _, err := staff.Authenticate(t.Context(), w.For(t, w.B), signed.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("opens at another organization: %v", err)
	}
}

// Argon2id takes its memory anew for each hash, so what a refusal allocated
// tells how much work it did, without a clock.
func TestEveryRefusalCostsOneHash(t *testing.T) {
	const memory = 8 << 20
	h := staff.Hasher{MemoryKiB: memory >> 10, Passes: 1}
	w := dbtest.New(t)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		specs := []tenants.StaffSpec{{User: "pr", NameFA: "سمیه", NameEN: "Somayeh", Roles: []string{"pr_officer"}}}
		return staff.Seed(t.Context(), tx, h, specs, secret)
	})
	db := w.DB(t)
	for name, in := range map[string]staff.Credentials{
		"wrong password":     {User: "pr", Password: "x"},
		"unknown user":       {User: "nobody", Password: "x"},
		"over-long password": {User: "pr", Password: strings.Repeat("x", 5000)},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := staff.SignIn(t.Context(), db, h, in); !fault.Is(err, fault.Forbidden) {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took < memory || took >= 2*memory {
			t.Errorf("%s: %d bytes of work, want one hash of %d", name, took, memory)
		}
	}
}
