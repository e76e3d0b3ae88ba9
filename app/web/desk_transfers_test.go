package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// transferred writes a transfer of a case, as it is kept here.
func (d *desk) transferred(c *complaints.Complaint, direction, state string) {
	d.t.Helper()
	d.Do(d.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return tx.Insert(ctx, &complaints.Transfer{
			ID: tenants.NewID(), ComplaintID: c.ID, Direction: direction, OtherSlug: "beta", OtherFA: "آب", OtherEN: "Water", Reason: "از آن ایشان", State: state, At: tx.Now(),
		})
	})
}

func TestTransfersAreListedByDirection(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	pr := d.As("pr")
	if !pr.Get("/desk/transfers").Is(http.StatusOK).Has("#transfers .empty") {
		t.Error("no word about an empty list")
	}
	sent, got, secret := d.file(), d.file(), d.file()
	d.transferred(sent, complaints.TransferOut, complaints.TransferSent)
	d.transferred(got, complaints.TransferIn, complaints.TransferArrived)
	d.transferred(secret, complaints.TransferIn, complaints.TransferArrived)
	d.As("manager").Post(path(secret, "seal"), apptest.Form{"reason": "درباره کارمند"}).Is(http.StatusSeeOther)
	for query, want := range map[string][]*complaints.Complaint{"": {got, sent}, "?direction=out": {sent}, "?direction=in": {got}, "?direction=up": {got, sent}} {
		page := pr.Get("/desk/transfers" + query).Is(http.StatusOK)
		text := page.Text()
		for _, c := range []*complaints.Complaint{sent, got, secret} {
			wanted := false
			for _, w := range want {
				wanted = wanted || w == c
			}
			if strings.Contains(text, persian.ShowCode(c.Code)) != wanted {
				t.Errorf("%q: case %s is shown: %v", query, c.Code, !wanted)
			}
		}
	}
	if !pr.Get("/desk").Has("a[href='/desk/transfers']") || d.As("expert").Get("/desk").Has("a[href='/desk/transfers']") {
		t.Error("the side bar")
	}
	d.As("expert").Get("/desk/transfers").Is(http.StatusForbidden)
}

func TestTransfersComeByThePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.file()
	const all = 41
	for range all {
		d.Advance(time.Second)
		d.transferred(c, complaints.TransferOut, complaints.TransferRefused)
	}
	pr, seen := d.As("pr"), 0
	for next, pages := "/desk/transfers?direction=out", 0; next != "" && pages < 5; pages++ {
		page := pr.Get(next).Is(http.StatusOK)
		seen += page.Doc().Find("[id^='transfer-']").Length()
		next = page.Doc().Find("a[rel=next]").AttrOr("href", "")
	}
	if seen != all {
		t.Errorf("%d of %d", seen, all)
	}
}
