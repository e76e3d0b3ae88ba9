// Package openid speaks OpenID Connect with somebody else's sign-in service: code
// flow with PKCE, state and nonce. What a proven person may do here is not its
// matter.
package openid

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Service is a sign-in service as it was set up.
type Service struct {
	Issuer   string
	ClientID string
	Secret   string // empty: a public client
	Scopes   []string
}

// Client asks services; HTTP must refuse what must not be reached (fetch.Client).
type Client struct {
	HTTP *http.Client
	Now  func() time.Time
}

// Attempt is what a sign-in that was sent away must be recognized by when it
// comes back: once, by the browser that began it.
type Attempt struct{ State, Nonce, Verifier string }

// Claims are what the service says about the person in a signed token.
type Claims map[string]any

// ErrRefused is every answer that proves nobody: a wrong signature, audience,
// issuer, nonce or time, a code that was used before.
var ErrRefused = errors.New("openid: the answer proves nobody")

// ErrAway says that the service cannot be reached or is set up wrongly.
var ErrAway = errors.New("openid: the service does not answer as it should")

// Text is a claim that is a text; else empty.
func (c Claims) Text(name string) string {
	text, _ := c[name].(string)
	return text
}

// List is a claim that is a text or a list of texts.
func (c Claims) List(name string) []string {
	switch v := c[name].(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, one := range v {
			if text, ok := one.(string); ok {
				list = append(list, text)
			}
		}
		return list
	}
	return nil
}

// Yes tells whether a claim is true, as some services write it also in letters.
func (c Claims) Yes(name string) bool { return c[name] == true || c[name] == "true" }

// discovered is the service's own description of itself.
type discovered struct {
	provider *oidc.Provider
	config   oauth2.Config
}

func (c *Client) discover(ctx context.Context, s Service, back string) (context.Context, *discovered, error) {
	ctx = oidc.ClientContext(ctx, c.HTTP)
	provider, err := oidc.NewProvider(ctx, s.Issuer)
	if err != nil {
		return ctx, nil, errors.Join(ErrAway, err)
	}
	var more struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
		JWKS    string   `json:"jwks_uri"`
	}
	if err := provider.Claims(&more); err != nil {
		return ctx, nil, errors.Join(ErrAway, err)
	}
	end := provider.Endpoint()
	for _, address := range []string{end.AuthURL, end.TokenURL, more.JWKS} {
		if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" {
			return ctx, nil, ErrAway
		}
	}
	end.AuthStyle = oauth2.AuthStyleInHeader
	if s.Secret == "" || len(more.Methods) > 0 && !slices.Contains(more.Methods, "client_secret_basic") {
		end.AuthStyle = oauth2.AuthStyleInParams
	}
	return ctx, &discovered{provider, oauth2.Config{ClientID: s.ClientID, ClientSecret: s.Secret, Endpoint: end, RedirectURL: back, Scopes: s.Scopes}}, nil
}

// Begin draws an attempt and gives the address at the service to which the
// browser goes; back is where it returns to. Errors: ErrAway.
func (c *Client) Begin(ctx context.Context, s Service, back string) (string, Attempt, error) {
	_, d, err := c.discover(ctx, s, back)
	if err != nil {
		return "", Attempt{}, err
	}
	a := Attempt{State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier()}
	return d.config.AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), a, nil
}

// Finish exchanges the code and checks the token that comes for it. Errors:
// ErrAway, ErrRefused.
func (c *Client) Finish(ctx context.Context, s Service, back, code string, a Attempt) (Claims, error) {
	ctx, d, err := c.discover(ctx, s, back)
	if err != nil {
		return nil, err
	}
	token, err := d.config.Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return nil, errors.Join(ErrRefused, err)
	}
	raw, _ := token.Extra("id_token").(string)
	proven, err := d.provider.VerifierContext(ctx, &oidc.Config{ClientID: s.ClientID, Now: c.Now}).Verify(ctx, raw)
	if err != nil {
		return nil, errors.Join(ErrRefused, err)
	}
	claims := Claims{}
	if err := proven.Claims(&claims); err != nil {
		return nil, errors.Join(ErrRefused, err)
	}
	switch {
	case a.Nonce == "" || subtle.ConstantTimeCompare([]byte(proven.Nonce), []byte(a.Nonce)) != 1, proven.Subject == "",
		proven.IssuedAt.After(c.Now().Add(5 * time.Minute)),
		len(proven.Audience) > 1 && claims.Text("azp") != s.ClientID:
		return nil, ErrRefused
	}
	return claims, nil
}

// Try reads the service's description and its keys. Errors: ErrAway.
func (c *Client) Try(ctx context.Context, s Service) error {
	ctx, d, err := c.discover(ctx, s, "")
	if err != nil {
		return err
	}
	var at struct {
		JWKS string `json:"jwks_uri"`
	}
	if err := d.provider.Claims(&at); err != nil {
		return errors.Join(ErrAway, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.JWKS, nil)
	if err != nil {
		return errors.Join(ErrAway, err)
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return errors.Join(ErrAway, err)
	}
	defer res.Body.Close() //nolint:errcheck // read only
	if res.StatusCode != http.StatusOK {
		return ErrAway
	}
	return nil
}

func random() string {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails: the runtime ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw[:])
}
