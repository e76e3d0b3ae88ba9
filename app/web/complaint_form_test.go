package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

// filing is a citizen's browser on the way through the complaint form.
type filing struct {
	*apptest.Client
	draft string // address of the draft
}

// codeShape is a tracking code as people read it.
var codeShape = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}`)

// pinShape is the PIN of a nameless report.
var pinShape = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// begin chooses the first topic.
func begin(t *testing.T, a *apptest.App) *filing {
	t.Helper()
	c := a.Visit("alpha")
	page := c.Get("/complaints/new").Is(http.StatusOK)
	topic, _ := page.Doc().Find("input[name=topic]").First().Attr("value")
	sent := c.Post("/complaints/drafts", apptest.Form{"topic": topic}).Is(http.StatusSeeOther)
	return &filing{c, strings.TrimSuffix(sent.Location, "/details")}
}

func (f *filing) details(change apptest.Form, list ...apptest.File) *apptest.Page {
	form := apptest.Form{"kind": "complaint", "text": "فشار گاز کوچه ما کم شده است.", "address": "زنجان، خیابان امام"}
	for k, v := range change {
		form[k] = v
	}
	return f.PostFile(f.draft+"/details", form, list...)
}

func (f *filing) contact(form apptest.Form) *apptest.Page { return f.Post(f.draft+"/contact", form) }

var zahra = apptest.Form{"mobile": "۰۹۱۲ ۳۴۵ ۶۷۸۹", "name": "زهرا محمدی", "national_id": "۰۴۹۹۳۷۰۸۹۹"}

func TestCitizenFilesAndFollowsAComplaint(t *testing.T) {
	a := apptest.New(t)
	f := begin(t, a)
	f.details(nil).To(f.draft + "/contact")
	f.contact(zahra).To(f.draft + "/check")
	f.Get(f.draft + "/check").Is(http.StatusOK)
	f.Post(f.draft+"/registration", nil).To("/case/receipt")
	receipt := f.Get("/case/receipt").Is(http.StatusOK)
	code := codeShape.FindString(receipt.Text())
	f.Get("/case/receipt/sheet").Is(http.StatusOK)
	f.Get("/case").Is(http.StatusOK)
	a.Drain()
	if sent := a.Sent(); len(sent) == 0 || !strings.Contains(sent[0].Text, code) {
		t.Fatalf("the code %q was not sent: %v", code, sent)
	}

	other := a.Visit("alpha")
	other.Get("/case").Is(http.StatusSeeOther)
	other.Post("/tracking", apptest.Form{"code": code, "secret": "09120000000"}).Is(http.StatusUnprocessableEntity)
	other.Post("/tracking", apptest.Form{"code": strings.ToLower(code), "secret": "+98 912 345 6789"}).To("/case")
	other.Get("/case").Is(http.StatusOK)
	other.Post("/case/additions", apptest.Form{"addition": "عکس کنتور را هم می‌فرستم"}).To("/case")
	other.Post("/case/withdrawal", apptest.Form{"withdrawal": ""}).Is(http.StatusUnprocessableEntity)
	other.Post("/case/withdrawal", apptest.Form{"withdrawal": "حل شد"}).To("/case")
	other.Post("/case/additions", apptest.Form{"addition": "دیر شد"}).Is(http.StatusConflict)
}

func TestWrongFormsComeBackWithWhatWasTyped(t *testing.T) {
	a := apptest.New(t)
	f := begin(t, a)
	page := f.details(apptest.Form{"text": "کوتاه", "postal_code": "۰۰۰"}).Is(http.StatusUnprocessableEntity)
	if got := page.Doc().Find("textarea[name=text]").Text(); !strings.Contains(got, "کوتاه") {
		t.Errorf("the text is lost: %q", got)
	}
	if page.Doc().Find("input[name=postal_code][aria-invalid=true]").Length() != 1 {
		t.Error("no error beside the postal code")
	}
	page = f.contact(apptest.Form{"mobile": "123", "name": "زهرا", "national_id": "1111111111"}).Is(http.StatusUnprocessableEntity)
	if page.Doc().Find("[aria-invalid=true]").Length() != 2 || page.Doc().Find("input[name=name]").AttrOr("value", "") != "زهرا" {
		t.Errorf("the contact form: %s", page.Text())
	}
}

func TestUploadsSurviveAWrongForm(t *testing.T) {
	a := apptest.New(t)
	f := begin(t, a)
	page := f.details(apptest.Form{"text": "x"}, apptest.File{Field: "file", Name: "مدرک.pdf", Type: "application/pdf", Content: []byte("%PDF-1.4\n%%EOF\n")}).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text(), "مدرک.pdf") {
		t.Fatalf("the file is lost: %s", page.Text())
	}
	f.details(nil, apptest.File{Field: "file", Name: "page.html", Type: "text/html", Content: []byte("<script>")}).Is(http.StatusUnprocessableEntity)
	f.details(nil).To(f.draft + "/contact")
}

func TestDraftsBelongToTheirBrowser(t *testing.T) {
	a := apptest.New(t)
	f := begin(t, a)
	for _, step := range []string{"/topic", "/details", "/contact", "/check"} {
		a.Visit("alpha").Get(f.draft + step).Is(http.StatusNotFound)
	}
}

func TestNamelessReportGetsAPIN(t *testing.T) {
	a := apptest.New(t)
	f := begin(t, a)
	f.details(apptest.Form{"kind": "report"}).To(f.draft + "/contact")
	f.contact(apptest.Form{"anonymous": "yes"}).To(f.draft + "/check")
	f.Post(f.draft+"/registration", nil).To("/case/receipt")
	receipt := f.Get("/case/receipt").Is(http.StatusOK)
	code, pin := codeShape.FindString(receipt.Text()), pinShape.FindString(receipt.Text())
	if pin == "" {
		t.Fatalf("no PIN: %s", receipt.Text())
	}
	other := a.Visit("alpha")
	other.Post("/tracking", apptest.Form{"code": code, "secret": "09121234567"}).Is(http.StatusUnprocessableEntity)
	other.Post("/tracking", apptest.Form{"code": code, "secret": pin}).To("/case")
}

func TestTrackingIsLimited(t *testing.T) {
	a := apptest.New(t)
	c := a.Visit("alpha")
	for range 5 {
		c.Post("/tracking", apptest.Form{"code": "PX4K-7M2Q-9TB", "secret": "09121234567"}).Is(http.StatusUnprocessableEntity)
	}
	for range 10 {
		if c.Post("/tracking", apptest.Form{"code": "nonsense", "secret": "09121234567"}).Status == http.StatusTooManyRequests {
			return
		}
	}
	t.Fatal("look-ups are never refused")
}
