package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/tenants"
	"pasokh/views"
)

// While an organization is on trial everybody can say what does not work; its
// admin sees it and closes it. Afterwards the link is gone.
func TestProblemsAreReportedDuringTheTrial(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	citizen, pr, admin := a.Visit("alpha"), a.As("pr"), a.As("admin")
	const form = "/problems/new"
	if page := citizen.Get("/").Is(http.StatusOK); page.Has("a[href^='" + form + "']") {
		t.Error("a live organization asks for problems")
	}
	citizen.Get(form).Is(http.StatusNotFound)
	a.A.Status = tenants.StatusPilot
	if err := a.Root.UnscopedSaveOrganization(t.Context(), a.A, "status"); err != nil {
		t.Fatal(err)
	}
	a.Advance(time.Minute)
	href := citizen.Get("/track").Is(http.StatusOK).Doc().Find("a[href^='"+form+"']").AttrOr("href", "")
	if page := citizen.Get(href).Is(http.StatusOK); page.Doc().Find("[name=page]").AttrOr("value", "") != "/track" {
		t.Errorf("the page is not known: %s", href)
	}
	if page := citizen.Post(form, apptest.Form{"page": "/track", "text": "بد"}).Is(http.StatusUnprocessableEntity); !page.Has("#text-error") {
		t.Error(page.Text())
	}
	citizen.Post(form, apptest.Form{"page": "//evil.example/x?code=secret", "text": "دکمهٔ پیگیری کار نمی‌کند"}).To("/")
	pr.Get("/desk").Is(http.StatusOK)
	pr.Post(form, apptest.Form{"page": "/desk?q=name", "text": "فهرست کند است"}).To("/")
	page := admin.Get("/desk/organization/problems").Is(http.StatusOK)
	if text := page.Text(); !strings.Contains(text, "دکمهٔ پیگیری") || !strings.Contains(text, "سمیه کریمی") || strings.Contains(text, "evil") || strings.Contains(text, "name") {
		t.Error(text)
	}
	action := page.Doc().Find("article form").First().AttrOr("action", "")
	admin.Post(action, nil).To("/desk/organization/problems")
	admin.Post(action, nil).Is(http.StatusConflict)
	if text := admin.Get("/desk/organization/problems").Text(); strings.Contains(text, "فهرست کند") {
		t.Error("what was seen to is still open")
	}
	if text := admin.Get("/desk/organization/problems?view=closed").Text(); !strings.Contains(text, "فهرست کند") {
		t.Error("what was seen to is gone")
	}
	pr.Get("/desk/organization/problems").Is(http.StatusForbidden)
}

// The platform's list says how far each set-up is without asking for its rows,
// and its own page what is missing, without names.
func TestPlatformSeesHowFarTheSetUpIs(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	platform := a.AsAt("", "platform")
	if text := platform.Get("/platform").Is(http.StatusOK).Text(); !strings.Contains(text, "هنوز شمرده نشده") {
		t.Error(text)
	}
	a.RunClock("tenants.tally")
	if text := platform.Get("/platform").Is(http.StatusOK).Text(); !strings.Contains(text, "از ۱۲ انجام شده") || !strings.Contains(text, "درگاه پیامک آزموده") {
		t.Error(text)
	}
	page := platform.Get(views.ConsolePath(a.A.ID)).Is(http.StatusOK)
	if text := page.Doc().Find("#checklist").Text(); !strings.Contains(text, "واحدهای اجرایی با رئیس") || strings.Contains(text, "Ahmadi") || strings.Contains(text, "احمدی") {
		t.Error(text)
	}
}

// Small things that people stumbled over.
func TestFormsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	admin := a.As("admin")
	const ranking = "/desk/organization/ranking"
	admin.Get(ranking)
	page := admin.Post(ranking, apptest.Form{"deadlines": "بسیار", "inspection": "۲۰", "conduct": "20"}).Is(http.StatusUnprocessableEntity)
	if got := page.Doc().Find("#deadlines").AttrOr("value", ""); got != "بسیار" || !page.Has("#deadlines-error") || page.Has("input[value='-1']") {
		t.Errorf("%q is what came back", got)
	}
	const contacts = "/desk/organization/contacts"
	if page := admin.Get(contacts).Is(http.StatusOK); !page.Has("form[action='" + contacts + "/links']") {
		t.Fatal(page.Text())
	}
	admin.Post(contacts+"/links", nil).To(contacts)
	home := a.Visit("alpha").Get("/").Is(http.StatusOK)
	for _, at := range []string{"https://www.111.ir", "https://shekayat.bazresi.ir", "https://my.gov.ir"} {
		if n := home.Doc().Find("a[href='" + at + "']").Length(); n != 1 {
			t.Errorf("%d links to %s", n, at)
		}
	}
	if page := admin.Get(contacts); page.Has("form[action='" + contacts + "/links']") {
		t.Error("what stands is offered again")
	}
	topic := topicOf(t, a, "pressure")
	if page := a.Visit("alpha").Get("/complaints/new?topic=pressure").Is(http.StatusOK); !page.Has("input[name=topic][checked][value='" + id(topic.ID) + "']") {
		t.Error("a portal's link does not choose its topic")
	}
}
