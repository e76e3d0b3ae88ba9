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
	"pasokh/app/privacy"
	"pasokh/app/signin"
	"pasokh/app/web"
	"pasokh/policies"
	"pasokh/tenants"
	"pasokh/views"
)

// Whoever is shown whole national IDs by their role leaves a line a day and case,
// and the citizen is told; whoever is shown a mask leaves none.
func TestReadingANationalIDIsOnRecord(t *testing.T) {
	d := newDesk(t)
	twin := d.Twin(d.A)
	page := fmt.Sprintf("/desk/complaints/%d", twin.Complaint)
	before := lines(t, d.App, d.A, complaints.ActIdentityRead)
	pr := d.As("pr")
	for range 3 {
		pr.Get(page).Is(http.StatusOK)
	}
	first := d.statements(func() { pr.Get(page).Is(http.StatusOK) })
	d.As("operator").Get(page)
	if n := lines(t, d.App, d.A, complaints.ActIdentityRead) - before; n != 1 {
		t.Errorf("%d lines of one reader on one day", n)
	}
	if first > 14 {
		t.Errorf("looking again takes %d statements", first)
	}
	d.Advance(25 * time.Hour)
	d.As("pr").Get(page).Is(http.StatusOK)
	if n := lines(t, d.App, d.A, complaints.ActIdentityRead) - before; n != 2 {
		t.Errorf("%d lines after a day", n)
	}
	db := d.Root.For(d.A)
	defer db.Release()
	held, err := privacy.HeldOf(t.Context(), db, twin.Mobile)
	if err != nil || len(held.Reads) == 0 || held.Reads[0].Code == "" {
		t.Error("the citizen is not told", held.Reads, err)
	}
}

// An organization that is read only lets its staff prove who they are and keep
// their accounts safe.
func TestAReadOnlyOrganizationStillProves(t *testing.T) {
	app := apptest.New(t)
	pr := app.As("pr")
	app.AsAt("", "platform").Post(views.ConsolePath(app.A.ID)+"/moves", apptest.Form{"to": string(tenants.StatusSuspended), "reason": "آزمون"}).Is(http.StatusSeeOther)
	pr.Post("/desk/account", apptest.Form{"name_fa": "ن", "name_en": "N"}).Is(http.StatusForbidden)
	pr.Post("/desk/confirm", apptest.Form{"password": "wrong"}).Is(http.StatusUnprocessableEntity)
	pr.Post("/desk/confirm", apptest.Form{"password": apptest.Password("pr"), "next": "/desk"}).Is(http.StatusSeeOther)
	pr.Post("/desk/confirm/passkey/options", nil)
	for _, path := range []string{"/desk/account/security/sessions/end", "/desk/account/password"} {
		if page := pr.Post(path, apptest.Form{}); page.Status == http.StatusForbidden {
			t.Errorf("%s is shut: %s", path, page.Text())
		}
	}
}

// A stream whose reader loses the right ends with its next look.
func TestAStreamEndsWithTheRight(t *testing.T) {
	book, err := policies.Load() // its own: the other is shared by all tests
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, func(o *web.Options) { o.LiveFor, o.Book = time.Minute, book })
	port := d.Listen()
	e := d.listen(port, d.As("pr"), "/desk/live")
	e.until(has(`id="tab-new"`))
	if err := book.Swap(d.A.ID, []policies.Rule{{Role: "pr_officer", Permission: "complaint:read"}}); err != nil {
		t.Fatal(err)
	}
	c := d.file()
	d.As("manager").Post(path(c, "note"), apptest.Form{"text": "سلام"}).Is(http.StatusSeeOther)
	limit := time.After(10 * time.Second)
	for {
		select {
		case event, ok := <-e.events:
			if !ok {
				return
			}
			if strings.Contains(event, "۱") {
				t.Fatal("the stream goes on telling: " + event)
			}
		case <-limit:
			t.Fatal("the stream goes on")
		}
	}
}

// The codes of an organization, and those of all, have a budget that no number of
// addresses widens.
func TestCodesHaveABudget(t *testing.T) {
	app := apptest.New(t)
	if app.Mini == nil {
		t.Skip("counters are set in the small Redis")
	}
	send := func(slug, mobile string) int {
		return app.Visit(slug).Post("/my/codes", apptest.Form{"mobile": mobile}).Status
	}
	if send("alpha", "09120000001") != http.StatusSeeOther {
		t.Fatal("no code is sent")
	}
	spend := func(part string) {
		t.Helper()
		found := false
		for _, key := range app.Mini.Keys() {
			if strings.Contains(key, part) {
				_ = app.Mini.Set(key, "1000000")
				found = true
			}
		}
		if !found {
			t.Error("nothing counts " + part)
		}
	}
	spend(":codes_org:")
	if a, b := send("alpha", "09120000002"), send("beta", "09120000003"); a != http.StatusTooManyRequests || b != http.StatusSeeOther {
		t.Errorf("the organization's budget is spent: %d there, %d elsewhere", a, b)
	}
	spend(":codes_all")
	if b := send("beta", "09120000004"); b != http.StatusTooManyRequests {
		t.Errorf("the budget of all is spent: %d", b)
	}
}

// A service whose secret no key opens, as after a move, is away and no fault of ours.
func TestAServiceWithoutItsSecretIsAway(t *testing.T) {
	app, _ := served(t, nil)
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*signin.Service)(nil), "secret = 'AAAA'", nil, "kind = 'staff'")
		return err
	})
	c := app.Visit("alpha")
	c.Get("/sign-in")
	c.Get("/sign-in/service").To("/sign-in")
}
