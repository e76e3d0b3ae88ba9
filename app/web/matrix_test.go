package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/web"
	"pasokh/tenants"
)

// Who gets what answer, for every route there is: the nine of security.md
// section 4 and two more, who ask for their own organization's thing, for
// another's, and for one that never was.

// who is one of those who ask.
type who struct {
	name string
	user string // staff of alpha
	at   *apptest.Client
	roof *apptest.Client // the same cookies at the platform's host
}

// The order of the columns in testdata/matrix.golden.
func everybody(app *apptest.App, a *apptest.Twin, expired map[string]string) []who {
	owner, other := app.Citizen(a.Mobile), app.Citizen("09121110999")
	owner.SetCookie("pasokh-case", app.Tracker("complaint", a.Complaint).Cookie("pasokh-case"))
	list := []who{
		{name: "anonymous", at: app.Visit("alpha")},
		{name: "expired", at: app.Visit("alpha")},
		{name: "owner", at: owner},
		{name: "other citizen", at: other},
		{name: "unit's expert", user: "expert"},
		{name: "other unit's expert", user: "expert.service"},
		{name: "manager", user: "manager"},
		{name: "auditor", user: "inspector"},
		{name: "admin", user: "admin"},
		{name: "foreign admin", at: app.Visit("alpha")},
		{name: "platform", at: app.Visit("alpha")},
	}
	for i := range list {
		w := &list[i]
		if w.user != "" {
			w.at = app.As(w.user)
		}
		switch w.name {
		case "expired":
			for cookie, value := range expired {
				w.at.SetCookie(cookie, value)
			}
		case "foreign admin":
			w.at.SetCookie("pasokh", app.AsAt("beta", "admin").Cookie("pasokh"))
		case "platform":
			w.at.SetCookie("pasokh", app.AsAt("", "platform").Cookie("pasokh"))
		}
		w.roof = app.Visit("")
		for _, cookie := range []string{"pasokh", "pasokh-my", "pasokh-case"} {
			if value := w.at.Cookie(cookie); value != "" {
				w.roof.SetCookie(cookie, value)
			}
		}
		w.at.Get("/") // the first answer to a browser names it
		w.roof.Get("/")
	}
	return list
}

// admitted tells whether the route is for them.
func (w *who) admitted(app *apptest.App, rt web.Route) bool {
	switch rt.Audience {
	case web.Citizen:
		return w.name == "owner" || w.name == "other citizen"
	case web.Tracker:
		return w.name == "owner"
	case web.Platform:
		return w.name == "platform"
	case web.Staff:
		return w.user != "" && app.Book.Can(app.A.ID, app.Staff(app.A, w.user).Roles, rt.Permission)
	}
	return true
}

func TestMatrix(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	expired := map[string]string{
		"pasokh": app.As("admin").Cookie("pasokh"), "pasokh-my": app.Citizen("09121110000").Cookie("pasokh-my"), "pasokh-case": app.Tracker("complaint", 1).Cookie("pasokh-case"),
	}
	a, b := app.Twin(app.A), app.Twin(app.B)
	app.Advance(2 * tenants.SessionIdle)
	all := everybody(app, a, expired)
	before := [2]map[string]string{app.Fingerprint(app.A), app.Fingerprint(app.B)}
	m := &matrix{T: t, app: app, a: a, b: b}
	for _, rt := range routes(t) {
		if rt.Audience == web.Machine || rt.Audience == web.Hook || strings.HasPrefix(rt.Pattern, "/dev/") {
			continue
		}
		fmt.Fprintf(&m.table, "%s %s", rt.Method, rt.Pattern)
		for i := range all {
			m.cell(&all[i], rt)
		}
		m.table.WriteByte('\n')
	}
	if after := [2]map[string]string{app.Fingerprint(app.A), app.Fingerprint(app.B)}; !maps.Equal(before[0], after[0]) || !maps.Equal(before[1], after[1]) {
		t.Errorf("what was refused or is nothing changed something:\n%v\n%v", before, after)
	}
	t.Logf("%d routes, %d who ask, %d requests", strings.Count(m.table.String(), "\n"), len(all), m.asked)
	m.judge("testdata/matrix.golden")
}

// matrix is filled a cell at a time.
type matrix struct {
	*testing.T
	app   *apptest.App
	a, b  *apptest.Twin
	table strings.Builder
	asked int
}

// cell asks as one of them for what the route shows or does. Who may do it does
// it elsewhere: here only to nothing, and to what is another organization's.
func (m *matrix) cell(w *who, rt web.Route) {
	may, safe, named := w.admitted(m.app, rt), rt.Method == http.MethodGet, strings.Contains(rt.Pattern, ":")
	m.table.WriteByte('\t')
	own := "-"
	var mine string
	if safe || !may {
		mine = m.ask(w, rt, m.a, false)
		own = mine[:3]
	}
	m.table.WriteString(own)
	if !may && !slices.Contains([]string{"303", "403", "404"}, own) {
		m.Errorf("%s %s as %s, for whom it is not, answers %s", rt.Method, rt.Pattern, w.name, own)
	}
	if !named {
		return
	}
	missing := m.ask(w, rt, m.b, true)
	if !may && mine != missing {
		m.Errorf("%s %s as %s: refused for their own thing otherwise than for none:\n%s\n%s", rt.Method, rt.Pattern, w.name, apart(mine, missing), apart(missing, mine))
	}
	if rt.Audience == web.Platform { // whose every organization is
		m.table.WriteString(" " + missing[:3])
		return
	}
	foreign := m.ask(w, rt, m.b, false)
	m.table.WriteString(" " + foreign[:3])
	if foreign != missing {
		m.Errorf("%s %s as %s: a foreign thing answers otherwise than none:\n%s\n%s", rt.Method, rt.Pattern, w.name, apart(foreign, missing), apart(missing, foreign))
	}
}

func (m *matrix) ask(w *who, rt web.Route, twin *apptest.Twin, missing bool) string {
	m.asked++
	c, id := w.at, int64(1)
	if rt.Audience == web.Platform {
		c = w.roof
	}
	if strings.Contains(rt.Pattern, ":") {
		if id = objectOf(m.T, rt.Pattern)(twin); missing {
			id = tenants.NewID()
		}
	}
	answer := ask(c, rt, fill(rt.Pattern, id, twin), id)
	for name, of := range below {
		if strings.Contains(rt.Pattern, name) {
			answer = strings.ReplaceAll(answer, fmt.Sprint(of(twin)), "BELOW")
		}
	}
	if twin == m.b && strings.Contains(answer, twin.Canary) || rt.Audience != web.Platform && strings.Contains(answer, m.b.Canary) {
		m.Errorf("%s %s as %s shows the other organization's data", rt.Method, rt.Pattern, w.name)
	}
	if status, err := strconv.Atoi(answer[:3]); err != nil || status >= 500 {
		m.Errorf("%s %s as %s: %s", rt.Method, rt.Pattern, w.name, answer[:3])
	}
	return answer
}

// judge holds the table against the one that was reviewed.
func (m *matrix) judge(file string) {
	if *update {
		if err := os.WriteFile(file, []byte(m.table.String()), 0o644); err != nil { //nolint:gosec // a file of the tree
			m.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		m.Fatal(err)
	}
	got, old := strings.Split(m.table.String(), "\n"), strings.Split(string(want), "\n")
	for i, line := range got {
		if i >= len(old) || line != old[i] {
			m.Errorf("the answers are not those of %s; when the change is meant, run with -update and review the difference: line %d\n%s", file, i+1, line)
			return
		}
	}
}
