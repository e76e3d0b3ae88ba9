package web_test

import (
	"fmt"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

// windowForm is a window on Mondays from 8 to 9.
func windowForm(twin *apptest.Twin) apptest.Form {
	return apptest.Form{
		"executive": fmt.Sprint(twin.Executive), "site": fmt.Sprint(twin.Site), "pattern": "weekly", "weekday": "2",
		"from": "8:00", "until": "9:00", "slot": "15", "seats": "1", "quota_web": "2",
	}
}

func TestAWindowIsPreviewedBeforeItIsSaved(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	desk := app.As("manager")
	form := windowForm(twin)
	page := desk.Post("/desk/organization/meetings", form).Is(200)
	if !page.Has("#preview table") {
		t.Fatal(page.Text())
	}
	form["seal"], _ = page.Doc().Find("input[name=seal]").Attr("value")
	desk.Post("/desk/organization/meetings", form).To("/desk/organization/meetings")
	list := desk.Get("/desk/organization/meetings").Is(200)
	if !strings.Contains(list.Text(), "دوشنبه‌ها") {
		t.Fatal(list.Text())
	}
	form["from"], form["weekday"], form["seal"] = "9:00", "1", ""
	form["until"] = "8:00"
	if page := desk.Post("/desk/organization/meetings", form).Is(422); !page.Has("#from-error") {
		t.Fatal(page.Text())
	}
}

func TestACancelledSessionIsChosenAnewInOneTap(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	desk := app.As("manager")
	path := fmt.Sprintf("/desk/meetings/sessions/%d", twin.Session)
	if page := desk.Get(path).Is(200); !strings.Contains(page.Text(), twin.Canary) {
		t.Fatal("the booking is not listed")
	}
	if page := desk.Post(path+"/cancellation", apptest.Form{"cancel_reason": ""}).Is(422); !page.Has("#cancel_reason-error") {
		t.Fatal(page.Text())
	}
	desk.Post(path+"/cancellation", apptest.Form{"cancel_reason": "مأموریت مدیر"}).To(path)
	app.Drain()
	citizen := app.Tracker("meeting", twin.Meeting)
	page := citizen.Get("/meeting").Is(200)
	slot, ok := page.Doc().Find("#rebooking button[name=slot]").First().Attr("value")
	if !ok || !strings.Contains(page.Text(), "مأموریت مدیر") {
		t.Fatal(page.Text())
	}
	citizen.Get("/meeting/rebooking").Is(200)
	citizen.Post("/meeting/rebooking", apptest.Form{"slot": slot}).To("/meeting")
	if page := citizen.Get("/meeting").Is(200); page.Has("#rebooking") {
		t.Fatal("the priority is used up")
	}
}

func TestASessionIsMovedByItself(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	desk := app.As("manager")
	path := fmt.Sprintf("/desk/meetings/sessions/%d", twin.Session)
	doc := desk.Get(path).Is(200).Doc()
	form := apptest.Form{"reason": "بازدید"}
	for _, field := range []string{"starts", "ends"} {
		form[field], _ = doc.Find("input[name=" + field + "]").Attr("value")
	}
	form["starts_at"] = "9:30"
	desk.Post(path+"/change", form).To(path)
	if page := desk.Get(path).Is(200); !strings.Contains(page.Text(), "۹:۳۰ تا ۱۳:۳۰") {
		t.Fatal(page.Text())
	}
}

func TestTheQuarterlyListAndTheSites(t *testing.T) {
	app := apptest.New(t)
	app.Twin(app.A)
	desk := app.As("manager")
	if page := desk.Get("/desk/meetings/quarter").Is(200); !strings.Contains(page.Text(), "پاییز") {
		t.Fatal(page.Text())
	}
	site := apptest.Form{"name_fa": "ایستگاه مرکزی", "name_en": "Central", "kind": "station", "capacity": "۴۰"}
	desk.Post("/desk/organization/sites", site).To("/desk/organization/sites")
	if page := desk.Post("/desk/organization/sites", site).Is(422); !page.Has("#name_fa-error") {
		t.Fatal(page.Text())
	}
	app.As("pr").Get("/desk/organization/sites").Is(403)
}

// A window may be kept for some topics and ask questions: the form says so, the
// preview keeps it, and the form of the window shows it again.
func TestAWindowAsksWhatItsFormSays(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	desk := app.As("manager")
	form := windowForm(twin)
	form["topics"], form["questions"], form["documents"] = fmt.Sprint(twin.Topic), "شماره اشتراک شما چیست؟\n\n", "قبض آخر"
	page := desk.Post("/desk/organization/meetings", form).Is(200)
	if n := page.Doc().Find(fmt.Sprintf("input[name=topics][value='%d'][checked]", twin.Topic)).Length(); n != 1 {
		t.Fatalf("the preview forgot the topic: %s", page.Text())
	}
	form["seal"], _ = page.Doc().Find("input[name=seal]").Attr("value")
	desk.Post("/desk/organization/meetings", form).To("/desk/organization/meetings")
	list := desk.Get("/desk/organization/meetings").Is(200)
	at := ""
	for _, link := range list.Doc().Find("a.row-link").EachIter() {
		if strings.Contains(link.Text(), "دوشنبه‌ها") {
			at = link.AttrOr("href", "")
		}
	}
	kept := desk.Get(at).Is(200).Doc()
	if q := kept.Find("textarea[name=questions]").Text(); q != "شماره اشتراک شما چیست؟" {
		t.Errorf("questions %q", q)
	}
	if d := kept.Find("textarea[name=documents]").Text(); d != "قبض آخر" {
		t.Errorf("documents %q", d)
	}
	if kept.Find("input[name=topics][checked]").Length() != 1 {
		t.Error("the topic is not kept")
	}
}
