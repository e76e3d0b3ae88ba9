package handover_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/fault"
	"pasokh/app/handover"
	"pasokh/tenants"
)

const page = "/desk/organization/export"

// fetch has the admin order a package, takes it, and says that they hold it.
func fetch(t *testing.T, a *apptest.App, admin *apptest.Client) {
	t.Helper()
	admin.Post(page, apptest.Form{}).To(page)
	admin.Post(page, apptest.Form{}).Is(409)
	if !admin.Get(page).Has("#packages progress") {
		t.Error("the page does not show how far the package is")
	}
	a.Drain()
	p := admin.Get(page)
	at, ok := p.Doc().Find("#packages a[href$='/package']").First().Attr("href")
	if !ok {
		t.Fatalf("there is nothing to fetch: %s", p.Text())
	}
	notTheirs(t, a, at)
	got := admin.Get(at).Is(200)
	file := filepath.Join(t.TempDir(), "package.tar")
	if err := os.WriteFile(file, []byte(got.Body), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := handover.Verify(file, nil, a.Clock.Now)
	if err != nil || m.Organization.Slug != "alpha" {
		t.Fatalf("what was fetched is no package of alpha: %v", err)
	}
	admin.Get(at).Is(404) // once
	a.AsAt("beta", "admin").Get(at).Is(404)
	a.As("pr").Get(at).Is(403)
	admin.Post(strings.TrimSuffix(at, "/package")+"/confirmation", apptest.Form{}).To(page)
}

// notTheirs: a package is taken by who asked for it, not by a colleague with the
// same rights.
func notTheirs(t *testing.T, a *apptest.App, at string) {
	t.Helper()
	id, err := strconv.ParseInt(filepath.Base(filepath.Dir(at)), 10, 64)
	if err != nil {
		t.Fatal(at, err)
	}
	a.Do(a.A, a.Staff(a.A, "manager"), func(ctx context.Context, tx *tenants.Tx) error {
		if _, err := handover.Fetched(ctx, tx, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else takes it: %v", err)
		}
		return nil
	})
}

// From closing to the certificate, through the pages.
func TestAnOrganizationEnds(t *testing.T) {
	a, _ := world(t)
	console := "/platform/organizations/" + strconv.FormatInt(a.A.ID, 10)
	platform := func() *apptest.Client { return a.AsAt("", "platform") }
	platform().Post(console+"/moves", apptest.Form{"to": "closing", "reason": "پایان قرارداد"}).To(console)
	end := apptest.Form{"end_reason": "پایان قرارداد", "slug_again": "alpha"}
	platform().Post(console+"/deletion", end).Is(422)
	a.Clock.Advance(tenants.ClosingTime + time.Minute)
	platform().Post(console+"/deletion", end).Is(422)
	fetch(t, a, a.As("admin"))
	platform().Post(console+"/hold", apptest.Form{"on": "1", "hold": "دستور دادگاه"}).To(console)
	platform().Post(console+"/deletion", end).Is(422)
	if text := platform().Get(console).Text(); !strings.Contains(text, "توقیف قانونی برقرار است.") {
		t.Errorf("the page does not say that a hold lies on it: %s", text)
	}
	a.Do(a.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		if err := tx.Move(ctx, tenants.StatusDeleted, "پایان قرارداد"); fault.As(err).Key != "standing.error.early" {
			t.Errorf("ended under a hold: %v", err)
		}
		return nil
	})
	platform().Post(console+"/hold", apptest.Form{}).To(console)
	platform().Post(console+"/deletion", apptest.Form{"end_reason": "پایان قرارداد", "slug_again": "beta"}).Is(422)
	platform().Post(console+"/deletion", end).To(console)
	a.Visit("alpha").Get("/").Is(404)
	a.Clock.Advance(time.Minute)
	if n, err := handover.EraseDue(t.Context(), a.Root, a.Files); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if text := platform().Get(console + "/certificate").Is(200).Text(); !strings.Contains(text, "alpha") || !strings.Contains(text, "complaints") {
		t.Errorf("the certificate says %s", text)
	}
	if _, err := a.Root.UnscopedTenantBySlug(t.Context(), "alpha"); err != nil {
		t.Errorf("the name can be taken by somebody else: %v", err)
	}
}
