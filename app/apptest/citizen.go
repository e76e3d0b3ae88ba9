package apptest

import (
	"context"
	"net/http"

	"pasokh/app/citizens"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// CitizenAt signs the holder of a mobile number in at a host, by the two pages
// that citizens use.
func (a *App) CitizenAt(slug, mobile string) *Client {
	a.T.Helper()
	c := a.Visit(slug)
	c.Post("/my/codes", Form{"mobile": mobile}).To("/my/code")
	if p := c.Post("/my/session", Form{"code": a.Code(slug, mobile)}); p.Status != http.StatusSeeOther {
		a.T.Fatalf("sign-in of a citizen: %d %s", p.Status, p.Text())
	}
	return c
}

// Code makes the digits of the code last asked for by a mobile number, as the
// job would.
func (a *App) Code(slug, mobile string) string {
	a.T.Helper()
	ctx := context.Background()
	tenant, err := a.Root.UnscopedTenantBySlug(ctx, slug)
	if err != nil {
		a.T.Fatal(err)
	}
	db := a.Root.For(tenant)
	defer db.Release()
	last := new(citizens.Code)
	e164, _ := persian.Mobile(mobile)
	err = db.Select(last).Where("code.used_at IS NULL AND code.mobile = ?", db.Blind("mobile", e164)).Order("code.id DESC").Limit(1).Scan(ctx)
	if err != nil {
		a.T.Fatal(err)
	}
	var digits string
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, digits, err = citizens.IssueCode(ctx, tx, last.ID)
		return err
	})
	if err != nil {
		a.T.Fatal(err)
	}
	return digits
}
