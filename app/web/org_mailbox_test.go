package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

func TestAMailboxIsSetUp(t *testing.T) {
	a := apptest.New(t)
	admin := a.As("admin")
	const at = "/desk/organization/channels/inbound/mailbox"
	admin.Get(at).Is(http.StatusOK)
	typed := apptest.Form{"host": "mail.example.ir", "port": "۹۹۳", "user": "", "password": "very-secret", "folder": "INBOX", "on": "yes"}
	page := admin.Post(at, typed).Is(http.StatusUnprocessableEntity)
	if !page.Has("#user-error") || !page.Has(`#host[value="mail.example.ir"]`) || strings.Contains(page.Body, "very-secret") {
		t.Fatal(page.Text())
	}
	typed["user"] = "office"
	admin.Post(at, typed).To(at)
	page = admin.Get(at).Is(http.StatusOK)
	if !page.Has(`#port[value="993"], #port[value="۹۹۳"]`) || strings.Contains(page.Body, "very-secret") || !page.Has(`form[action="`+at+`/trials"]`) {
		t.Fatal(page.Text())
	}
	typed["host"], typed["password"] = "10.1.2.3", ""
	if page = admin.Post(at, typed).Is(http.StatusUnprocessableEntity); !page.Has("#password-error") { // what is kept goes to no other host
		t.Fatal(page.Text())
	}
	typed["password"] = "very-secret"
	admin.Post(at, typed).To(at)
	admin.Post(at+"/trials", nil).To(at) // an address inside is not asked
	if page = admin.Get(at); !strings.Contains(page.Text(), "صندوق خوانده نشد") || strings.Contains(page.Body, "‹") {
		t.Fatal(page.Text())
	}
	if page = admin.Get("/desk/organization/channels"); !strings.Contains(page.Text(), "10.1.2.3") {
		t.Fatal(page.Text())
	}
	a.As("expert").Get(at).Is(http.StatusForbidden)
}
