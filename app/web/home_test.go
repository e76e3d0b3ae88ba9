package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

func TestHomeOfAnOrganization(t *testing.T) {
	app := apptest.New(t)
	page := app.Visit("alpha").Get("/").Is(http.StatusOK)
	if !strings.Contains(page.Text(), app.A.NameFA) || !strings.Contains(page.Text(), "۱۵۹۴") {
		t.Errorf("name and phone line are missing: %s", page.Text())
	}
	if !page.Has(`html[lang=fa][dir=rtl]`) || !page.Has(`a[href="/sign-in"]`) {
		t.Error("the page is not Persian, or staff cannot sign in")
	}
}

func TestHomeInEnglish(t *testing.T) {
	c := apptest.New(t).Visit("alpha")
	c.Get("/")
	c.Post("/language?to=en&next=%2Fsign-in", nil).To("/sign-in")
	if page := c.Get("/").Is(http.StatusOK); !page.Has(`html[lang=en][dir=ltr]`) || !strings.Contains(page.Text(), "Zanjan Province Gas Company") {
		t.Errorf("not English: %s", page.Text())
	}
}

func TestPlatformListsOrganizations(t *testing.T) {
	app := apptest.New(t)
	page := app.Visit("").Get("/").Is(http.StatusOK)
	for _, slug := range []string{"alpha", "beta"} {
		if !page.Has(`a[href="http://` + slug + `.pasokh.test/"]`) {
			t.Errorf("%s is not listed", slug)
		}
	}
}

func TestUnknownHost(t *testing.T) {
	app := apptest.New(t)
	for _, host := range []string{"gamma.pasokh.test", "pasokh.test.evil.example", "platform.pasokh.test", "a.alpha.pasokh.test", "127.0.0.1", "evilpasokh.test"} {
		c := app.Visit("")
		c.Host = host
		page := c.Get("/").Is(http.StatusNotFound)
		if !strings.Contains(page.Text(), "سازمانی با این نشانی نداریم") {
			t.Errorf("%s: %s", host, page.Text())
		}
	}
}
