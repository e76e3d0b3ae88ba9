package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"pasokh/app/apptest"
	"pasokh/app/staff"
	"pasokh/app/web"
	"pasokh/tenants"
)

const securityPath = "/desk/account/security"

// demand has alpha ask for second factors as a new organization does.
func demand(t *testing.T, app *apptest.App) {
	t.Helper()
	for _, tenant := range []*tenants.Tenant{app.A, app.Platform} {
		tenant.Settings.SecondFactor = ""
		if err := app.Root.UnscopedSaveSettings(t.Context(), tenant); err != nil {
			t.Fatal(err)
		}
	}
	app.Advance(11 * time.Second) // organizations are remembered for a moment
}

// nextCode is what the authenticator app shows, once the code before is over.
func nextCode(t *testing.T, app *apptest.App, secret string) string {
	t.Helper()
	app.Advance(30 * time.Second)
	code, err := hotp.GenerateCode(secret, uint64(app.Clock.Now().Unix()/30))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol adds an authenticator app in the browser.
func enrol(t *testing.T, app *apptest.App, c *apptest.Client) (secret string, codes []string) {
	t.Helper()
	c.Get(securityPath).Is(http.StatusOK)
	c.Post(securityPath+"/app/drawing", nil).To(securityPath + "/app")
	page := c.Get(securityPath + "/app").Is(http.StatusOK)
	secret = strings.ReplaceAll(page.Doc().Find("#secret").Text(), " ", "")
	if len(secret) != 32 || !page.Has(".qr") {
		t.Fatal(page.Text())
	}
	if again := c.Post(securityPath+"/app", apptest.Form{"code": "000000"}).Is(http.StatusUnprocessableEntity); !again.Has("#code-error") || !strings.Contains(again.Text(), "این کد درست نیست") {
		t.Error(again.Text())
	}
	page = c.Post(securityPath+"/app", apptest.Form{"code": nextCode(t, app, secret)}).Is(http.StatusOK)
	for _, code := range page.Doc().Find(".own-codes code").EachIter() {
		codes = append(codes, code.Text())
	}
	return secret, codes
}

// Whoever must have a second factor and has none can do nothing else.
func TestWithoutTheFactorNothingIsOpen(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	twin := app.Twin(app.A)
	demand(t, app)
	clients := map[string]*apptest.Client{}
	for user, host := range map[string]string{"admin": "alpha", "ceo": "alpha", "platform": ""} {
		c := app.Visit(host)
		c.Get("/sign-in")
		c.Post("/session", apptest.Form{"user": user, "password": apptest.Password(user)}).To(securityPath)
		clients[user] = c
	}
	before := app.Fingerprint(app.A)
	for user, c := range clients {
		host := "alpha"
		if user == "platform" {
			host = ""
		}
		for _, rt := range routes(t) {
			own := rt.Audience == web.Staff && (strings.HasPrefix(rt.Pattern, securityPath) || strings.HasPrefix(rt.Pattern, "/desk/confirm"))
			if rt.Audience != web.Staff && rt.Audience != web.Platform || own || host == "" && rt.Audience == web.Staff || host != "" && rt.Audience == web.Platform {
				continue
			}
			path := rt.Pattern
			if strings.Contains(path, ":") {
				path = fill(path, objectOf(t, rt.Pattern)(twin), twin)
			}
			if rt.Method == http.MethodGet {
				c.Get(path).To(securityPath)
			} else {
				c.Post(path, apptest.Form{}).To(securityPath)
			}
		}
	}
	after := app.Fingerprint(app.A)
	for table, sum := range before {
		if after[table] != sum {
			t.Errorf("%s changed", table)
		}
	}
}

func TestEnrollingOpensTheDesk(t *testing.T) {
	app := apptest.New(t)
	demand(t, app)
	c := app.As("admin")
	before := c.Cookie("pasokh")
	secret, codes := enrol(t, app, c)
	if len(codes) != staff.RecoveryCodes || c.Cookie("pasokh") == before {
		t.Fatalf("%d codes; the token is another: %v", len(codes), c.Cookie("pasokh") != before)
	}
	c.Get("/desk/organization").Is(http.StatusOK)
	page := c.Get(securityPath).Is(http.StatusOK)
	if strings.Contains(page.Body, secret) || strings.Contains(page.Body, codes[0]) || page.Has("form[action$='/app/removal']") {
		t.Error(page.Text())
	}
	c.Post(securityPath+"/app/removal", nil).Is(http.StatusConflict)
	old := c.Cookie("pasokh")
	again := app.Visit("alpha")
	again.SetCookie("pasokh", before)
	again.Get("/desk/organization").Is(http.StatusSeeOther)

	// The next sign-in has two steps; the first opens nothing.
	c = app.Visit("alpha")
	c.Get("/sign-in")
	c.Post("/session", apptest.Form{"user": "admin", "password": apptest.Password("admin"), "next": "/desk/organization"}).To("/sign-in/factor?next=%2Fdesk%2Forganization")
	c.Get("/desk/organization").To("/sign-in?next=%2Fdesk%2Forganization")
	c.SetCookie("pasokh", c.Cookie("pasokh-half"))
	c.Get("/desk/organization").Is(http.StatusSeeOther)
	c.SetCookie("pasokh", "")
	c.Get("/sign-in/factor?next=/desk/organization").Is(http.StatusOK)
	if page := c.Post("/sign-in/factor", apptest.Form{"code": "123456"}).Is(http.StatusUnprocessableEntity); !page.Has("#code-error") {
		t.Error(page.Text())
	}
	c.Post("/sign-in/factor", apptest.Form{"code": nextCode(t, app, secret), "next": "/desk/organization"}).To("/desk/organization")
	c.Get("/desk/organization").Is(http.StatusOK)
	if c.Cookie("pasokh") == old {
		t.Error("the token is the old one")
	}
	c.Get("/sign-in/factor").To("/sign-in")

	// A recovery code, without the app, in a new browser: the person is told.
	app.Drain()
	c = app.Visit("alpha")
	c.Get("/sign-in")
	c.Post("/session", apptest.Form{"user": "admin", "password": apptest.Password("admin")}).To("/sign-in/factor")
	c.Get("/sign-in/factor")
	c.Post("/sign-in/factor", apptest.Form{"recovery": codes[1]}).Is(http.StatusSeeOther)
	app.Drain()
	sent := app.Sent()
	if len(sent) == 0 || sent[len(sent)-1].Template != "sms.staff.new_device" {
		t.Errorf("sent %+v", sent)
	}
}

// A dangerous act asks who has been there for a while to prove who they are.
func TestDangerousActsAreConfirmed(t *testing.T) {
	app := apptest.New(t)
	admin := app.As("admin")
	path := "/desk/organization/channels/new"
	admin.Get(path).Is(http.StatusOK)
	app.Advance(staff.FreshFor)
	admin.Get(path + "?provider=kavenegar").To("/desk/confirm?next=%2Fdesk%2Forganization%2Fchannels%2Fnew%3Fprovider%3Dkavenegar")
	admin.Get("/desk/organization/channels").Is(http.StatusOK)
	admin.Headers["Referer"] = "http://alpha.pasokh.test" + path
	page := admin.Post("/desk/organization/channels", apptest.Form{"provider": "kavenegar"}).Is(http.StatusForbidden)
	if !page.Has("a[href='/desk/confirm?next=%2Fdesk%2Forganization%2Fchannels%2Fnew']") {
		t.Error(page.Body)
	}
	admin.Headers["Referer"] = "http://evil.example/desk"
	if page := admin.Post("/desk/organization/channels", apptest.Form{}).Is(http.StatusForbidden); !page.Has("a[href='/desk/confirm']") {
		t.Error(page.Body)
	}
	admin.Headers = map[string]string{}
	before := admin.Cookie("pasokh")
	admin.Get("/desk/confirm?next=" + path).Is(http.StatusOK)
	if page := admin.Post("/desk/confirm", apptest.Form{"password": "wrong", "next": path}).Is(http.StatusUnprocessableEntity); !page.Has("#password-error") {
		t.Error(page.Text())
	}
	admin.Post("/desk/confirm", apptest.Form{"password": apptest.Password("admin"), "next": path}).To(path)
	if admin.Cookie("pasokh") == before {
		t.Error("the token did not change")
	}
	admin.Get(path).Is(http.StatusOK)
	for next, want := range map[string]string{"//evil.example": securityPath, "https://evil.example": securityPath} {
		admin.Get("/desk/confirm")
		admin.Post("/desk/confirm", apptest.Form{"password": apptest.Password("admin"), "next": next}).To(want)
	}
}

func TestOwnSessionsAreListedAndEnded(t *testing.T) {
	app := apptest.New(t)
	first := app.As("pr")
	second := app.Visit("alpha")
	second.Headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"
	second.Get("/sign-in")
	second.Post("/session", apptest.Form{"user": "pr", "password": apptest.Password("pr")}).Is(http.StatusSeeOther)
	page := first.Get(securityPath).Is(http.StatusOK)
	if !strings.Contains(page.Text(), "کروم روی ویندوز") || !strings.Contains(page.Text(), "همین مرورگر") {
		t.Error(page.Text())
	}
	first.Post(securityPath+"/sessions/end", apptest.Form{"session": "0123456789abcdef"}).Is(http.StatusNotFound)
	first.Post(securityPath+"/sessions/end", nil).Is(http.StatusSeeOther)
	second.Get("/desk").Is(http.StatusSeeOther)
	first.Get("/desk").Is(http.StatusOK)
	first.Get(securityPath)
	first.Post(securityPath+"/sessions/end", apptest.Form{"session": staff.Handle(tenants.HashToken(first.Cookie("pasokh")))}).To("/sign-in")
	first.Get("/desk").Is(http.StatusSeeOther)
}

// What a browser answers to no question of ours is refused in the same words.
func TestPasskeysAnswerAQuestion(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("alpha")
	c.Get("/sign-in")
	if page := c.Post("/sign-in/passkey/options", nil).Is(http.StatusOK); !strings.Contains(page.Body, `"userVerification":"required"`) || !strings.Contains(page.Body, `"rpId":"alpha.pasokh.test"`) {
		t.Error(page.Body)
	}
	for _, answer := range []string{"", "{}", "x"} {
		if page := c.Post("/sign-in/passkey", apptest.Form{"answer": answer}).Is(http.StatusUnprocessableEntity); !strings.Contains(page.Text(), "کلید عبور پذیرفته نشد") {
			t.Error(page.Text())
		}
	}
	pr := app.As("pr")
	pr.Get(securityPath)
	pr.Post(securityPath+"/passkeys", apptest.Form{"name": "x", "answer": "{}"}).Is(http.StatusUnprocessableEntity)
	pr.Post(securityPath+"/passkeys/1/removal", nil).Is(http.StatusNotFound)
}
