package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/web"
	"pasokh/tenants"
	"pasokh/views"
)

func TestProblemsHavePagesInTheLanguageOfTheReader(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("alpha")
	page := c.Get("/no-such-page").Is(http.StatusNotFound)
	if !page.Has(`html[lang=fa]`) || !strings.Contains(page.Text(), "این صفحه پیدا نشد") || !page.Has(`a[href="/"]`) {
		t.Error(page.Text())
	}
	c.SetCookie("lang", "en")
	if page := c.Get("/no-such-page"); !strings.Contains(page.Text(), "Page not found") {
		t.Error(page.Text())
	}
}

func TestForbiddenIsAPageAndALineOfTheRecord(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("")
	c.Post("/session", apptest.Form{"user": "platform", "password": apptest.Password("platform")}).Is(http.StatusSeeOther)
	app.Do(app.Platform, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*membership)(nil), "role = ?", []any{"overseer"}, "role = ?", "platform_admin")
		return err
	})
	page := c.Get("/platform/queues").Is(http.StatusForbidden)
	if !strings.Contains(page.Text(), "اجازه این کار را ندارید") {
		t.Error(page.Text())
	}
	db := app.Root.For(app.Platform)
	defer db.Release()
	n, err := db.Select((*entry)(nil)).Where("entry.act = ?", "denied:platform:read").Count(context.Background())
	if err != nil || n != 1 {
		t.Errorf("%d lines, %v", n, err)
	}
}

type membership struct {
	tenants.BaseModel `bun:"table:memberships,alias:membership"`
	tenants.Owned
	Role string
}

type entry struct {
	tenants.BaseModel `bun:"table:audit_entries,alias:entry"`
	tenants.Owned
	Act string
}

func TestFragmentsGetACardAndAToast(t *testing.T) {
	c := apptest.New(t).Visit("alpha")
	page := c.Fragment("/no-such-page").Is(http.StatusNotFound)
	if strings.Contains(page.Body, "<html") || !strings.Contains(page.Header.Get("HX-Trigger"), `{"toast":{"tone":"danger","text":"\u0646`) {
		t.Errorf("%v\n%s", page.Header, page.Body)
	}
}

func TestSuspendedOrganizationsSaySo(t *testing.T) {
	app := apptest.New(t)
	gone := *app.A
	gone.ID, gone.Slug, gone.Status = tenants.NewID(), "gamma", tenants.StatusSuspended
	if err := app.Root.UnscopedCreateTenant(context.Background(), &gone); err != nil {
		t.Fatal(err)
	}
	page := app.Visit("gamma").Get("/").Is(http.StatusOK)
	if !strings.Contains(page.Text(), "ثبت درخواست و نوبت تازه موقتاً ممکن نیست") || !strings.Contains(page.Body, gone.NameFA) {
		t.Error(page.Text())
	}
	if page := app.Visit("gamma").Get("/complaints/new"); strings.Contains(page.Body, "<textarea") {
		t.Error("a suspended organization takes cases")
	}
	if page := app.Visit("").Get("/"); strings.Contains(page.Body, "gamma.pasokh.test") {
		t.Error("a suspended organization is listed")
	}
}

func TestInsidesAreNeverShown(t *testing.T) {
	app := apptest.New(t, func(o *web.Options) {
		o.Queues = func(context.Context) (views.Workload, error) { panic("secret insides") }
	})
	c := app.AsAt("", "platform")
	page := c.Get("/platform/queues").Is(http.StatusInternalServerError)
	if strings.Contains(page.Body, "secret") || strings.Contains(page.Body, "goroutine") {
		t.Error("the page shows the panic")
	}
	if !strings.Contains(page.Body, page.Header.Get("X-Request-Id")) {
		t.Error("the page does not name its number")
	}
}

func TestSlownessIsUnavailable(t *testing.T) {
	app := apptest.New(t, func(o *web.Options) {
		o.Queues = func(context.Context) (views.Workload, error) { return views.Workload{}, context.DeadlineExceeded }
	})
	app.AsAt("", "platform").Get("/platform/queues").Is(http.StatusServiceUnavailable)
}

func TestBodiesAreBounded(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("alpha")
	c.Post("/session", apptest.Form{"user": strings.Repeat("x", 2<<20)}).Is(http.StatusRequestEntityTooLarge)
}

func TestOnlyFormsAreRead(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("alpha")
	c.Headers = map[string]string{"Content-Type": "application/json", "X-CSRF-Token": c.Token()}
	c.Post("/session", apptest.Form{"user": "pr"}).Is(http.StatusUnprocessableEntity)
}
