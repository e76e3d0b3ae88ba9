package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pasokh/app/apptest"
)

// answers fills the checklist of a page as a phone would.
func answers(page *apptest.Page, answer string) url.Values {
	form := url.Values{"finding": {"تابلوی راهنما کهنه است"}}
	page.Doc().Find("input[type=radio]").Each(func(_ int, s *goquery.Selection) {
		if name, _ := s.Attr("name"); strings.HasPrefix(name, "answer_") {
			form.Set(name, answer)
		}
	})
	return form
}

// An inspector plans an open and a confidential visit and carries them out; the
// unit reads and answers the first and never hears of the second.
func TestInspectionOnPages(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	inspector, head, manager := app.As("inspector"), app.As("head"), app.As("manager")
	unit := app.Staff(app.A, "head").UnitID
	me := app.Staff(app.A, "inspector").ID
	inspector.Get("/desk/inspections/new").Is(http.StatusOK)
	if page := inspector.Post("/desk/inspections", apptest.Form{"place": "باجهٔ یک", "day": "1405/09/02"}).Is(http.StatusUnprocessableEntity); !strings.Contains(page.Body, "باجهٔ یک") {
		t.Error("what was typed is gone")
	}
	plan := func(kind string) string {
		page := inspector.Post("/desk/inspections", apptest.Form{
			"unit": fmt.Sprint(unit), "day": "1405/08/30", "kind": kind, "inspector": fmt.Sprint(me), "checklist": "0", "place": "ZARNIKH-" + kind,
		}).Is(http.StatusSeeOther)
		return page.Header.Get("Location")
	}
	open, secret := plan("open"), plan("confidential")
	for _, path := range []string{open, secret} {
		page := inspector.Get(path).Is(http.StatusOK)
		inspector.PostValues(path+"/report", url.Values{"finding": {"نیمه"}}).Is(http.StatusUnprocessableEntity)
		form := answers(page, "partly")
		inspector.PostValues(path+"/report", form).To(path)
		inspector.PostValues(path+"/report", form).To(path) // the phone sends it again
		inspector.Get(path + "/sheet").Is(http.StatusOK)
	}
	if log := inspector.Get(secret); !log.Has("#log") {
		t.Error("no log of openings")
	}
	for name, c := range map[string]*apptest.Client{"head": head, "manager": manager} {
		for _, path := range []string{secret, secret + "/sheet"} {
			c.Get(path).Is(http.StatusNotFound)
		}
		list := c.Get("/desk/inspections?view=done").Is(http.StatusOK)
		if strings.Contains(list.Body, "ZARNIKH-confidential") || !strings.Contains(list.Body, "ZARNIKH-open") {
			t.Errorf("%s sees the wrong visits", name)
		}
	}
	head.Post(open+"/answer", apptest.Form{"answer": ""}).Is(http.StatusUnprocessableEntity)
	head.Post(open+"/answer", apptest.Form{"answer": "تابلو عوض شد"}).To(open)
	if page := manager.Get(open).Is(http.StatusOK); !strings.Contains(page.Body, "تابلو عوض شد") {
		t.Error("the answer is not in the report")
	}
	for _, path := range []string{"/desk/inspections/checklists", "/desk/inspections/checklists/new", fmt.Sprintf("/desk/inspections/checklists/%d", a.Checklist)} {
		inspector.Get(path).Is(http.StatusOK)
	}
	form := apptest.Form{"name_fa": "کوتاه", "active": "1", "fa_boards_0": "تابلو هست", "weight_boards_0": "۱۲"}
	inspector.Post("/desk/inspections/checklists", form).Is(http.StatusUnprocessableEntity)
	form["weight_boards_0"] = "۴"
	inspector.Post("/desk/inspections/checklists", form).To("/desk/inspections/checklists")
}

// A violation goes from the report to the decision; its unit sees it, with the
// evidence, from the hearing on.
func TestViolationOnPages(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	inspector, head := app.As("inspector"), app.As("head")
	who := app.Staff(app.A, "head")
	inspector.Get(fmt.Sprintf("/desk/violations/new?visit=%d", a.Inspection)).Is(http.StatusOK)
	inspector.Post("/desk/violations", apptest.Form{"unit": fmt.Sprint(who.UnitID), "text": "ZARNIKH", "case": "NOCODE"}).Is(http.StatusUnprocessableEntity)
	form := apptest.Form{"unit": fmt.Sprint(who.UnitID), "person": fmt.Sprint(who.ID), "kind": "money", "severity": "grave", "text": "ZARNIKH", "case": a.Code}
	page := inspector.PostFile("/desk/violations", form, apptest.File{Field: "file", Name: "proof.png", Content: apptest.PNG()}).Is(http.StatusSeeOther)
	path := page.Header.Get("Location")
	shown := inspector.Get(path).Is(http.StatusOK)
	file, _ := shown.Doc().Find("a[href^='/desk/files/']").First().Attr("href")
	if file == "" {
		t.Fatal("no evidence")
	}
	inspector.Get(file).Is(http.StatusOK)
	for _, hidden := range []string{path, file} {
		head.Get(hidden).Is(http.StatusNotFound)
	}
	if strings.Contains(head.Get("/desk/violations").Is(http.StatusOK).Body, path) {
		t.Error("the unit sees it too early")
	}
	inspector.Post(path+"/decision", apptest.Form{"decision": "upheld", "measure": "x"}).Is(http.StatusConflict)
	inspector.Post(path+"/hearing", apptest.Form{"hearing": ""}).Is(http.StatusUnprocessableEntity)
	inspector.Post(path+"/hearing", apptest.Form{"hearing": "نپذیرفت"}).To(path)
	head.Get(path).Is(http.StatusOK)
	head.Get(file).Is(http.StatusOK)
	inspector.Post(path+"/decision", apptest.Form{"decision": "upheld", "measure": "تذکر کتبی"}).To(path)
	inspector.Post(path+"/overturning", apptest.Form{"reason": "شاهد تازه"}).To(path)
	for _, list := range []string{"", "?state=reported", "?state=decided"} {
		inspector.Get("/desk/violations" + list).Is(http.StatusOK)
	}
}
