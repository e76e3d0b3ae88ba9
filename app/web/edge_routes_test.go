package web_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/web"
)

// asked finds the names that handlers read from an address.
var askedNames = regexp.MustCompile(`(?:\.query|queryList|\.Query)\("([a-z_]+)"`)

// names are those of every address and form of the program, as its source has
// them: a new one is tried without anybody thinking of it.
func namesInSource(t *testing.T, shape *regexp.Regexp) []string {
	t.Helper()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range sources {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range shape.FindAllStringSubmatch(string(source), -1) {
			all = append(all, found[1])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// hostile is what no page of ours sends.
var hostileValues = []string{"\x00\xff\xc0\xae", "9223372036854775808", "-1", "99999999999999999999", "'\"><script>alert(1)</script>", "2026-13-45", "1405/13/40", "۱۴۰۵/۰۲/۳۱", "%00", "../../x", "\u202e", "1e309", "0x10"}

// No value of an address makes a page fail or run a script, whoever asks.
func TestNoAddressBreaksAPage(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	keys := namesInSource(t, askedNames)
	if len(keys) < 30 {
		t.Fatalf("only %v", keys)
	}
	clients, n := map[string]*apptest.Client{}, 0
	for i, rt := range routes(t) {
		if rt.Method != http.MethodGet || rt.Audience == web.Machine || strings.HasPrefix(rt.Pattern, "/dev/") {
			continue
		}
		key := string(rt.Audience)
		if rt.Audience == web.Staff {
			key = holder(t, app, rt)
		}
		if clients[key] == nil {
			clients[key] = client(t, app, a, rt)
		}
		path := rt.Pattern
		if strings.Contains(path, ":") {
			path = fill(path, objectOf(t, rt.Pattern)(a), a)
		}
		for round := range 3 { // every page meets three values at every name, all pages together all of them
			values := url.Values{}
			for j, name := range keys {
				values.Set(name, hostileValues[(i*3+round+j)%len(hostileValues)])
			}
			page := clients[key].Get(path + "?" + values.Encode())
			n++
			if page.Status >= 500 || strings.Contains(page.Body, "<script>alert(1)") || innerWords.MatchString(page.Body) {
				t.Errorf("%s: %d %v", rt.Pattern, page.Status, values)
			}
		}
	}
	t.Logf("%d requests with %d names", n, len(keys))
}
