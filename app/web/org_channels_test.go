package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

// A gateway is added, tried and turned off in the browser; its key is never
// shown again.
func TestGatewaysAreSetUpInTheBrowser(t *testing.T) {
	a := apptest.New(t)
	admin := a.As("admin")
	path := "/desk/organization/channels"
	admin.Get(path).Is(http.StatusOK)
	admin.Get(path + "/new").Is(http.StatusOK)
	admin.Get(path + "/new?provider=kavenegar").Is(http.StatusOK)
	form := apptest.Form{"provider": "kavenegar", "line": "abc", "api_key": ""}
	if page := admin.Post(path, form).Is(http.StatusUnprocessableEntity); !page.Has("#line-error") || !page.Has("#api_key-error") || !strings.Contains(page.Body, "abc") {
		t.Fatal(page.Text())
	}
	form["line"], form["api_key"], form["active"] = "۳۰۰۰", "CANARY-key", "1"
	at := admin.Post(path, form).Is(http.StatusSeeOther).Header.Get("Location")
	page := admin.Get(at).Is(http.StatusOK)
	if strings.Contains(page.Body, "CANARY") || page.Doc().Find("[name=line]").AttrOr("value", "") != "3000" {
		t.Fatal(page.Text())
	}
	if page := admin.Get(path).Is(http.StatusOK); !strings.Contains(page.Text(), "کاوه‌نگار") || !strings.Contains(page.Text(), "اصلی") {
		t.Fatal(page.Text())
	}
}
