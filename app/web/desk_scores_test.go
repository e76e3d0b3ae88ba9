package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

// late has a unit be late with a case, and the sweep see it.
func (d *desk) late() *complaints.Complaint {
	d.t.Helper()
	c := d.referred()
	d.Advance(49 * time.Hour)
	d.Do(d.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return complaints.Sweep(ctx, tx, c.ID) })
	return c
}

func TestScoresByUnit(t *testing.T) {
	d := newDesk(t)
	c := d.late()
	page := d.As("manager").Get("/desk/scores").Is(http.StatusOK)
	if text := page.Text(); !strings.Contains(text, "توسعه شبکه") || !page.Has(`#ledger a[href="`+path(c, "")+`"]`) {
		t.Fatalf("the line is not there: %s", text)
	}
	if page := d.As("manager").Get("/desk/scores?from=1405/01/01&until=1405/01/31").Is(http.StatusOK); page.Has("#ledger") || !page.Has(".empty") {
		t.Error("another month has the line, too")
	}
	if page := d.As("manager").Get("/desk/scores?from=1405/13/01").Is(http.StatusUnprocessableEntity); !page.Has("#from-error") {
		t.Error("no error beside a broken date")
	}
	overseer := d.As("overseer").Get("/desk/scores").Is(http.StatusOK)
	if overseer.Has("#ledger a") || overseer.Has("#ledger form") {
		t.Error("the overseer is led where they may not go")
	}
	d.As("expert").Get("/desk/scores").Is(http.StatusForbidden)
}

func TestAUnitHeadSeesTheOwnScoreOnly(t *testing.T) {
	d := newDesk(t)
	d.late()
	if page := d.As("head").Get("/desk/scores").Is(http.StatusOK); !page.Has("#ledger") || page.Has("#unit") {
		t.Error("the head does not see the own unit's lines")
	}
	d.Advance(11 * time.Hour) // of the limit of sign-ins, too
	other := d.As("expert.service").Get("/desk/scores?unit=" + id(d.units["network"].ID)).Is(http.StatusOK)
	if other.Has("#ledger") || strings.Contains(other.Text(), "توسعه شبکه") {
		t.Error("another unit's lines are shown")
	}
}

func TestAScoreIsReversedOnceWithAReason(t *testing.T) {
	d := newDesk(t)
	d.late()
	manager := d.As("manager")
	page := manager.Get("/desk/scores").Is(http.StatusOK)
	action, ok := page.Doc().Find(`#ledger form[action$="/reversal"]`).First().Attr("action")
	if !ok {
		t.Fatal("nothing to reverse")
	}
	d.As("head").Post(action, apptest.Form{"reason": "برف راه را بسته بود."}).Is(http.StatusForbidden)
	if again := manager.Post(action, apptest.Form{"reason": " "}).Is(http.StatusUnprocessableEntity); !again.Has("#ledger details[open] .error") {
		t.Error("no error beside the reason")
	}
	manager.Post(action, apptest.Form{"reason": "برف راه را بسته بود."}).To("/desk/scores")
	after := manager.Get("/desk/scores").Is(http.StatusOK)
	if after.Has(`#ledger form[action="`+action+`"]`) || !strings.Contains(after.Text(), "برف راه را بسته بود.") {
		t.Errorf("not reversed: %s", after.Text())
	}
	manager.Post(action, apptest.Form{"reason": "باز هم"}).Is(http.StatusConflict)
	d.AsAt("beta", "manager").Post(action, apptest.Form{"reason": "از ما نیست"}).Is(http.StatusNotFound)
}

func TestOrganizationOverview(t *testing.T) {
	d := newDesk(t)
	page := d.As("admin").Get("/desk/organization").Is(http.StatusOK)
	for _, part := range []string{"#units", "#topics", "#classes", "#staff"} {
		if page.Doc().Find(part+" tbody tr").Length() == 0 {
			t.Errorf("%s is empty", part)
		}
	}
	if strings.Contains(page.Body, "‹") || strings.Contains(page.Body, "+989120000101") {
		t.Error("a text is missing, or a whole mobile number is shown")
	}
	d.As("pr").Get("/desk/organization").Is(http.StatusForbidden)
}
