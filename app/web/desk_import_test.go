package web_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pasokh/app/apptest"
	"pasokh/app/sheet"
)

// imported uploads a file and gives its page.
func upload(t *testing.T, c *apptest.Client, name, content string) (path string) {
	t.Helper()
	page := c.PostFile("/desk/imports", nil, apptest.File{Field: "file", Name: name, Content: []byte(content)}).Is(http.StatusSeeOther)
	return page.Header.Get("Location")
}

// trial sends the mapping as the page proposes it.
func trial(t *testing.T, a *apptest.App, c *apptest.Client, path string, change apptest.Form) *apptest.Page {
	t.Helper()
	form := apptest.Form{}
	c.Get(path).Is(http.StatusOK).Doc().Find("form[action$='/trial'] select").Each(func(_ int, s *goquery.Selection) {
		form[s.AttrOr("name", "")] = s.Find("option[selected]").AttrOr("value", "")
	})
	for k, v := range change {
		form[k] = v
	}
	page := c.Post(path+"/trial", form)
	a.Drain()
	return page
}

const cases = "\ufeffنوع;شرح;تلفن همراه;نام;شماره پیگیری;مرجع\nدرخواست;چراغ کوچه از هفته گذشته خاموش است;۰۹۱۲۱۲۳۴۵۶۷;سارا;X-1;137\nدرخواست;آسفالت خیابان کنده شده است;09121234568;=cmd|'/c calc'!A1;X-2;137\n"

func TestAFileIsTriedImportedAndUndone(t *testing.T) {
	a := apptest.New(t)
	manager := a.As("manager")
	manager.Get("/desk/imports").Is(http.StatusOK)
	path := upload(t, manager, "پرونده‌ها.csv", cases)
	if page := trial(t, a, manager, path, nil); page.Status != http.StatusUnprocessableEntity || !page.Has("[name=fixed-topic]") {
		t.Fatalf("without a topic: %d", page.Status)
	}
	trial(t, a, manager, path, apptest.Form{"fixed-topic": "other", "fixed-channel": "letter"}).Is(http.StatusSeeOther)
	if page := manager.Get(path); !page.Has("form[action$='/application']") {
		t.Fatal(page.Text())
	}
	for range 2 { // a second click is harmless
		manager.Post(path+"/application", apptest.Form{}).Is(http.StatusSeeOther)
	}
	a.Drain()
	a.Drain()
	page := manager.Get(path)
	if n := page.Doc().Find("#cases tbody tr").Length(); n != 2 {
		t.Fatalf("%d cases: %s", n, page.Text())
	}
	if len(a.Sent()) != 0 {
		t.Errorf("told: %v", a.Sent())
	}
	if page := manager.Post(path+"/undoing", apptest.Form{"reason": ""}); page.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", page.Status)
	}
	manager.Post(path+"/undoing", apptest.Form{"reason": "فایل دیگری بود"}).Is(http.StatusSeeOther)
	if text := manager.Get(path).Text(); !strings.Contains(text, "برگردانده شد") {
		t.Error(text)
	}
}

func TestWrongLinesAreListedAndDownloaded(t *testing.T) {
	a := apptest.New(t)
	admin := a.As("admin")
	path := upload(t, admin, "cases.csv", strings.Replace(cases, "۰۹۱۲۱۲۳۴۵۶۷", "=1+2", 1))
	trial(t, a, admin, path, apptest.Form{"fixed-topic": "other", "fixed-channel": "letter"}).Is(http.StatusSeeOther)
	page := admin.Get(path)
	if page.Doc().Find("#problems tbody tr").Length() != 1 || page.Has("form[action$='/application']") {
		t.Fatal(page.Text())
	}
	file := admin.Get(path + "/problems.csv").Is(http.StatusOK)
	if !strings.Contains(file.Body, "'=1+2") || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Error(file.Body)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	a := apptest.New(t)
	manager := a.As("manager")
	for name, content := range map[string]string{"a.xlsx": "PK\x03\x04 broken", "a.pdf": "%PDF-1.4", "a.xls": "x", "a.csv": "\xd4\xdf\xc7\xed\xca\n", "b.csv": "\n\n"} {
		page := manager.PostFile("/desk/imports", nil, apptest.File{Field: "file", Name: name, Content: []byte(content)})
		if page.Status != http.StatusUnprocessableEntity || !page.Has("form[action='/desk/imports']") {
			t.Errorf("%s: %d", name, page.Status)
		}
	}
}

func TestTheSampleIsReadBack(t *testing.T) {
	a := apptest.New(t)
	manager := a.As("manager")
	file := manager.Get("/desk/imports/sample.xlsx").Is(http.StatusOK)
	table, err := sheet.Read(context.Background(), sheet.XLSX, []byte(file.Body), "", 0)
	if err != nil || len(table.Names) != 2 || len(table.Rows) != 1 {
		t.Fatalf("%+v %v", table, err)
	}
	path := upload(t, manager, "sample.xlsx", file.Body)
	trial(t, a, manager, path, nil).Is(http.StatusSeeOther)
	if page := manager.Get(path); !page.Has("form[action$='/application']") {
		t.Error(page.Text())
	}
	manager.Get("/desk/imports/sample.csv").Is(http.StatusOK)
	if !bytes.HasPrefix([]byte(manager.Get("/desk/imports/sample.csv").Body), []byte("\ufeff")) {
		t.Error("without its mark a spreadsheet takes it for another code page")
	}
	a.As("operator").Get("/desk/imports").Is(http.StatusForbidden)
}
