package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

func TestExecutiveJudgesWithoutLeavingTheList(t *testing.T) {
	o := newOffice(t)
	path := fmt.Sprintf("/desk/directives/%d", o.Directive)
	o.As("expert").Post(path+"/report", apptest.Form{"text": "All was paved"}).To(path)
	ceo := o.As("ceo")
	row := fmt.Sprintf("#waiting #directive-%d", o.Directive)
	page := ceo.Get("/executive").Is(http.StatusOK)
	if !strings.Contains(page.Doc().Find(row).Text(), "All was paved") || !page.Has(row+" form[action$='/acceptance']") {
		t.Fatal(page.Text())
	}
	bad := ceo.Post(path+"/return", apptest.Form{"reason": "", "from": "executive"}).Is(http.StatusUnprocessableEntity)
	if !bad.Has(row+" details[open]") || !bad.Has(fmt.Sprintf("#return-%d-reason-error", o.Directive)) {
		t.Error(bad.Text())
	}
	ceo.Post(path+"/acceptance", apptest.Form{"from": "executive"}).To("/executive")
	again := ceo.Post(path+"/acceptance", apptest.Form{"from": "executive"}).Is(http.StatusConflict)
	if !again.Has(".notice[role=alert]") || again.Has(row) {
		t.Error("the list is not as it is now")
	}
}

func TestExecutiveSeesToday(t *testing.T) {
	o := newOffice(t)
	o.begin()
	page := o.As("ceo").Get("/executive").Is(http.StatusOK)
	if !page.Has(fmt.Sprintf("#today a[href='%s']", o.path)) || !strings.Contains(page.Doc().Find("#today").Text(), o.Canary) {
		t.Error(page.Text())
	}
	office := o.As("office").Get("/executive").Is(http.StatusOK)
	if !office.Has("#today a") {
		t.Error("the executive's office sees no day")
	}
}
