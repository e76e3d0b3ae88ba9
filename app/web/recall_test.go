package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
)

func TestOfficeTakesAReferralBack(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	path := fmt.Sprintf("/desk/complaints/%d", a.Complaint)
	pr := app.As("pr")
	if !pr.Get(path).Has("#act-recall") {
		t.Fatal("no way to take it back")
	}
	pr.Post(path+"/recall", apptest.Form{"reason": " "}).Is(http.StatusUnprocessableEntity)
	pr.Post(path+"/recall", apptest.Form{"reason": "another unit's"}).Is(http.StatusSeeOther)
	if page := pr.Get(path).Is(http.StatusOK); !page.Has("#act-refer") || !strings.Contains(page.Body, "پس‌گرفتن از") {
		t.Error(page.Text())
	}
	pr.Post(path+"/recall", apptest.Form{"reason": "again"}).Is(http.StatusConflict)
}

func TestStuckCasesAreTakenBackTogether(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	app.Advance(60 * 24 * time.Hour)
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return complaints.Sweep(ctx, tx, a.Complaint) })
	manager := app.As("manager")
	list := manager.Get("/desk?tab=stuck").Is(http.StatusOK)
	if !strings.Contains(list.Body, `value="recall"`) {
		t.Fatal("no way to take them back")
	}
	version := 0
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		c, err := complaints.Plain(ctx, tx, a.Complaint)
		if err == nil {
			version = c.Version
		}
		return err
	})
	chosen := apptest.Form{"ids": fmt.Sprintf("%d.%d", a.Complaint, version), "do": "recall", "list": "/desk?tab=stuck"}
	if !manager.Post("/desk/bulk", chosen).Is(http.StatusOK).Has("#reason") {
		t.Error("no reason is asked")
	}
	manager.Post("/desk/bulk/recalls", chosen).Is(http.StatusUnprocessableEntity)
	chosen["reason"] = "stuck for weeks"
	manager.Post("/desk/bulk/recalls", chosen).Is(http.StatusOK)
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		c, err := complaints.Plain(ctx, tx, a.Complaint)
		if err == nil && c.State != complaints.Triage {
			t.Errorf("it is in %s", c.State)
		}
		return err
	})
	app.As("expert").Post("/desk/bulk", chosen).Is(http.StatusForbidden)
}

func TestOrganizationSetsItsRules(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	admin := app.As("admin")
	const path = "/desk/organization/rules"
	admin.Get(path).Is(http.StatusOK)
	for _, days := range []string{"", "6", "366", "many"} {
		page := admin.Post(path, rulesForm("objection_days", days)).Is(http.StatusUnprocessableEntity)
		if got, _ := page.Doc().Find("#objection_days").Attr("value"); persian.ToASCII(got) != days {
			t.Errorf("%q is lost", days)
		}
	}
	admin.Post(path, rulesForm("objection_days", "۴۵")).Is(http.StatusSeeOther)
	if got, _ := admin.Get(path).Doc().Find("#objection_days").Attr("value"); persian.ToASCII(got) != "45" {
		t.Error("not shown again")
	}
	tenant, err := app.Root.UnscopedTenantBySlug(t.Context(), app.A.Slug)
	if err != nil || tenant.Settings.ObjectionDays != 45 || !tenant.Settings.KeepPhotoPlace || tenant.Settings.FeedbackAttempts == 0 {
		t.Errorf("%+v, %v", tenant.Settings, err)
	}
	closed := app.Root.Clock()()
	c := complaints.Complaint{State: complaints.Closed, Fact: complaints.NotFeasible, ClosedAt: &closed}
	if !c.MayObject(tenant.Settings, closed.AddDate(0, 0, 44)) || c.MayObject(tenant.Settings, closed.AddDate(0, 0, 45)) {
		t.Error("the time to object is not the new one")
	}
	app.As("pr").Get(path).Is(http.StatusForbidden)
}

func TestTopicIsMadeConfidential(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	admin := app.As("admin")
	path := fmt.Sprintf("/desk/organization/topics/%d", a.Topic)
	if !admin.Get(path).Is(http.StatusOK).Has("#confidential") {
		t.Error("no box to tick")
	}
	admin.Post(path, apptest.Form{
		"name_fa": "رفتار", "name_en": "Conduct", "unit": fmt.Sprint(a.Unit), "class": fmt.Sprint(a.Class), "active": "1", "confidential": "1",
	}).Is(http.StatusSeeOther)
	c := fileSecret(app, a, a.Topic)
	app.As("pr").Get(fmt.Sprintf("/desk/complaints/%d", c.ID)).Is(http.StatusNotFound)
	app.As("inspector").Get(fmt.Sprintf("/desk/complaints/%d", c.ID)).Is(http.StatusOK)
}
