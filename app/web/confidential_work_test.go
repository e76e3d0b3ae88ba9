package web_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/web"
	"pasokh/tenants"
)

// Nothing that anybody else sees changes when one is added: no list, no count.
func TestAConfidentialCaseChangesNothingForOthers(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	var topic int64
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		topics, err := tenants.Topics(ctx, tx)
		for _, one := range topics {
			if one.Confidential {
				topic = one.ID
			}
		}
		return err
	})
	if topic == 0 {
		t.Fatal("the template has no confidential topic")
	}
	clients := map[string]*apptest.Client{}
	for _, user := range kept() {
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
			if app.Book.Can(app.A.ID, roles, "complaint:register") {
				page := c.Post("/desk/intake/caller", apptest.Form{"lookup": secretMobile, "topic": fmt.Sprint(a.Topic)})
				seen[user+" caller"] = steady(page.Body)
			}
		}
		return seen
	}
	snapshot() // flashes and first visits
	before := snapshot()
	fileSecret(app, a, topic)
	after := snapshot()
	for key, was := range before {
		if after[key] != was {
			t.Errorf("%s changed:\n%s\nwas\n%s", key, apart(after[key], was), apart(was, after[key]))
		}
	}
}

// named is what a page names beside the colleagues that forms offer.
func named(page *apptest.Page) string { return options.ReplaceAllString(page.Body, "") }

var options = regexp.MustCompile(`<option[^>]*>[^<]*</option>`)

// Inspection finds, opens and works on it, without knowing who filed it until
// that is asked for.
func TestInspectorWorksOnAConfidentialCase(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	secret := secretCase(app, a)
	c := app.As("inspector")
	path := fmt.Sprintf("/desk/complaints/%d", secret.ID)
	if list := c.Get("/desk?tab=open"); !strings.Contains(list.Body, fmt.Sprint(secret.ID)) {
		t.Error("not in the list")
	}
	page := c.Get(path).Is(http.StatusOK)
	if strings.Contains(named(page), a.Canary) || strings.Contains(page.Body, "9121110000") {
		t.Error("the identity is shown without a reason")
	}
	c.Post(path+"/identity", apptest.Form{}).Is(http.StatusUnprocessableEntity)
	c.Post(path+"/identity", apptest.Form{"reason": "call"}).Is(http.StatusSeeOther)
	if page := c.Get(path); !strings.Contains(named(page), a.Canary) {
		t.Error("the identity is not shown")
	}
	c.Post(path+"/acknowledgement", apptest.Form{}).Is(http.StatusSeeOther)
	c.Post(path+"/question", apptest.Form{"text": "when?"}).Is(http.StatusSeeOther)
	c.Post(path+"/addition", apptest.Form{"text": "yesterday"}).Is(http.StatusSeeOther)
	c.Post(path+"/answer", apptest.Form{"text": "done"}).Is(http.StatusSeeOther)
	if calls := c.Get("/desk/calls").Body + c.Get("/desk/calls?list=later").Body; !strings.Contains(calls, fmt.Sprint(secret.ID)) {
		t.Error("not among the calls")
	}
	c.Get(fmt.Sprintf("/desk/calls/%d", secret.ID)).Is(http.StatusOK)
	c.Post(path+"/feedback", apptest.Form{"outcome": "not_satisfied", "reason": "no"}).Is(http.StatusSeeOther)
	if visits := c.Get("/desk/visits?view=unplanned"); !strings.Contains(visits.Body, fmt.Sprint(secret.ID)) {
		t.Error("not among the visits", visits.Status, visits.Text())
	}
	c.Post(path+"/lifting", apptest.Form{"reason": "mistake"}).Is(http.StatusSeeOther)
	app.As("pr").Get(path).Is(http.StatusOK)
	// The citizen's own page never changed.
	app.Tracker("complaint", secret.ID).Get("/case").Is(http.StatusOK)
}

// An inspector seals any open case from its page, which says its version.
func TestInspectorSealsACaseOfAUnit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at, inspector := path(d.referred(), ""), d.As("inspector")
	version := inspector.Get(at).Is(http.StatusOK).Doc().Find("form[action$='/seal'] input[name=version]").AttrOr("value", "")
	if version == "" {
		t.Fatal("the page does not offer it")
	}
	inspector.Post(at+"/seal", apptest.Form{"version": version, "reason": "about a colleague"}).Is(http.StatusSeeOther)
	d.As("operator").Get(at).Is(http.StatusNotFound)
}

// Whoever registers one for a caller reads the code out, and is not shown it.
func TestOperatorReadsTheCodeOfAConfidentialCaseOut(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	c := app.As("operator")
	var topic int64
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return tx.Select((*tenants.Topic)(nil)).Column("id").Where("topic.confidential").Scan(ctx, &topic)
	})
	c.Get("/desk/intake")
	page := c.Post("/desk/intake", apptest.Form{
		"kind": "complaint", "channel": "phone", "topic": fmt.Sprint(topic), "text": secretWord + " was rude to me", "person": "new",
		"mobile": "09123334444", "national_id": "0012345679", "name": "A citizen",
	}).Is(http.StatusSeeOther)
	done := c.Get(page.Location).Is(http.StatusOK)
	var code string
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return tx.Select((*complaints.Complaint)(nil)).Column("code").Where("c.confidential").Scan(ctx, &code)
	})
	if got := strings.NewReplacer("-", "", " ", "").Replace(done.Text()); !strings.Contains(got, strings.ReplaceAll(code, "-", "")) {
		t.Errorf("the code %s is not read out:\n%s", code, done.Text())
	}
	c.Get(page.Location).Is(http.StatusNotFound)
}

// Who could not open the case is not offered in a note on it.
func TestColleaguesAreThoseWhoSeeTheCase(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	names := func(c *apptest.Client, id int64, typed string) string {
		t.Helper()
		return c.Get(fmt.Sprintf("/desk/complaints/%d/colleagues?q=%s", id, typed)).Is(http.StatusOK).Body
	}
	pr := app.As("pr")
	if got := names(pr, a.Complaint, "e"); !strings.Contains(got, `"expert"`) || strings.Contains(got, "expert.service") {
		t.Errorf("of the unit and no other:\n%s", got)
	}
	if got := names(pr, a.Complaint, "ma"); !strings.Contains(got, `"manager"`) {
		t.Errorf("%s", got)
	}
	if got := names(pr, a.Complaint, "%D8%B1%D8%B6%D8%A7"); !strings.Contains(got, `"manager"`) { // by name
		t.Errorf("%s", got)
	}
	if got := names(pr, a.Complaint, "ad"); strings.Contains(got, `"admin"`) {
		t.Errorf("an account that reads no cases:\n%s", got)
	}
	if got := names(pr, a.Complaint, ""); got != "" {
		t.Errorf("for nothing: %s", got)
	}
	secret := secretCase(app, a)
	inspector := app.As("inspector")
	if got := names(inspector, secret.ID, "m"); got != "" {
		t.Errorf("the manager is offered: %s", got)
	}
}
