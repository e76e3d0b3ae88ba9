package web

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/tenants"
)

func TestSlugOf(t *testing.T) {
	for host, want := range map[string]string{
		"localhost":              tenants.PlatformSlug,
		"LOCALHOST:8080":         tenants.PlatformSlug,
		"gas.localhost:8080":     "gas",
		"Gas.localhost":          "gas",
		"free-zone.localhost":    "free-zone",
		"platform.localhost":     "",
		"a.gas.localhost":        "",
		".localhost":             "",
		"localhost.":             "",
		"gas.localhost.evil.com": "",
		"evillocalhost":          "",
		"-a.localhost":           "",
		"a_b.localhost":          "",
		"":                       "",
		"127.0.0.1:8080":         "",
		"[::1]:8080":             "",
	} {
		got, ok := slugOf(host, "localhost")
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", host, got, ok, want)
		}
	}
}

func FuzzSlugOf(f *testing.F) {
	for _, seed := range []string{"gas.localhost:8080", "localhost", "[::1]:80", "a.b.localhost", "gas.localhost:x", "\x00.localhost"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		slug, ok := slugOf(host, "localhost")
		if !ok {
			return
		}
		if slug != tenants.PlatformSlug && !slugShape.MatchString(slug) || strings.ContainsAny(slug, "./:\\ ") {
			t.Fatalf("%q gives %q", host, slug)
		}
	})
}

// The log says of what kind a refusal is, also where no room refused.
func TestRefusalsHaveTheirKind(t *testing.T) {
	for err, want := range map[error]fault.Kind{
		fiber.ErrNotFound: fault.NotFound, fiber.ErrMethodNotAllowed: fault.NotFound, fiber.ErrRequestEntityTooLarge: fault.Invalid, errUnknownHost: fault.NotFound,
		errNoNew: fault.Conflict, errReadOnly: fault.Forbidden, errStale: fault.Forbidden, fault.New(fault.TooMany, "x"): fault.TooMany, errUnavailable: fault.Internal,
	} {
		if got := kindOf(problemOf(err), err); got != want {
			t.Errorf("%v is of kind %s, want %s", err, got, want)
		}
	}
}
