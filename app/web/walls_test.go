package web_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/apptest"
	"pasokh/app/web"
	"pasokh/policies"
	"pasokh/tenants"
)

// These tests hold for every route there is, today's and tomorrow's
// (security.md section 4). A new route with an id needs a line in objects.

var update = flag.Bool("update", false, "write the golden files")

// objects says what the id behind an address names; the longest prefix wins.
var objects = map[string]func(*apptest.Twin) int64{
	"/complaints/drafts/:id":      func(w *apptest.Twin) int64 { return w.Draft },
	"/my/complaints/:id":          func(w *apptest.Twin) int64 { return w.Complaint },
	"/my/meetings/:id":            func(w *apptest.Twin) int64 { return w.Meeting },
	"/case/files/:id":             func(w *apptest.Twin) int64 { return w.File },
	"/platform/tasks/:id":         func(w *apptest.Twin) int64 { return w.Draft },
	"/desk/cases/:id":             func(w *apptest.Twin) int64 { return w.Complaint },
	"/desk/complaints/:id":        func(w *apptest.Twin) int64 { return w.Complaint },
	"/desk/files/:id":             func(w *apptest.Twin) int64 { return w.File },
	"/desk/meetings/sessions/:id": func(w *apptest.Twin) int64 { return w.Session },
	"/desk/meetings/:id":          func(w *apptest.Twin) int64 { return w.Meeting },
	"/desk/sessions/:id":          func(w *apptest.Twin) int64 { return w.Session },
	"/desk/directives/:id":        func(w *apptest.Twin) int64 { return w.Directive },
	"/desk/scores/:id":            func(w *apptest.Twin) int64 { return w.Score },
	"/meetings/drafts/:id":        func(w *apptest.Twin) int64 { return w.Draft },
	"/meeting/files/:id":          func(w *apptest.Twin) int64 { return w.File },
	"/meeting/directives/:id":     func(w *apptest.Twin) int64 { return w.Directive },
}

func objectOf(t *testing.T, pattern string) func(*apptest.Twin) int64 {
	t.Helper()
	best := ""
	for prefix := range objects {
		if strings.HasPrefix(pattern, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	if best == "" {
		t.Errorf("%s: say in objects what its id names", pattern)
		return func(w *apptest.Twin) int64 { return w.Complaint }
	}
	return objects[best]
}

var param = regexp.MustCompile(`:[a-z_]+\??|\*`)

// below says what a second id in an address names.
var below = map[string]func(*apptest.Twin) int64{
	":file": func(w *apptest.Twin) int64 { return w.File },
}

// fill writes an address; what lies below comes from the twin, if there is one.
func fill(pattern string, id int64, twin ...*apptest.Twin) string {
	pattern = strings.Replace(pattern, "/dev/parts/:name", "/dev/parts/home", 1)
	return param.ReplaceAllStringFunc(pattern, func(name string) string {
		if named := below[name]; named != nil && len(twin) > 0 {
			return fmt.Sprint(named(twin[0]))
		}
		return fmt.Sprint(id)
	})
}

func routes(t *testing.T) []web.Route {
	t.Helper()
	book, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	list, err := web.Routes(book, true)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The table of routes is reviewed like a contract: who may come where.
func TestRouteTable(t *testing.T) {
	var out strings.Builder
	for _, rt := range routes(t) {
		fmt.Fprintf(&out, "%s\t%s\t%s\t%s\n", rt.Method, rt.Pattern, rt.Audience, rt.Permission)
	}
	const file = "testdata/routes.golden"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil { //nolint:gosec // a file of the tree
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the routes are not those of %s; when the change is meant, run with -update and review the difference", file)
	}
}

func TestEveryRouteWentThroughTheTable(t *testing.T) {
	app := apptest.New(t)
	server, err := web.New(app.Options)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	for _, rt := range routes(t) {
		declared[rt.Method+" "+rt.Pattern] = true
		if rt.Method == http.MethodGet {
			declared["HEAD "+rt.Pattern] = true
		}
		staff := rt.Audience == web.Staff || rt.Audience == web.Platform
		if staff != (rt.Permission != "") || staff && !app.Book.Known(rt.Permission) {
			t.Errorf("%s %s: audience %s with permission %q", rt.Method, rt.Pattern, rt.Audience, rt.Permission)
		}
	}
	server.Handler() // mounted sub-applications appear only now
	middleware := 0
	for _, stack := range server.Stack() {
		for _, rt := range stack {
			if key := rt.Method + " " + rt.Path; !declared[key] {
				middleware++
				if rt.Path != "/" || len(rt.Handlers) != 2 {
					t.Errorf("%s did not go through the table", key)
				}
			}
		}
	}
	// recovered and guarded, on the methods of which no route is "/".
	if allowed := len(fiber.DefaultMethods); middleware > allowed {
		t.Errorf("%d routes beside the table, want at most %d", middleware, allowed)
	}
}

func TestUnsafeSettingsAreOff(t *testing.T) {
	server, err := web.New(apptest.New(t).Options)
	if err != nil {
		t.Fatal(err)
	}
	c := server.Config()
	if !c.Immutable || !c.StrictRouting || !c.CaseSensitive || !c.EnableTrustedProxyCheck || c.ReadTimeout == 0 || c.WriteTimeout == 0 || c.IdleTimeout == 0 || c.ProxyHeader != "" {
		t.Errorf("%+v", c)
	}
}

// users are one member of staff for each role of the gas template.
var users = []string{
	"operator", "pr", "manager", "expert", "head", "expert.service", "feedback", "followup", "ceo", "office", "inspector", "secretary", "overseer", "admin",
}

// client is a browser that the route lets in, and another of the same kind.
func client(t *testing.T, app *apptest.App, a *apptest.Twin, rt web.Route) *apptest.Client {
	t.Helper()
	switch rt.Audience {
	case web.Citizen:
		return app.Citizen("09121110000")
	case web.Tracker:
		return app.Tracker("complaint", a.Complaint)
	case web.Platform:
		return app.AsAt("", "platform")
	case web.Staff:
		for _, user := range users {
			if app.Book.Can(app.A.ID, app.Staff(app.A, user).Roles, rt.Permission) {
				return app.As(user)
			}
		}
		t.Errorf("%s: no role of the template holds %s", rt.Pattern, rt.Permission)
	}
	return app.Visit("alpha")
}

func TestUnsafeRoutesNeedOurFormAndOurOrigin(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	clients := map[string]*apptest.Client{}
	for _, rt := range routes(t) {
		if rt.Method == http.MethodGet {
			continue
		}
		key := string(rt.Audience) + rt.Permission
		if clients[key] == nil {
			clients[key] = client(t, app, a, rt)
		}
		c, path := clients[key], fill(rt.Pattern, 1)
		token := c.Token()
		other := app.Visit("alpha")
		other.Get("/sign-in")
		cases := map[string]struct {
			headers map[string]string
			token   string
		}{
			"no token":              {nil, ""},
			"another browser's":     {nil, other.Token()},
			"foreign origin":        {map[string]string{"Origin": "https://evil.example"}, token},
			"other organization":    {map[string]string{"Origin": "http://beta.pasokh.test"}, token},
			"opaque origin":         {map[string]string{"Origin": "null"}, token},
			"cross-site":            {map[string]string{"Sec-Fetch-Site": "cross-site"}, token},
			"same site, other host": {map[string]string{"Sec-Fetch-Site": "same-site"}, token},
			"says nothing":          {map[string]string{"Origin": "", "Sec-Fetch-Site": ""}, token},
			"foreign referer":       {map[string]string{"Origin": "", "Sec-Fetch-Site": "", "Referer": "https://evil.example/x"}, token},
		}
		for name, try := range cases {
			c.Headers = try.headers
			if page := c.Post(path, apptest.Form{"_csrf": try.token}); page.Status != http.StatusForbidden {
				t.Errorf("%s %s with %s: %d", rt.Method, rt.Pattern, name, page.Status)
			}
		}
		c.Headers = nil
	}
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	paths := []string{"/no-such-page", "/static/0000000000/css/app.css"}
	for _, rt := range routes(t) {
		paths = append(paths, fill(rt.Pattern, 1))
	}
	for _, host := range []string{"alpha", "", "nobody"} {
		c := app.Visit(host)
		for _, path := range paths {
			page := c.Get(path)
			h := page.Header
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
				"Cross-Origin-Resource-Policy": "same-origin",
			} {
				if h.Get(name) != want {
					t.Errorf("%s %s: %s is %q", host, path, name, h.Get(name))
				}
			}
			csp := h.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
				if !strings.Contains(csp, part) {
					t.Errorf("%s %s: no %s", host, path, part)
				}
			}
			if strings.Contains(csp, "unsafe") || h.Get("Permissions-Policy") == "" || h.Get("X-Request-Id") == "" || h.Get("Server") != "" {
				t.Errorf("%s %s: %v", host, path, h)
			}
			if cc := h.Get("Cache-Control"); !strings.Contains(cc, "no-store") {
				t.Errorf("%s %s: Cache-Control is %q", host, path, cc)
			}
			if page.Status >= 500 {
				t.Errorf("%s %s: %d", host, path, page.Status)
			}
		}
	}
}

// A foreign organization's thing answers exactly like one that never was, to
// everybody, and stays as it is.
func TestForeignThingsAreLikeNothing(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a, b := app.Twin(app.A), app.Twin(app.B)
	before := app.Fingerprint(app.B)
	clients := map[string]*apptest.Client{"": app.Visit("alpha"), "citizen": app.Citizen("09121110000")}
	clients["tracker"] = app.Tracker("complaint", a.Complaint)
	clients["meeting"] = app.Tracker("meeting", a.Meeting)
	for _, user := range users {
		clients[user] = app.As(user)
	}
	for _, c := range clients {
		c.Get("/") // the first answer to a browser names it
	}
	for _, rt := range routes(t) {
		if !strings.Contains(rt.Pattern, ":") || rt.Audience == web.Public && strings.HasPrefix(rt.Pattern, "/dev/") {
			continue
		}
		foreign, missing := objectOf(t, rt.Pattern)(b), tenants.NewID()
		for name, c := range clients {
			if !invited(rt, name) {
				continue
			}
			got, want := ask(c, rt, fill(rt.Pattern, foreign, b), foreign), ask(c, rt, fill(rt.Pattern, missing, b), missing)
			if got != want {
				t.Errorf("%s %s as %q: a foreign id answers\n%s\na missing one\n%s", rt.Method, rt.Pattern, name, apart(got, want), apart(want, got))
			}
			if strings.Contains(got, b.Canary) {
				t.Errorf("%s %s as %q shows the other organization's data", rt.Method, rt.Pattern, name)
			}
		}
	}
	if after := app.Fingerprint(app.B); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("the other organization changed:\n%v\n%v", before, after)
	}
}

// A foreign thing below one's own answers like nothing, too.
func TestForeignThingsBelowOwnOnesAreLikeNothing(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a, b := app.Twin(app.A), app.Twin(app.B)
	for _, rt := range routes(t) {
		if rt.Method != http.MethodGet || rt.Audience != web.Staff || strings.Count(rt.Pattern, ":") < 2 {
			continue
		}
		c := client(t, app, a, rt)
		own := objectOf(t, rt.Pattern)(a)
		c.Get(fill(rt.Pattern, own, a)).Is(http.StatusOK)
		c.Get(fill(rt.Pattern, own, b)).Is(http.StatusNotFound)
	}
}

// invited tells whether the browser of that name is of the route's audience.
func invited(rt web.Route, name string) bool {
	switch rt.Audience {
	case web.Public:
		return name == ""
	case web.Citizen:
		return name == "citizen"
	case web.Tracker:
		return name == "tracker" || name == "meeting"
	case web.Staff:
		return slices.Contains(users, name)
	}
	return false
}

// apart is where one text begins to differ from another.
func apart(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	return "…" + a[max(0, at-40):min(len(a), at+120)] + "…"
}

// ask sends the request and writes down what anybody could tell two answers
// apart by.
func ask(c *apptest.Client, rt web.Route, path string, id int64) string {
	var page *apptest.Page
	if rt.Method == http.MethodGet {
		page = c.Get(path)
	} else {
		page = c.Post(path, apptest.Form{})
	}
	h := page.Header.Clone()
	number := h.Get("X-Request-Id")
	for _, name := range []string{"X-Request-Id", "Content-Length", "Date"} {
		h.Del(name)
	}
	text := fmt.Sprintf("%d %v\n%s", page.Status, h, page.Body)
	if number != "" {
		text = strings.ReplaceAll(text, number, "NUMBER")
	}
	return strings.ReplaceAll(text, fmt.Sprint(id), "ID")
}

// No page that lists, counts or searches shows the other organization.
func TestNoPageShowsTheOtherOrganization(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a, b := app.Twin(app.A), app.Twin(app.B)
	clients := map[string]*apptest.Client{"": app.Visit("alpha"), "citizen": app.Citizen("09121110000")}
	clients["tracker"] = app.Tracker("complaint", a.Complaint)
	for _, user := range users {
		clients[user] = app.As(user)
	}
	for _, rt := range routes(t) {
		if rt.Method != http.MethodGet || rt.Audience == web.Machine || strings.HasPrefix(rt.Pattern, "/dev/") {
			continue
		}
		for name, c := range clients {
			if !invited(rt, name) {
				continue
			}
			path := rt.Pattern
			if strings.Contains(path, ":") {
				path = fill(path, objectOf(t, rt.Pattern)(a), a)
			}
			page := c.Get(path + "?q=trench&code=" + b.Code) // both organizations have a case with this word
			if strings.Contains(page.Body, b.Canary) {
				t.Errorf("%s as %q shows the other organization's data", rt.Pattern, name)
			}
			if page.Status >= 500 {
				t.Errorf("%s as %q: %d", rt.Pattern, name, page.Status)
			}
		}
	}
}

func TestSessionsEndAtTheBorder(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	for cookie, from := range map[string]*apptest.Client{
		"pasokh": app.As("pr"), "pasokh-my": app.Citizen("09121110000"), "pasokh-case": app.Tracker("complaint", 1),
	} {
		for _, rt := range routes(t) {
			session := map[web.Audience]string{web.Staff: "pasokh", web.Platform: "pasokh", web.Citizen: "pasokh-my", web.Tracker: "pasokh-case"}[rt.Audience]
			if session != cookie || rt.Method != http.MethodGet {
				continue
			}
			host := "beta"
			if rt.Audience == web.Platform {
				host = ""
			}
			c := app.Visit(host)
			c.SetCookie(cookie, from.Cookie(cookie))
			if page := c.Get(fill(rt.Pattern, 1)); page.Status != http.StatusSeeOther {
				t.Errorf("%s with alpha's session at %q: %d", rt.Pattern, host, page.Status)
			}
		}
	}
}

// A session proves what it was opened for and nothing else.
func TestSessionsOfOneKindOpenNoOther(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	tokens := map[string]string{
		"pasokh": app.As("pr").Cookie("pasokh"), "pasokh-my": app.Citizen("09121110000").Cookie("pasokh-my"),
		"pasokh-case": app.Tracker("complaint", a.Complaint).Cookie("pasokh-case"),
	}
	for own, token := range tokens {
		for cookie, path := range map[string]string{"pasokh": "/desk", "pasokh-my": "/my", "pasokh-case": "/case"} {
			c := app.Visit("alpha")
			c.SetCookie(cookie, token)
			if page := c.Get(path); cookie != own && page.Status == http.StatusOK {
				t.Errorf("the token of %s opens %s as %s", own, path, cookie)
			}
		}
	}
}

// The role is judged at the route, for every role and every route, exactly as
// the policies say.
func TestRolesOpenWhatThePoliciesSay(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	for _, user := range users {
		c, actor := app.As(user), app.Staff(app.A, user)
		for _, rt := range routes(t) {
			if rt.Audience != web.Staff || rt.Method != http.MethodGet {
				continue
			}
			path := rt.Pattern
			if strings.Contains(path, ":") {
				path = fill(path, objectOf(t, rt.Pattern)(a), a)
			}
			may := app.Book.Can(app.A.ID, actor.Roles, rt.Permission)
			if page := c.Get(path); !may && page.Status != http.StatusForbidden {
				t.Errorf("%s opens %s without %s: %d", user, path, rt.Permission, page.Status)
			} else if may && (page.Status == http.StatusForbidden || page.Status >= 500) {
				t.Errorf("%s may %s but %s answers %d", user, rt.Permission, path, page.Status)
			}
		}
	}
}
