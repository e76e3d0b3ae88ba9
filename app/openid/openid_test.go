package openid_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"pasokh/app/openid"
	"pasokh/app/openid/fake"
)

var now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

const back = "https://gas.pasokh.example/sign-in/service/callback"

// walk goes to the service and back with what it says.
func walk(t *testing.T, p *fake.Provider, s openid.Service) (openid.Claims, error) {
	t.Helper()
	c := &openid.Client{HTTP: p.Client(), Now: clock}
	address, a, err := c.Begin(t.Context(), s, back)
	if err != nil {
		return nil, err
	}
	state, code := p.Visit(t, address)
	if state != a.State {
		t.Fatal("the state was lost")
	}
	claims, err := c.Finish(t.Context(), s, back, code, a)
	if err != nil {
		return nil, err
	}
	if _, again := c.Finish(t.Context(), s, back, code, a); !errors.Is(again, openid.ErrRefused) {
		t.Errorf("a code was taken twice: %v", again)
	}
	return claims, nil
}

func TestAProvenPersonComesBack(t *testing.T) {
	p := fake.New(t, clock)
	for _, secret := range []string{"a secret/with:signs", ""} {
		p.Secret = secret
		claims, err := walk(t, p, p.Service())
		if err != nil || claims.Text("sub") != "person-1" || !claims.Yes("email_verified") || len(claims.List("groups")) != 2 {
			t.Errorf("%v %v", claims, err)
		}
	}
	if err := (&openid.Client{HTTP: p.Client(), Now: clock}).Try(t.Context(), p.Service()); err != nil {
		t.Error(err)
	}
}

// Whatever a hostile or broken service says, it proves nobody.
func TestHostileAnswersProveNobody(t *testing.T) {
	for name, change := range map[string]func(*fake.Provider){
		"wrong nonce":    func(p *fake.Provider) { p.Change = func(c map[string]any) { c["nonce"] = "another" } },
		"no nonce":       func(p *fake.Provider) { p.Change = func(c map[string]any) { delete(c, "nonce") } },
		"wrong audience": func(p *fake.Provider) { p.Change = func(c map[string]any) { c["aud"] = "another" } },
		"two audiences": func(p *fake.Provider) {
			p.Change = func(c map[string]any) { c["aud"] = []string{p.ClientID, "another"} }
		},
		"expired":              func(p *fake.Provider) { p.Change = func(c map[string]any) { c["exp"] = now.Add(-time.Hour).Unix() } },
		"from the future":      func(p *fake.Provider) { p.Change = func(c map[string]any) { c["iat"] = now.Add(time.Hour).Unix() } },
		"other issuer":         func(p *fake.Provider) { p.Change = func(c map[string]any) { c["iss"] = "https://evil.example" } },
		"nobody":               func(p *fake.Provider) { p.Change = func(c map[string]any) { c["sub"] = "" } },
		"alg none":             func(p *fake.Provider) { p.Unsigned = true },
		"somebody else's key":  func(p *fake.Provider) { p.Stranger = true },
		"signed with the name": func(p *fake.Provider) { p.Symmetric = true },
		"no token":             func(p *fake.Provider) { p.Silent = true },
	} {
		p := fake.New(t, clock)
		change(p)
		if claims, err := walk(t, p, p.Service()); !errors.Is(err, openid.ErrRefused) {
			t.Errorf("%s: %v %v", name, claims, err)
		}
	}
}

func TestAServiceThatIsAnotherIsAway(t *testing.T) {
	p := fake.New(t, clock)
	p.Issuer = "https://another.example"
	if _, err := walk(t, p, p.Service()); !errors.Is(err, openid.ErrAway) {
		t.Error(err)
	}
	p = fake.New(t, clock)
	p.Plain = true
	if _, err := walk(t, p, p.Service()); !errors.Is(err, openid.ErrAway) {
		t.Errorf("a way over plain http: %v", err)
	}
}

// The code belongs to who began: another's verifier does not open it.
func TestCodeIsBoundToItsVerifier(t *testing.T) {
	p := fake.New(t, clock)
	c := &openid.Client{HTTP: p.Client(), Now: clock}
	address, a, err := c.Begin(t.Context(), p.Service(), back)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("code_challenge_method") != "S256" || u.Query().Get("redirect_uri") != back {
		t.Fatalf("%s %v", address, err)
	}
	_, code := p.Visit(t, address)
	_, other, err := c.Begin(t.Context(), p.Service(), back)
	if err != nil {
		t.Fatal(err)
	}
	other.Nonce = a.Nonce
	if _, err := c.Finish(t.Context(), p.Service(), back, code, other); !errors.Is(err, openid.ErrRefused) {
		t.Error(err)
	}
}
