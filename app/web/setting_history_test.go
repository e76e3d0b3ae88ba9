package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pasokh/app/apptest"
	"pasokh/tenants"
)

// changes counts the versions of settings of the first organization.
func changes(t *testing.T, a *apptest.App) int64 {
	t.Helper()
	db := a.Root.For(a.A)
	defer db.Release()
	n, err := db.Select((*tenants.SettingChange)(nil)).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// typedForm reads the form of a page that is sent to an address, as a browser
// would send it.
func typedForm(t *testing.T, page *apptest.Page, action string) url.Values {
	t.Helper()
	values := url.Values{}
	form := page.Doc().Find("form").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.AttrOr("action", "") == action }).First()
	if form.Length() == 0 {
		return values
	}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "")
		_, checked := s.Attr("checked")
		switch {
		case name == "_csrf" || kind == "file" || (kind == "radio" || kind == "checkbox") && !checked:
		case goquery.NodeName(s) == "textarea":
			values.Set(name, s.Text())
		case goquery.NodeName(s) == "select":
			values.Set(name, s.Find("option[selected]").First().AttrOr("value", ""))
		default:
			values.Add(name, s.AttrOr("value", ""))
		}
	})
	return values
}

func TestHistorySaysWhatWasAndIs(t *testing.T) {
	a := apptest.New(t)
	admin, before := a.As("admin"), changes(t, a)
	const rules = "/desk/organization/rules"
	form := typedForm(t, admin.Get(rules), rules)
	form.Set("bounces", "4")
	admin.PostValues(rules, form).To(rules)
	page := admin.Get("/desk/organization/history?area=rules").Is(http.StatusOK)
	field := page.Doc().Find(".change-field").First()
	if text := field.Text(); !strings.Contains(text, "۲") || !strings.Contains(text, "۴") || !strings.Contains(text, "برگشت‌ها تا داوری") {
		t.Fatalf("the change is not said: %s", page.Text())
	}
	if page.Doc().Find(".change").Length() != 1 {
		t.Errorf("one save is not one change: %s", page.Text())
	}
	if page := admin.Get("/desk/organization/history?area=units"); page.Has(".change") {
		t.Error("the filter is ignored")
	}
	action := field.Find("form").AttrOr("action", "")
	admin.Get("/desk/organization/history")
	admin.Post(action, apptest.Form{"field": "handles_fa"}).Is(http.StatusNotFound)
	admin.Post(action, apptest.Form{"field": "bounce_limit"}).To("/desk/organization/history")
	if page := admin.Get(rules); page.Doc().Find("#bounces").AttrOr("value", "") != "۲" {
		t.Error("the value is not back")
	}
	page = admin.Get("/desk/organization/history?who=" + page.Doc().Find("#filter-who option").Last().AttrOr("value", "")).Is(http.StatusOK)
	if text := admin.Get("/desk/organization/history").Text(); strings.Contains(text, "‹") || !strings.Contains(text, "بازگردانی") {
		t.Errorf("the restoring is no change of its own: %s", text)
	}
	a.As("pr").Get("/desk/organization/history").Is(http.StatusForbidden)
	if n := changes(t, a) - before; n != 2 {
		t.Errorf("%d changes are kept", n)
	}
	// Saving what stands is no change.
	form = typedForm(t, admin.Get(rules), rules)
	admin.PostValues(rules, form).To(rules)
	if n := changes(t, a) - before; n != 2 {
		t.Errorf("%d changes after saving nothing", n)
	}
}
