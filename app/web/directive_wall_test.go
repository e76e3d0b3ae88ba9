package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/committees"
	"pasokh/app/staff"
	"pasokh/app/web"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// A confidential directive is shown to who issued it, the executives' office,
// the heads of the units that carry it out, and inspection. These tests walk
// every route as everybody else.

// strangers are the users of the gas template who are not shown it.
func strangers() []string {
	return slices.DeleteFunc(slices.Clone(users), func(user string) bool {
		return slices.Contains([]string{"ceo", "office", "head", "inspector"}, user)
	})
}

// secretOrders are confidential directives that wait, that a word is wanted on,
// and that are done, on a case, a meeting and a sitting, with a file each.
type secretOrders struct {
	orders, parts, files []int64
}

func (s *secretOrders) shown() []string {
	list := []string{secretWord, secretFile}
	for _, id := range slices.Concat(s.orders, s.parts, s.files) {
		list = append(list, fmt.Sprint(id))
	}
	return list
}

// issueSecret issues one confidential directive to the unit of the twin's case,
// with a part for another unit.
func issueSecret(app *apptest.App, a *apptest.Twin, kind string, origin int64) (d *directives.Directive) {
	app.T.Helper()
	app.Do(app.A, app.Staff(app.A, "ceo"), func(ctx context.Context, tx *tenants.Tx) (err error) {
		other := app.Staff(app.A, "expert.pressure").UnitID
		d, err = directives.Issue(ctx, tx, directives.Issuance{
			OriginKind: kind, OriginID: origin, ExecutiveID: a.Executive, CitizenID: &a.Citizen, UnitID: a.Unit, Text: secretWord,
			Confidential: true, Parts: []directives.PartOrder{{UnitID: other, Text: secretWord}},
		})
		return err
	})
	return d
}

func giveSecrets(app *apptest.App, a *apptest.Twin) *secretOrders {
	app.T.Helper()
	s := &secretOrders{}
	for _, at := range []struct {
		kind   string
		origin int64
	}{{directives.OnComplaint, a.Complaint}, {directives.OnMeeting, a.Meeting}, {directives.OnCommittee, a.Sitting}} {
		d := issueSecret(app, a, at.kind, at.origin)
		s.orders, s.files = append(s.orders, d.ID), append(s.files, app.Attach(app.A, "directive", d.ID, secretFile))
	}
	head, ceo := app.Staff(app.A, "head"), app.Staff(app.A, "ceo")
	app.Do(app.A, head, func(ctx context.Context, tx *tenants.Tx) error {
		for _, id := range s.orders {
			if err := directives.Note(ctx, tx, id, secretWord, true); err != nil {
				return err
			}
			list, err := directives.Parts(ctx, tx, id, 0)
			if err != nil {
				return err
			}
			s.parts = append(s.parts, list[0].ID)
		}
		if err := directives.AskExtension(ctx, tx, s.orders[0], tx.Now().AddDate(1, 0, 0), secretWord); err != nil {
			return err
		}
		for _, id := range s.orders[1:] {
			if err := directives.ReportWithout(ctx, tx, id, secretWord, secretWord); err != nil {
				return err
			}
		}
		return nil
	})
	app.Do(app.A, ceo, func(ctx context.Context, tx *tenants.Tx) error {
		return directives.Accept(ctx, tx, s.orders[2], secretWord)
	})
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		list := make([]committees.Item, len(s.orders))
		for i, id := range s.orders {
			list[i] = committees.Item{Reason: committees.Directive, DirectiveID: &id}
		}
		return committees.Add(ctx, tx, a.Sitting, list)
	})
	return s
}

// Its ID, that of a part and that of a file answer on every route exactly like
// one that never was.
func TestConfidentialDirectiveIsLikeNothing(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	s := giveSecrets(app, a)
	for _, user := range strangers() {
		c, roles := app.As(user), app.Staff(app.A, user).Roles
		for _, rt := range routes(t) {
			if rt.Audience != web.Staff || !strings.Contains(rt.Pattern, ":") || !app.Book.Can(app.A.ID, roles, rt.Permission) {
				continue
			}
			var ids []int64
			switch objectOf(t, rt.Pattern)(a) {
			case a.Directive:
				ids = s.orders
			case a.File:
				ids = s.files
			}
			for _, id := range ids {
				missing := tenants.NewID()
				got, want := ask(c, rt, fill(rt.Pattern, id), id), ask(c, rt, fill(rt.Pattern, missing), missing)
				if got != want {
					t.Errorf("%s %s as %s: the confidential directive answers\n%s\na missing one\n%s", rt.Method, rt.Pattern, user, apart(got, want), apart(want, got))
				}
			}
			if !strings.Contains(rt.Pattern, "/parts/:part") {
				continue
			}
			for _, id := range []int64{s.orders[0], a.Directive} { // with the part of the other
				missing := tenants.NewID()
				path := strings.Replace(rt.Pattern, ":id", fmt.Sprint(id), 1)
				got, want := ask(c, rt, fill(path, s.parts[0]), s.parts[0]), ask(c, rt, fill(path, missing), missing)
				if got != want {
					t.Errorf("%s %s as %s: a part of it answers\n%s\na missing one\n%s", rt.Method, rt.Pattern, user, apart(got, want), apart(want, got))
				}
			}
		}
	}
}

// orderLists are other lists at the same address, with what is on the next page.
var orderLists = map[string][]string{
	"/desk/directives": {"?view=overdue", "?view=reported", "?view=done", "?view=done&state=done", "?view=open&age=7&unit={unit}", "?view=open&executive={executive}", "?view=reported&executive={executive}&unit={unit}"},
	"/executive":       {"?executive={executive}"}, "/executive/week": {"?executive={executive}"}, "/executive/review": {"?executive={executive}"},
	"/desk/committees/sittings/:id": {"?source=137"},
}

// No page that lists, counts or offers shows a word of it: on the day it is
// issued, when it is late, and when its committee met.
func TestNoPageShowsAConfidentialDirective(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	s := giveSecrets(app, a)
	for _, later := range []time.Duration{0, 60 * 24 * time.Hour} {
		app.Advance(later)
		app.Drain()
		for _, user := range strangers() {
			c, roles := app.As(user), app.Staff(app.A, user).Roles
			for _, rt := range routes(t) {
				if rt.Audience != web.Staff || rt.Method != http.MethodGet || !app.Book.Can(app.A.ID, roles, rt.Permission) || wholeOf(rt.Pattern) {
					continue
				}
				path := rt.Pattern
				if strings.Contains(path, ":") {
					path = fill(path, objectOf(t, rt.Pattern)(a), a)
				}
				tellsNothing(t, user, c.Get(path), path, s)
				for _, more := range orderLists[rt.Pattern] {
					path := path + strings.NewReplacer("{unit}", fmt.Sprint(a.Unit), "{executive}", fmt.Sprint(a.Executive)).Replace(more)
					tellsNothing(t, user, c.Get(path), path, s)
				}
			}
			if app.Book.Can(app.A.ID, roles, "committee:manage") {
				path := fmt.Sprintf("/desk/committees/sittings/%d/items", a.Sitting)
				for _, id := range s.orders {
					c.Post(path, apptest.Form{"item": fmt.Sprintf("directive-%d", id)}).Is(http.StatusNotFound)
				}
			}
		}
	}
	for kind, id := range map[string]int64{"meeting": a.Meeting, "complaint": a.Complaint} {
		citizen := app.Tracker(kind, id)
		for _, path := range []string{"/meeting", "/case"} {
			tellsNothing(t, "citizen", citizen.Get(path), path, s)
		}
		for _, order := range s.orders {
			if kind != "meeting" {
				break
			}
			citizen.Post(fmt.Sprintf("/meeting/directives/%d/objections", order), apptest.Form{"objection": "x"}).Is(http.StatusNotFound)
			citizen.Post(fmt.Sprintf("/meeting/directives/%d/survey", order), apptest.Form{"score": "5"}).Is(http.StatusNotFound)
		}
	}
	may := map[string]bool{}
	for _, user := range []string{"ceo", "office", "head", "inspector", "expert.pressure"} {
		app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			who, err := staff.ByUserName(ctx, tx, user)
			if err == nil {
				may[who.Mobile] = true
			}
			return err
		})
	}
	for _, sms := range app.Sent() {
		if strings.Contains(sms.Text, secretWord) {
			t.Errorf("a message carries it: %s", sms.Text)
		}
		for _, id := range s.orders {
			if strings.Contains(sms.Text, fmt.Sprintf("/d/%d", id)) && !may[sms.To] {
				t.Errorf("%s is told: %s", sms.To, sms.Text)
			}
		}
	}
}

func tellsNothing(t *testing.T, user string, page *apptest.Page, path string, s *secretOrders) {
	t.Helper()
	if page.Status >= 500 {
		t.Errorf("%s as %s: %d", path, user, page.Status)
	}
	for _, word := range s.shown() {
		if strings.Contains(page.Body, word) {
			t.Errorf("%s as %s shows %q", path, user, word)
		}
	}
}

// Nothing that anybody else sees changes when one is issued: no list, no count.
func TestAConfidentialDirectiveChangesNothingForOthers(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	clients := map[string]*apptest.Client{}
	for _, user := range strangers() {
		clients[user] = app.As(user)
	}
	snapshot := func() map[string]string {
		seen := map[string]string{}
		for user, c := range clients {
			roles := app.Staff(app.A, user).Roles
			for _, rt := range routes(t) {
				if rt.Audience != web.Staff || rt.Method != http.MethodGet || !app.Book.Can(app.A.ID, roles, rt.Permission) {
					continue
				}
				if strings.HasPrefix(rt.Pattern, "/desk/organization/audit") {
					continue // the record tells that something was done, to who may read it; never what
				}
				path := rt.Pattern
				if strings.Contains(path, ":") {
					path = fill(path, objectOf(t, rt.Pattern)(a), a)
				}
				seen[user+" "+path] = steady(c.Get(path).Body)
			}
		}
		return seen
	}
	snapshot() // flashes and first visits
	before := snapshot()
	issueSecret(app, a, directives.OnComplaint, a.Complaint)
	issueSecret(app, a, directives.OnMeeting, a.Meeting)
	issueSecret(app, a, directives.OnCommittee, a.Sitting)
	after := snapshot()
	for key, was := range before {
		if after[key] != was {
			t.Errorf("%s changed:\n%s\nwas\n%s", key, apart(after[key], was), apart(was, after[key]))
		}
	}
}

// Those who carry it out and those who issued it open it and act on it.
func TestThoseConcernedSeeAConfidentialDirective(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	s := giveSecrets(app, a)
	path := fmt.Sprintf("/desk/directives/%d", s.orders[0])
	for _, user := range []string{"ceo", "office", "head", "inspector", "expert.pressure"} {
		page := app.As(user).Get(path).Is(http.StatusOK)
		if !strings.Contains(page.Body, secretWord) {
			t.Errorf("%s reads nothing", user)
		}
		app.As(user).Get(fmt.Sprintf("/desk/files/%d", s.files[0])).Is(http.StatusOK)
	}
	for user, at := range map[string]string{"head": "/desk/due", "expert.pressure": "/desk/due", "ceo": "/executive", "office": "/executive"} {
		if page := app.As(user).Get(at).Is(http.StatusOK); !strings.Contains(page.Body, path) {
			t.Errorf("%s does not find it at %s", user, at)
		}
	}
}

// wholeOf tells whether the route hands over everything that the organization has:
// it is its own, taken with a proof of who takes it, and on record.
func wholeOf(pattern string) bool { return pattern == "/desk/organization/export/:id/package" }
