package web_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/audit"
	"pasokh/app/emergency"
	"pasokh/app/staff"
	"pasokh/app/web"
	"pasokh/tenants"
	"pasokh/views"
)

var asked = apptest.Form{"reason": "بررسی خطای فهرست به خواست سازمان", "ticket": "PS-1204", "hours": "1"}

// looker asks for a grant at an organization and comes in by it.
func looker(t *testing.T, app *apptest.App, platform *apptest.Client, at *tenants.Tenant) (*apptest.Client, *emergency.Grant) {
	t.Helper()
	base := views.ConsolePath(at.ID) + "/emergency"
	platform.Post(base, asked).Is(http.StatusSeeOther)
	g := running(t, app, at)
	page := platform.Post(base+"/"+fmt.Sprint(g.ID)+"/entry", nil).Is(http.StatusOK)
	c := app.Visit(at.Slug)
	word := wordOf(t, page)
	c.Get(word).Is(http.StatusOK)
	c.Post(word, nil).Is(http.StatusSeeOther)
	return c, g
}

// wordOf is the path on the other host to which a page leads.
func wordOf(t *testing.T, page *apptest.Page) string {
	t.Helper()
	m := regexp.MustCompile(`url=http://[a-z.]+(/.+)$`).FindStringSubmatch(page.Header.Get("Refresh"))
	if m == nil {
		t.Fatalf("no way on: %q", page.Header.Get("Refresh"))
	}
	return m[1]
}

func running(t *testing.T, app *apptest.App, at *tenants.Tenant) *emergency.Grant {
	t.Helper()
	db := app.Root.For(at)
	defer db.Release()
	list, err := emergency.Running(t.Context(), db)
	if err != nil || len(list) == 0 {
		t.Fatalf("%v %v", list, err)
	}
	return &list[len(list)-1]
}

// The whole way: asked for, told, looked, recorded on both sides, ended.
func TestEmergencyAccess(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	platform, admin := app.AsAt("", "platform"), app.As("admin")
	base := views.ConsolePath(app.A.ID) + "/emergency"
	if page := platform.Post(base, apptest.Form{"reason": "کوتاه", "hours": "9"}).Is(http.StatusUnprocessableEntity); !page.Has("#reason-error") || !page.Has("#ticket-error") || !page.Has("#hours-error") {
		t.Error("what is wrong is not said")
	}
	if admin.Get("/desk/organization").Has(".alarm") {
		t.Error("a bar without a cause")
	}
	c, g := looker(t, app, platform, app.A)
	platform.Post(base, asked).Is(http.StatusConflict)
	app.Drain()
	if sent := app.Sent(); len(sent) == 0 || sent[len(sent)-1].Template != "sms.emergency.opened" {
		t.Errorf("the administrators were not told: %v", sent)
	}
	if bar := admin.Get("/desk/organization").Doc().Find(".alarm").Text(); !strings.Contains(bar, "مدیر سامانه") {
		t.Errorf("the administrators see no bar: %q", bar)
	}
	t.Run("looks at marked pages only", func(t *testing.T) { looksOnly(t, app, a, c) })
	t.Run("fields are masked until asked for", func(t *testing.T) {
		path := fmt.Sprintf("/desk/complaints/%d", a.Complaint)
		if body := c.Get(path).Is(http.StatusOK).Body; strings.Contains(body, "0012345679") || strings.Contains(body, "۰۰۱۲۳۴۵۶۷۹") || strings.Contains(body, "9121110000") {
			t.Error("a number is shown whole")
		}
		c.Post(path+"/unmasking", apptest.Form{"reason": "کم"}).Is(http.StatusUnprocessableEntity)
		c.Post(path+"/unmasking", apptest.Form{"reason": "شماره با پیامک خطا سنجیده می‌شود"}).Is(http.StatusSeeOther)
		if text := c.Get(path).Text(); !strings.Contains(text, "۰۰۱۲۳۴۵۶۷۹") && !strings.Contains(text, "0012345679") {
			t.Error("what was asked for is not shown")
		}
	})
	own := fmt.Sprintf("/desk/organization/emergency/%d", g.ID)
	if text := admin.Get(own).Is(http.StatusOK).Text(); !strings.Contains(text, "فهرست پرونده‌ها") || !strings.Contains(text, "یک پرونده") || !strings.Contains(text, "PS-1204") {
		t.Error(text)
	}
	for _, at := range []*tenants.Tenant{app.A, app.Platform} {
		if n := lines(t, app, at, "emergency:view"); n < 5 {
			t.Errorf("%s has %d lines", at.Slug, n)
		}
	}
	admin.Post(own+"/end", nil).Is(http.StatusSeeOther)
	if page := c.Get("/desk"); page.Status != http.StatusSeeOther || !strings.HasPrefix(page.Location, "/sign-in") {
		t.Errorf("looks on: %d", page.Status)
	}
	if text := admin.Get(own).Text(); !strings.Contains(text, "سازمان پایان داد") {
		t.Error(text)
	}
}

func lines(t *testing.T, app *apptest.App, at *tenants.Tenant, act string) int {
	t.Helper()
	db := app.Root.For(at)
	defer db.Release()
	list, _, err := audit.Search(t.Context(), db, audit.Filter{Act: act})
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// looksOnly goes through every route there is.
func looksOnly(t *testing.T, app *apptest.App, a *apptest.Twin, c *apptest.Client) {
	before := app.Fingerprint(app.A)
	for _, rt := range routes(t) {
		if rt.Audience != web.Staff || rt.Emergency && rt.Method != http.MethodGet {
			continue
		}
		path := rt.Pattern
		if strings.Contains(path, ":") {
			path = fill(path, objectOf(t, rt.Pattern)(a), a)
		}
		var page *apptest.Page
		if rt.Method == http.MethodGet {
			page = c.Get(path)
		} else {
			page = c.Post(path, nil)
		}
		if rt.Emergency && (page.Status != http.StatusOK || !page.Has(".alarm")) {
			t.Errorf("%s: %d, marked %v", path, page.Status, page.Has(".alarm"))
		}
		if !rt.Emergency && page.Status != http.StatusForbidden {
			t.Errorf("%s %s: %d", rt.Method, path, page.Status)
		}
	}
	after := app.Fingerprint(app.A)
	for table, sum := range after {
		if before[table] != sum && !strings.HasPrefix(table, "audit_") {
			t.Errorf("%s has changed", table)
		}
	}
}

// Over, ended, another organization's, another person's: one refusal.
func TestEmergencyWalls(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	app.Do(app.Platform, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return staff.Seed(ctx, tx, staff.Cheap(), []tenants.StaffSpec{{User: "other", NameFA: "همکار", NameEN: "Other", Roles: []string{"platform_admin"}}}, apptest.Password)
	})
	platform, other := app.AsAt("", "platform"), app.AsAt("", "other")
	platform.Get("/desk").Is(http.StatusNotFound)
	c, g := looker(t, app, platform, app.A)
	c.Get("/desk").Is(http.StatusOK)
	entry := func(who *apptest.Client, at *tenants.Tenant, id int64) string {
		page := who.Post(fmt.Sprintf("%s/emergency/%d/entry", views.ConsolePath(at.ID), id), nil)
		return fmt.Sprintf("%d %s", page.Status, regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]+|[A-Za-z0-9_-]{20,}|[0-9A-Z]{8,}`).ReplaceAllString(page.Doc().Find("main").Text(), "X"))
	}
	nothing := entry(platform, app.A, tenants.NewID())
	if !strings.HasPrefix(nothing, "404") {
		t.Fatal(nothing)
	}
	for name, got := range map[string]string{"another person": entry(other, app.A, g.ID), "another organization": entry(platform, app.B, g.ID)} {
		if got != nothing {
			t.Errorf("%s: %s, want %s", name, got, nothing)
		}
	}
	b := app.Visit("beta")
	b.SetCookie("pasokh-emergency", c.Cookie("pasokh-emergency"))
	b.Get("/desk").Is(http.StatusSeeOther)
	stranger := app.Visit("beta")
	word := wordOf(t, platform.Post(fmt.Sprintf("%s/emergency/%d/entry", views.ConsolePath(app.A.ID), g.ID), nil))
	stranger.Get("/sign-in")
	stranger.Post(word, nil).Is(http.StatusNotFound)
	again := app.Visit("alpha")
	again.Get("/sign-in")
	again.Post(word, nil).Is(http.StatusSeeOther)
	again.Post(word, nil).Is(http.StatusNotFound) // once
	c.Get("/desk").Is(http.StatusSeeOther)        // the browser from before
	again.Get("/desk").Is(http.StatusOK)

	late := wordOf(t, platform.Post(fmt.Sprintf("%s/emergency/%d/entry", views.ConsolePath(app.A.ID), g.ID), nil))
	app.Clock.Advance(2 * time.Minute)
	again.Post(late, nil).Is(http.StatusNotFound)
	again.Get("/desk").Is(http.StatusOK)

	// Who loses the right at the platform looks no longer, from the next request on.
	holder := app.Staff(app.Platform, "platform")
	app.Do(app.Platform, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return staff.Disable(ctx, tx, holder.ID) })
	again.Get("/desk").Is(http.StatusSeeOther)
	app.Do(app.Platform, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return staff.Enable(ctx, tx, holder.ID) })
	again.Get("/desk").Is(http.StatusOK)
	app.Clock.Advance(time.Hour)
	again.Get("/desk").Is(http.StatusSeeOther) // ended by itself
	if got := entry(app.AsAt("", "platform"), app.A, g.ID); got != nothing {
		t.Errorf("over: %s", got)
	}
}

// A grant wants a fresh proof of who asks.
func TestEmergencyNeedsAFreshProof(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	platform := app.AsAt("", "platform")
	app.Clock.Advance(staff.FreshFor + time.Minute)
	base := views.ConsolePath(app.A.ID) + "/emergency"
	platform.Get(base).Is(http.StatusOK)
	platform.Post(base, asked).Is(http.StatusForbidden)
}
