package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pasokh/app/apptest"
	"pasokh/app/citizens"
	"pasokh/app/inbound"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// The page of a post says whether its sessions are mailed, who would get them,
// and keeps every change of it on record.
func TestCalendarInvitationsOfAPost(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	post, _ := postOf(t, app)
	admin, path := app.As("admin"), fmt.Sprintf("/desk/organization/executives/%d", post.ID)
	page := admin.Get(path).Is(http.StatusOK)
	const mailless = "رایانامه‌ای در حساب خود ندارد"
	if !page.Has("#invites input[name=invites][checked]") || !strings.Contains(page.Text(), mailless) {
		t.Errorf("not on, or no word of the holder without an address: %s", page.Doc().Find("#invites").Text())
	}
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return staff.SetEmail(ctx, tx, *post.StaffID, "ceo@gas.example")
	})
	admin.Post(path+"/invitations", apptest.Form{}).To(path)
	page = admin.Get(path).Is(http.StatusOK)
	if page.Has("#invites input[name=invites][checked]") || strings.Contains(page.Text(), mailless) {
		t.Errorf("still on: %s", page.Doc().Find("#invites").Text())
	}
	if history := admin.Get("/desk/organization/history?area=executives").Is(http.StatusOK); !strings.Contains(history.Text(), "بدون دعوت تقویمی") {
		t.Error("the change is not on record")
	}
	admin.Get(page.Doc().Find("#invites a[href*='messages']").AttrOr("href", "")).Is(http.StatusOK)
	text := "/desk/organization/messages/meeting.session_invited"
	if page := admin.Get(text).Is(http.StatusOK); page.Has("[name=channel_sms]") || !page.Has("[name=channel_mail][checked]") {
		t.Error("a telephone is offered, or mail is not")
	}
	admin.Post(text+"/channels", apptest.Form{}).To(text) // nobody has to be written to
}

// Addresses of mail, in both forms that people have: what is wrong is said beside
// the field with what was typed, and nothing of it reaches a header.
func TestAddressesOfMailAreRead(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	citizen, head := app.Citizen("+989121112233"), app.As("head")
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: "+989121112233", NationalID: "0499370899", Name: "سارا محمدی", Verified: true})
		return err
	})
	for _, who := range []struct {
		client *apptest.Client
		path   string
	}{{citizen, "/my/settings"}, {head, "/desk/settings"}} {
		who.client.Get(who.path).Is(http.StatusOK)
		for typed, want := range map[string]string{
			" ali۱۲@example.ir ": "ali12@example.ir", "Ali.R+gas@mail.example.co.ir": "Ali.R+gas@mail.example.co.ir", "a@xn--mgba3a4f16a.ir": "a@xn--mgba3a4f16a.ir",
			"\u200eali@example.ir": "ali@example.ir", "": "",
		} {
			who.client.Post(who.path, apptest.Form{"email": typed, "language": "fa", "courtesy": "1"}).Is(http.StatusSeeOther)
			if got := who.client.Get(who.path).Doc().Find("[name=email]").AttrOr("value", ""); got != want {
				t.Errorf("%s: %q is kept as %q", who.path, typed, got)
			}
		}
		for _, typed := range []string{"ali", "a li@example.ir", "علی@example.ir", "ali@مثال.ایران", "ali@example.ir\r\nBcc: eve@example.ir", "Ali <ali@example.ir>", "a@example.ir,b@example.ir"} {
			page := who.client.Post(who.path, apptest.Form{"email": typed, "language": "fa"}).Is(http.StatusUnprocessableEntity)
			shown := page.Doc().Find("[name=email]").AttrOr("value", "")
			if !strings.Contains(page.Doc().Find("#email-error").Text(), "name@example.ir") || !strings.HasPrefix(strings.Join(strings.Fields(typed), " "), strings.Join(strings.Fields(shown), " ")) || shown == "" {
				t.Errorf("%s: %q comes back as %q: %s", who.path, typed, shown, page.Doc().Find("#email-error").Text())
			}
		}
	}
}

// The exchange says a landline in any form: the operator sees who calls, and one
// button fills the intake with the person. A number without its area is nobody's.
func TestALandlineFillsTheIntake(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		c, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: "+989121112233", NationalID: "0499370899", Name: "سارا محمدی", Verified: true})
		if err != nil {
			return err
		}
		return citizens.KeepPhone(ctx, tx, c.ID, "۰۲۴ ۳۳۴۴ ۵۵۶۶")
	})
	calls, operator := "/hooks/calls/"+word(t, app, inbound.Calls, 0), app.As("operator")
	ringing := func() *goquery.Document {
		t.Helper()
		body := operator.Get("/desk/live?calls=yes&extension=12").Is(http.StatusOK).Body
		_, event, ok := strings.Cut(strings.ReplaceAll(body, "\ndata: ", "\n"), `<div id="caller-ringing"`)
		if !ok {
			t.Fatalf("nothing rings: %q", body)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(`<div id="caller-ringing"` + event))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	for n, caller := range []string{"02433445566", "+982433445566", "00982433445566", "982433445566", "2433445566", "(024) 3344-5566", "۰۲۴۳۳۴۴۵۵۶۶", "٠٢٤٣٣٤٤٥٥٦٦"} {
		app.Clock.Advance(inbound.Ringing)
		if ringing().Find("button").Length() != 0 {
			t.Error("the call before still rings")
		}
		if got := machine(app, calls, "application/x-www-form-urlencoded", fmt.Sprintf("id=l%d&ext=12&caller=%s", n, url.QueryEscape(caller))); got != http.StatusNoContent {
			t.Fatal(caller, got)
		}
		doc := ringing()
		button := doc.Find("button[name=lookup]")
		if !strings.Contains(doc.Text(), "سارا محمدی") || button.AttrOr("value", "") != "+982433445566" {
			t.Fatalf("%s: %s", caller, doc.Text())
		}
		page := operator.Post("/desk/intake/caller", apptest.Form{"lookup": button.AttrOr("value", "")}).Is(http.StatusOK)
		if !page.Has("input[name=person][checked]") || !strings.Contains(page.Doc().Find(".caller-person").Text(), "سارا محمدی") {
			t.Fatalf("%s fills nothing: %s", caller, page.Text())
		}
	}
	for _, caller := range []string{"33445566", "024334455", "01288991234", "anonymous", ""} {
		if got := machine(app, calls, "application/x-www-form-urlencoded", "id=x&ext=12&caller="+url.QueryEscape(caller)); got != http.StatusUnprocessableEntity {
			t.Errorf("%q is taken: %d", caller, got)
		}
	}
	app.Clock.Advance(inbound.Ringing)
	if got := machine(app, calls, "application/x-www-form-urlencoded", "id=s&ext=12&caller=02188991234"); got != http.StatusNoContent {
		t.Fatal(got)
	}
	stranger := ringing()
	page := operator.Post("/desk/intake/caller", apptest.Form{"lookup": stranger.Find("button[name=lookup]").AttrOr("value", "")}).Is(http.StatusOK)
	if got := page.Doc().Find("[name=phone]").AttrOr("value", ""); persian.ToASCII(got) != "+982188991234" || page.Has("#lookup-error") {
		t.Errorf("a stranger's number is filled in as %q", got)
	}
}
