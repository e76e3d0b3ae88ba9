package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

func TestStaffSignIn(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("")
	before := c.Get("/sign-in").Is(http.StatusOK)
	if before.Has(".error-summary") {
		t.Error("errors before anything was sent")
	}
	c.Post("/session", apptest.Form{"user": "platform", "password": apptest.Password("platform")}).To("/platform")
	c.Get("/platform/queues").Is(http.StatusOK)
	old := c.Cookie("pasokh")
	c.Post("/session/end", nil).To("/sign-in")
	c.SetCookie("pasokh", old)
	c.Get("/platform/queues").To("/sign-in?next=%2Fplatform%2Fqueues")
}

func TestSignInRefusesWithOneAnswer(t *testing.T) {
	app := apptest.New(t)
	body := ""
	for _, form := range []apptest.Form{
		{"user": "pr", "password": "wrong"},
		{"user": "nobody", "password": "wrong"},
		{"user": "platform", "password": apptest.Password("platform")}, // of another organization
	} {
		page := app.Visit("alpha").Post("/session", form).Is(http.StatusUnprocessableEntity)
		text := strings.ReplaceAll(page.Text(), form["user"], "")
		if body == "" {
			body = text
		}
		if text != body || !strings.Contains(text, "نام کاربری یا گذرواژه درست نیست") {
			t.Errorf("%s: %s", form["user"], text)
		}
	}
}

func TestSigningInAgainEndsTheSessionBefore(t *testing.T) {
	app := apptest.New(t)
	c := app.AsAt("", "platform")
	old := c.Cookie("pasokh")
	c.Get("/sign-in")
	c.Post("/session", apptest.Form{"user": "platform", "password": apptest.Password("platform")}).To("/platform")
	if c.Cookie("pasokh") == old {
		t.Error("the token did not change")
	}
	c.SetCookie("pasokh", old)
	c.Get("/platform/queues").To("/sign-in?next=%2Fplatform%2Fqueues")
}

func TestSignInComesBackToWhereOneWanted(t *testing.T) {
	app := apptest.New(t)
	form := apptest.Form{"user": "platform", "password": apptest.Password("platform")}
	for next, want := range map[string]string{"/platform/queues?x=1": "/platform/queues?x=1", "//evil.example": "/platform", "https://evil.example": "/platform"} {
		form["next"] = next
		app.Visit("").Post("/session", form).To(want)
	}
}
