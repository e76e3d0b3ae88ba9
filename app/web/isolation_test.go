package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/web"
	"pasokh/tenants"
)

// What belongs to one organization, session or role opens to no other.

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
	roles := map[string][]string{}
	for _, user := range users {
		clients[user], roles[user] = app.As(user), app.Staff(app.A, user).Roles
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
			if rt.Audience == web.Staff && !app.Book.Can(app.A.ID, roles[name], rt.Permission) {
				if rt.Method == http.MethodGet {
					continue // refused whatever the id; see TestRolesOpenWhatThePoliciesSay
				}
				if got := ask(c, rt, fill(rt.Pattern, foreign, b), foreign); !strings.HasPrefix(got, "403 ") {
					t.Errorf("%s %s as %q, who may not, answers %s", rt.Method, rt.Pattern, name, got[:3])
				}
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
	case web.Public, web.Hook:
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
