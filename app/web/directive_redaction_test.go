package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/audit"
	"pasokh/app/files"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// handwriting is a scan of which no pixel is black.
func handwriting(t *testing.T) apptest.File {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 120, 90))
	for y := range 90 {
		for x := range 120 {
			img.Set(x, y, color.RGBA{200, uint8(100 + x), uint8(100 + y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return apptest.File{Field: "file", Name: "order.png", Type: "image/png", Content: b.Bytes()}
}

// scanned issues a directive with a scan that is not published yet.
func (o *office) scanned(public string) *directives.Listed {
	o.t.Helper()
	o.hold()
	o.As("pr").PostFile(o.path+"/directives", apptest.Form{"text": "Pave the street", "unit": fmt.Sprint(o.Unit), "priority": "normal", "public": public}, handwriting(o.t)).Is(http.StatusSeeOther)
	return &o.orders()[0]
}

// What was covered is black in what the citizen gets; the original and the copy
// for the staff are nothing that a citizen can ask for.
func TestCitizenGetsTheRedactedCopyOnly(t *testing.T) {
	o := newOffice(t)
	d := o.scanned("1")
	path := fmt.Sprintf("/desk/directives/%d/redaction", d.ID)
	pr, citizen := o.As("pr"), o.Tracker("meeting", o.Meeting)
	if page := pr.Get(path).Is(http.StatusOK); !page.Has("form[data-redact] [data-stage] img") || !page.Has(".hash") || page.Has("button[value=publish]") {
		t.Error(page.Text())
	}
	boxes := url.Values{"x": {"۱۶", ""}, "y": {"16", ""}, "w": {"32", ""}, "h": {"16", ""}, "do": {"preview"}}
	preview := pr.PostValues(path, boxes).Is(http.StatusOK)
	shown := preview.Doc().Find("#preview img").AttrOr("src", "")
	if shown == "" || !preview.Has("button[value=publish]") || len(o.filesOf(d.ID, true)) != 0 {
		t.Fatal("no preview, or it is published")
	}
	black(t, pr.Get(shown).Is(http.StatusOK).Body)
	boxes.Set("do", "publish")
	pr.PostValues(path, boxes).To(fmt.Sprintf("/desk/directives/%d", d.ID))

	link := citizen.Get("/meeting").Is(http.StatusOK).Doc().Find("a[href^='/meeting/files/']").First().AttrOr("href", "")
	got := citizen.Get(link).Is(http.StatusOK)

	black(t, got.Body)
	if strings.Contains(got.Body, "Exif") {
		t.Error("metadata is left")
	}
	db := o.Root.For(o.A)
	copies, err := files.CopiesOf(t.Context(), db, *d.ScanID)
	db.Release()
	if err != nil || len(copies) != 2 {
		t.Fatalf("%+v %v", copies, err)
	}
	for _, id := range []int64{*d.ScanID, copies[0].ID} {
		citizen.Get(fmt.Sprintf("/meeting/files/%d", id)).Is(http.StatusNotFound)
		citizen.Get(fmt.Sprintf("/desk/files/%d", id)).Is(http.StatusSeeOther)
	}
	pr.Post(path+"/removal", nil).To(path)
	citizen.Get(link).Is(http.StatusNotFound)
	pr.Post(path+"/removal", nil).Is(http.StatusConflict)
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
		lines, err := audit.Of(ctx, tx, "directive", d.ID, 2)
		if len(lines) != 2 || lines[0].Act != "directive:withdraw_scan" || lines[1].Act != "directive:publish_scan" || !strings.HasPrefix(lines[1].Detail, "1 boxes") {
			t.Errorf("%+v", lines)
		}
		return err
	})
}

// black fails the test unless the covered part is black and the rest is not.
func black(t *testing.T, body string) {
	t.Helper()
	img, _, err := image.Decode(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for y := 16; y < 32; y++ {
		for x := 16; x < 48; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r|g|b != 0 {
				t.Fatalf("(%d, %d) is %v", x, y, img.At(x, y))
			}
		}
	}
	if r, _, _, _ := img.At(100, 80).RGBA(); r == 0 {
		t.Error("all of it is black")
	}
}

func TestRedactionSaysWhatIsWrong(t *testing.T) {
	o := newOffice(t)
	d := o.scanned("1")
	path := fmt.Sprintf("/desk/directives/%d/redaction", d.ID)
	pr := o.As("pr")
	for _, bad := range []url.Values{
		{"x": {"500"}, "y": {"0"}, "w": {"10"}, "h": {"10"}},
		{"x": {"5"}, "y": {"0"}, "w": {"ten"}, "h": {"10"}},
		{"x": {"5"}, "y": {"0"}, "w": {""}, "h": {"10"}},
		{"x": {"5"}, "y": {"0"}, "w": {"5"}},
	} {
		if page := pr.PostValues(path, bad).Is(http.StatusUnprocessableEntity); !page.Has("#boxes-error") {
			t.Errorf("%v: %s", bad, page.Text())
		}
	}
	if n := len(o.filesOf(d.ID, true)); n != 0 {
		t.Errorf("%d files are public", n)
	}
	pr.Get(path + "/preview?boxes=x").Is(http.StatusNotFound)
}

func TestOnlyIssuersMakeThePublicCopy(t *testing.T) {
	o := newOffice(t)
	d := o.scanned("1")
	path := fmt.Sprintf("/desk/directives/%d/redaction", d.ID)
	for _, user := range []string{"expert", "inspector"} {
		c := o.As(user)
		c.Get(path).Is(http.StatusForbidden)
		c.Get(path + "/preview").Is(http.StatusForbidden)
		c.Post(path, apptest.Form{"do": "publish"}).Is(http.StatusForbidden)
		c.Post(path+"/removal", nil).Is(http.StatusForbidden)
	}
	if page := o.As("expert").Get(fmt.Sprintf("/desk/directives/%d", d.ID)).Is(http.StatusOK); page.Has(fmt.Sprintf("a[href='%s']", path)) {
		t.Error("the unit is offered what it may not do")
	}
}

func TestHiddenDirectivesAndDocumentsAreNotPublished(t *testing.T) {
	o := newOffice(t)
	d := o.scanned("")
	path := fmt.Sprintf("/desk/directives/%d/redaction", d.ID)
	pr := o.As("pr")
	if page := pr.Get(path).Is(http.StatusOK); page.Has("form[data-redact]") {
		t.Error("a hidden directive's scan can be published")
	}
	pr.Post(path, apptest.Form{"do": "publish"}).Is(http.StatusConflict)
	pr.Get(fmt.Sprintf("/desk/directives/%d/redaction", o.Directive)).Is(http.StatusNotFound) // no scan
}
