package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/staff"
	"pasokh/app/web"
	"pasokh/tenants"
	"pasokh/views"
)

// dns is a resolver that holds what the test wrote into it.
type dns map[string][]string

func (d dns) LookupTXT(_ context.Context, name string) ([]string, error) {
	if list, ok := d[name]; ok {
		return list, nil
	}
	return nil, errors.New("no such name")
}

var newcomer = apptest.Form{
	"kind": "water", "name_fa": "آب و فاضلاب البرز", "name_en": "Alborz Water", "slug": "abfa-alborz", "contact": "۱۲۲",
	"admin_fa": "نرگس کریمی", "admin_en": "Narges Karimi", "user": "nkarimi", "mobile": "09121112233",
}

// From nothing to an organization in draft whose admin is invited.
func TestOrganizationIsOnboardedInTwoSteps(t *testing.T) {
	app := apptest.New(t)
	c := app.AsAt("", "platform")
	if page := c.Get("/platform").Is(http.StatusOK); !strings.Contains(page.Text(), app.A.NameFA) || page.Has(`a[href="/platform/organizations/0"]`) {
		t.Error(page.Text())
	}
	if page := c.Get("/platform?q=nothing-of-the-kind"); !strings.Contains(page.Text(), "سازمانی یافت نشد") {
		t.Error(page.Text())
	}
	c.Get("/platform/organizations/new").Is(http.StatusOK)
	if page := c.Get("/platform/organizations/new?kind=water").Is(http.StatusOK); !strings.Contains(page.Text(), "واحد بازخورد") {
		t.Error("the preview does not show the units")
	}
	for slug, want := range map[string]string{"abfa-alborz": "آزاد است", "alpha": "سازمان دیگری", "www": "نگه داشته", "A_b": "حرف کوچک"} {
		if text := c.Fragment("/platform/organizations/slug?slug=" + slug).Text(); !strings.Contains(text, want) {
			t.Errorf("%s: %s", slug, text)
		}
	}
	wrong := apptest.Form{"kind": "water", "slug": "alpha", "name_fa": "نام", "mobile": "12"}
	page := c.Post("/platform/organizations", wrong).Is(http.StatusUnprocessableEntity)
	if !page.Has("#mobile-error") || page.Doc().Find("#name_fa").AttrOr("value", "") != "نام" {
		t.Error("the form did not keep what was typed")
	}
	made := c.Post("/platform/organizations", newcomer).Is(http.StatusSeeOther)
	tenant, err := app.Root.UnscopedTenantBySlug(t.Context(), "abfa-alborz")
	if err != nil {
		t.Fatal(err)
	}
	if tenant.Status != tenants.StatusDraft || made.Header.Get("Location") != views.ConsolePath(tenant.ID) {
		t.Errorf("%+v", tenant)
	}
	c.Post("/platform/organizations", newcomer).Is(http.StatusUnprocessableEntity)
	if text := c.Get(views.ConsolePath(tenant.ID)).Is(http.StatusOK).Text(); !strings.Contains(text, "پیش‌نویس") || !strings.Contains(text, "گام‌های راه‌اندازی") {
		t.Error(text)
	}
	db := app.Root.For(tenant)
	defer db.Release()
	admin, err := staff.ByUserName(t.Context(), db, "nkarimi")
	if err != nil {
		t.Fatal(err)
	}
	if roles, err := staff.Roles(t.Context(), db, admin.ID); err != nil || len(roles) != 1 || roles[0] != "tenant_admin" {
		t.Errorf("%v %v", roles, err)
	}
	db.Release()
	app.Drain()
	if sent := app.Sent(); len(sent) == 0 || sent[len(sent)-1].To != "+989121112233" {
		t.Errorf("the invitation was not sent: %v", sent)
	}
}

func TestOwnHostServesOnceTheDNSProvesIt(t *testing.T) {
	records := dns{}
	app := apptest.New(t, func(o *web.Options) { o.Resolver = records })
	c, path := app.AsAt("", "platform"), views.ConsolePath(app.A.ID)
	guest := app.Visit("alpha")
	guest.Host = "shekayat.gas.example"
	for _, bad := range []string{"alpha.pasokh.test", "10.0.0.1", "under_score.example", "localhost"} {
		if page := c.Post(path+"/domains", apptest.Form{"host": bad}).Is(http.StatusUnprocessableEntity); !page.Has("#host-error") {
			t.Error(bad)
		}
	}
	host := apptest.Form{"host": "Shekayat.Gas.example"}
	c.Post(path+"/domains", host).Is(http.StatusSeeOther)
	c.Post(views.ConsolePath(app.B.ID)+"/domains", host).Is(http.StatusUnprocessableEntity)
	host["host"] = "shekayat.gas.example"
	c.Post(path+"/domains/check", host).Is(http.StatusSeeOther)
	guest.Get("/").Is(http.StatusNotFound)
	c.Post(path+"/domains/lead", host).Is(http.StatusConflict)

	list, err := app.Root.UnscopedDomains(t.Context(), app.A.ID)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	records[list[0].Record()] = []string{"v=spf1 -all", list[0].Token}
	c.Post(views.ConsolePath(app.B.ID)+"/domains/check", host).Is(http.StatusNotFound)
	c.Post(path+"/domains/check", host).Is(http.StatusSeeOther)
	if page := guest.Get("/").Is(http.StatusOK); !strings.Contains(page.Text(), app.A.NameFA) {
		t.Error("another organization answers")
	}
	if page := c.Get(path); !strings.Contains(page.Body, "http://shekayat.gas.example/") {
		t.Error("the links are not made from the own host")
	}
	c.Post(path+"/domains/removal", host).Is(http.StatusSeeOther)
	guest.Get("/").Is(http.StatusNotFound)
	if fresh, err := app.Root.UnscopedTenantByID(t.Context(), app.A.ID); err != nil || fresh.Host != "" {
		t.Errorf("%v %v", fresh, err)
	}
}

// What each status means at the door, by the class of the route.
func TestStandingAtTheDoor(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	tracker, desk, platform, guest := app.Tracker("complaint", twin.Complaint), app.As("pr"), app.AsAt("", "platform"), app.Visit("alpha")
	note := fmt.Sprintf("/desk/complaints/%d/note", twin.Complaint)
	for _, step := range []struct {
		to                               tenants.Status
		file, track, read, write, intake int
	}{
		{tenants.StatusClosing, 409, 200, 200, 303, 409},
		{tenants.StatusLive, 200, 200, 200, 303, 303},
		{tenants.StatusSuspended, 409, 200, 200, 403, 403},
		{tenants.StatusPilot, 200, 200, 200, 303, 303},
		{tenants.StatusDraft, 303, 303, 200, 303, 303},
	} {
		platform.Post(views.ConsolePath(app.A.ID)+"/moves", apptest.Form{"to": string(step.to), "reason": "آزمون"}).Is(http.StatusSeeOther)
		got := [5]int{
			guest.Get("/complaints/new").Status, tracker.Get("/case").Status, desk.Get("/desk").Status,
			desk.Post(note, apptest.Form{"text": "یادداشت برای آزمون وضعیت"}).Status, register(app, tenants.Actor{Kind: tenants.Staff, ID: 1}),
		}
		want := [5]int{step.file, step.track, step.read, step.write, step.intake}
		if step.to == tenants.StatusSuspended {
			want[4] = 409 // the rule of the room holds whoever asks
		}
		if got != want {
			t.Errorf("%s: file, track, staff read, staff write, register answer %v, want %v", step.to, got, want)
		}
	}
	if page := guest.Get("/").Is(http.StatusOK); !strings.Contains(page.Text(), "به‌زودی") || page.Has(`a[href="/complaints/new"]`) {
		t.Error(page.Text())
	}
	if register(app, tenants.Actor{Kind: tenants.Citizen}) != 409 {
		t.Error("a citizen registers in a draft")
	}
	platform.Post(views.ConsolePath(app.A.ID)+"/moves", apptest.Form{"to": "deleted", "reason": "آزمون"}).Is(http.StatusUnprocessableEntity)
	platform.Post(views.ConsolePath(app.A.ID)+"/moves", apptest.Form{"to": "live", "reason": ""}).Is(http.StatusUnprocessableEntity)
	platform.Post(views.ConsolePath(app.A.ID)+"/moves", apptest.Form{"to": "closing", "reason": "پایان قرارداد"}).Is(http.StatusSeeOther)
	platform.Post(views.ConsolePath(app.A.ID)+"/moves", apptest.Form{"to": "deleted", "reason": "پایان قرارداد"}).Is(http.StatusUnprocessableEntity) // only by handover
	now := app.Clock.Now()
	if err := app.Root.UnscopedSaveOrganization(context.Background(), &tenants.Tenant{ID: app.A.ID, DeletedAt: &now}, "deleted_at"); err != nil {
		t.Fatal(err)
	}
	guest.Get("/").Is(http.StatusNotFound)
	desk.Get("/desk").Is(http.StatusNotFound)
}

// register tells whether the room would begin something: 303, or 409 when not.
func register(app *apptest.App, who tenants.Actor) int {
	t, err := app.Root.UnscopedTenantByID(context.Background(), app.A.ID)
	if err != nil {
		app.T.Fatal(err)
	}
	db := app.Root.For(t)
	defer db.Release()
	if db.Write(context.Background(), who, (*tenants.Tx).Begins) != nil {
		return 409
	}
	return 303
}

func TestStaffOnlyShowsTheContacts(t *testing.T) {
	app := apptest.New(t)
	platform, guest := app.AsAt("", "platform"), app.Visit("alpha")
	path := views.ConsolePath(app.A.ID) + "/staff-only"
	platform.Post(path, apptest.Form{"on": "1"}).Is(http.StatusSeeOther)
	if page := guest.Get("/").Is(http.StatusOK); !strings.Contains(page.Text(), "1594") && !strings.Contains(page.Text(), "۱۵۹۴") {
		t.Error(page.Text())
	}
	guest.Get("/track").To("/")
	guest.Get("/sign-in").Is(http.StatusOK)
	app.As("pr").Get("/desk").Is(http.StatusOK)
	platform.Post(path, apptest.Form{}).Is(http.StatusSeeOther)
	guest.Get("/track").Is(http.StatusOK)
}
