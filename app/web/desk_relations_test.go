package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/persian"
)

func TestMergingOnThePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lead, c, foreign := d.referred(), d.file(), d.Twin(d.B).Code
	pr := d.As("pr")
	page := pr.Get(path(c, ""))
	if !page.Has("#act-merge") || !page.Has("#relations") || d.As("expert").Get(path(lead, "")).Has("#act-merge") {
		t.Fatal("the wrong people merge")
	}
	d.As("expert").Post(path(c, "merger"), apptest.Form{"code": lead.Code}).Is(http.StatusForbidden)
	d.AsAt("beta", "pr").Post(path(c, "merger"), apptest.Form{"code": lead.Code}).Is(http.StatusNotFound)
	for _, code := range []string{"", "ABCD", c.Code, foreign} {
		if page := pr.Post(path(c, "merger"), apptest.Form{"code": code}).Is(http.StatusUnprocessableEntity); !page.Has("#merge-code-error") {
			t.Errorf("%q: %s", code, page.Text())
		}
	}
	pr.Post(path(c, "merger"), apptest.Form{"code": persian.ShowCode(lead.Code)}).Is(http.StatusSeeOther)
	page = pr.Get(path(c, ""))
	if !page.Has("#act-unmerge") || page.Has("#act-refer") || !strings.Contains(page.Body, persian.ShowCode(lead.Code)) {
		t.Error("a member's page")
	}
	if page := d.As("expert").Get(path(lead, "")); !strings.Contains(page.Body, persian.ShowCode(c.Code)) {
		t.Error("the lead's page does not name its members")
	}
	inbox := pr.Get("/desk?tab=open")
	if inbox.Has("#case-"+id(c.ID)) || !strings.Contains(inbox.Text(), "۲ شاکی") {
		t.Error("the list of work has the member, or not how many complain")
	}
	if found := pr.Get("/desk?q=09121112233"); !found.Has("#case-" + id(c.ID)) {
		t.Error("a search does not find the member")
	}
	pr.Post(path(c, "answer"), apptest.Form{"text": "x"}).Is(http.StatusForbidden)
	pr.Post(path(c, "unmerging"), nil).Is(http.StatusSeeOther)
	if got := d.state(c); got != complaints.Triage {
		t.Errorf("unmerged to %s", got)
	}
}

// The citizen of a member reads what happens to the lead, and nothing of the others.
func TestTheCitizenOfAMember(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lead, c := d.working(), d.file()
	d.As("pr").Post(path(c, "merger"), apptest.Form{"code": lead.Code}).Is(http.StatusSeeOther)
	d.As("expert").Post(path(lead, "interim"), apptest.Form{"text": "لوله‌گذاری آغاز شد.", "promised": "1405-9-10"}).Is(http.StatusSeeOther)
	citizen := d.Tracker("complaint", c.ID)
	page := citizen.Get("/case")
	for _, want := range []string{"لوله‌گذاری آغاز شد.", "پیگیری همراه با پیام‌های مشابه"} {
		if !strings.Contains(page.Text(), want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(page.Body, lead.Code) || strings.Contains(page.Body, persian.ShowCode(lead.Code)) {
		t.Error("the other's code is shown")
	}
	d.As("expert").Post(path(lead, "answer"), apptest.Form{"text": "ترمیم شد."}).Is(http.StatusSeeOther)
	citizen.Post("/case/verdict", apptest.Form{"outcome": "satisfied"}).Is(http.StatusSeeOther)
	if d.state(c) != complaints.Closed || d.state(lead) != complaints.Feedback {
		t.Errorf("member %s, lead %s", d.state(c), d.state(lead))
	}
}

func TestPartsOnThePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.working()
	pr, expert := d.As("pr"), d.As("expert")
	page := pr.Post(path(c, "children"), apptest.Form{"text": "کوتاه"}).Is(http.StatusUnprocessableEntity)
	for _, field := range []string{"#child-unit-error", "#child-text-error"} {
		if !page.Has(field) {
			t.Errorf("no %s", field)
		}
	}
	pr.Post(path(c, "children"), apptest.Form{"unit": id(d.units["service"].ID), "text": "کنتور این نشانی را بازرسی کنید."}).Is(http.StatusSeeOther)
	if page := expert.Get(path(c, "")); page.Has("#act-answer") || !strings.Contains(page.Text(), "کنتور این نشانی را بازرسی کنید.") {
		t.Error("the lead unit's page")
	}
	expert.Post(path(c, "answer"), apptest.Form{"text": "ترمیم شد."}).Is(http.StatusConflict)
	citizen := d.Tracker("complaint", c.ID).Get("/case")
	if !strings.Contains(citizen.Text(), "بخشی از پرونده شما نزد") || strings.Contains(citizen.Text(), "کنتور این نشانی را") {
		t.Error("the citizen's page")
	}
}

func TestSendingOnThePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.file()
	pr := d.As("pr")
	page := pr.Get(path(c, ""))
	if !page.Has("#act-send option[value=beta]") || !strings.Contains(page.Doc().Find("#act-send").Text(), c.Text) {
		t.Fatal("no organization to choose, or not what goes")
	}
	d.As("expert").Post(path(c, "transfer"), apptest.Form{"to": "beta", "reason": "x"}).Is(http.StatusForbidden)
	for _, bad := range []apptest.Form{{"to": "", "reason": "x"}, {"to": "platform", "reason": "x"}, {"to": "alpha", "reason": "x"}} {
		if page := pr.Post(path(c, "transfer"), bad).Is(http.StatusUnprocessableEntity); !page.Has("#send-to-error") {
			t.Errorf("%v", bad)
		}
	}
	pr.Post(path(c, "transfer"), apptest.Form{"to": "beta", "reason": "شبکه آنجا با آن‌هاست."}).Is(http.StatusSeeOther)
	d.Drain()
	page = pr.Get(path(c, ""))
	if !page.Has("#relations .code-text, #relations .code") || page.Has("#act-send") {
		t.Error("no trail")
	}
	citizen := d.Tracker("complaint", c.ID).Get("/case")
	if !citizen.Has(`a[href*="beta"][href*="/track?code="]`) {
		t.Error("the citizen is not led to the other organization")
	}
	there := d.AsAt("beta", "pr")
	found := there.Get("/desk?tab=new")
	link, _ := found.Doc().Find("#cases a[href*='/desk/complaints/']").Attr("href")
	page = there.Get(link)
	if !page.Has("#act-refuse") {
		t.Fatal(page.Text())
	}
	at := strings.SplitN(link, "?", 2)[0]
	there.Post(at+"/refusal", apptest.Form{"reason": ""}).Is(http.StatusUnprocessableEntity)
	there.Post(at+"/refusal", apptest.Form{"reason": "در محدوده ما نیست."}).Is(http.StatusSeeOther)
	d.Drain()
	if got := d.state(c); got != complaints.Triage {
		t.Errorf("back as %s", got)
	}
	if page := pr.Get(path(c, "")); !strings.Contains(page.Text(), "در محدوده ما نیست.") {
		t.Error("the reason is not told")
	}
}
