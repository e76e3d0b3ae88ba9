package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pasokh/app/apptest"
	"pasokh/app/notify"
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
	admin.Get("/desk/organization/history?who=" + page.Doc().Find("#filter-who option").Last().AttrOr("value", "")).Is(http.StatusOK)
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

func TestOwnSettingsAreSavedAndKept(t *testing.T) {
	a := apptest.New(t)
	admin := a.As("admin")
	for page, typed := range map[string]map[string]string{
		"/desk/organization/identity": {"name_fa": "شرکت گاز نو", "accent": "blue"},
		"/desk/organization/ranking":  {"deadlines": "50", "inspection": "30", "conduct": "20"},
	} {
		form, before := typedForm(t, admin.Get(page).Is(http.StatusOK), page), changes(t, a)
		for field, value := range typed {
			form.Set(field, value)
		}
		admin.PostValues(page, form).To(page)
		if changes(t, a) == before {
			t.Errorf("%s keeps no version", page)
		}
	}
	const units = "/desk/organization/units"
	href := admin.Get(units).Is(http.StatusOK).Doc().Find("tbody a.link").First().AttrOr("href", "")
	form := typedForm(t, admin.Get(href).Is(http.StatusOK), href)
	form.Set("parent", href[strings.LastIndex(href, "/")+1:])
	if page := admin.PostValues(href, form).Is(http.StatusUnprocessableEntity); !page.Has("#parent-error") {
		t.Error("a unit stands below itself")
	}
	admin.Post(href+"/archive", nil).To(href)
	if page := admin.Get(href); page.Has("form[action$='/restoration']") {
		t.Error("a unit with work was archived")
	}
	made := apptest.Form{"name_fa": "نو", "name_en": "New", "code": "new", "kind": "executive"}
	admin.Post(units, made).To(units)
	admin.Post("/desk/organization/contacts", apptest.Form{"kind": "link", "label_fa": "سامد", "label_en": "SAMAD", "number": "http://x"}).Is(http.StatusUnprocessableEntity)
	for _, page := range []string{"", "/setup", "/contacts", "/units", "/history"} {
		if text := admin.Get("/desk/organization" + page).Is(http.StatusOK).Text(); strings.Contains(text, "‹") {
			t.Errorf("%s: a text is missing: %s", page, text)
		}
	}
	// From now on the admin, who has no second factor, must set one up first.
	before := changes(t, a)
	admin.Post("/desk/organization/second-factor", apptest.Form{"second_factor": "off"}).Is(http.StatusUnprocessableEntity)
	for _, at := range []string{"/second-factor", "/channels", "/channels/inbound/mailbox", "/sign-in", "/sign-in/citizens"} {
		a.As("manager").Get("/desk/organization" + at).Is(http.StatusForbidden)
	}
	admin.Post("/desk/organization/second-factor", apptest.Form{"second_factor": "some"}).To("/desk/organization/second-factor")
	a.Drain()
	if !slices.ContainsFunc(a.Sent(), func(m notify.Outgoing) bool { return m.Template == "sms.security.changed" }) {
		t.Error("no administrator hears of it")
	}
	if changes(t, a) == before {
		t.Error("the rule of the second factor keeps no version")
	}
}
