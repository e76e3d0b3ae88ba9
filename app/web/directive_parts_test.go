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

// shared issues an order with a part for the service unit, whose head and expert
// is expert.service.
func (o *office) shared() (order, part string) {
	o.t.Helper()
	o.Do(o.A, o.Staff(o.A, "ceo"), func(ctx context.Context, tx *tenants.Tx) error {
		d, err := directives.Issue(ctx, tx, directives.Issuance{
			OriginKind: directives.OnComplaint, OriginID: o.Complaint, ExecutiveID: o.Executive, UnitID: o.Unit, Text: "Pave the street",
			Parts: []directives.PartOrder{{UnitID: o.Staff(o.A, "expert.service").UnitID, Text: "Move the meter"}},
		})
		if err != nil {
			return err
		}
		list, err := directives.Parts(ctx, tx, d.ID, 0)
		order = fmt.Sprintf("/desk/directives/%d", d.ID)
		part = fmt.Sprintf("%s/parts/%d", order, list[0].ID)
		return err
	})
	return order, part
}

// A part is worked on by its unit and judged by the lead unit; nobody else.
func TestAPartIsReportedAndJudged(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	order, part := o.shared()
	lead, helper, stranger := o.As("expert"), o.As("expert.service"), o.As("expert.pressure")
	for _, act := range []string{"start", "report", "acceptance", "return"} {
		stranger.Post(part+"/"+act, apptest.Form{"text": "x", "reason": "x"}).Is(http.StatusNotFound)
		o.As("pr").Post(part+"/"+act, nil).Is(http.StatusForbidden)
	}
	lead.Post(part+"/report", apptest.Form{"text": "not mine"}).Is(http.StatusNotFound)
	if page := helper.Get(order).Is(http.StatusOK); !strings.Contains(page.Text(), "Move the meter") || strings.Contains(page.Text(), o.Canary) {
		t.Error("the helping unit does not read its part, or reads about the citizen")
	}
	helper.Post(part+"/start", nil).To(order)
	bad := helper.Post(part+"/report", apptest.Form{"text": " "}).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.Body, "-error") {
		t.Error("no error beside the field")
	}
	long := strings.Repeat("moved ", 1000)
	if bad := helper.Post(part+"/report", apptest.Form{"text": long}).Is(http.StatusUnprocessableEntity); !strings.Contains(bad.Body, long) {
		t.Error("what was typed is lost")
	}
	helper.Post(part+"/report", apptest.Form{"text": "The meter was moved"}).To(order)
	helper.Post(part+"/acceptance", nil).Is(http.StatusNotFound)
	lead.Post(part+"/return", apptest.Form{"reason": ""}).Is(http.StatusUnprocessableEntity)
	lead.Post(part+"/return", apptest.Form{"reason": "It still stands there"}).To(order)
	if page := helper.Get(order); !strings.Contains(page.Text(), "It still stands there") {
		t.Error("the helping unit does not read why")
	}
	without := lead.Post(order+"/report", apptest.Form{"text": "Paved it all"}).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(without.Body, "Paved it all") || !without.Has("[id$='without-error']") {
		t.Error("the report does not ask why it cannot wait for the part")
	}
	helper.Post(part+"/report", apptest.Form{"text": "Now it is gone"}).To(order)
	lead.Post(part+"/acceptance", nil).To(order)
	if page := lead.Get(order).Is(http.StatusOK); page.Has("form[action$='/acceptance']") {
		t.Error("what is accepted can be accepted again")
	}
	lead.Post(part+"/acceptance", nil).Is(http.StatusConflict)
	lead.Post(order+"/report", apptest.Form{"text": "Paved it all"}).To(order)
}

// Notes and requests for more time are for those who carry the order out.
func TestNotesAndMoreTimeKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	order, _ := o.shared()
	lead, stranger := o.As("expert"), o.As("expert.pressure")
	stranger.Post(order+"/notes", apptest.Form{"text": "x"}).Is(http.StatusNotFound)
	o.As("expert.service").Post(order+"/notes", apptest.Form{"text": "Half moved"}).To(order)
	lead.Post(order+"/notes", apptest.Form{"text": ""}).Is(http.StatusUnprocessableEntity)
	o.As("expert.service").Post(order+"/extension", apptest.Form{"due": "1410/01/20", "reason": "x"}).Is(http.StatusNotFound)
	for _, typed := range []apptest.Form{{"due": "1390/01/20", "reason": "Waits for pipes"}, {"due": "1405/13/01", "reason": "Waits for pipes"}} {
		page := lead.Post(order+"/extension", typed).Is(http.StatusUnprocessableEntity)
		if !page.Has("#extension-due-error") || !strings.Contains(page.Body, "Waits for pipes") {
			t.Errorf("%v: %s", typed, page.Text())
		}
	}
	lead.Post(order+"/extension", apptest.Form{"due": "1410/01/20", "reason": ""}).Is(http.StatusUnprocessableEntity)
	lead.Post(order+"/extension", apptest.Form{"due": "1410/01/20", "reason": "Waits for pipes"}).To(order)
	lead.Post(order+"/extension", apptest.Form{"due": "1410/02/20", "reason": "again"}).Is(http.StatusConflict)
	o.As("pr").Post(order+"/extension-grant", apptest.Form{"reason": "yes"}).Is(http.StatusForbidden)
	ceo := o.As("ceo")
	ceo.Post(order+"/extension-refusal", apptest.Form{"reason": ""}).Is(http.StatusUnprocessableEntity)
	ceo.Post(order+"/extension-refusal", apptest.Form{"reason": "No later"}).To(order)
	ceo.Post(order+"/extension-grant", apptest.Form{"reason": "yes"}).Is(http.StatusConflict)
}
