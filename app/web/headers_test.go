package web_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/web"
	"pasokh/static"
	"pasokh/tenants"
)

func TestForwardedHostIsIgnored(t *testing.T) {
	for _, proxies := range [][]string{nil, {"0.0.0.0/0"}} {
		app := apptest.New(t, func(o *web.Options) { o.TrustedProxies = proxies })
		c := app.Visit("alpha")
		c.Headers = map[string]string{"X-Forwarded-Host": "beta.pasokh.test", "Forwarded": "host=beta.pasokh.test", "X-Forwarded-Proto": "https"}
		page := c.Get("/").Is(http.StatusOK)
		if strings.Contains(page.Body, "beta") {
			t.Error("another host crept in")
		}
		c = app.Visit("nobody")
		c.Headers = map[string]string{"X-Forwarded-Host": "alpha.pasokh.test"}
		c.Get("/").Is(http.StatusNotFound)
	}
}

// raw sends bytes as they are and gives the status line of the first answer.
func raw(t *testing.T, app *apptest.App, request string) string {
	t.Helper()
	server, err := web.New(app.Options)
	if err != nil {
		t.Fatal(err)
	}
	server.Handler() // builds the routes
	mine, theirs := net.Pipe()
	go func() { _ = server.Server().ServeConn(theirs) }()
	defer mine.Close()                                    //nolint:errcheck // a test
	_ = mine.SetDeadline(time.Now().Add(5 * time.Second)) //nolint:forbidigo // a deadline of a real connection
	go func() { _, _ = io.WriteString(mine, request) }()
	line, err := bufio.NewReader(mine).ReadString('\n')
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	return strings.TrimSpace(line)
}

func TestMisshapenRequestsAreRefused(t *testing.T) {
	app := apptest.New(t)
	const host = "Host: alpha.pasokh.test\r\n"
	if line := raw(t, app, "GET / HTTP/1.1\r\n"+host+"\r\n"); !strings.Contains(line, " 200 ") {
		t.Fatalf("a plain request: %s", line)
	}
	for name, request := range map[string]string{
		"absolute form":     "GET http://beta.pasokh.test/ HTTP/1.1\r\n" + host + "\r\n",
		"two hosts":         "GET / HTTP/1.1\r\n" + host + "Host: beta.pasokh.test\r\n\r\n",
		"no host":           "GET / HTTP/1.1\r\n\r\n",
		"two lengths":       "POST /session HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 5\r\n\r\na=b",
		"length and chunks": "POST /session HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"long header":       "GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("a", 9<<10) + "\r\n\r\n",
		"space in a name":   "GET / HTTP/1.1\r\n" + host + "X : y\r\n\r\n",
		"no such method":    "BREW / HTTP/1.1\r\n" + host + "\r\n",
	} {
		if line := raw(t, app, request); !strings.Contains(line, " 4") {
			t.Errorf("%s: %s", name, line)
		}
	}
}

func TestOnlyThePathAsWrittenIsFound(t *testing.T) {
	c := apptest.New(t).Visit("")
	for _, path := range []string{"/SIGN-IN", "/sign-in/", "//sign-in", "/./sign-in", "/x/../sign-in", "/platform/queues/", "/PLATFORM/queues", "/%70latform/queues"} {
		if page := c.Get(path); page.Status == http.StatusOK {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
}

func TestCookiesAreClosed(t *testing.T) {
	for _, https := range []bool{false, true} {
		app := apptest.New(t, func(o *web.Options) {
			if https {
				o.BaseURL = "https://" + apptest.BaseDomain
			}
		})
		page := app.Visit("alpha").Get("/sign-in").Is(http.StatusOK)
		list := (&http.Response{Header: page.Header}).Cookies()
		if len(list) == 0 {
			t.Fatal("no cookie")
		}
		for _, k := range list {
			if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || k.Secure != https {
				t.Errorf("https %v: %+v", https, k)
			}
			if https != strings.HasPrefix(k.Name, "__Host-") {
				t.Errorf("https %v: name %s", https, k.Name)
			}
			if k.Name == "pasokh-visitor" && !tenants.IsToken(k.Value) {
				t.Errorf("guessable: %s", k.Value)
			}
		}
		if hsts := page.Header.Get("Strict-Transport-Security"); (hsts != "") != https {
			t.Errorf("https %v: HSTS %q", https, hsts)
		}
		if opener := page.Header.Get("Cross-Origin-Opener-Policy"); (opener != "") != https {
			t.Errorf("https %v: opener policy %q", https, opener)
		}
	}
}

func TestStaticFilesAreKeptForEver(t *testing.T) {
	c := apptest.New(t).Visit("alpha")
	page := c.Get(static.URL("css/app.css")).Is(http.StatusOK)
	if page.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/css") {
		t.Error(page.Header)
	}
	if page.Header.Get("Content-Encoding") != "" {
		t.Error("compressed for somebody who did not ask for it")
	}
	c.Headers["Accept-Encoding"] = "gzip"
	packed := c.Get(static.URL("css/app.css")).Is(http.StatusOK)
	if packed.Header.Get("Content-Encoding") != "gzip" || len(packed.Body) > len(page.Body)/2 || packed.Header.Get("Vary") == "" {
		t.Error(packed.Header)
	}
	for _, path := range []string{"/static/", "/static/css/app.css", "/static/../go.mod", "/static/%2e%2e/go.mod", "/static/0000000000/css/app.css"} {
		if page := c.Get(path); page.Status == http.StatusOK {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
}

func TestPagesAreCompressedForThoseWhoAsk(t *testing.T) {
	c := apptest.New(t).Visit("alpha")
	plain := c.Get("/").Is(http.StatusOK)
	c.Headers["Accept-Encoding"] = "br, gzip"
	packed := c.Get("/").Is(http.StatusOK)
	if packed.Header.Get("Content-Encoding") != "gzip" || len(packed.Body) > len(plain.Body)/2 || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("%d bytes of %d, %v", len(packed.Body), len(plain.Body), packed.Header)
	}
}

func TestHealth(t *testing.T) {
	c := apptest.New(t).Visit("nobody")
	c.Get("/healthz").Is(http.StatusOK)
	if page := c.Get("/readyz").Is(http.StatusOK); !strings.Contains(page.Body, "ok") {
		t.Error(page.Body)
	}
}
