package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

// A reviewer hears what chance has drawn; the operator reads it, objects once
// and is answered; nobody else reads it, and a form that came back keeps what
// was typed.
func TestReviewsOnPages(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	manager, operator, other := app.As("manager"), app.As("operator"), app.As("feedback")
	path, own := fmt.Sprintf("/desk/reviews/%d", a.Review), fmt.Sprintf("/desk/my-quality/reviews/%d", a.Review)
	for _, at := range []string{"/desk/reviews", "/desk/reviews/table", "/desk/reviews?period=1405-07", fmt.Sprintf("/desk/reviews/operators/%d", a.Operator), path} {
		manager.Get(at).Is(http.StatusOK)
		operator.Get(at).Is(http.StatusForbidden)
	}
	manager.Get("/desk/reviews?period=1405").Is(http.StatusNotFound)
	if list := manager.Get("/desk/reviews"); !strings.Contains(list.Body, path) {
		t.Error("the objection does not wait on the page")
	}
	if page := operator.Get(own).Is(http.StatusOK); !strings.Contains(page.Body, a.Canary) || page.Has("textarea[name=text]") {
		t.Error("the operator does not read the review, or may object twice")
	}
	other.Get(own).Is(http.StatusNotFound)
	operator.Post(own+"/objection", apptest.Form{"text": "دوباره"}).Is(http.StatusConflict)
	manager.Post(path+"/decision", apptest.Form{"decision": "kept", "note": ""}).Is(http.StatusUnprocessableEntity)
	manager.Post(path+"/decision", apptest.Form{"decision": "kept", "note": "صدا روشن است"}).To(path)
	manager.Post(path+"/decision", apptest.Form{"decision": "kept", "note": "صدا روشن است"}).Is(http.StatusConflict)
	form := apptest.Form{"kind": "feedback", "call": fmt.Sprint(a.Call), "score_patience": "۴", "remark": "ZARNIKH"}
	if page := manager.Post("/desk/reviews", form).Is(http.StatusUnprocessableEntity); !strings.Contains(page.Body, "ZARNIKH") {
		t.Error("what was typed is gone")
	}
	manager.Get("/desk/reviews/new?kind=feedback&call=1").Is(http.StatusNotFound)
	manager.Get(fmt.Sprintf("/desk/reviews/new?kind=feedback&call=%d", a.Call)).Is(http.StatusOK)
	criteria := apptest.Form{"per_month": "۳", "key_0": "patience", "fa_0": "صبوری", "weight_0": "۹۹"}
	if page := manager.Post("/desk/reviews/criteria", criteria).Is(http.StatusUnprocessableEntity); !strings.Contains(page.Body, "صبوری") {
		t.Error("the criterion is gone")
	}
	criteria["weight_0"] = "۴"
	manager.Post("/desk/reviews/criteria", criteria).To("/desk/reviews/criteria")
	if page := manager.Get("/desk/organization/history").Is(http.StatusOK); !strings.Contains(page.Body, "معیارهای بازبینی") {
		t.Error("the history of settings does not tell of it")
	}
}

// The conduct of units and persons is shown to managers, that of one unit to its
// head, the own one to everybody; weights are data.
func TestConductOnPages(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	manager, head, operator := app.As("manager"), app.As("head"), app.As("operator")
	for _, at := range []string{"/desk/conduct", "/desk/conduct?period=1405", "/desk/conduct/table", fmt.Sprintf("/desk/conduct?period=1405-s3&unit=%d", a.Unit)} {
		manager.Get(at).Is(http.StatusOK)
		operator.Get(at).Is(http.StatusForbidden)
	}
	if page := head.Get("/desk/conduct").Is(http.StatusOK); page.Doc().Find("#conduct-units tbody tr").Length() != 1 {
		t.Error("the head sees other units than the own")
	}
	if page := manager.Get("/desk/conduct?period=1404").Is(http.StatusOK); page.Has("#conduct-units") {
		t.Error("the period does not filter")
	}
	operator.Get("/desk/my-quality").Is(http.StatusOK)
	form := apptest.Form{"survey": "60", "reviews": "30", "inspection": "20", "justified": "10", "least": "5"}
	manager.Post("/desk/conduct/rules", form).Is(http.StatusUnprocessableEntity)
	form["survey"] = "۵۰"
	manager.Post("/desk/conduct/rules", form).To("/desk/conduct/rules")
}

// An action goes from its finding to the unit and back to be verified; it stands
// at its source, and a confidential one does not show.
func TestActionsOnPages(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	inspector, head, manager, operator := app.As("inspector"), app.As("head"), app.As("manager"), app.As("operator")
	unit, me := app.Staff(app.A, "head").UnitID, app.Staff(app.A, "inspector").ID
	secret := inspector.Post("/desk/inspections", apptest.Form{
		"unit": fmt.Sprint(unit), "day": "1405/08/30", "kind": "confidential", "inspector": fmt.Sprint(me), "checklist": "0", "place": "ZARNIKH",
	}).Is(http.StatusSeeOther).Header.Get("Location")
	id := strings.TrimPrefix(secret, "/desk/inspections/")
	form := apptest.Form{"source": "inspection", "from": id, "unit": fmt.Sprint(unit), "title": "تابلو نصب شود", "due": "1405/09/20"}
	manager.Post("/desk/improvements", form).Is(http.StatusNotFound)
	manager.Get("/desk/improvements/new?source=inspection&from=" + id).Is(http.StatusNotFound)
	inspector.Get("/desk/improvements/new?source=inspection&from=" + id).Is(http.StatusOK)
	form["due"] = "دیروز"
	if page := inspector.Post("/desk/improvements", form).Is(http.StatusUnprocessableEntity); !strings.Contains(page.Body, "تابلو نصب شود") {
		t.Error("what was typed is gone")
	}
	form["due"] = "1405/09/20"
	path := inspector.Post("/desk/improvements", form).Is(http.StatusSeeOther).Header.Get("Location")
	for _, c := range []*apptest.Client{head, manager} {
		page := c.Get(path).Is(http.StatusOK)
		if strings.Contains(page.Body, id) || strings.Contains(page.Body, "ZARNIKH") || strings.Contains(page.Body, "بازرسی محرمانه") {
			t.Error("the confidential visit shows")
		}
	}
	operator.Get(path).Is(http.StatusForbidden)
	inspector.Post(path+"/start", apptest.Form{}).Is(http.StatusForbidden)
	head.Post(path+"/start", apptest.Form{}).To(path)
	head.Post(path+"/result", apptest.Form{"result": ""}).Is(http.StatusUnprocessableEntity)
	head.Post(path+"/result", apptest.Form{"result": "نصب شد"}).To(path)
	head.Post(path+"/verification", apptest.Form{"verdict": "accept", "note": "خوب"}).Is(http.StatusForbidden)
	inspector.Post(path+"/verification", apptest.Form{"verdict": "return", "note": "کج است", "due": "x"}).Is(http.StatusUnprocessableEntity)
	inspector.Post(path+"/verification", apptest.Form{"verdict": "accept", "note": "دیدم"}).To(path)
	inspector.Get("/desk/improvements/new").Is(http.StatusOK) // a page with a form
	inspector.Post(path+"/dropping", apptest.Form{"reason": "x"}).Is(http.StatusConflict)
	if page := inspector.Get(path).Is(http.StatusOK); !page.Has("#effect") {
		t.Error("nothing is said of what came of it")
	}
	for _, at := range []string{fmt.Sprintf("/desk/warnings/%d", a.Warning), "/desk/improvements"} {
		if page := manager.Get(at).Is(http.StatusOK); !strings.Contains(page.Body, fmt.Sprintf("/desk/improvements/%d", a.Improvement)) {
			t.Errorf("the action is not shown at %s", at)
		}
	}
	inspector.Get("/desk/improvements?state=verified").Is(http.StatusOK)
}
