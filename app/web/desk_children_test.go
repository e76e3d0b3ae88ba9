package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/tenants"
	"pasokh/views"
)

// The parent sees how many, and nothing of what a case below it says.
func TestParentSeesFiguresAndNoText(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.B)
	platform := app.AsAt("", "platform")
	if page := app.As("manager").Get("/desk/children").Is(http.StatusOK); !strings.Contains(page.Text(), "سازمانی زیرمجموعه نیست") || page.Has(`nav a[href="/desk/children"]`) {
		t.Error(page.Text())
	}
	platform.Post(views.ConsolePath(app.B.ID)+"/parent", apptest.Form{"parent": "beta"}).Is(http.StatusUnprocessableEntity)
	platform.Post(views.ConsolePath(app.B.ID)+"/parent", apptest.Form{"parent": "alpha"}).Is(http.StatusSeeOther)
	app.Clock.Advance(time.Minute) // what is known of organizations is read again
	for _, user := range []string{"manager", "admin", "overseer"} {
		c := app.As(user)
		for _, period := range []string{"", "?period=1405-08", "?period=1405-s3", "?period=1405", "?period=nonsense"} {
			page := c.Get("/desk/children" + period).Is(http.StatusOK)
			if !strings.Contains(page.Text(), app.B.NameFA) || !page.Has(`a[href="/desk/children"]`) {
				t.Errorf("%s %s: %s", user, period, page.Text())
			}
			for _, secret := range []string{twin.Canary, twin.Code, "09121110000", fmt.Sprint(twin.Complaint)} {
				if strings.Contains(page.Body, secret) {
					t.Errorf("%s %s shows %q of a case", user, period, secret)
				}
			}
		}
	}
	list, err := app.Root.UnscopedChildFigures(t.Context(), app.A, app.Clock.Now().Add(-time.Hour), app.Clock.Now().Add(time.Hour))
	if err != nil || len(list) != 1 || list[0].ID != app.B.ID || list[0].Received == 0 || list[0].Open == 0 {
		t.Errorf("%+v %v", list, err)
	}
	if list, err = app.Root.UnscopedChildFigures(t.Context(), app.B, app.Clock.Now().Add(-time.Hour), app.Clock.Now()); err != nil || len(list) != 0 {
		t.Errorf("a child sees %+v %v", list, err)
	}
	app.As("expert").Get("/desk/children").Is(http.StatusForbidden)
	app.AsAt("beta", "manager").Get("/desk/children").Is(http.StatusOK)
}

// Limits warn, refuse files, and never refuse a case.
func TestQuotas(t *testing.T) {
	app := apptest.New(t)
	app.Twin(app.A)
	app.RunClock("tenants.tally")
	platform := app.AsAt("", "platform")
	path := views.ConsolePath(app.A.ID) + "/quotas"
	if page := platform.Post(path, apptest.Form{"cases": "many"}).Is(http.StatusUnprocessableEntity); !page.Has("#cases-error") {
		t.Error("what is no number is a limit")
	}
	platform.Post(path, apptest.Form{"cases": "۱", "messages": "", "storage": ""}).Is(http.StatusSeeOther)
	if text := platform.Get("/platform").Text(); !strings.Contains(text, "سقف پر شده") {
		t.Error(text)
	}
	if text := app.As("admin").Get("/desk/organization/usage").Is(http.StatusOK).Text(); !strings.Contains(text, "آبان ۱۴۰۵") {
		t.Error(text)
	}
	full := *app.A
	full.Quotas = tenants.Quotas{Cases: 1, StorageBytes: 10, Messages: 1}
	db := app.Root.For(&full)
	defer db.Release()
	err := db.Write(t.Context(), tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) error {
		if err := tx.Begins(); err != nil {
			t.Error("a case is refused for a limit", err)
		}
		return tx.RoomFor(t.Context(), 1)
	})
	if err == nil {
		t.Error("there is room for a file beyond the limit")
	}
	// Twin's messages have not been sent yet; one that is counted uses the limit up.
	tally, err := tenants.Use(t.Context(), db, "1405-08")
	if err != nil || tally.Cases == 0 || tally.OpenCases == 0 || tally.StorageBytes == 0 || tally.LastAt == nil {
		t.Errorf("%+v %v", tally, err)
	}
	full.Quotas.Messages = max(1, tally.Messages)
	if stops, err := tenants.CourtesyStops(t.Context(), db); err != nil || stops != (tally.Messages > 0) {
		t.Errorf("%v %v of %d", stops, err, tally.Messages)
	}
}

func TestAnnouncementIsShownUntilItIsRead(t *testing.T) {
	app := apptest.New(t)
	platform := app.AsAt("", "platform")
	in := apptest.Form{"text_fa": "جمعه شب سامانه به‌روز می‌شود.", "text_en": "An update on Friday night.", "until": "1405/09/10", "organizations": fmt.Sprint(app.A.ID)}
	platform.Post("/platform/announcements", apptest.Form{"text_fa": "جمعه", "until": "1405/01/01"}).Is(http.StatusUnprocessableEntity)
	platform.Post("/platform/announcements", in).To("/platform/announcements")
	if text := platform.Get("/platform/announcements").Text(); !strings.Contains(text, app.A.NameFA) {
		t.Error(text)
	}
	c, other := app.As("pr"), app.AsAt("beta", "pr")
	if page := c.Get("/desk"); !strings.Contains(page.Text(), "جمعه شب") {
		t.Error(page.Text())
	}
	if strings.Contains(other.Get("/desk").Text(), "جمعه شب") {
		t.Error("another organization reads it")
	}
	list, err := app.Root.UnscopedAnnouncements(t.Context(), 0, 10)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	dismissal := fmt.Sprintf("/desk/announcements/%d/dismissal", list[0].ID)
	other.Post(dismissal, nil).Is(http.StatusNotFound)
	c.Post(dismissal, nil).Is(http.StatusSeeOther)
	c.Post(dismissal, nil).Is(http.StatusSeeOther)
	if strings.Contains(c.Get("/desk").Text(), "جمعه شب") {
		t.Error("it is shown to who has read it")
	}
	if !strings.Contains(app.As("manager").Get("/desk").Text(), "جمعه شب") {
		t.Error("it is gone for a colleague")
	}
	platform.Post(fmt.Sprintf("/platform/announcements/%d/withdrawal", list[0].ID), nil).Is(http.StatusSeeOther)
	if strings.Contains(app.As("manager").Get("/desk").Text(), "جمعه شب") {
		t.Error("it stays although it was withdrawn")
	}
}
