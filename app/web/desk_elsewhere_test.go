package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/citizens"
	"pasokh/tenants"
)

func TestStaffAreToldOfANationalIDUnderAnotherNumber(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	pr := d.As("pr")
	const hint = "با شماره همراه یا نام دیگری"
	if strings.Contains(pr.Get(path(c, "")).Is(http.StatusOK).Text(), hint) {
		t.Error("there is nobody else")
	}
	d.Do(d.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: "09350000000", NationalID: "0499370899", Name: "رضا کاظمی"})
		return err
	})
	if text := pr.Get(path(c, "")).Is(http.StatusOK).Text(); !strings.Contains(text, hint) || !strings.Contains(text, "رضا کاظمی") {
		t.Error("the case page does not tell")
	}
	page := d.As("operator").Post("/desk/intake", apptest.Form{
		"person": "new", "mobile": "09121112233", "national_id": "0499370899", "name": "سارا محمدی", "kind": "complaint", "channel": "phone", "text": "کوتاه",
	}).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text(), "رضا کاظمی") {
		t.Error("the intake does not tell")
	}
}
