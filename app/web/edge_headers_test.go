package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/web"
)

// Every page, opened by somebody who may see it and by way of https, carries its
// headers: those who sign in see more than what strangers are answered with.
func TestEverySignedInPageHasItsHeaders(t *testing.T) {
	t.Parallel()
	app := apptest.New(t, func(o *web.Options) { o.Production = true })
	a := app.Twin(app.A)
	clients, n, shown := map[string]*apptest.Client{}, 0, 0
	for _, rt := range routes(t) {
		if rt.Method != http.MethodGet || strings.HasPrefix(rt.Pattern, "/static/") {
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
		if strings.Contains(path, ":") && !strings.HasPrefix(path, "/dev/") {
			path = fill(path, objectOf(t, rt.Pattern)(a), a)
		} else {
			path = fill(path, 1)
		}
		page := clients[key].Get(path)
		n++
		if page.Status == http.StatusOK {
			shown++
		}
		h := page.Header
		csp := h.Get("Content-Security-Policy")
		framed := strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "default-src 'none'; sandbox") && h.Get("X-Frame-Options") == "DENY"
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, " *") || !framed || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || h.Get("Permissions-Policy") == "" {
			t.Errorf("%s: %d %v", path, page.Status, h)
		}
		feed := strings.HasPrefix(path, "/calendar/") // programs ask for it again and again
		if !feed && !strings.Contains(h.Get("Cache-Control"), "no-store") {
			t.Errorf("%s may be kept: %q", path, h.Get("Cache-Control"))
		}
	}
	t.Logf("%d pages, %d of them opened", n, shown)
}

// Links in messages are made from the configuration, whatever host a request
// claims to be for.
func TestNoMessageNamesAClaimedHost(t *testing.T) {
	const evil = "evil.example"
	for _, headers := range []map[string]string{
		{"X-Forwarded-Host": evil}, {"Forwarded": "host=" + evil}, {"X-Host": evil}, {"X-Original-Host": evil, "X-HTTP-Host-Override": evil},
		{"X-Forwarded-Server": evil, "X-Forwarded-Proto": "https"}, {"X-Original-URL": "http://" + evil + "/", "X-Rewrite-URL": "http://" + evil + "/"},
	} {
		app := apptest.New(t, func(o *web.Options) { o.TrustedProxies = []string{"0.0.0.0/0"} })
		f := begin(t, app)
		f.Headers = headers
		f.details(nil).To(f.draft + "/contact")
		f.contact(zahra).To(f.draft + "/check")
		f.Post(f.draft+"/registration", nil).To("/case/receipt")
		f.Post("/case/additions", apptest.Form{"addition": "عکس کنتور را هم می‌فرستم"})
		f.Post("/my/codes", apptest.Form{"mobile": "09123456789"}).To("/my/code")
		app.Code("alpha", "09123456789")
		f.Post("/case/withdrawal", apptest.Form{"withdrawal": "حل شد"}).To("/case")
		app.Drain()
		if len(app.Sent()) == 0 {
			t.Fatal("nothing was sent")
		}
		for _, m := range app.Sent() {
			if strings.Contains(m.Text, evil) {
				t.Errorf("%v: %s", headers, m.Text)
			}
		}
	}
}

// The Host header itself opens nothing but the organization that it names.
func TestAClaimedHostIsNobody(t *testing.T) {
	app := apptest.New(t)
	for _, host := range []string{"evil.example", "alpha.pasokh.test.evil.example", "alpha.pasokh.test@evil.example", "evil.example:80@alpha.pasokh.test", "alpha.pasokh.test,evil.example"} {
		c := app.Visit("alpha")
		r, err := http.NewRequest(http.MethodGet, "http://alpha.pasokh.test/my/sign-in", nil) //nolint:noctx // a test
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if page := c.Do(r); page.Status < 400 || strings.Contains(page.Body, "evil.example") {
			t.Errorf("%s: %d", host, page.Status)
		}
	}
}

// No address that takes a way on leads to another host.
func TestNoNextLeadsAway(t *testing.T) {
	app := apptest.New(t)
	for i, next := range []string{
		"https://evil.example", "//evil.example", "/\\evil.example", "/%5cevil.example", "/%2fevil.example", "///evil.example", "http:evil.example", "javascript:alert(1)",
		"/\t/evil.example", "/%09/evil.example", "\\\\evil.example", " //evil.example", "//evil.example@alpha.pasokh.test", "/..//evil.example", "/.//evil.example", "data:text/html,x", "%2f%2fevil.example",
	} {
		c := app.Visit("alpha")
		c.Get("/sign-in")
		c.Headers["Sec-Fetch-Site"] = "same-origin"
		values := "?to=en&next=" + strings.NewReplacer("%", "%25", "\t", "%09", " ", "%20", "\\", "%5c").Replace(next)
		for what, page := range map[string]*apptest.Page{
			"language": c.Post("/language"+values, nil),
			"sign-in":  c.Post("/session", apptest.Form{"user": "pr", "password": apptest.Password("pr"), "next": next}),
		} {
			if leadsAway(page.Location) || page.Status != http.StatusSeeOther {
				t.Errorf("%s to %q: %d %q", what, next, page.Status, page.Location)
			}
		}
		mine := app.Visit("alpha")
		mine.Get("/my/sign-in" + values)
		mobile := fmt.Sprintf("091211100%02d", i)
		mine.Post("/my/codes", apptest.Form{"mobile": mobile}).To("/my/code")
		if page := mine.Post("/my/session", apptest.Form{"code": app.Code("alpha", mobile)}); leadsAway(page.Location) || page.Status != http.StatusSeeOther {
			t.Errorf("the citizen's sign-in to %q: %d %q", next, page.Status, page.Location)
		}
		app.Redis.FlushAll(t.Context())
	}
}

// leadsAway reads an address as browsers do.
func leadsAway(to string) bool {
	to = strings.NewReplacer("\t", "", "\r", "", "\n", "", "\\", "/").Replace(strings.TrimSpace(to))
	return !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")
}
