package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"pasokh/app/apptest"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// topicOf is a topic of the first organization by its code.
func topicOf(t *testing.T, a *apptest.App, code string) tenants.Topic {
	t.Helper()
	db := a.Root.For(a.A)
	defer db.Release()
	list, err := tenants.Topics(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range list {
		if topic.Code == code {
			return topic
		}
	}
	t.Fatalf("no topic %s", code)
	return tenants.Topic{}
}

// The builder works with plain posts: adding, moving and removing change only
// the page, saving makes a version that the public form asks.
func TestQuestionsAreBuiltInTheBrowser(t *testing.T) {
	a := apptest.New(t)
	admin, topic := a.As("admin"), topicOf(t, a, "network")
	path := fmt.Sprintf("/desk/organization/topics/%d/questions", topic.ID)
	admin.Get(path).Is(http.StatusOK)
	form := apptest.Form{"base": "0", "count": "1", "label_fa-0": "از کی؟", "type-0": "date", "required-0": "1", "do": "add"}
	page := admin.Post(path, form).Is(http.StatusOK)
	if page.Doc().Find("[name=label_fa-0]").AttrOr("value", "") != "از کی؟" || !page.Has("[name=label_fa-1]") || page.Has("[name=label_fa-2]") {
		t.Fatalf("the added question: %s", page.Text())
	}
	form["count"], form["label_fa-1"], form["type-1"], form["choices-1"], form["do"] = "2", "کجا؟", "choice", "خانه | Home", "up-1"
	page = admin.Post(path, form).Is(http.StatusOK)
	if page.Doc().Find("[name=label_fa-0]").AttrOr("value", "") != "کجا؟" {
		t.Error("the question did not move up")
	}
	form["do"] = "save"
	if page := admin.Post(path, form).Is(http.StatusUnprocessableEntity); !page.Has("#choices-1-error") || !strings.Contains(page.Body, "خانه | Home") {
		t.Errorf("one answer to choose is enough: %s", page.Text())
	}
	form["choices-1"] = "خانه | Home\nکوچه | Street"
	admin.Post(path, form).To(path)
	form["base"] = "0"
	if page := admin.Post(path, form).Is(http.StatusUnprocessableEntity); !strings.Contains(page.Text(), "هم‌زمان") {
		t.Error("an old page overwrites the new version")
	}
	form["do"], form["count"] = "remove-0", "2"
	if page := admin.Post(path, form).Is(http.StatusOK); page.Has("[name=label_fa-1]") {
		t.Error("the question is still there")
	}
	a.As("operator").Get(path).Is(http.StatusForbidden)
	a.As("manager").Get(path).Is(http.StatusOK)

	f := begin(t, a)
	details := f.Get(f.draft + "/details").Is(http.StatusOK)
	day, where := "", ""
	details.Doc().Find("[name^=answer-]").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("type", "") == "radio" {
			where = s.AttrOr("name", "")
		} else {
			day = s.AttrOr("name", "")
		}
	})
	if day == "" || where == "" || !details.Has("select[name=district]") {
		t.Fatalf("the questions are not asked: %s", details.Text())
	}
	wrong := f.details(apptest.Form{where: "خانه"}).Is(http.StatusUnprocessableEntity)
	if !wrong.Has("#"+day+"-error") || wrong.Doc().Find("[name="+where+"][checked]").AttrOr("value", "") != "خانه" {
		t.Errorf("the missing answer: %s", wrong.Text())
	}
	f.details(apptest.Form{where: "خانه", day: "۱۴۰۵/۸/۳۰"}).To(f.draft + "/contact")
	f.contact(zahra).To(f.draft + "/check")
	if page := f.Get(f.draft + "/check").Is(http.StatusOK); !strings.Contains(page.Text(), "۳۰ آبان ۱۴۰۵") {
		t.Errorf("the answer is not shown again: %s", page.Text())
	}
	f.Post(f.draft+"/registration", nil).To("/case/receipt")
	if page := f.Get("/case").Is(http.StatusOK); !strings.Contains(page.Text(), "کجا؟") || !strings.Contains(page.Text(), "۳۰ آبان ۱۴۰۵") {
		t.Errorf("the citizen's page has no answers: %s", page.Text())
	}
}

func TestListsAreEditedByThoseWhoMay(t *testing.T) {
	a := apptest.New(t)
	admin := a.As("admin")
	class := admin.Get("/desk/organization/topics/new").Is(http.StatusOK).Doc().Find("#class option").Eq(1).AttrOr("value", "")
	form := apptest.Form{"name_fa": "آب گرم", "name_en": "Hot water", "code": "HOT", "class": class, "active": "1", "place": "address"}
	admin.Post("/desk/organization/topics", form).To("/desk/organization/topics")
	if page := admin.Post("/desk/organization/topics", form).Is(http.StatusUnprocessableEntity); !page.Has("#code-error") || page.Doc().Find("#name_fa").AttrOr("value", "") != "آب گرم" {
		t.Errorf("the code is taken twice: %s", page.Text())
	}
	if page := a.Visit("alpha").Get("/complaints/new"); !strings.Contains(page.Text(), "آب گرم") {
		t.Error("the new topic is not offered")
	}
	hot := topicOf(t, a, "hot")
	path := fmt.Sprintf("/desk/organization/topics/%d", hot.ID)
	admin.Post(path+"/moves", apptest.Form{"to": "up"}).To("/desk/organization/topics")
	admin.Post(path, apptest.Form{"name_fa": "آب", "name_en": "Water", "class": class}).To("/desk/organization/topics")
	if page := a.Visit("alpha").Get("/complaints/new"); strings.Contains(page.Text(), "آب گرم") {
		t.Error("an inactive topic is offered")
	}
	admin.Post("/desk/organization/districts", apptest.Form{"name_fa": "استان نو", "name_en": "New", "code": "new", "kind": "province", "active": "1"}).To("/desk/organization/districts")
	if page := admin.Post("/desk/organization/districts", apptest.Form{"name_fa": "ایستگاه", "name_en": "S", "code": "s", "kind": "station"}).Is(http.StatusUnprocessableEntity); !page.Has("#parent-error") {
		t.Error("a station without a line")
	}
	admin.Post("/desk/organization/sources", apptest.Form{"name_fa": "مجلس", "name_en": "Parliament", "code": "majles", "active": "1"}).To("/desk/organization/sources")
	if page := a.As("operator").Get("/desk/intake"); !strings.Contains(page.Text(), "مجلس") {
		t.Error("the new source is not offered")
	}
	for _, list := range []string{"topics", "districts", "sources"} {
		page := admin.Get("/desk/organization/" + list).Is(http.StatusOK)
		if text := page.Doc().Find("main").Text(); strings.Contains(text, "‹") {
			t.Errorf("%s: a text is missing: %s", list, text)
		}
		a.As("pr").Get("/desk/organization/" + list).Is(http.StatusForbidden)
	}
}

// A known issue is shown before anything is typed; whoever it answers is
// counted once and has no case.
func TestAKnownIssueAnswersWithoutACase(t *testing.T) {
	a := apptest.New(t)
	pr, topic := a.As("pr"), topicOf(t, a, "network")
	pr.Get("/desk/notices/new").Is(http.StatusOK)
	if page := pr.Post("/desk/notices", apptest.Form{"text_fa": "تعمیر خط", "from": "دیروز"}).Is(http.StatusUnprocessableEntity); !page.Has("#from-error") {
		t.Error("a day that is none")
	}
	until := a.Root.For(a.A).Now().Add(48 * time.Hour)
	pr.Post("/desk/notices", apptest.Form{"text_fa": "تعمیر خط تا فردا", "topic": id(topic.ID), "from": "۱۴۰۴/۱/۱", "until": shortDay(until), "until_time": "۱۲"}).To("/desk/notices")
	f := begin(t, a)
	page := f.Get(f.draft + "/details").Is(http.StatusOK)
	notice := page.Doc().Find("#known-issues input[name=notice]").AttrOr("value", "")
	if notice == "" || !strings.Contains(page.Text(), "تعمیر خط تا فردا") {
		t.Fatalf("no notice: %s", page.Text())
	}
	f.Post(f.draft+"/guidance", apptest.Form{"notice": notice}).To("/complaints/answered")
	f.Get("/complaints/answered").Is(http.StatusOK)
	f.Post(f.draft+"/guidance", apptest.Form{"notice": notice}).Is(http.StatusNotFound)
	operator := a.As("operator")
	operator.Headers = map[string]string{"HX-Request": "true"}
	if hint := operator.Post("/desk/intake/topic", apptest.Form{"topic": id(topic.ID)}); !strings.Contains(hint.Text(), "تعمیر خط تا فردا") {
		t.Errorf("the operator is not told: %s", hint.Text())
	}
	operator.Headers = nil
	operator.Post("/desk/intake/guidance", apptest.Form{"topic": id(topic.ID), "notice": notice, "channel": "phone"}).To("/desk/intake")
	if page := operator.Post("/desk/intake/guidance", apptest.Form{"channel": "phone", "text": "نوشته"}).Is(http.StatusUnprocessableEntity); !page.Has("#topic-error") || !strings.Contains(page.Body, "نوشته") {
		t.Errorf("guidance about nothing: %s", page.Text())
	}
	list := pr.Get("/desk/notices").Is(http.StatusOK)
	if got := list.Doc().Find("#notices tbody tr .cell-num").First().Text(); !strings.Contains(got, "۲") {
		t.Errorf("%q were answered: %s", got, list.Text())
	}
	pr.Post("/desk/notices/"+notice+"/end", nil).To("/desk/notices")
	if page := begin(t, a); page.Get(page.draft + "/details").Has("#known-issues") {
		t.Error("a notice that is over is shown")
	}
	a.As("expert").Get("/desk/notices").Is(http.StatusForbidden)
}

// The operator is told of others who reported the same place.
func TestIntakeHintsAtTheSamePlace(t *testing.T) {
	d := newDesk(t)
	operator := d.As("operator")
	form := d.callerForm()
	form["topic"], form["subscription"] = id(d.topic["pressure"].ID), "۱۲۳۴۵۶"
	operator.Post("/desk/intake", form).Is(http.StatusSeeOther)
	operator.Headers = map[string]string{"HX-Request": "true"}
	hint := operator.Post("/desk/intake/topic", apptest.Form{"topic": form["topic"], "subscription": "123456"}).Is(http.StatusOK)
	if hint.Doc().Find("#intake-hints .side-case").Length() != 1 {
		t.Errorf("no hint: %s", hint.Text())
	}
	if none := operator.Post("/desk/intake/topic", apptest.Form{"topic": form["topic"], "subscription": "654321"}); none.Has("#intake-hints .side-case") {
		t.Error("another subscription is hinted at")
	}
}

// A point on the map is kept and shown; pictures come only from the server of
// the tiles, and without one there is no map.
func TestMapIsDrawnOnlyWhereThereAreTiles(t *testing.T) {
	a := apptest.New(t)
	f := begin(t, a)
	plain := f.Get(f.draft + "/details").Is(http.StatusOK)
	if plain.Has("[data-map]") || !plain.Has("#point_lat") || strings.Contains(plain.Header.Get("Content-Security-Policy"), "http") {
		t.Error("a map without tiles")
	}
	if wrong := f.details(apptest.Form{"point_lat": "51.4", "point_lng": "35.7"}).Is(http.StatusUnprocessableEntity); !wrong.Has("#point-error") || wrong.Doc().Find("#point_lat").AttrOr("value", "") != "51.4" {
		t.Errorf("exchanged numbers: %s", wrong.Text())
	}
	f.details(apptest.Form{"point_lat": "۳۶٫۶۸", "point_lng": "48.5"}).To(f.draft + "/contact")
	f.contact(zahra).To(f.draft + "/check")
	f.Post(f.draft+"/registration", nil).To("/case/receipt")
	if page := f.Get("/case"); !page.Has(".map-point") {
		t.Errorf("the point is lost: %s", page.Text())
	}
}

// shortDay writes a day as people type it.
func shortDay(t time.Time) string {
	return persian.ShortDate(persian.DateOf(t.In(persian.Tehran)))
}
