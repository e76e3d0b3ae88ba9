package web_test

import (
	"bytes"
	"fmt"
	"image"
	"mime"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"pasokh/app/apptest"
	"pasokh/app/files"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// newest is the file that was stored last.
func newestFile(t *testing.T, app *apptest.App) files.File {
	t.Helper()
	db := app.Root.For(app.A)
	defer db.Release()
	var f files.File
	if err := db.Select(&f).Order("file.id DESC").Limit(1).Scan(t.Context()); err != nil {
		t.Fatal(tenants.Err(err))
	}
	return f
}

// way is one form that takes files.
type uploadWay struct {
	send  func(apptest.File) *apptest.Page
	serve func(files.File) *apptest.Page
}

func uploadWays(t *testing.T, app *apptest.App) map[string]uploadWay {
	t.Helper()
	a := app.Twin(app.A)
	var f *filing
	pr := app.As("pr")
	desk := fmt.Sprintf("/desk/complaints/%d", a.Complaint)
	return map[string]uploadWay{
		"citizen": {
			func(sent apptest.File) *apptest.Page {
				app.Redis.FlushAll(t.Context()) // more than one citizen files in an hour
				f = begin(t, app)
				return f.details(nil, sent)
			},
			func(got files.File) *apptest.Page { return f.Get(fmt.Sprintf("%s/%d", f.draft, got.ID)) },
		},
		"staff": {
			func(sent apptest.File) *apptest.Page {
				return pr.PostFile(desk+"/addition", apptest.Form{"text": "شاکی پرونده این را آورد."}, sent)
			},
			func(got files.File) *apptest.Page { return pr.Get(fmt.Sprintf("%s/files/%d", desk, got.ID)) },
		},
	}
}

// Whatever is attached is refused with its reason or made harmless, at the
// citizen's form and at the desk's, and what is kept is sent so that no browser
// runs it.
func TestNoAttachmentDoesHarm(t *testing.T) {
	app := apptest.New(t)
	list, taken := badFiles(t), uploadWays(t, app)
	last := newestFile(t, app).ID
	for _, b := range list {
		for who, through := range taken {
			page := through.send(apptest.File{Field: "file", Name: b.name, Type: "image/jpeg", Content: b.content})
			got := newestFile(t, app)
			if strings.HasPrefix(b.want, "file.") {
				if reason := messages.T(messages.With(t.Context(), messages.FA), b.want); page.Status != http.StatusUnprocessableEntity || !strings.Contains(page.Body, reason) {
					t.Errorf("%s, %s: %d, want %s", b.what, who, page.Status, b.want)
				}
				if got.ID != last {
					t.Errorf("%s, %s: is stored as %s", b.what, who, got.MediaType)
				}
				last = got.ID
				continue
			}
			if page.Status != http.StatusSeeOther || got.ID == last {
				t.Errorf("%s, %s: %d %s", b.what, who, page.Status, page.Text())
				continue
			}
			last = got.ID
			servedSafely(t, b, who, got, through.serve(got))
		}
	}
	t.Logf("%d files in %d ways", len(list), len(taken))
}

// served judges a file on its way out.
func servedSafely(t *testing.T, b badFile, who string, f files.File, page *apptest.Page) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Errorf("%s, %s: %s", b.what, who, fmt.Sprintf(format, args...))
	}
	h := page.Header
	if page.Status != http.StatusOK || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" ||
		h.Get("Content-Type") != b.want || f.MediaType != b.want || h.Get("Cache-Control") != "private, no-store" {
		fail("%d %v", page.Status, h)
	}
	if f.Name != b.stored && b.stored != "" || strings.ContainsFunc(f.Name, func(r rune) bool {
		return r == '"' || r == '<' || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}) {
		fail("is named %q", f.Name)
	}
	kind, args, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	switch {
	case err != nil:
		fail("%q: %v", h.Get("Content-Disposition"), err)
	case f.IsImage() && (kind != "inline" || len(args) != 0):
		fail("%q", h.Get("Content-Disposition"))
	case !f.IsImage() && (kind != "attachment" || args["filename"] != f.Name || len(args) != 1):
		fail("%q, want %q", h.Get("Content-Disposition"), f.Name)
	}
	if b.cut != "" && strings.Contains(page.Body, b.cut) || f.IsImage() && bytes.Equal([]byte(page.Body), b.content) {
		fail("was not drawn anew")
	}
	if f.IsImage() {
		if img, _, err := image.Decode(strings.NewReader(page.Body)); err != nil || img.Bounds().Dx() != 16 {
			fail("is no picture any more: %v", err)
		}
	}
}

// A form of more files than anybody sends is refused as a whole.
func TestTooManyAttachments(t *testing.T) {
	app := apptest.New(t)
	var list []apptest.File
	for i := range 40 {
		list = append(list, apptest.File{Field: "file", Name: fmt.Sprint(i, ".pdf"), Type: "application/pdf", Content: []byte(plainPDF)})
	}
	f := begin(t, app)
	f.details(nil, list...).Is(http.StatusUnprocessableEntity)
	f.details(nil, list[:6]...).Is(http.StatusUnprocessableEntity)
}

// Tables are opened by the program itself: what is packed into them stays there.
func TestNoTableDoesHarm(t *testing.T) {
	app := apptest.New(t)
	manager := app.As("manager")
	workbookOf := func(sheet string) []byte {
		return zipOf(zipTypes, `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
			"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			zipWorkbook, `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml", sheet)
	}
	for what, c := range map[string]struct {
		name    string
		content []byte
		want    string
	}{
		"bomb":                      {"a.xlsx", zipBomb(), "unreadable"},
		"sheet of 200 MB":           {"a.xlsx", workbookOf(strings.Repeat(" ", 200<<20)), "unreadable"},
		"slip":                      {"a.xlsx", zipOf("../../../../tmp/evil", "CANARY"), "unreadable"},
		"link":                      {"a.xlsx", zipOf("xl/workbook.xml@", "/etc/passwd"), "unreadable"},
		"entity":                    {"a.xlsx", workbookOf(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>`), ""},
		"laughs":                    {"a.xlsx", workbookOf(xmlLaughs), ""},
		"10,000 files":              {"a.xlsx", manyZipped(), "unreadable"},
		"macro":                     {"a.xlsm", zipOf(zipTypes, "x", "xl/vbaProject.bin", "x"), "type"},
		"table of 1997":             {"a.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "xls"},
		"CSV of another set":        {"a.csv", []byte("\xe4\xc7\xe3,x\n1,2\n"), "encoding"},
		"CSV of UTF-16, cut":        {"a.csv", []byte("\xff\xfea\x00,"), ""},
		"CSV with a NUL":            {"a.csv", []byte("a,b\x00\n1,2\n"), "unreadable"},
		"CSV of an endless quote":   {"a.csv", []byte("a,b\n\"" + strings.Repeat("x", 9<<20)), ""},
		"page named CSV":            {"a.csv", []byte(htmlPage), ""},
		"program named xlsx":        {"a.xlsx", []byte("MZ\x90\x00"), "type"},
		"zip named CSV":             {"a.csv", zipBomb(), "type"},
		"JPEG":                      {"a.jpg", jpegPhoto(), "type"},
		"nothing":                   {"a.csv", nil, "empty"},
		"workbook without a sheet":  {"a.xlsx", zipOf(zipTypes, "<Types/>"), "unreadable"},
		"workbook with a name's ..": {"../../a.xlsx", formulaBook(t, "=1+1"), ""},
	} {
		page := manager.PostFile("/desk/imports", nil, apptest.File{Field: "file", Name: c.name, Type: "text/csv", Content: c.content})
		reason := messages.T(messages.With(t.Context(), messages.FA), "sheet.error."+c.want)
		if c.want != "" && (page.Status != http.StatusUnprocessableEntity || !strings.Contains(page.Body, reason)) {
			t.Errorf("%s: %d, want %s", what, page.Status, c.want)
		}
		if page.Status >= 500 || innerWords.MatchString(page.Body) || strings.Contains(page.Body, "root:") {
			t.Errorf("%s: %d %s", what, page.Status, page.Text())
		}
		if page.Status == http.StatusSeeOther {
			shown := manager.Get(page.Location).Is(http.StatusOK)
			if strings.Contains(shown.Body, "root:x:") || strings.Contains(shown.Body, htmlScript) || strings.Contains(shown.Body, "hahahaha") {
				t.Errorf("%s: shows what it should not", what)
			}
		}
	}
}
