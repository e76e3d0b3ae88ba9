package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"pasokh/app/apptest"
	"pasokh/app/web"
)

func TestSignInIsLimited(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("alpha")
	form := apptest.Form{"user": "pr", "password": "wrong"}
	for range 10 {
		c.Post("/session", form).Is(http.StatusUnprocessableEntity)
	}
	right := apptest.Form{"user": "pr", "password": apptest.Password("pr")}
	page := c.Post("/session", right).Is(http.StatusTooManyRequests)
	if page.Header.Get("Retry-After") == "" || !strings.Contains(page.Text(), "دقیقه") {
		t.Errorf("not said when to come again: %s", page.Text())
	}
	app.Visit("alpha").Post("/session", apptest.Form{"user": "manager", "password": apptest.Password("manager")}).Is(http.StatusSeeOther)
	app.Visit("beta").Post("/session", right).Is(http.StatusSeeOther)
	if app.Mini == nil {
		return // a real Redis cannot be moved on
	}
	app.Advance(16 * time.Minute)
	c.Post("/session", right).Is(http.StatusSeeOther)
}

// Nobody escapes a limit by writing a forwarding header.
func TestForwardingHeadersOfStrangersAreIgnored(t *testing.T) {
	app := apptest.New(t)
	c := app.Visit("alpha")
	for i := range 11 {
		c.Headers["X-Forwarded-For"] = "10.0.0." + strconv.Itoa(i)
		page := c.Post("/my/codes", apptest.Form{"mobile": "091200001" + strconv.Itoa(10+i)})
		if i == 10 && page.Status != http.StatusTooManyRequests {
			t.Errorf("the eleventh code from one address: %d", page.Status)
		}
	}
}

func TestTrustedProxyTellsTheAddress(t *testing.T) {
	app := apptest.New(t, func(o *web.Options) { o.TrustedProxies = []string{"0.0.0.0/8"} })
	c := app.Visit("alpha")
	for i := range 11 {
		// The caller writes what it likes before what the proxy appends.
		c.Headers["X-Forwarded-For"] = "10.0.0." + strconv.Itoa(i) + ", 192.0.2.7"
		page := c.Post("/my/codes", apptest.Form{"mobile": "091200001" + strconv.Itoa(10+i)})
		if i == 10 && page.Status != http.StatusTooManyRequests {
			t.Errorf("the eleventh code from one address: %d", page.Status)
		}
	}
	c.Headers["X-Forwarded-For"] = "192.0.2.8"
	c.Post("/my/codes", apptest.Form{"mobile": "09120000011"}).To("/my/code")
}

func TestSignInWaitsForRedis(t *testing.T) {
	away := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1})
	t.Cleanup(func() { _ = away.Close() })
	app := apptest.New(t, func(o *web.Options) { o.Redis = away })
	c := app.Visit("alpha")
	c.Get("/sign-in")
	page := c.Post("/session", apptest.Form{"user": "pr", "password": apptest.Password("pr")}).Is(http.StatusServiceUnavailable)
	if page.Header.Get("Retry-After") == "" {
		t.Error("not said when to come again")
	}
	c.Get("/").Is(http.StatusOK)
	if ready := c.Get("/readyz"); ready.Status != http.StatusOK || !strings.Contains(ready.Body, `"status":"degraded"`) || !strings.Contains(ready.Body, `"redis":"bad"`) {
		t.Errorf("ready without Redis: %d %s", ready.Status, ready.Body)
	}
}
