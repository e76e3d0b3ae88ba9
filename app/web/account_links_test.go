package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/staff"
	"pasokh/tenants"
)

const links = "/desk/account/organizations"

// linked links pr of alpha with expert of beta, through their browsers.
func linked(t *testing.T, app *apptest.App) (a, b *apptest.Client) {
	t.Helper()
	a, b = app.AsAt("alpha", "pr"), app.AsAt("beta", "expert")
	consent := wordOf(t, a.Post(links, apptest.Form{"organization": "beta"}).Is(http.StatusOK))
	b.Get(consent).Is(http.StatusOK)
	answer := wordOf(t, b.Post(consent, nil).Is(http.StatusOK))
	b.Post(consent, nil).Is(http.StatusNotFound) // once
	app.As("manager").Post(answer, nil).Is(http.StatusNotFound)
	a.Get(answer).Is(http.StatusOK)
	a.Post(answer, nil).Is(http.StatusSeeOther)
	a.Post(answer, nil).Is(http.StatusNotFound)
	return a, b
}

func linkOf(t *testing.T, app *apptest.App, at *tenants.Tenant, user string) tenants.AccountLink {
	t.Helper()
	list, err := app.Root.UnscopedLinks(t.Context(), tenants.Account{Organization: at.ID, Staff: app.Staff(at, user).ID})
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	return list[0]
}

func TestOnePersonGoesOverToTheOtherOrganization(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a, b := linked(t, app)
	app.Drain()
	if sent := app.Sent(); len(sent) < 2 || sent[len(sent)-1].Template != "sms.staff.linked" {
		t.Errorf("the person was not told: %v", sent)
	}
	l := linkOf(t, app, app.A, "pr")
	if back := linkOf(t, app, app.B, "expert"); back.ID != l.ID {
		t.Error("the ends differ")
	}
	if page := a.Get("/desk"); !page.Has(`a[href="` + links + `"]`) {
		t.Error("the menu has no way over")
	}
	over := fmt.Sprintf("%s/%d/crossing", links, l.ID)
	word := wordOf(t, a.Post(over, nil).Is(http.StatusOK))
	visit := func(slug string) *apptest.Client {
		c := app.Visit(slug)
		c.Get("/sign-in")
		return c
	}
	visit("alpha").Post(word, nil).Is(http.StatusNotFound) // bound to its host
	there := visit("beta")
	there.Get(word).Is(http.StatusOK)
	there.Post(word, nil).Is(http.StatusSeeOther)
	if name := there.Get("/desk").Is(http.StatusOK).Doc().Find(".person-card").Text(); !strings.Contains(name, app.B.NameFA) {
		t.Errorf("arrived as %s", name)
	}
	there.Get(links + "/new").Is(http.StatusSeeOther) // no proof that opens dangerous acts
	visit("beta").Post(word, nil).Is(http.StatusNotFound)

	late := wordOf(t, a.Post(over, nil))
	app.Clock.Advance(2 * time.Minute)
	visit("beta").Post(late, nil).Is(http.StatusNotFound)
	app.As("manager").Post(over, nil).Is(http.StatusNotFound)
	app.AsAt("beta", "pr").Post(over, nil).Is(http.StatusNotFound)

	t.Run("the other organization judges anew", func(t *testing.T) {
		id := app.Staff(app.B, "expert").ID
		ready := wordOf(t, a.Post(over, nil))
		app.Do(app.B, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return staff.Disable(ctx, tx, id) })
		visit("beta").Post(ready, nil).Is(http.StatusNotFound)
		app.Do(app.B, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return staff.Enable(ctx, tx, id) })
		app.Do(app.B, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*staff.Staff)(nil), "factor_at = ?", []any{tx.Now()}, "id = ?", id)
			return err
		})
		c := visit("beta")
		if page := c.Post(wordOf(t, a.Post(over, nil)), nil).Is(http.StatusSeeOther); page.Location != "/sign-in/factor" {
			t.Errorf("the second factor was not asked for: %s", page.Location)
		}
		c.Get("/desk").Is(http.StatusSeeOther)
	})
	t.Run("either side unlinks", func(t *testing.T) {
		ready := wordOf(t, a.Post(over, nil))
		app.As("manager").Post(fmt.Sprintf("%s/%d/removal", links, l.ID), nil).Is(http.StatusNotFound)
		b = app.AsAt("beta", "manager")
		b.Post(fmt.Sprintf("%s/%d/removal", links, l.ID), nil).Is(http.StatusNotFound)
		a.Post(fmt.Sprintf("%s/%d/removal", links, l.ID), nil).Is(http.StatusSeeOther)
		visit("beta").Post(ready, nil).Is(http.StatusNotFound)
		a.Post(over, nil).Is(http.StatusNotFound)
		if a.Get("/desk").Has(`a[href="` + links + `"]`) {
			t.Error("the menu keeps the way")
		}
	})
}

// Whoever is sent a link that somebody else began cannot be taken over by it.
func TestALinkNeedsBothAccountsInOneBrowser(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	attacker, victim := app.AsAt("alpha", "pr"), app.AsAt("beta", "manager")
	for _, bad := range []string{"", "alpha", "platform", "nobody"} {
		if status := attacker.Post(links, apptest.Form{"organization": bad}).Status; status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", bad, status)
		}
	}
	consent := wordOf(t, attacker.Post(links, apptest.Form{"organization": "beta"}))
	app.As("manager").Get(consent).Is(http.StatusNotFound) // at another host
	answer := wordOf(t, victim.Post(consent, nil).Is(http.StatusOK))
	app.As("expert").Post(answer, nil).Is(http.StatusNotFound) // not who began
	app.Clock.Advance(tenants.LinkTime + time.Minute)
	again := app.AsAt("alpha", "pr")
	again.Post(answer, nil).Is(http.StatusNotFound) // too late
	if list, err := app.Root.UnscopedLinks(t.Context(), tenants.Account{Organization: app.B.ID, Staff: app.Staff(app.B, "manager").ID}); err != nil || len(list) > 0 {
		t.Errorf("%v %v", list, err)
	}
}
