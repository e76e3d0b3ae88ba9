package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

// A text is written, refused beside its field, counted, kept and given back; a
// channel is switched; quiet hours are set.
func TestMessagesAreEditedInTheBrowser(t *testing.T) {
	a := apptest.New(t)
	admin := a.As("admin")
	path := "/desk/organization/messages"
	if page := admin.Get(path).Is(http.StatusOK); !strings.Contains(page.Text(), "یادآوری ملاقات") {
		t.Fatal(page.Text())
	}
	if page := admin.Get(path + "?area=meeting").Is(http.StatusOK); strings.Contains(page.Text(), "ارجاع به واحد") {
		t.Fatal("the filter leaves everything")
	}
	at := path + "/complaint.registered"
	admin.Get(at + "?channel=mail&language=en").Is(http.StatusOK)
	admin.Get(path + "/no.such").Is(http.StatusNotFound)
	form := apptest.Form{"channel": "sms", "language": "fa", "text": "{office}\nثبت شد {nobody}\n{link}"}
	for _, wrong := range []string{"{office} {nobody} {code}\n{link}", "{office}\n{code}", "کد {code} است\n{link}", "{code\n{link}"} {
		form["text"] = wrong
		if page := admin.Post(at, form).Is(http.StatusUnprocessableEntity); !page.Has("#text-error") || !strings.Contains(page.Body, "{link") && strings.Contains(wrong, "{link") {
			t.Fatalf("%s: %s", wrong, page.Text())
		}
	}
	form["text"] = "{office}\nپیام شما نزد ماست. کد:\n{code}\n{link}"
	form["do"] = "preview"
	if page := admin.Post(at, form).Is(http.StatusOK); !strings.Contains(page.Text(), "PX4K-7M2Q-9TB") || !page.Has("[data-parts]") {
		t.Fatal(page.Text())
	}
	delete(form, "do")
	admin.Post(at, form).Is(http.StatusSeeOther)
	if page := admin.Get(at).Is(http.StatusOK); !strings.Contains(page.Doc().Find("textarea").Text(), "نزد ماست") || !page.Has("[value=reset]") {
		t.Fatal(page.Text())
	}
	form["do"] = "reset"
	admin.Post(at, form).Is(http.StatusSeeOther)
	if page := admin.Get(at).Is(http.StatusOK); strings.Contains(page.Doc().Find("textarea").Text(), "نزد ماست") {
		t.Fatal("the default did not come back")
	}
	admin.Post(at+"/channels", apptest.Form{}).Is(http.StatusUnprocessableEntity)
	admin.Post(at+"/channels", apptest.Form{"channel_sms": "1", "channel_mail": "1"}).Is(http.StatusSeeOther)
	admin.Post(at+"/trials", apptest.Form{"channel": "sms", "language": "fa"}).Is(http.StatusSeeOther)
	admin.Post(path+"/quiet-hours", apptest.Form{"quiet_from": "۲۵:۰۰", "quiet_until": "7"}).Is(http.StatusUnprocessableEntity)
	admin.Post(path+"/quiet-hours", apptest.Form{"quiet_from": "۲۲:۰۰", "quiet_until": "۷:۳۰"}).Is(http.StatusSeeOther)
	if page := admin.Get(path).Is(http.StatusOK); page.Doc().Find("[name=quiet_until]").AttrOr("value", "") != "07:30" {
		t.Fatal(page.Text())
	}
}

// A member of the staff says how they want to be told.
func TestStaffSayHowTheyWantToBeTold(t *testing.T) {
	a := apptest.New(t)
	head := a.As("head")
	head.Get("/desk/notifications").Is(http.StatusOK)
	if page := head.Post("/desk/settings", apptest.Form{"email": "x", "language": "en"}).Is(http.StatusUnprocessableEntity); !page.Has("#email-error") {
		t.Fatal(page.Text())
	}
	head.Post("/desk/settings", apptest.Form{"email": "head@example.ir", "language": "en", "digest": "1"}).Is(http.StatusSeeOther)
	page := head.Get("/desk/settings").Is(http.StatusOK)
	if page.Doc().Find("[name=email]").AttrOr("value", "") != "head@example.ir" || !page.Has("[name=digest][checked]") {
		t.Fatal(page.Text())
	}
}
