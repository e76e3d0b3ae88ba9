package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
)

// csrfField and csrfHeader carry the form token: pages put it into every form,
// htmx into every request.
const (
	csrfField  = "_csrf"
	csrfHeader = "X-CSRF-Token"
)

// token is the form token of this browser and session. It changes with the
// session, so it rotates at sign-in and dies at sign-out.
func (r *req) token() string {
	key := r.principal.token
	if key == "" {
		key = r.visitor
	}
	return formToken(key)
}

func formToken(key string) string {
	if key == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte("csrf"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

var errForm = fault.New(fault.Forbidden, "error.form_expired")

// verifyForm refuses an act that did not start on a page of this host, shown
// to this browser in this session.
func (r *req) verifyForm() error {
	switch r.c.Method() {
	case fiber.MethodGet, fiber.MethodHead:
		return nil
	}
	if !r.w.sameOrigin(r.c) {
		return errForm
	}
	given := []byte(r.c.Get(csrfHeader, r.c.FormValue(csrfField)))
	fits := func(key string) bool { return key != "" && hmac.Equal(given, []byte(formToken(key))) }
	if r.route.Audience != Public {
		if fits(r.principal.token) {
			return nil
		}
		return errForm
	}
	// A page for everybody may have been shown under any of the sessions that
	// this browser holds.
	keys := []string{r.visitor, r.cookie(emergencyCookie)}
	for _, kind := range []Audience{Staff, Citizen, Tracker} {
		keys = append(keys, r.cookie(cookieNames[kind]))
	}
	if slices.ContainsFunc(keys, fits) {
		return nil
	}
	return errForm
}

// sameOrigin tells whether the browser says that the request comes from a page
// of this host. Saying nothing at all is not enough.
func (w *web) sameOrigin(c *fiber.Ctx) bool {
	site := c.Get("Sec-Fetch-Site")
	if site != "" && site != "same-origin" && site != "none" {
		return false
	}
	source := c.Get(fiber.HeaderOrigin)
	if source == "" {
		source = c.Get(fiber.HeaderReferer)
	}
	if source == "" {
		return site == "same-origin"
	}
	u, err := url.Parse(source)
	if err != nil || u.Host == "" || u.Host != string(c.Request().Host()) {
		return false
	}
	return u.Scheme == "https" || !w.secure && u.Scheme == "http"
}
