package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"pasokh/app/apptest"
)

// TestPagesOfCommitteesAndOrdersOpen opens every page of theirs by who works
// there, and asks for more time in between.
func TestPagesOfCommitteesAndOrdersOpen(t *testing.T) {
	o := newOffice(t)
	manager, path := o.As("manager"), fmt.Sprintf("/desk/committees/sittings/%d", o.Sitting)
	for _, page := range []string{"/desk/committees", "/desk/committees/new", fmt.Sprintf("/desk/committees/%d", o.Committee), fmt.Sprintf("/desk/committees/%d/edit", o.Committee), path, path + "/sheet"} {
		manager.Get(page).Is(http.StatusOK)
	}
	manager.Post(path+"/items", apptest.Form{"title": "گفت‌وگوی آزاد"}).To(path)
	manager.Post(path+"/invitation", apptest.Form{}).To(path)
	manager.Post(path+"/items", apptest.Form{"title": ""}).Is(http.StatusUnprocessableEntity)
	order := fmt.Sprintf("/desk/directives/%d", o.Directive)
	expert := o.As("expert")
	if !expert.Get("/desk/due").Is(http.StatusOK).Has(fmt.Sprintf("#directive-%d", o.Directive)) {
		t.Error("the order is not among what is to do")
	}
	expert.Post(order+"/notes", apptest.Form{"text": "نیمی انجام شد"}).To(order)
	expert.Post(order+"/extension", apptest.Form{"due": "1406/01/20", "reason": "قطعه نرسیده است"}).To(order)
	ceo := o.As("ceo")
	if !ceo.Get("/executive").Is(http.StatusOK).Has(fmt.Sprintf("#asking-%d", o.Directive)) {
		t.Error("the request does not wait on the executive's page")
	}
	ceo.Post(order+"/extension-grant", apptest.Form{"reason": "پذیرفته شد", "from": "executive"}).To("/executive")
	for _, page := range []string{"/executive/week", "/executive/review", order, "/desk/directives?view=open&age=7&state=issued"} {
		ceo.Get(page).Is(http.StatusOK)
	}
}
