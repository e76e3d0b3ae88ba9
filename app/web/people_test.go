package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

var passLink = regexp.MustCompile(`/(invitations|resets)/[\w-]{43}`)

// linkSent is the last link to a new password that went out.
func linkSent(t *testing.T, app *apptest.App) string {
	t.Helper()
	app.Drain()
	sent := app.Sent()
	for i := len(sent) - 1; i >= 0; i-- {
		if link := passLink.FindString(sent[i].Text); link != "" {
			if !strings.Contains(sent[i].Text, "://alpha.") {
				t.Errorf("the link is not of the organization: %s", sent[i].Text)
			}
			return link
		}
	}
	t.Fatalf("no link among %d messages", len(sent))
	return ""
}

func TestAColleagueIsInvitedAndComesIn(t *testing.T) {
	app := apptest.New(t)
	admin := app.As("admin")
	admin.Get("/desk/organization/staff").Is(http.StatusOK)
	form := url.Values{"user_name": {"karimi"}, "name_fa": {"رضا کریمی"}, "name_en": {"Reza Karimi"}, "mobile": {"09120000999"}, "roles": {"unit_expert", "feedback_agent"}}
	page := admin.PostValues("/desk/organization/staff", form).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Body, `value="karimi"`) {
		t.Error("what was typed is gone")
	}
	form["roles"] = []string{"operator"}
	at := admin.PostValues("/desk/organization/staff", form).Header.Get("Location")
	if !strings.HasPrefix(at, "/desk/organization/staff/") {
		t.Fatalf("led to %q", at)
	}
	admin.Get(at).Is(http.StatusOK)
	link := linkSent(t, app)
	guest := app.Visit("alpha")
	guest.Get(link).Is(http.StatusOK)
	guest.Get(link).Is(http.StatusOK) // looking uses nothing up
	guest.Post(link, apptest.Form{"password": "karimi12345"}).Is(http.StatusUnprocessableEntity)
	guest.Post(link, apptest.Form{"password": "vk7 nmq2 pzhe"}).To("/desk")
	guest.Get("/desk/account").Is(http.StatusOK)
	app.Visit("alpha").Get(link).Is(http.StatusNotFound)
	admin.Post(at+"/state", apptest.Form{"state": "disabled"}).To(at)
	guest.Get("/desk").To("/sign-in?next=%2Fdesk")
	for _, path := range []string{"/desk/organization/staff", "/desk/organization/staff?state=disabled&role=operator&q=karimi", "/desk/organization/training", "/desk/organization/training/new"} {
		admin.Get(path).Is(http.StatusOK)
	}
	app.As("manager").Get(at).Is(http.StatusOK)
	app.As("manager").Post(at+"/state", apptest.Form{"state": "active"}).Is(http.StatusForbidden)
}

func TestAForgottenPasswordTellsNothing(t *testing.T) {
	app := apptest.New(t)
	pages := map[string]string{}
	for _, user := range []string{"operator", "nobody"} {
		c := app.Visit("alpha")
		c.Get("/sign-in/reset").Is(http.StatusOK)
		pages[user] = c.Post("/sign-in/reset", apptest.Form{"user": user}).Is(http.StatusOK).Text()
	}
	if pages["operator"] != pages["nobody"] {
		t.Error("the answer tells which accounts exist")
	}
	old := app.As("operator")
	link := linkSent(t, app)
	c := app.Visit("alpha")
	c.Get(link).Is(http.StatusOK)
	c.Post(link, apptest.Form{"password": "vk7 nmq2 pzhe"}).To("/desk")
	old.Get("/desk").To("/sign-in?next=%2Fdesk")
	app.Drain()
	if sent := app.Sent(); !strings.Contains(sent[len(sent)-1].Text, "تغییر کرد") {
		t.Errorf("not told afterwards: %s", sent[len(sent)-1].Text)
	}
}

func TestAnAttackerLocksNobodyOut(t *testing.T) {
	app := apptest.New(t)
	owner := app.As("operator")
	owner.Post("/session/end", nil)
	attacker := app.Visit("alpha")
	attacker.Get("/sign-in")
	for range 9 { // the owner came in once from this address
		attacker.Post("/session", apptest.Form{"user": "operator", "password": "wrong"}).Is(http.StatusUnprocessableEntity)
	}
	right := apptest.Form{"user": "operator", "password": apptest.Password("operator")}
	attacker.Post("/session", right).Is(http.StatusTooManyRequests)
	owner.Get("/sign-in")
	owner.Post("/session", right).To("/desk") // from the same address, but a known browser
}

func TestOwnPasswordIsChanged(t *testing.T) {
	app := apptest.New(t)
	c := app.As("operator")
	c.Get("/desk/account/password").Is(http.StatusOK)
	form := apptest.Form{"current": "wrong", "password": "vk7 nmq2 pzhe"}
	c.Post("/desk/account/password", form).Is(http.StatusUnprocessableEntity)
	form["current"] = apptest.Password("operator")
	c.Post("/desk/account/password", form).To("/desk/account")
	c.Get("/desk/account").Is(http.StatusOK)
	c.Post("/desk/account", apptest.Form{"name_fa": "", "name_en": "N"}).Is(http.StatusUnprocessableEntity)
	c.Post("/desk/account", apptest.Form{"name_fa": "نرگس", "name_en": "Narges"}).To("/desk/account")
}
