package web_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/apptest"
	"pasokh/app/web"
	"pasokh/policies"
)

// These tests hold for every route there is, today's and tomorrow's
// (security.md section 4). A new route with an id needs a line in objects.

var update = flag.Bool("update", false, "write the golden files")

// objects says what the id behind an address names; the longest prefix wins.
var objects = map[string]func(*apptest.Twin) int64{
	"/complaints/drafts/:id":                     func(w *apptest.Twin) int64 { return w.Draft },
	"/my/complaints/:id":                         func(w *apptest.Twin) int64 { return w.Complaint },
	"/my/meetings/:id":                           func(w *apptest.Twin) int64 { return w.Meeting },
	"/case/files/:id":                            func(w *apptest.Twin) int64 { return w.File },
	"/platform/organizations/:id":                func(w *apptest.Twin) int64 { return w.Tenant.ID },
	"/platform/announcements/:id":                func(w *apptest.Twin) int64 { return w.Announcement },
	"/desk/announcements/:id":                    func(w *apptest.Twin) int64 { return w.Announcement },
	"/platform/tasks/:id":                        func(w *apptest.Twin) int64 { return w.Draft },
	"/desk/cases/:id":                            func(w *apptest.Twin) int64 { return w.Complaint },
	"/desk/complaints/:id":                       func(w *apptest.Twin) int64 { return w.Complaint },
	"/desk/files/:id":                            func(w *apptest.Twin) int64 { return w.File },
	"/c/:id":                                     func(w *apptest.Twin) int64 { return w.Complaint },
	"/d/:id":                                     func(w *apptest.Twin) int64 { return w.Directive },
	"/desk/meetings/sessions/:id":                func(w *apptest.Twin) int64 { return w.Session },
	"/desk/organization/meetings/:id":            func(w *apptest.Twin) int64 { return w.Window },
	"/desk/organization/executives/:id":          func(w *apptest.Twin) int64 { return w.Executive },
	"/desk/organization/terms/:id":               func(w *apptest.Twin) int64 { return w.Term },
	"/desk/organization/channels/:id":            func(w *apptest.Twin) int64 { return w.Gateway },
	"/desk/inbound/:id":                          func(w *apptest.Twin) int64 { return w.Inbound },
	"/hooks/sms/:token":                          func(w *apptest.Twin) int64 { return w.Inbound },
	"/hooks/calls/:token":                        func(w *apptest.Twin) int64 { return w.Inbound },
	"/hooks/mail/:token":                         func(w *apptest.Twin) int64 { return w.Inbound },
	"/hooks/voicemail/:token":                    func(w *apptest.Twin) int64 { return w.Inbound },
	"/desk/deliveries/:id":                       func(w *apptest.Twin) int64 { return w.Message },
	"/desk/organization/sites/:id":               func(w *apptest.Twin) int64 { return w.Site },
	"/desk/meetings/waits/:id":                   func(w *apptest.Twin) int64 { return w.Wait },
	"/arrivals/:id":                              func(w *apptest.Twin) int64 { return w.Session },
	"/meetings/draws/:id":                        func(w *apptest.Twin) int64 { return w.Drawing },
	"/desk/calendars/executives/:id":             func(w *apptest.Twin) int64 { return w.Executive },
	"/executive/sessions/:id":                    func(w *apptest.Twin) int64 { return w.Session },
	"/desk/meetings/:id":                         func(w *apptest.Twin) int64 { return w.Meeting },
	"/desk/sessions/:id":                         func(w *apptest.Twin) int64 { return w.Session },
	"/desk/directives/:id":                       func(w *apptest.Twin) int64 { return w.Directive },
	"/desk/committees/:id":                       func(w *apptest.Twin) int64 { return w.Committee },
	"/desk/committees/sittings/:id":              func(w *apptest.Twin) int64 { return w.Sitting },
	"/desk/calls/:id":                            func(w *apptest.Twin) int64 { return w.Complaint },
	"/desk/sign-offs/:id":                        func(w *apptest.Twin) int64 { return w.Complaint },
	"/desk/visits/:id":                           func(w *apptest.Twin) int64 { return w.Complaint },
	"/desk/routing/rules/:id":                    func(w *apptest.Twin) int64 { return w.Rule },
	"/desk/templates/:id":                        func(w *apptest.Twin) int64 { return w.Template },
	"/desk/mentions/:id":                         func(w *apptest.Twin) int64 { return w.Mention },
	"/desk/filters/:id":                          func(w *apptest.Twin) int64 { return w.Filter },
	"/desk/organization/topics/:id":              func(w *apptest.Twin) int64 { return w.Topic },
	"/desk/organization/districts/:id":           func(w *apptest.Twin) int64 { return w.District },
	"/desk/organization/sources/:id":             func(w *apptest.Twin) int64 { return w.Source },
	"/desk/boxes/:id":                            func(w *apptest.Twin) int64 { return w.Box },
	"/desk/boxes/openings/:id":                   func(w *apptest.Twin) int64 { return w.Opening },
	"/desk/notices/:id":                          func(w *apptest.Twin) int64 { return w.Notice },
	"/desk/imports/:id":                          func(w *apptest.Twin) int64 { return w.Import },
	"/desk/scores/:id":                           func(w *apptest.Twin) int64 { return w.Score },
	"/desk/organization/closures/:id":            func(w *apptest.Twin) int64 { return w.Closure },
	"/desk/organization/classes/:id":             func(w *apptest.Twin) int64 { return w.Class },
	"/meetings/drafts/:id":                       func(w *apptest.Twin) int64 { return w.Draft },
	"/meeting/files/:id":                         func(w *apptest.Twin) int64 { return w.File },
	"/calendar/:word":                            func(w *apptest.Twin) int64 { return w.Executive },
	"/p/:link":                                   func(w *apptest.Twin) int64 { return w.Complaint },
	"/case/directives/:id":                       func(w *apptest.Twin) int64 { return w.Directive },
	"/meeting/directives/:id":                    func(w *apptest.Twin) int64 { return w.Directive },
	"/desk/organization/messages/:event":         func(w *apptest.Twin) int64 { return w.Gateway },
	"/invitations/:token":                        func(w *apptest.Twin) int64 { return w.Person },
	"/resets/:token":                             func(w *apptest.Twin) int64 { return w.Person },
	"/desk/organization/staff/:id":               func(w *apptest.Twin) int64 { return w.Person },
	"/desk/organization/training/:id":            func(w *apptest.Twin) int64 { return w.Course },
	"/desk/notifications/:id":                    func(w *apptest.Twin) int64 { return w.Notification },
	"/desk/account/security/passkeys/:id":        func(w *apptest.Twin) int64 { return w.Passkey },
	"/desk/organization/roles/:role":             func(w *apptest.Twin) int64 { return w.Role },
	"/desk/violations/:id":                       func(w *apptest.Twin) int64 { return w.Violation },
	"/desk/inspections/:id":                      func(w *apptest.Twin) int64 { return w.Inspection },
	"/desk/inspections/checklists/:id":           func(w *apptest.Twin) int64 { return w.Checklist },
	"/crossings/:word":                           func(w *apptest.Twin) int64 { return w.Grant },
	"/desk/account/organizations/:link":          func(w *apptest.Twin) int64 { return w.Grant },
	"/desk/account/organizations/consents/:word": func(w *apptest.Twin) int64 { return w.Grant },
	"/desk/account/organizations/answers/:word":  func(w *apptest.Twin) int64 { return w.Grant },
	"/emergency/:word":                           func(w *apptest.Twin) int64 { return w.Grant },
	"/desk/organization/emergency/:id":           func(w *apptest.Twin) int64 { return w.Grant },
	"/desk/organization/identity/logos/:id":      func(w *apptest.Twin) int64 { return w.Logo },
	"/desk/organization/units/:id":               func(w *apptest.Twin) int64 { return w.Unit },
	"/desk/organization/contacts/:id":            func(w *apptest.Twin) int64 { return w.Contact },
	"/desk/organization/problems/:id":            func(w *apptest.Twin) int64 { return w.Problem },
	"/desk/organization/history/:id":             func(w *apptest.Twin) int64 { return w.Change },
	"/desk/warnings/:id":                         func(w *apptest.Twin) int64 { return w.Warning },
	"/desk/reviews/:id":                          func(w *apptest.Twin) int64 { return w.Review },
	"/desk/reviews/operators/:id":                func(w *apptest.Twin) int64 { return w.Operator },
	"/desk/my-quality/reviews/:id":               func(w *apptest.Twin) int64 { return w.Review },
	"/desk/improvements/:id":                     func(w *apptest.Twin) int64 { return w.Improvement },
	"/desk/organization/export/:id":              func(w *apptest.Twin) int64 { return w.Export },
	"/desk/privacy/requests/:id":                 func(w *apptest.Twin) int64 { return w.Erasure },
	"/desk/privacy/moves/:id":                    func(w *apptest.Twin) int64 { return w.Move },
	"/desk/privacy/holds/:id":                    func(w *apptest.Twin) int64 { return w.Hold },
	"/desk/privacy/certificates/:id":             func(w *apptest.Twin) int64 { return w.Certificate },
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
	":file":     func(w *apptest.Twin) int64 { return w.File },
	":training": func(w *apptest.Twin) int64 { return w.Training },
	":grant":    func(w *apptest.Twin) int64 { return w.Grant },
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
	list, err := loadRoutes()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(list)
}

// loadRoutes reads the table once: every policy is judged for it.
var loadRoutes = sync.OnceValues(func() ([]web.Route, error) {
	book, err := policies.Load()
	if err != nil {
		return nil, err
	}
	return web.Routes(book, true)
})

// The table of routes is reviewed like a contract: who may come where.
func TestRouteTable(t *testing.T) {
	var out strings.Builder
	for _, rt := range routes(t) {
		fmt.Fprintf(&out, "%s\t%s\t%s\t%s", rt.Method, rt.Pattern, rt.Audience, rt.Permission)
		if rt.Dangerous {
			out.WriteString("\tfresh")
		}
		if rt.Emergency {
			out.WriteString("\temergency")
		}
		out.WriteByte('\n')
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
				if rt.Path != "/" || len(rt.Handlers) != 3 {
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
		if user := holder(t, app, rt); user != "" {
			return app.As(user)
		}
	}
	return app.Visit("alpha")
}

// holder is a user whose role has the permission of the route.
func holder(t *testing.T, app *apptest.App, rt web.Route) string {
	t.Helper()
	for _, user := range users {
		if app.Book.Can(app.A.ID, app.Staff(app.A, user).Roles, rt.Permission) {
			return user
		}
	}
	t.Errorf("%s: no role of the template holds %s", rt.Pattern, rt.Permission)
	return ""
}

func TestUnsafeRoutesNeedOurFormAndOurOrigin(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	clients := map[string]*apptest.Client{}
	for _, rt := range routes(t) {
		if rt.Method == http.MethodGet || rt.Audience == web.Hook { // a machine's word opens a hook, see below
			continue
		}
		key := string(rt.Audience)
		if rt.Audience == web.Staff {
			key += holder(t, app, rt)
		}
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

// A hook is opened by its secret address alone: no cookie, no form of ours, and
// nothing is told to who guesses.
func TestHooksNeedTheirToken(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	app.Twin(app.A)
	c, n := app.Visit("alpha"), 0
	for _, rt := range routes(t) {
		if rt.Audience != web.Hook {
			continue
		}
		n++
		if page := c.Post(fill(rt.Pattern, 1), apptest.Form{"from": "09121110000", "text": "1"}); page.Status != http.StatusNotFound && page.Status != http.StatusTooManyRequests {
			t.Errorf("%s: %d", rt.Pattern, page.Status)
		}
	}
	if n == 0 {
		t.Error("there is no hook")
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
