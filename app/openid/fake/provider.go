// Package fake is a real OpenID Connect service on the loopback, for tests:
// description, keys, code with PKCE, tokens signed with real keys, and the lies
// that a hostile one would tell.
package fake

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pasokh/app/fetch"
	"pasokh/app/openid"
)

// Host is the name of the service; it leads to the loopback in Client alone.
const Host = "sso.example.ir"

// Provider is one service. Set its fields before it is asked.
type Provider struct {
	Issuer, ClientID, Secret string
	Claims                   map[string]any       // of the person who signs in
	Change                   func(map[string]any) // of the token, last
	Unsigned                 bool                 // alg none
	Stranger                 bool                 // signs with a key that it does not show
	Symmetric                bool                 // HS256, with the client's name as the secret
	Silent                   bool                 // answers without an ID token
	Plain                    bool                 // names an address of http

	server *httptest.Server
	now    func() time.Time
	key    *rsa.PrivateKey
	mu     sync.Mutex
	codes  map[string]url.Values
}

// keys are made once: each takes a while.
var keys = sync.OnceValue(func() [2]*rsa.PrivateKey {
	var two [2]*rsa.PrivateKey
	for i := range two {
		two[i], _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	return two
})

// New starts a service that ends with the test.
func New(t testing.TB, now func() time.Time) *Provider {
	t.Helper()
	p := &Provider{
		Issuer: "https://" + Host, ClientID: "pasokh", Secret: "secret", now: now, key: keys()[0], codes: map[string]url.Values{},
		Claims: map[string]any{"sub": "person-1", "email": "Person@Example.ir", "email_verified": true, "name": "شخص نمونه", "groups": []string{"staff", "pr"}},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.describe)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewTLSServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

// Fetch is the guarded client of the program, whose names lead to the service.
func (p *Provider) Fetch() *fetch.Client {
	return &fetch.Client{Allow: func(netip.Addr) bool { return true }, Transport: func(tr *http.Transport) {
		guarded := tr.DialContext
		tr.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // a server of the test
		tr.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return guarded(ctx, network, p.server.Listener.Addr().String())
		}
	}}
}

// Client is Fetch for the protocol.
func (p *Provider) Client() *http.Client { return p.Fetch().HTTP(1 << 20) }

// Service is how a client sets it up.
func (p *Provider) Service() openid.Service {
	return openid.Service{Issuer: "https://" + Host, ClientID: p.ClientID, Secret: p.Secret, Scopes: []string{"openid", "email"}}
}

// Visit is the person's browser at the service: signs in and is sent back.
func (p *Provider) Visit(t testing.TB, address string) (state, code string) {
	t.Helper()
	res, err := p.Client().Get(address) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	to, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	return to.Query().Get("state"), to.Query().Get("code")
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *Provider) describe(w http.ResponseWriter, _ *http.Request) {
	base := "https://" + Host
	authorize := base + "/authorize"
	if p.Plain {
		authorize = "http://" + Host + "/authorize"
	}
	reply(w, map[string]any{
		"issuer": p.Issuer, "authorization_endpoint": authorize, "token_endpoint": base + "/token", "jwks_uri": base + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256", "none", "HS256"}, "token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != p.ClientID || q.Get("response_type") != "code" {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	var raw [16]byte
	_, _ = rand.Read(raw[:])
	code := base64.RawURLEncoding.EncodeToString(raw[:])
	p.mu.Lock()
	p.codes[code] = q
	p.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound) //nolint:gosec // a server of the test
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	} else {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	}
	p.mu.Lock()
	q, known := p.codes[r.PostForm.Get("code")]
	delete(p.codes, r.PostForm.Get("code")) // once
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if !known || id != p.ClientID || secret != p.Secret || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || q.Get("redirect_uri") != r.PostForm.Get("redirect_uri") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	answer := map[string]any{"access_token": "x", "token_type": "Bearer"}
	if !p.Silent {
		answer["id_token"] = p.signed(q.Get("nonce"))
	}
	reply(w, answer)
}

func (p *Provider) signed(nonce string) string {
	claims := map[string]any{"iss": p.Issuer, "aud": p.ClientID, "iat": p.now().Unix(), "exp": p.now().Add(time.Minute).Unix(), "nonce": nonce}
	for name, value := range p.Claims {
		claims[name] = value
	}
	if p.Change != nil {
		p.Change(claims)
	}
	raw, _ := json.Marshal(claims)
	if p.Unsigned {
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(raw) + "."
	}
	key := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "1"}}
	if p.Stranger {
		key.Key = jose.JSONWebKey{Key: keys()[1], KeyID: "1"}
	}
	if p.Symmetric {
		secret := make([]byte, 32)
		copy(secret, p.ClientID)
		key = jose.SigningKey{Algorithm: jose.HS256, Key: secret}
	}
	signer, err := jose.NewSigner(key, nil)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(raw)
	if err != nil {
		panic(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return text
}
