package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/openid/fake"
	"pasokh/app/staff"
	"pasokh/app/web"
	"pasokh/tenants"
)

const orgSignIn = "/desk/organization/sign-in"

// served is the program with a service that alpha has set up.
func served(t *testing.T, change apptest.Form) (*apptest.App, *fake.Provider) {
	t.Helper()
	var app *apptest.App
	p := fake.New(t, func() time.Time { return app.Clock.Now() })
	app = apptest.New(t, func(o *web.Options) { o.SignInFetch = p.Fetch() })
	form := apptest.Form{
		"label_fa": "حساب سازمانی", "label_en": "Work account", "issuer": p.Issuer, "client_id": p.ClientID, "secret": p.Secret,
		"scopes": "email", "role_claim": "groups", "role_operator": "call centre, ops", "domains": "example.ir", "enabled": "1",
	}
	for k, v := range change {
		form[k] = v
	}
	app.As("admin").Post(orgSignIn, form).Is(http.StatusSeeOther)
	return app, p
}

// through goes to the service in a fresh browser, and back.
func through(t *testing.T, app *apptest.App, p *fake.Provider, door string) (*apptest.Client, *apptest.Page) {
	t.Helper()
	c := app.Visit("alpha")
	c.Get(door).Is(http.StatusOK)
	state, code := p.Visit(t, c.Get(door+"/service").Is(http.StatusSeeOther).Location)
	return c, c.Get(door + "/service/callback?" + url.Values{"state": {state}, "code": {code}}.Encode())
}

func (a mailOf) set(t *testing.T, app *apptest.App, user string) {
	t.Helper()
	id := app.Staff(app.A, user).ID
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return staff.SetEmail(ctx, tx, id, string(a)) })
}

type mailOf string

func TestStaffComeInByTheirOwnService(t *testing.T) {
	t.Parallel()
	app, p := served(t, nil)
	admin := app.As("admin")
	page := admin.Get(orgSignIn).Is(http.StatusOK)
	if !strings.Contains(page.Text(), "http://alpha.pasokh.test/sign-in/service/callback") || strings.Contains(page.Body, `value="secret"`) {
		t.Error("the page hides the way back or shows the secret")
	}
	admin.Post(orgSignIn+"/trials", nil).Is(http.StatusSeeOther)
	if text := admin.Get(orgSignIn).Text(); !strings.Contains(text, "آخرین آزمایش درست") {
		t.Error(text)
	}
	if !strings.Contains(app.Visit("alpha").Get("/sign-in").Text(), "ورود با حساب سازمانی") {
		t.Error("no button")
	}
	if strings.Contains(app.Visit("beta").Get("/sign-in").Text(), "حساب سازمانی") {
		t.Error("the other organization has the button")
	}
	app.Visit("beta").Get("/sign-in/service").Is(http.StatusNotFound)

	refused := func(name string) {
		t.Helper()
		if c, page := through(t, app, p, "/sign-in"); page.Location != "/sign-in" || c.Cookie("pasokh") != "" {
			t.Errorf("%s: %d %s", name, page.Status, page.Location)
		}
	}
	refused("nobody has the address")
	mailOf("Person@example.ir").set(t, app, "pr")
	p.Claims["email_verified"] = false
	refused("an address that is not verified")
	p.Claims["email_verified"], p.Claims["email"] = true, "person@evil.example"
	mailOf("person@evil.example").set(t, app, "pr") // a known address, of a domain that is not theirs
	refused("another domain")
	mailOf("Person@example.ir").set(t, app, "pr")
	p.Claims["email"] = "person@example.ir"
	p.Change = func(c map[string]any) { c["nonce"] = "another" }
	refused("a wrong nonce")
	p.Change = nil
	c, page := through(t, app, p, "/sign-in")
	if page.Location != "/desk" {
		t.Fatalf("%d %s", page.Status, page.Location)
	}
	c.Get("/desk").Is(http.StatusOK)
	c.Get("/desk/account/password").Is(http.StatusSeeOther) // no proof that opens dangerous acts
	mailOf("").set(t, app, "pr")
	if _, page := through(t, app, p, "/sign-in"); page.Location != "/desk" {
		t.Error("the service's own name for the person is not kept")
	}
	id := app.Staff(app.A, "pr").ID
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return staff.Disable(ctx, tx, id) })
	refused("a closed account")
	if n := lines(t, app, app.A, "service:refused"); n != 5 {
		t.Errorf("%d refusals are on record", n)
	}
}

// An answer belongs to the browser that asked, once, and for a while.
func TestServiceAnswersAreBoundToTheirBrowser(t *testing.T) {
	t.Parallel()
	app, p := served(t, nil)
	mailOf("person@example.ir").set(t, app, "pr")
	c := app.Visit("alpha")
	c.Get("/sign-in")
	begin := func() string {
		state, code := p.Visit(t, c.Get("/sign-in/service").Is(http.StatusSeeOther).Location)
		return "/sign-in/service/callback?" + url.Values{"state": {state}, "code": {code}}.Encode()
	}
	back := begin()
	other := app.Visit("alpha")
	other.Get("/sign-in")
	if page := other.Get(back); page.Location != "/sign-in" {
		t.Error("another browser came in")
	}
	c.Get(strings.Replace(back, "state=", "state=x", 1)).Is(http.StatusSeeOther)
	if page := c.Get(back + "&iss=https://evil.example"); page.Location != "/sign-in" {
		t.Error("an answer of another issuer")
	}
	back = begin()
	if page := c.Get(back); page.Location != "/desk" {
		t.Fatalf("%d %s", page.Status, page.Location)
	}
	if page := c.Get(back); page.Location != "/sign-in" {
		t.Error("an answer came twice")
	}
	back = begin()
	app.Clock.Advance(11 * time.Minute)
	if page := c.Get(back); page.Location != "/sign-in" {
		t.Error("an answer came too late")
	}
}

func TestServiceMakesAccountsWithTheRolesOfTheClaims(t *testing.T) {
	t.Parallel()
	app, p := served(t, apptest.Form{"provision": "1"})
	if _, page := through(t, app, p, "/sign-in"); page.Location != "/sign-in" {
		t.Error("somebody without a role came in")
	}
	p.Claims["groups"] = []string{"call centre"}
	c, page := through(t, app, p, "/sign-in")
	if page.Status != http.StatusSeeOther || page.Location == "/sign-in" {
		t.Fatalf("%d %s", page.Status, page.Location)
	}
	c.Get("/desk").Is(http.StatusOK)
	if who := app.Staff(app.A, "person"); len(who.Roles) != 1 || who.Roles[0] != "operator" {
		t.Errorf("%v", who.Roles)
	}
	p.Claims["groups"] = []string{}
	if _, page := through(t, app, p, "/sign-in"); page.Location != "/sign-in" {
		t.Error("the roles do not follow the claims")
	}
	admin := app.As("admin")
	for name, wrong := range map[string]apptest.Form{
		"issuer": {"issuer": "http://sso.example.ir"}, "client_id": {"client_id": ""}, "role_claim": {"role_claim": "", "provision": "1"}, "domains": {"domains": "ir"},
	} {
		form := apptest.Form{"label_fa": "الف", "label_en": "A", "issuer": p.Issuer, "client_id": "x", "scopes": "openid", "role_claim": "groups"}
		for k, v := range wrong {
			form[k] = v
		}
		if page := admin.Post(orgSignIn, form).Is(http.StatusUnprocessableEntity); !page.Has("#" + name + "-error") {
			t.Errorf("%s: what is wrong is not said", name)
		}
	}
}

func TestCitizensComeInByTheNationalService(t *testing.T) {
	t.Parallel()
	app, p := served(t, nil)
	app.As("admin").Post(orgSignIn+"/citizens", apptest.Form{
		"label_fa": "پنجرهٔ ملی", "label_en": "National window", "issuer": p.Issuer, "client_id": p.ClientID, "secret": p.Secret, "scopes": "openid",
		"national_id_claim": "national_id", "mobile_claim": "phone_number", "enabled": "1",
	}).Is(http.StatusSeeOther)
	p.Claims["national_id"], p.Claims["phone_number"] = "0012345678", "09121110000"
	if _, page := through(t, app, p, "/my/sign-in"); page.Location != "/my/sign-in" {
		t.Error("a wrong national ID came in")
	}
	p.Claims["national_id"] = "0012345679"
	if c, page := through(t, app, p, "/my/sign-in"); page.Location != "/my/sign-in" || c.Get("/my").Status == http.StatusOK {
		t.Error("a number that nobody has proved came in")
	}
	p.Claims["phone_number_verified"] = true
	c, page := through(t, app, p, "/my/sign-in")
	if page.Location != "/my" {
		t.Fatalf("%d %s", page.Status, page.Location)
	}
	c.Get("/my").Is(http.StatusOK)
}

// With the switch on, only the service lets staff in; an admin keeps a way of
// their own, with a second factor, so that nobody is shut out for good.
func TestStaffComeInByTheServiceOnly(t *testing.T) {
	t.Parallel()
	app, p := served(t, nil)
	admin := app.As("admin")
	form := typedForm(t, admin.Get(orgSignIn), orgSignIn)
	form.Set("only", "1")
	refused := func(what string) {
		t.Helper()
		admin.Get(orgSignIn)
		if page := admin.PostValues(orgSignIn, form).Is(http.StatusUnprocessableEntity); !page.Has("#only-error") {
			t.Errorf("%s: %s", what, page.Text())
		}
	}
	refused("a service that was never tried")
	admin.Post(orgSignIn+"/trials", nil).Is(http.StatusSeeOther)
	refused("no admin with a second factor")
	id := app.Staff(app.A, "admin").ID
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*staff.Staff)(nil), "factor_at = ?", []any{tx.Now()}, "id = ?", id)
		return err
	})
	form.Del("enabled")
	refused("a service that is off")
	form.Set("enabled", "1")
	admin.PostValues(orgSignIn, form).To(orgSignIn)
	app.Advance(10 * time.Second)
	if n := lines(t, app, app.A, "service:only"); n != 1 {
		t.Errorf("%d lines on record", n)
	}
	in := func(user string) *apptest.Page {
		c := app.Visit("alpha")
		if page := c.Get("/sign-in").Is(http.StatusOK); !page.Has("details form[action='/session']") {
			t.Error("the page leads past the service")
		}
		return c.Post("/session", apptest.Form{"user": user, "password": apptest.Password(user)})
	}
	if page := in("pr"); page.Status == http.StatusSeeOther {
		t.Error("a password lets staff in")
	}
	if page := in("admin"); page.Location != "/sign-in/factor" {
		t.Errorf("the admin's own door is shut, or asks for no second factor: %d %s", page.Status, page.Location)
	}
	mailOf("person@example.ir").set(t, app, "pr")
	p.Claims["email"], p.Claims["email_verified"] = "person@example.ir", true
	if _, page := through(t, app, p, "/sign-in"); page.Location != "/desk" {
		t.Errorf("the service lets nobody in: %d %s", page.Status, page.Location)
	}
	form.Del("only")
	admin.Get(orgSignIn)
	admin.PostValues(orgSignIn, form).To(orgSignIn)
	app.Advance(10 * time.Second)
	if page := app.Visit("alpha").Get("/sign-in"); page.Has("details form[action='/session']") {
		t.Error("the other doors stay shut")
	}
}
