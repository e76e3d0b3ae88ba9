package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/notify"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// The office sees what did not arrive, mends the number and sends it again, once.
func TestUndeliveredMessagesAreSeenTo(t *testing.T) {
	a := apptest.New(t)
	twin := a.Twin(a.A)
	pr := a.As("pr")
	list := pr.Get("/desk/deliveries").Is(http.StatusOK)
	path := fmt.Sprintf("/desk/deliveries/%d", twin.Message)
	if !strings.Contains(list.Text(), "۰۹۱۲•••۰۰۰۰") || strings.Contains(list.Body, "1110000") || !list.Has(`a[href="`+path+`"]`) {
		t.Fatal(list.Text())
	}
	for query, want := range map[string]bool{"?channel=mail": false, "?channel=sms&state=failed&days=7": true, "?state=unknown": false, "?state=undelivered": false} {
		if got := pr.Get("/desk/deliveries" + query).Is(http.StatusOK).Has("#troubles"); got != want {
			t.Errorf("%s: %t", query, got)
		}
	}
	if home := pr.Get("/desk").Is(http.StatusOK); !home.Has(`main a[href="/desk/deliveries"]`) {
		t.Error("the inbox does not tell")
	}
	if file := pr.Get(fmt.Sprintf("/desk/complaints/%d", twin.Complaint)).Is(http.StatusOK); !file.Has(`#deliveries a[href="` + path + `"]`) {
		t.Error("the case does not lead there")
	}
	pr.Post(path+"/resending", apptest.Form{"reason": " "}).Is(http.StatusUnprocessableEntity)
	if page := pr.Post(path+"/number", apptest.Form{"mobile": "12"}).Is(http.StatusUnprocessableEntity); !page.Has("#mobile-error") {
		t.Error(page.Text())
	}
	pr.Post(path+"/number", apptest.Form{"mobile": "۰۹۱۲۵۵۵۴۴۳۳"}).Is(http.StatusSeeOther)
	pr.Post(path+"/resending", apptest.Form{"reason": "number corrected"}).Is(http.StatusSeeOther)
	pr.Post(path+"/resending", apptest.Form{"reason": "number corrected"}).Is(http.StatusConflict)
	a.Drain()
	var to []string
	for _, m := range a.Sent() {
		if m.Text == twin.Canary {
			to = append(to, m.To)
		}
	}
	if len(to) != 1 || to[0] != "+989125554433" {
		t.Fatal(to)
	}
	if page := pr.Get("/desk/deliveries").Is(http.StatusOK); page.Has("#troubles") {
		t.Error(page.Text())
	}
	file := pr.Get(fmt.Sprintf("/desk/complaints/%d", twin.Complaint)).Is(http.StatusOK)
	if !strings.Contains(file.Text(), "پیام نرسیده دوباره فرستاده شد") {
		t.Error("the story does not tell")
	}
	a.As("expert").Get("/desk/deliveries").Is(http.StatusForbidden)
}

// What was secret is never sent again.
func TestASecretIsNotSentAgain(t *testing.T) {
	a := apptest.New(t)
	twin := a.Twin(a.A)
	a.Do(a.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*notify.Message)(nil), "text = ''", nil, "id = ?", twin.Message)
		return err
	})
	path := fmt.Sprintf("/desk/deliveries/%d", twin.Message)
	page := a.As("pr").Get(path).Is(http.StatusOK)
	if !strings.Contains(page.Text(), "محرمانه") || strings.Contains(page.Text(), "فرستادن دوباره") {
		t.Error(page.Text())
	}
	a.As("pr").Post(path+"/resending", apptest.Form{"reason": "x"}).Is(http.StatusConflict)
	a.As("pr").Post(path+"/closure", apptest.Form{"reason": "told by phone"}).Is(http.StatusSeeOther)
	db := a.Root.For(a.A)
	defer db.Release()
	list, err := notify.Of(context.Background(), db, timeline.Subject{Kind: "complaint", ID: twin.Complaint})
	if err != nil || len(list) == 0 || list[0].HandledAt == nil {
		t.Fatal(list, err)
	}
}
