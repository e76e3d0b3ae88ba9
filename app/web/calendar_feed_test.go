package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// address reads the calendar address that a page shows, as its path.
func address(t *testing.T, p *apptest.Page) string {
	t.Helper()
	_, path, ok := strings.Cut(p.Is(http.StatusOK).Doc().Find("#address .code-text").First().Text(), "/calendar/")
	if !ok {
		t.Fatalf("no address in %s", p.Text())
	}
	return "/calendar/" + strings.TrimSpace(path)
}

func TestCalendarAddressOfStaff(t *testing.T) {
	app := apptest.New(t)
	app.Twin(app.A)
	clerk, anybody := app.As("pr"), app.Visit("alpha")
	page := clerk.Get("/desk/calendars").Is(http.StatusOK)
	subject, _ := page.Doc().Find("input[name=subject]").First().Attr("value")
	form := apptest.Form{"kind": "executive", "subject": subject}
	at := address(t, clerk.Post("/desk/calendars", form))
	feed := anybody.Get(at).Is(http.StatusOK)
	if !strings.HasPrefix(feed.Body, "BEGIN:VCALENDAR") || strings.Contains(strings.ReplaceAll(feed.Body, "\r\n ", ""), "CANARY") {
		t.Error(feed.Body)
	}
	if kind := feed.Header.Get("Content-Type"); kind != "text/calendar; charset=utf-8; method=PUBLISH" {
		t.Error(kind)
	}
	if list := clerk.Get("/desk/calendars").Is(http.StatusOK); list.Has("#address") {
		t.Error("the address is shown again")
	}
	app.Visit("beta").Get(at).Is(http.StatusNotFound)
	anybody.Get(strings.TrimSuffix(at, ".ics")).Is(http.StatusNotFound)
	clerk.Post("/desk/calendars", apptest.Form{"kind": "executive", "subject": "1"}).Is(http.StatusNotFound)
	clerk.Post("/desk/calendars/revocation", form).Is(http.StatusSeeOther)
	anybody.Get(at).Is(http.StatusNotFound)
}

// Who has left takes no calendar along.
func TestCalendarAddressOfWhoLeft(t *testing.T) {
	app := apptest.New(t)
	app.Twin(app.A)
	clerk, anybody := app.As("pr"), app.Visit("alpha")
	subject, _ := clerk.Get("/desk/calendars").Is(http.StatusOK).Doc().Find("input[name=subject]").First().Attr("value")
	at := address(t, clerk.Post("/desk/calendars", apptest.Form{"kind": "executive", "subject": subject}))
	anybody.Get(at).Is(http.StatusOK)
	id := app.Staff(app.A, "pr").ID
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return staff.Disable(ctx, tx, id) })
	anybody.Get(at).Is(http.StatusNotFound)
}

func TestCalendarAddressOfACitizen(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	citizen := app.Citizen(twin.Mobile)
	citizen.Get("/my/calendar").Is(http.StatusOK)
	first := address(t, citizen.Post("/my/calendar", nil))
	anybody := app.Visit("alpha")
	if feed := anybody.Get(first).Is(http.StatusOK); !strings.Contains(feed.Body, "BEGIN:VEVENT") {
		t.Error(feed.Body)
	}
	second := address(t, citizen.Post("/my/calendar", nil))
	anybody.Get(first).Is(http.StatusNotFound)
	anybody.Get(second).Is(http.StatusOK)
	citizen.Post("/my/calendar/revocation", nil).Is(http.StatusSeeOther)
	anybody.Get(second).Is(http.StatusNotFound)
}
