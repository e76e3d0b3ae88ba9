package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/citizens"
)

// opening is the address in a message that opens one case.
var opening = regexp.MustCompile(`/p/[A-Za-z0-9_-]{16}`)

// linkOf is what the message of a new case opens.
func (d *desk) linkOf() string {
	d.t.Helper()
	d.Drain()
	for _, m := range d.Sent() {
		if link := opening.FindString(m.Text); link != "" {
			return link
		}
	}
	d.t.Fatalf("no message has a link: %v", d.Sent())
	return ""
}

func TestLinkOfTheMessageOpensOnceThenTheCookieDoes(t *testing.T) {
	d := newDesk(t)
	d.file()
	link := d.linkOf()
	preview := d.Visit("alpha")
	preview.Get(link).Is(http.StatusOK) // a message filter looks first
	mine := d.Visit("alpha")
	if page := mine.Get(link).Is(http.StatusOK); !page.Has(`form[action="` + link + `"]`) {
		t.Error("the link asks for no press")
	}
	mine.Get("/case").Is(http.StatusSeeOther)
	mine.Post(link, nil).To("/case")
	mine.Get("/case").Is(http.StatusOK)
	mine.Get("/case").Is(http.StatusOK)
	other := d.Visit("alpha")
	page := other.Get(link).Is(http.StatusNotFound)
	if !page.Has("input[name=code]") || !page.Has("input[name=secret]") {
		t.Error("the second opening does not ask for code and number")
	}
	other.Post(link, nil).Is(http.StatusNotFound)
	other.Get("/case").Is(http.StatusSeeOther)
}

func TestLinkEndsAndIsKeptNowhere(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	link := d.linkOf()
	page := d.As("pr").Get(path(c, "")).Is(http.StatusOK)
	if strings.Contains(page.Body, link) {
		t.Error("staff can read the link")
	}
	d.VisitAt(t, "beta", link)
	d.Advance(citizens.LinkLife + time.Minute)
	d.Visit("alpha").Post(link, nil).Is(http.StatusNotFound)
}

// VisitAt opens an address that must lead nowhere at another organization.
func (d *desk) VisitAt(t *testing.T, host, link string) {
	t.Helper()
	d.Visit(host).Post(link, nil).Is(http.StatusNotFound)
}

func TestTrackingPageTellsTheWholeWay(t *testing.T) {
	d := newDesk(t)
	c := d.disputed()
	mine := d.Tracker("complaint", c.ID)
	page := mine.Get("/case").Is(http.StatusOK)
	if page.Doc().Find(".way-step").Length() != 6 || page.Doc().Find(`.way-current[aria-current=step]`).Length() != 1 {
		t.Error("the way is not drawn")
	}
	text := page.Text()
	if strings.Contains(text, "شهروند ناراضی است") || !strings.Contains(text, "راضی نیستید") {
		t.Error("the story speaks of the citizen, not to them")
	}
	if strings.Contains(text, "پاسخ می‌گیرید") {
		t.Error("an answer is still promised after it was given")
	}
	d.As("followup").PostFile(path(c, "visit"), apptest.Form{"finding": "آسفالت کامل شده است", "resolved": "yes"},
		apptest.File{Field: "file", Name: "after.png", Type: "image/png", Content: apptest.PNG()}).Is(http.StatusSeeOther)
	page = mine.Get("/case").Is(http.StatusOK)
	if !strings.Contains(page.Doc().Find(".state").Text(), "آسفالت کامل شده است") || page.Doc().Find(".state .photo").Length() != 1 {
		t.Error("the visit's finding and photos do not stand beside the question")
	}
	if mine.Get(page.Doc().Find(".state .photo").AttrOr("href", "")).Status != http.StatusOK {
		t.Error("the photo does not open")
	}
	mine.Post("/case/confirmation", apptest.Form{"confirmed": "no"}).Is(http.StatusUnprocessableEntity)
	mine.Post("/case/confirmation", apptest.Form{"confirmed": "no", "reason": "هنوز چاله هست"}).To("/case")
	page = mine.Get("/case").Is(http.StatusOK)
	if !page.Has(".way-round") || !strings.Contains(page.Text(), "دوباره به") {
		t.Error("the second round looks like the first")
	}
}

func TestPromiseHistoryIsShown(t *testing.T) {
	d := newDesk(t)
	c := d.working()
	d.As("expert").Post(path(c, "interim"), apptest.Form{"text": "قطعه در راه است", "promised": "1405/10/20"}).Is(http.StatusSeeOther)
	page := d.Tracker("complaint", c.ID).Get("/case").Is(http.StatusOK)
	if page.Doc().Find(".promises > li").Length() != 2 || !strings.Contains(page.Doc().Find(".promises").Text(), "قطعه در راه است") {
		t.Errorf("the history of the promise: %s", page.Doc().Find(".promises").Text())
	}
}

func TestClosedCaseHasItsWrittenAnswerAndAnObjection(t *testing.T) {
	d := newDesk(t)
	c := d.answered()
	mine := d.Tracker("complaint", c.ID)
	mine.Get("/case/answer/sheet").Is(http.StatusNotFound)
	mine.Post("/case/verdict", apptest.Form{"outcome": "not_satisfied"}).Is(http.StatusUnprocessableEntity)
	mine.Post("/case/verdict", apptest.Form{"outcome": "satisfied"}).To("/case")
	sheet := mine.Get("/case/answer/sheet").Is(http.StatusOK)
	for _, want := range []string{"پاسخ قطعی", "سارا محمدی", "ترمیم انجام شد.", "ماده ۱۶"} {
		if !strings.Contains(sheet.Text(), want) {
			t.Errorf("the answer lacks %q", want)
		}
	}
	receipt := mine.Get("/case/receipt/sheet").Is(http.StatusOK)
	if !strings.Contains(receipt.Text(), "سارا محمدی") || len(codeShape.FindAllString(receipt.Doc().Find(".sheet").Text(), -1)) != 1 || !receipt.Has(`.print-tools a[href="/case"]`) {
		t.Errorf("the receipt: %s", receipt.Text())
	}
	mine.Post("/case/objection", apptest.Form{"objection": " "}).Is(http.StatusUnprocessableEntity)
	mine.Post("/case/objection", apptest.Form{"objection": "دوباره نشست کرد"}).To("/case")
	mine.Post("/case/objection", apptest.Form{"objection": "باز هم"}).Is(http.StatusConflict)
	mine.Get("/case/answer/sheet").Is(http.StatusOK)
	d.Drain()
	if page := d.As("manager").Get(path(c, "")).Is(http.StatusOK); !strings.Contains(page.Text(), "دوباره نشست کرد") {
		t.Error("the office does not read the objection")
	}
}

func TestPrivacyIsExplainedWhereItIsAsked(t *testing.T) {
	d := newDesk(t)
	c := d.Visit("alpha")
	c.Get("/privacy").Is(http.StatusOK)
	if !c.Get("/").Has(`footer a[href="/privacy"]`) {
		t.Error("the footer does not lead there")
	}
	f := begin(t, d.App)
	f.details(nil).To(f.draft + "/contact")
	if page := f.Get(f.draft + "/contact"); !page.Has(`main a[href="/privacy"]`) {
		t.Error("the contact step does not lead there")
	}
}

func TestTrackerIsGreetedWhenSignedIn(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	mine := d.Citizen("09121112233")
	mine.Get("/my/complaints/" + id(c.ID)).To("/case")
	if !mine.Get("/case").Is(http.StatusOK).Has(".person") {
		t.Error("the person who signed in is not shown on the case")
	}
	if d.Tracker("complaint", c.ID).Get("/case").Has(".person") {
		t.Error("somebody is greeted who did not sign in")
	}
}
