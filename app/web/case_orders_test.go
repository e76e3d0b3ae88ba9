package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// The citizen of a case says of an order on it what the citizen of a meeting
// does: how content they are, and that it was not done, once a period.
func TestCitizenHasTheLastWordOnAnOrderOnTheCase(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	citizen, at := o.Tracker("complaint", o.Complaint), fmt.Sprintf("/case/directives/%d", o.Directive)
	page := citizen.Get("/case").Is(http.StatusOK)
	if !page.Has(fmt.Sprintf("#directive-%d", o.Directive)) || page.Has("form[action^='/case/directives']") {
		t.Error("the order is not there, or is to be judged before it is done")
	}
	citizen.Post(at+"/survey", apptest.Form{"order_score": "5"}).Is(http.StatusConflict)
	o.ended()
	bad := citizen.Post(at+"/survey", apptest.Form{"order_score": "9", "order_survey": "Quick and friendly"}).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.Body, "Quick and friendly") || !strings.Contains(bad.Body, "-error") {
		t.Error("what was typed is lost")
	}
	citizen.Post(at+"/survey", apptest.Form{"order_score": "4", "order_survey": "Quick and friendly"}).To("/case")
	citizen.Post(at+"/survey", apptest.Form{"order_score": "1"}).Is(http.StatusConflict)
	citizen.Post(at+"/objections", apptest.Form{"order_objection": ""}).Is(http.StatusUnprocessableEntity)
	citizen.Post(at+"/objections", apptest.Form{"order_objection": "The trench is still open"}).To("/case")
	again := citizen.Post(at+"/objections", apptest.Form{"order_objection": "once more"})
	again.Is(http.StatusConflict)
	o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		d, err := directives.ByID(ctx, tx, o.Directive)
		if err == nil && (d.State != directives.Returned || d.Returns != 1) {
			t.Errorf("%+v", d)
		}
		return err
	})
	o.ended()
	if page := citizen.Get("/case"); page.Has(fmt.Sprintf("form[action='%s/objections']", at)) {
		t.Error("a second objection within the period is offered")
	}
}

// An order that the citizen does not see answers like none, and so does one of
// somebody else's case.
func TestCitizenJudgesNoHiddenOrder(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.ended()
	citizen, at := o.Tracker("complaint", o.Complaint), fmt.Sprintf("/case/directives/%d", o.Directive)
	set := func(public bool, origin int64) {
		o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*directives.Directive)(nil), "public = ?, origin_id = ?", []any{public, origin}, "id = ?", o.Directive)
			return err
		})
	}
	for _, hidden := range []func(){func() { set(false, o.Complaint) }, func() { set(true, o.Complaint+1) }} {
		hidden()
		citizen.Post(at+"/survey", apptest.Form{"order_score": "5"}).Is(http.StatusNotFound)
		citizen.Post(at+"/objections", apptest.Form{"order_objection": "x"}).Is(http.StatusNotFound)
	}
}
