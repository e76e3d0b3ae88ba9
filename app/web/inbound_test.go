package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/inbound"
	"pasokh/tenants"
)

// machine calls a hook as another machine does.
func machine(a *apptest.App, path, kind, body string) int {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	c := a.Visit("alpha")
	r.Host = c.Host
	return c.Do(r).Status
}

func word(t *testing.T, a *apptest.App, kind string, gateway int64) string {
	t.Helper()
	var word string
	a.Do(a.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) (err error) {
		word, err = inbound.NewWord(ctx, tx, kind, gateway)
		return err
	})
	return word
}

func TestTextMessagesComeInByHook(t *testing.T) {
	a := apptest.New(t)
	twin := a.Twin(a.A)
	path := "/hooks/sms/" + word(t, a, inbound.SMS, twin.Gateway)
	for range 2 {
		if got := machine(a, path, "application/json", `{"messageid":77,"from":"0912 000 1122","message":"my gas meter leaks"}`); got != http.StatusNoContent {
			t.Fatal(got)
		}
	}
	if got := machine(a, "/hooks/sms/"+tenants.NewToken(), "application/json", `{}`); got != http.StatusNotFound {
		t.Fatal(got)
	}
	a.Drain()
	pr := a.As("pr")
	page := pr.Get("/desk/inbound").Is(http.StatusOK)
	if strings.Count(page.Body, "my gas meter leaks") != 1 {
		t.Fatal(page.Text())
	}
	link := page.Doc().Find(`a[href^="/desk/intake?inbound="]`).First().AttrOr("href", "")
	form := pr.Get(link).Is(http.StatusOK)
	if got := form.Doc().Find("textarea[name=text]").Text(); got != "my gas meter leaks" || !form.Has("#intake-form input[name=inbound]") {
		t.Fatal(got)
	}
	at := fmt.Sprintf("/desk/inbound/%d", twin.Inbound)
	pr.Post(at+"/attachment", apptest.Form{"code": "nonsense"}).Is(http.StatusUnprocessableEntity)
	pr.Post(at+"/attachment", apptest.Form{"code": twin.Code}).Is(http.StatusSeeOther)
	pr.Post(at+"/closure", apptest.Form{"note": "x"}).Is(http.StatusConflict)
	if came := pr.Get(fmt.Sprintf("/desk/complaints/%d", twin.Complaint)).Is(http.StatusOK); !strings.Contains(came.Doc().Find("#came-in").Text(), twin.Canary) {
		t.Errorf("not on the case: %s", came.Text())
	}
	a.As("expert").Get("/desk/inbound").Is(http.StatusForbidden)
}

func TestCallsAndVoiceMessagesComeInByHook(t *testing.T) {
	a := apptest.New(t)
	a.Twin(a.A)
	calls := "/hooks/calls/" + word(t, a, inbound.Calls, 0)
	for _, caller := range []string{"09121110000", "%2B989121110000", "00989121110000", "989121110000"} {
		if got := machine(a, calls, "application/x-www-form-urlencoded", "id=c1&ext=12&caller="+caller); got != http.StatusNoContent {
			t.Fatal(caller, got)
		}
	}
	db := a.Root.For(a.A)
	ring, err := inbound.RingingNow(t.Context(), db, "12")
	if err != nil || ring == nil || ring.Caller != "+989121110000" {
		t.Fatal(ring, err)
	}
	other, err := inbound.RingingNow(t.Context(), db, "13")
	if err != nil || other != nil {
		t.Fatal(other, err)
	}
	db.Release()
	voice := "/hooks/voicemail/" + word(t, a, inbound.Voicemail, 0)
	wav := "RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x00\x00\x00\x00"
	for name, want := range map[string]int{"a.wav": http.StatusNoContent, "a.exe": http.StatusUnprocessableEntity} {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		_ = m.WriteField("caller", "02188991234")
		part, _ := m.CreateFormFile("file", name)
		_, _ = part.Write([]byte(wav))
		_ = m.Close()
		if got := machine(a, voice, m.FormDataContentType(), body.String()); got != want {
			t.Fatal(name, got)
		}
	}
	a.Drain()
	pr := a.As("pr")
	sound := pr.Get("/desk/inbound?kind=voicemail").Is(http.StatusOK).Doc().Find("audio").AttrOr("src", "")
	if got := pr.Get(sound).Is(http.StatusOK).Header.Get("Content-Type"); got != "audio/wav" {
		t.Fatal(sound, got)
	}
}

func TestWaysInAreMadeInTheBrowser(t *testing.T) {
	a := apptest.New(t)
	admin := a.As("admin")
	path := "/desk/organization/channels"
	page := admin.Post(path+"/inbound/addresses", apptest.Form{"kind": "calls"}).Is(http.StatusOK)
	if !strings.Contains(page.Body, "/hooks/calls/") {
		t.Fatal(page.Text())
	}
	if page := admin.Get(path).Is(http.StatusOK); strings.Contains(page.Body, "/hooks/calls/") {
		t.Fatal("the address is shown again")
	}
	admin.Post(path+"/inbound/state", apptest.Form{"kind": "calls", "on": ""}).Is(http.StatusSeeOther)
}
