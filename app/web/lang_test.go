package web

import (
	"net/url"
	"strings"
	"testing"
)

func TestSafeNext(t *testing.T) {
	for next, want := range map[string]string{
		"/desk":                        "/desk",
		"/desk?tab=mine&q=%D8%A2":      "/desk?tab=mine&q=%D8%A2",
		"/":                            "/",
		"":                             "",
		"desk":                         "",
		"//evil.example":               "",
		"///evil.example":              "",
		"/\\evil.example":              "",
		"/%5cevil.example":             "",
		"/%2fevil.example":             "",
		"https://evil.example":         "",
		"javascript:alert(1)":          "",
		"/a\r\nSet-Cookie: x=y":        "",
		"/%0d%0aSet-Cookie:%20x":       "",
		"/\tevil":                      "",
		"/desk#x":                      "",
		"/" + strings.Repeat("a", 600): "",
	} {
		if got := safeNext(next); got != want {
			t.Errorf("%q: %q, want %q", next, got, want)
		}
	}
}

// Whatever is let through leads to a page of the same host, read as browsers
// read it.
func FuzzSafeNext(f *testing.F) {
	for _, seed := range []string{"/desk", "//evil.example", "/\\evil.example", "/%2fevil", "/a?b=//c", "/.//evil.example", "/;@evil.example", "/a\x00b", "/0!+#"} {
		f.Add(seed)
	}
	base, err := url.Parse("http://alpha.pasokh.test/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := safeNext(next)
		if got == "" {
			return
		}
		if got != next || got[0] != '/' || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t\x00 #") {
			t.Fatalf("%q", got)
		}
		to, err := base.Parse(got)
		if err != nil || to.Host != base.Host || to.Scheme != base.Scheme || to.User != nil {
			t.Fatalf("%q leads to %v (%v)", got, to, err)
		}
	})
}
