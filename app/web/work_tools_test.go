package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

func (d *desk) version(c *complaints.Complaint) string {
	d.t.Helper()
	db := d.Root.For(d.A)
	defer db.Release()
	fresh, err := complaints.Plain(context.Background(), db, c.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return strconv.Itoa(fresh.Version)
}

// hidden is the value of a hidden field of an act's form.
func hidden(page *apptest.Page, act, name string) string {
	v, _ := page.Doc().Find("#act-" + act + ` input[name="` + name + `"]`).Attr("value")
	return v
}

func TestRoutingRulesAreWrittenTriedAndOrdered(t *testing.T) {
	d := newDesk(t)
	admin := d.As("admin")
	if page := admin.Get("/desk/routing").Is(http.StatusOK); !page.Has(".empty") {
		t.Error("no words for an empty list")
	}
	page := admin.Post("/desk/routing/rules", apptest.Form{"topic": id(d.topic["network"].ID)}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#name-error") || !page.Has("#unit-error") || !page.Has(`#topic option[selected]`) {
		t.Errorf("nothing beside the fields: %s", page.Text())
	}
	c := d.referred()
	form := apptest.Form{"name": "فشار به امداد", "topic": id(d.topic["network"].ID), "unit": id(d.units["safety"].ID), "do": "try"}
	page = admin.Post("/desk/routing/rules", form).Is(http.StatusOK)
	if !page.Has("#trial-lines") || !strings.Contains(page.Doc().Find("#trial-cases").Text(), "فشار به امداد") {
		t.Errorf("no trial: %s", page.Text())
	}
	if page.Has(`a[href="` + path(c, "") + `"]`) {
		t.Error("the admin, who reads no cases, is led to one")
	}
	if v, _ := page.Doc().Find("#name").Attr("value"); v != "فشار به امداد" {
		t.Error("what was typed is lost by trying")
	}
	delete(form, "do")
	admin.Post("/desk/routing/rules", form).To("/desk/routing")
	manager := d.As("manager")
	manager.Post("/desk/routing/rules", apptest.Form{"name": "تلفنی", "channel": "phone", "unit": id(d.units["network"].ID)}).To("/desk/routing")
	rows := manager.Get("/desk/routing?dry=1").Is(http.StatusOK)
	if n := rows.Doc().Find("#rules tbody tr").Length(); n != 2 || !rows.Has("#trial") || !strings.Contains(rows.Text(), "تلفن") {
		t.Errorf("%d rules: %s", n, rows.Text())
	}
	if strings.Contains(rows.Body, "‹") {
		t.Errorf("a text is missing: %s", rows.Text())
	}
	second, _ := rows.Doc().Find("#rules tbody tr").Last().Find("a.row-link").Attr("href")
	manager.Post(second+"/place", apptest.Form{"to": "up"}).To("/desk/routing")
	if first := manager.Get("/desk/routing").Doc().Find("#rules tbody tr").First().Text(); !strings.Contains(first, "تلفنی") {
		t.Errorf("not moved: %s", first)
	}
	manager.Post(second+"/activity", apptest.Form{"active": ""}).To("/desk/routing")
	manager.Post(second, apptest.Form{"name": "تلفنی شب", "channel": "phone", "hours": "off", "unit": id(d.units["network"].ID)}).To("/desk/routing")
	if page := manager.Get(second).Is(http.StatusOK); !page.Has("#hours option[selected][value=off]") {
		t.Error("the form does not show the rule")
	}
	for _, user := range []string{"pr", "expert", "overseer"} {
		d.As(user).Get("/desk/routing").Is(http.StatusForbidden)
	}
	fresh := d.file()
	shown := d.As("pr").Get(path(fresh, "")).Is(http.StatusOK)
	if v, _ := shown.Doc().Find("#refer-unit option[selected]").Attr("value"); v != id(d.units["safety"].ID) {
		t.Errorf("the form does not choose the routed unit: %q", v)
	}
	if !strings.Contains(shown.Doc().Find(".case-why").Text(), "فشار به امداد") {
		t.Errorf("no reason: %s", shown.Text())
	}
}

func TestTheHeadAssigns(t *testing.T) {
	d := newDesk(t)
	c := d.working()
	expert := d.Staff(d.A, "expert")
	d.As("expert").Post(path(c, "assignment"), apptest.Form{"staff": id(expert.ID)}).Is(http.StatusForbidden)
	head := d.As("head")
	page := head.Post(path(c, "assignment"), apptest.Form{}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#assign-staff-error") {
		t.Error(page.Text())
	}
	other := d.Staff(d.A, "head")
	head.Post(path(c, "assignment"), apptest.Form{"staff": id(other.ID)}).To(path(c, ""))
	head.Post(path(c, "assignment"), apptest.Form{"staff": id(expert.ID)}).To(path(c, ""))
	told := d.As("expert").Get("/desk/mentions").Is(http.StatusOK)
	if !told.Has(".mention-new") || !strings.Contains(told.Doc().Find("#nav-unread").Text(), "۱") {
		t.Errorf("not told: %s", told.Text())
	}
	if strings.Contains(told.Body, "‹") {
		t.Errorf("a text is missing: %s", told.Text())
	}
}

func TestMentionsAreReadOneByOneOrAllAtOnce(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	pr := d.As("pr")
	page := pr.Post(path(c, "note"), apptest.Form{"text": "@nobody ببین"}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#note-text-error") || !strings.Contains(page.Doc().Find("#note-text").Text(), "ببین") {
		t.Error(page.Text())
	}
	for range 2 {
		pr.Post(path(c, "note"), apptest.Form{"text": "@manager ببین"}).To(path(c, ""))
	}
	manager := d.As("manager")
	list := manager.Get("/desk/mentions").Is(http.StatusOK)
	read, _ := list.Doc().Find(".mention-new form").First().Attr("action")
	pr.Post(read, nil).Is(http.StatusNotFound)
	manager.Post(read, nil).To("/desk/mentions")
	if n := manager.Get("/desk/mentions").Doc().Find(".mention-new").Length(); n != 1 {
		t.Errorf("%d unread", n)
	}
	manager.Post("/desk/mentions/readings", nil).To("/desk/mentions")
	if page := manager.Get("/desk/mentions"); page.Has(".mention-new") || !page.Has(".empty") {
		t.Error("still unread")
	}
	if n := manager.Get("/desk/mentions?tab=all").Doc().Find(".mention").Length(); n != 2 {
		t.Errorf("%d of all", n)
	}
}

func TestTemplatesFillTheForms(t *testing.T) {
	d := newDesk(t)
	manager := d.As("manager")
	page := manager.Post("/desk/templates", apptest.Form{"kind": "answer", "title": "ترمیم", "body": "پرونده {cod}"}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#body-error") {
		t.Error(page.Text())
	}
	page = manager.Post("/desk/templates", apptest.Form{"kind": "answer", "title": "ترمیم", "body": "پرونده {code}", "do": "preview"}).Is(http.StatusOK)
	if !strings.Contains(page.Doc().Find("#preview").Text(), "-") || strings.Contains(page.Body, "‹") {
		t.Errorf("no preview: %s", page.Text())
	}
	manager.Post("/desk/templates", apptest.Form{"kind": "answer", "title": "ترمیم", "body": "{name}، پرونده {code} ترمیم شد."}).To("/desk/templates")
	list := manager.Get("/desk/templates").Is(http.StatusOK)
	at, _ := list.Doc().Find("a.row-link").First().Attr("href")
	tpl := at[strings.LastIndex(at, "/")+1:]
	d.As("pr").Get("/desk/templates").Is(http.StatusForbidden)
	c := d.working()
	expert := d.As("expert")
	shown := expert.Get(path(c, "")).Is(http.StatusOK)
	if text, _ := shown.Doc().Find("#answer-template option[data-text]").Attr("data-text"); !strings.Contains(text, "سارا محمدی، پرونده") {
		t.Errorf("not offered: %q", text)
	}
	page = expert.Post(path(c, "answer"), apptest.Form{"text": "سلام.", "template": tpl, "insert": "yes"}).Is(http.StatusOK)
	if text := page.Doc().Find("#answer-text").Text(); !strings.HasPrefix(text, "سلام.") || !strings.Contains(text, "ترمیم شد.") || !page.Has("#act-answer[open]") {
		t.Errorf("not inserted: %q", text)
	}
	if d.state(c) != complaints.InProgress {
		t.Error("inserting has answered the case")
	}
	manager.Post(at+"/activity", apptest.Form{"active": ""}).To("/desk/templates")
	if expert.Get(path(c, "")).Has("#answer-template") {
		t.Error("a template that is off is offered")
	}
}

func TestListsAreKept(t *testing.T) {
	d := newDesk(t)
	d.file()
	pr := d.As("pr")
	if page := pr.Get("/desk?tab=open&kind=complaint").Is(http.StatusOK); !page.Has(`form[action="/desk/filters"]`) {
		t.Fatal("no way to keep the list")
	}
	page := pr.Post("/desk/filters", apptest.Form{"query": "tab=open&kind=complaint", "name": ""}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#filter-name-error") {
		t.Error(page.Text())
	}
	pr.Post("/desk/filters", apptest.Form{"query": "tab=open&kind=complaint&evil=1&after=1.2", "name": "شکایت‌های باز"}).To("/desk?kind=complaint&tab=open")
	page = pr.Get("/desk?tab=open&kind=complaint")
	chip := page.Doc().Find(".saved .chip")
	if href, _ := chip.Attr("href"); href != "/desk?kind=complaint&tab=open" || !strings.Contains(chip.Text(), "شکایت‌های باز") || !page.Has(".saved .chip-on") {
		t.Errorf("not kept: %s", chip.Text())
	}
	remove, _ := page.Doc().Find(".saved-item form").Attr("action")
	d.As("manager").Post(remove, nil).Is(http.StatusNotFound)
	pr.Post(remove, apptest.Form{"query": "tab=open"}).To("/desk?tab=open")
	if pr.Get("/desk?tab=open").Has(".saved .chip") {
		t.Error("still there")
	}
}

func TestBulkReferralGoesByTheRulesOfOne(t *testing.T) {
	d := newDesk(t)
	a, b, gone := d.file(), d.file(), d.referred()
	foreign := d.fileAt(d.B, d.topicOf(d.B))
	pr := d.As("pr")
	if page := pr.Get("/desk?tab=open").Is(http.StatusOK); page.Doc().Find("[data-select]").Length() != 3 || !page.Has("form#bulk") {
		t.Fatal("nothing can be selected")
	}
	pick := func(c *complaints.Complaint) string { return id(c.ID) + "." + d.version(c) }
	stale := id(b.ID) + ".0"
	ids := []string{pick(a), stale, pick(gone), id(foreign.ID) + ".1"}
	page := pr.PostValues("/desk/bulk", url.Values{"ids": ids, "do": {"refer"}, "list": {"/desk?tab=open"}}).Is(http.StatusOK)
	if n := page.Doc().Find("#bulk-cases tbody tr").Length(); n != 3 || strings.Contains(page.Body, "‹") {
		t.Errorf("%d cases: %s", n, page.Text())
	}
	if rows := page.Doc().Find("#bulk-cases tbody"); !strings.Contains(rows.Text(), "توسعه شبکه") {
		t.Errorf("where routing sends them is not said: %s", rows.Text())
	}
	page = pr.PostValues("/desk/bulk/referrals", url.Values{"ids": ids, "unit": {""}}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#unit-error") || page.Doc().Find(`input[name=ids]`).Length() != 3 {
		t.Errorf("the selection is lost: %s", page.Text())
	}
	page = pr.PostValues("/desk/bulk/referrals", url.Values{"ids": ids, "unit": {"route"}, "list": {"/desk?tab=open"}}).Is(http.StatusOK)
	if d.state(a) != complaints.Referred || d.state(b) != complaints.Registered {
		t.Errorf("states %s %s", d.state(a), d.state(b))
	}
	if n := page.Doc().Find("#bulk-cases .tone-danger").Length(); n != 2 {
		t.Errorf("%d refused: %s", n, page.Text())
	}
	d.As("expert").PostValues("/desk/bulk/referrals", url.Values{"ids": ids, "unit": {"route"}}).Is(http.StatusForbidden)
	d.As("expert").PostValues("/desk/bulk", url.Values{"ids": ids, "do": {"refer"}}).Is(http.StatusForbidden)
	pr.PostValues("/desk/bulk", url.Values{"do": {"refer"}, "list": {"/desk?tab=open"}}).To("/desk?tab=open")
}

// topicOf is a topic of another organization, like the network of alpha.
func (d *desk) topicOf(tenant *tenants.Tenant) int64 {
	d.t.Helper()
	db := d.Root.For(tenant)
	defer db.Release()
	list, err := tenants.Topics(context.Background(), db)
	if err != nil {
		d.t.Fatal(err)
	}
	return list[0].ID
}

func TestBulkAnswerFillsTheTemplateForEach(t *testing.T) {
	d := newDesk(t)
	a, b := d.working(), d.referred()
	manager := d.As("manager")
	manager.Post("/desk/templates", apptest.Form{"kind": "answer", "title": "ترمیم", "body": "پرونده {code} ترمیم شد."}).To("/desk/templates")
	at, _ := manager.Get("/desk/templates").Doc().Find("a.row-link").First().Attr("href")
	expert := d.As("expert")
	ids := []string{id(a.ID) + "." + d.version(a), id(b.ID) + "." + d.version(b)}
	page := expert.PostValues("/desk/bulk", url.Values{"ids": ids, "do": {"answer"}}).Is(http.StatusOK)
	if !page.Has(`input[name="template"]`) {
		t.Fatal(page.Text())
	}
	expert.PostValues("/desk/bulk/answers", url.Values{"ids": ids}).Is(http.StatusUnprocessableEntity)
	page = expert.PostValues("/desk/bulk/answers", url.Values{"ids": ids, "template": {at[strings.LastIndex(at, "/")+1:]}}).Is(http.StatusOK)
	if d.state(a) != complaints.Feedback || d.state(b) != complaints.Referred {
		t.Errorf("states %s %s: %s", d.state(a), d.state(b), page.Text())
	}
	if text := d.As("pr").Get(path(a, "")).Text(); !strings.Contains(text, "ترمیم شد.") || strings.Contains(text, "{code}") {
		t.Error("the text is not filled")
	}
}

func TestTwoOfficersActOnOneCase(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	first, second := d.As("pr"), d.As("manager")
	page := second.Get(path(c, "")).Is(http.StatusOK)
	version, seen := hidden(page, "refer", "version"), hidden(page, "refer", "seen")
	first.Post(path(c, "note"), apptest.Form{"text": "با شهردار هماهنگ شود"}).To(path(c, ""))
	form := apptest.Form{"unit": id(d.units["safety"].ID), "note": "نوشته من", "version": version, "seen": seen}
	page = second.Post(path(c, "referral"), form).Is(http.StatusConflict)
	if d.state(c) != complaints.Registered {
		t.Fatal("done although the case had changed")
	}
	if text := page.Doc().Find(".notice[role=alert]").Text(); !strings.Contains(text, "با شهردار هماهنگ شود") || strings.Contains(text, "ثبت شد") {
		t.Errorf("not told what changed: %s", text)
	}
	if page.Doc().Find("#refer-note").Text() != "نوشته من" || !page.Has("#act-refer[open]") || !page.Has(`#refer-unit option[selected][value="`+id(d.units["safety"].ID)+`"]`) {
		t.Error("what was typed is lost")
	}
	form["version"], form["seen"] = hidden(page, "refer", "version"), hidden(page, "refer", "seen")
	second.Post(path(c, "referral"), form).To(path(c, ""))
	// Adding something to an older page is no conflict.
	second.Post(path(c, "note"), apptest.Form{"text": "یادداشت", "version": version}).To(path(c, ""))
}
