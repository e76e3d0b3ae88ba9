package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/citizens"
)

const mobile = "09121110000"

func TestCitizenSignsInByCode(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	c := app.Visit("alpha")
	c.Get("/my").To("/my/sign-in?next=%2Fmy")
	c.Get("/my/sign-in?next=%2Fmy").Is(http.StatusOK)
	c.Post("/my/codes", apptest.Form{"mobile": "۰۹۱۲ ۱۱۱ ۰۰۰۰"}).To("/my/code")
	if page := c.Get("/my/code").Is(http.StatusOK); strings.Contains(page.Body, "9121110000") {
		t.Error("the number is written in full")
	}
	app.Drain()
	last := app.Sent()[len(app.Sent())-1]
	if last.To != "+989121110000" {
		t.Fatalf("the code went to %s", last.To)
	}
	before := c.Token()
	c.Post("/my/session", apptest.Form{"code": app.Code("alpha", mobile)}).To("/my")
	page := c.Get("/my").Is(http.StatusOK)
	if c.Token() == before {
		t.Error("the form token survived the sign-in")
	}
	if text := page.Text(); !strings.Contains(text, "ملاقات") || !page.Has(`a[href^="/my/complaints/"]`) {
		t.Errorf("case %d is not listed: %s", twin.Complaint, text)
	}
	old := c.Cookie("pasokh-my")
	c.Post("/my/session/end", nil).To("/")
	c.SetCookie("pasokh-my", old)
	c.Get("/my").To("/my/sign-in?next=%2Fmy")
}

func TestCitizenWithNothing(t *testing.T) {
	app := apptest.New(t)
	page := app.Citizen("09350000001").Get("/my").Is(http.StatusOK)
	if !page.Has(".empty") {
		t.Error("an empty list says nothing")
	}
}

func TestCodeOpensOnlyForItsBrowser(t *testing.T) {
	app := apptest.New(t)
	mine, other := app.Visit("alpha"), app.Visit("alpha")
	mine.Post("/my/codes", apptest.Form{"mobile": mobile}).To("/my/code")
	code := app.Code("alpha", mobile)
	other.Post("/my/codes", apptest.Form{"mobile": mobile}).To("/my/code")
	other.Post("/my/session", apptest.Form{"code": code}).Is(http.StatusUnprocessableEntity)
	mine.Post("/my/session", apptest.Form{"code": code}).To("/my")
	mine.Post("/my/session", apptest.Form{"code": code}).Is(http.StatusUnprocessableEntity)
}

func TestWrongCodesAreCounted(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("alpha")
	c.Post("/my/codes", apptest.Form{"mobile": mobile}).To("/my/code")
	code := app.Code("alpha", mobile)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range citizens.CodeTries {
		page := c.Post("/my/session", apptest.Form{"code": wrong}).Is(http.StatusUnprocessableEntity)
		if !page.Has("#code-error") {
			t.Fatal(page.Text())
		}
	}
	c.Post("/my/session", apptest.Form{"code": code}).Is(http.StatusUnprocessableEntity)
}

func TestAnotherCodeNeedsAMinute(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("alpha")
	c.Post("/my/codes", apptest.Form{"mobile": mobile}).To("/my/code")
	page := c.Post("/my/codes", apptest.Form{"again": "1"}).Is(http.StatusTooManyRequests)
	if text := page.Text(); !strings.Contains(text, "۶۰ ثانیه") {
		t.Error(text)
	}
	app.Advance(time.Minute)
	c.Post("/my/codes", apptest.Form{"again": "1"}).To("/my/code")
}

func TestMobileIsChecked(t *testing.T) {
	app := apptest.New(t)
	page := app.Visit("alpha").Post("/my/codes", apptest.Form{"mobile": "123"}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#mobile-error") || !page.Has(`input[name=mobile][value="۱۲۳"]`) || !page.Has(`.error-summary a[href="#mobile"]`) {
		t.Error(page.Text())
	}
}
