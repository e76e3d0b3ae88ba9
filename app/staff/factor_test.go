package staff_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/vault"
	"pasokh/tenants"
)

func keys() *vault.Keys {
	k, err := vault.New(1, map[byte][]byte{1: bytes.Repeat([]byte{7}, vault.KeySize)})
	if err != nil {
		panic(err)
	}
	return k
}

// codeNow is what an authenticator app with that secret shows.
func codeNow(t *testing.T, w *dbtest.World, secret string) string {
	t.Helper()
	code, err := hotp.GenerateCode(secret, uint64(w.Clock.Now().Unix()/30))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// demand has the organization ask its admins for a second factor.
func demand(t *testing.T, w *dbtest.World, who string) {
	t.Helper()
	w.A.Settings.SecondFactor = who
	if err := w.Root.UnscopedSaveSettings(t.Context(), w.A); err != nil {
		t.Fatal(err)
	}
}

// enrol gives an account an authenticator app; the clock goes on to its next
// code.
func enrol(t *testing.T, w *dbtest.World, user string) (secret string, codes []string) {
	t.Helper()
	who := byUser(t, w, user)
	me := tenants.Actor{Kind: tenants.Staff, ID: who.ID}
	w.Write(t, me, func(tx *tenants.Tx) error { return staff.BeginAuthenticator(t.Context(), tx, keys()) })
	secret, address, err := staff.PendingSecret(t.Context(), w.For(t, w.A), keys(), who, "گاز: استان")
	if err != nil || !strings.Contains(address, "secret="+secret) || !strings.HasPrefix(address, "otpauth://totp/") {
		t.Fatal(address, err)
	}
	w.Write(t, me, func(tx *tenants.Tx) (err error) {
		codes, err = staff.ConfirmAuthenticator(t.Context(), tx, keys(), codeNow(t, w, secret))
		return err
	})
	w.Clock.Advance(30 * time.Second)
	return secret, codes
}

var holder = tenants.HashToken("browser")

func half(t *testing.T, w *dbtest.World, user string) string {
	t.Helper()
	signed, err := staff.SignIn(t.Context(), w.For(t, w.A), staff.Cheap(), staff.Credentials{User: user, Password: secret(user), From: staff.Device{Holder: holder}})
	if err != nil || signed.Token != "" || signed.Half == "" {
		t.Fatalf("%+v, %v", signed, err)
	}
	return signed.Half
}

func finish(t *testing.T, w *dbtest.World, half, code string) (*staff.SignedIn, error) {
	t.Helper()
	return staff.Finish(t.Context(), w.For(t, w.A), keys(), staff.Proof{Half: half, Code: code, From: staff.Device{Holder: holder}})
}

func TestSecondFactorOpensASessionOnce(t *testing.T) {
	w := seeded(t)
	app, codes := enrol(t, w, "admin")
	if len(codes) != staff.RecoveryCodes || len(codes[0]) != 29 {
		t.Fatalf("codes %v", codes)
	}
	token := half(t, w, "admin")
	if _, err := authenticate(t, w, token); !fault.Is(err, fault.NotFound) {
		t.Errorf("the half opens a page: %v", err)
	}
	for name, wrong := range map[string]string{"other": "000000", "short": "1", "empty": "", "recovery": "AAAA-AAAA"} {
		if _, err := finish(t, w, token, wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	code := codeNow(t, w, app)
	signed, err := finish(t, w, token, " "+code[:3]+" "+code[3:])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := authenticate(t, w, signed.Token); err != nil {
		t.Error(err)
	}
	if _, err := finish(t, w, token, code); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the half opens twice: %v", err)
	}
	if _, err := finish(t, w, half(t, w, "admin"), code); !fault.Is(err, fault.Invalid) {
		t.Errorf("the code opens twice: %v", err)
	}
	if _, err := finish(t, w, half(t, w, "admin"), strings.ToLower(codes[3])); err != nil {
		t.Errorf("recovery: %v", err)
	}
	if _, err := finish(t, w, half(t, w, "admin"), codes[3]); !fault.Is(err, fault.Invalid) {
		t.Errorf("a recovery code opens twice: %v", err)
	}
	if n, err := staff.RecoveryLeft(t.Context(), w.DB(t), byUser(t, w, "admin").ID); err != nil || n != 9 {
		t.Errorf("%d codes left, %v", n, err)
	}
}

func TestHalfOfASignInIsShortAndBound(t *testing.T) {
	w := seeded(t)
	app, _ := enrol(t, w, "manager")
	db := w.DB(t)
	tried := half(t, w, "manager")
	for range staff.HalfTries {
		_, _ = finish(t, w, tried, "000000")
	}
	if _, err := finish(t, w, tried, codeNow(t, w, app)); fault.As(err).Key != "factor.half_over" {
		t.Errorf("after too many tries: %v", err)
	}
	elsewhere := half(t, w, "manager")
	in := staff.Proof{Half: elsewhere, Code: codeNow(t, w, app), From: staff.Device{Holder: tenants.HashToken("other")}}
	if _, err := staff.Finish(t.Context(), db, keys(), in); fault.As(err).Key != "factor.half_over" {
		t.Errorf("in another browser: %v", err)
	}
	w.Clock.Advance(staff.HalfTime)
	if _, err := finish(t, w, elsewhere, codeNow(t, w, app)); fault.As(err).Key != "factor.half_over" {
		t.Errorf("too late: %v", err)
	}
	disabled := half(t, w, "manager")
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return staff.Disable(t.Context(), tx, byUser(t, w, "manager").ID)
	})
	if _, err := finish(t, w, disabled, codeNow(t, w, app)); fault.As(err).Key != "session.refused" {
		t.Errorf("disabled meanwhile: %v", err)
	}
}

// The same code in two parallel requests signs in once.
func TestParallelFactorsOpenOnce(t *testing.T) {
	w := seeded(t)
	app, codes := enrol(t, w, "admin")
	for name, code := range map[string]string{"app": codeNow(t, w, app), "recovery": codes[0]} {
		const racers = 4
		halves, opened := make([]string, racers), make([]error, racers)
		for i := range halves {
			halves[i] = half(t, w, "admin")
		}
		var group sync.WaitGroup
		for i := range racers {
			group.Go(func() {
				db := w.Root.For(w.A)
				defer db.Release()
				_, opened[i] = staff.Finish(t.Context(), db, keys(), staff.Proof{Half: halves[i], Code: code, From: staff.Device{Holder: holder}})
			})
		}
		group.Wait()
		n := 0
		for _, err := range opened {
			if err == nil {
				n++
			} else if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: opened %d times", name, n)
		}
	}
}

func TestFactorsAreRequiredOfSomeRoles(t *testing.T) {
	w := seeded(t)
	demand(t, w, "")
	rights, err := staff.RightsTo(t.Context(), w.DB(t), staff.FactorRights()...)
	if err != nil {
		t.Fatal(err)
	}
	for user, needed := range map[string]bool{"admin": true, "ceo": true, "pr": false} {
		signed := mustSignIn(t, w, user)
		p, err := authenticate(t, w, signed.Token)
		if err != nil || p.Factor || signed.Factor || staff.NeedsFactor(w.DB(t).Tenant(), func(right string) bool { return rights.Can(p.Actor.Roles, right) }) != needed {
			t.Errorf("%s: %+v, %v", user, p, err)
		}
	}
	admin := byUser(t, w, "admin")
	me := tenants.Actor{Kind: tenants.Staff, ID: admin.ID}
	enrol(t, w, "admin")
	remove := func(tx *tenants.Tx) error { return staff.RemoveAuthenticator(t.Context(), tx) }
	if err := w.Try(t, me, remove); fault.As(err).Key != "factor.last" {
		t.Errorf("the last factor: %v", err)
	}
	demand(t, w, tenants.FactorDemo)
	w.Write(t, me, remove)
	if n, err := staff.RecoveryLeft(t.Context(), w.DB(t), admin.ID); err != nil || n != 0 {
		t.Errorf("%d codes outlive the factor, %v", n, err)
	}
	mustSignIn(t, w, "admin")
	lines, err := audit.Of(t.Context(), w.DB(t), "staff", admin.ID, 20)
	acts := ""
	for _, line := range lines {
		acts += " " + line.Act
	}
	if err != nil || !strings.Contains(acts, "factor:add") || !strings.Contains(acts, "factor:remove") {
		t.Errorf("audit %s, %v", acts, err)
	}
}

func TestResettingFactorsEndsEverything(t *testing.T) {
	w := seeded(t)
	app, _ := enrol(t, w, "ceo")
	signed, err := finish(t, w, half(t, w, "ceo"), codeNow(t, w, app))
	if err != nil {
		t.Fatal(err)
	}
	ceo, admin := byUser(t, w, "ceo"), tenants.Actor{Kind: tenants.Staff, ID: byUser(t, w, "admin").ID, Roles: []string{"tenant_admin"}}
	reset := func(id int64) func(*tenants.Tx) error {
		return func(tx *tenants.Tx) error { return staff.ResetFactors(t.Context(), tx, id) }
	}
	if err := w.Try(t, admin, reset(admin.ID)); fault.As(err).Key != "factor.own_reset" {
		t.Errorf("one's own: %v", err)
	}
	if err := w.For(t, w.B).Write(t.Context(), admin, reset(ceo.ID)); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another organization: %v", err)
	}
	w.Write(t, admin, reset(ceo.ID))
	if _, err := authenticate(t, w, signed.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("the session lives on: %v", err)
	}
	mustSignIn(t, w, "ceo")
}

func TestConfirmingRenewsTheSession(t *testing.T) {
	w := seeded(t)
	signed := mustSignIn(t, w, "pr")
	w.Clock.Advance(staff.FreshFor)
	p, err := authenticate(t, w, signed.Token)
	if err != nil || p.Fresh(w.Clock.Now()) {
		t.Fatalf("%+v, %v", p, err)
	}
	confirm := func(in staff.Confirmation) (string, error) {
		db := w.Root.For(w.A)
		defer db.Release()
		in.Token = signed.Token
		return staff.Confirm(t.Context(), db, staff.Cheap(), keys(), p.Actor, in)
	}
	for name, in := range map[string]staff.Confirmation{"wrong password": {Password: "x"}, "no factor": {Code: "123456"}, "nothing": {}} {
		if _, err := confirm(in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	token, err := confirm(staff.Confirmation{Password: secret("pr")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := authenticate(t, w, signed.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("the old token opens: %v", err)
	}
	if p, err := authenticate(t, w, token); err != nil || !p.Fresh(w.Clock.Now()) {
		t.Errorf("%+v, %v", p, err)
	}
}
