package apptest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pasokh/tenants"
)

// Client is one browser at one host: it keeps cookies, sends what browsers
// send, fills in the form token of the last page, and follows no redirects.
type Client struct {
	T       testing.TB
	app     *App
	Host    string
	Scheme  string
	Headers map[string]string // sent with every request; an empty value leaves a header out
	cookies map[string]string
	token   string // form token of the last page
	key     string // the cookie that the next token is made from
}

// Page is one answer.
type Page struct {
	Status   int
	Header   http.Header
	Body     string
	Location string
	t        testing.TB
}

// Form is what a form sends; values may repeat.
type Form map[string]string

// File is one file of a form.
type File struct {
	Field, Name, Type string
	Content           []byte
}

// Visit opens a browser at an organization's host (alpha, beta, or "" for the
// platform).
func (a *App) Visit(slug string) *Client {
	host := BaseDomain
	if slug != "" {
		host = slug + "." + BaseDomain
	}
	return &Client{T: a.T, app: a, Host: host, Scheme: "http", cookies: map[string]string{}, Headers: map[string]string{}}
}

// As signs a member of staff of alpha in by the user name: "pr", "expert" …
func (a *App) As(user string) *Client { return a.AsAt("alpha", user) }

// AsAt signs a member of staff in at a host.
func (a *App) AsAt(slug, user string) *Client {
	a.T.Helper()
	c := a.Visit(slug)
	c.cookies["pasokh-device"] = tenants.HashToken(user)[:43] // the browser that they always use
	c.Get("/sign-in")
	p := c.Post("/session", Form{"user": user, "password": Password(user)})
	if p.Status != http.StatusSeeOther {
		a.T.Fatalf("sign-in of %s at %s: %d\n%s", user, c.Host, p.Status, p.Text())
	}
	return c
}

// Citizen signs the holder of a mobile number in at alpha, by code.
func (a *App) Citizen(mobile string) *Client { return a.CitizenAt("alpha", mobile) }

// Get opens a page.
func (c *Client) Get(path string) *Page {
	c.T.Helper()
	return c.Do(c.request(http.MethodGet, path, nil, ""))
}

// Fragment asks for a part of a page as htmx does.
func (c *Client) Fragment(path string) *Page {
	c.T.Helper()
	r := c.request(http.MethodGet, path, nil, "")
	r.Header.Set("HX-Request", "true")
	return c.Do(r)
}

// Post sends a form.
func (c *Client) Post(path string, form Form) *Page {
	c.T.Helper()
	values := url.Values{}
	for k, v := range form {
		values.Set(k, v)
	}
	return c.PostValues(path, values)
}

// PostValues sends a form whose fields may repeat.
func (c *Client) PostValues(path string, values url.Values) *Page {
	c.T.Helper()
	if !values.Has("_csrf") {
		values.Set("_csrf", c.Token())
	}
	return c.Do(c.request(http.MethodPost, path, strings.NewReader(values.Encode()), "application/x-www-form-urlencoded"))
}

// PostFile sends a form with files.
func (c *Client) PostFile(path string, form Form, list ...File) *Page {
	c.T.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if _, ok := form["_csrf"]; !ok {
		_ = w.WriteField("_csrf", c.Token())
	}
	for k, v := range form {
		_ = w.WriteField(k, v)
	}
	for _, f := range list {
		head := textproto.MIMEHeader{}
		head.Set("Content-Disposition", multipart.FileContentDisposition(f.Field, f.Name))
		head.Set("Content-Type", f.Type)
		part, err := w.CreatePart(head)
		if err != nil {
			c.T.Fatal(err)
		}
		_, _ = part.Write(f.Content)
	}
	_ = w.Close()
	return c.Do(c.request(http.MethodPost, path, &b, w.FormDataContentType()))
}

func (c *Client) request(method, path string, body io.Reader, kind string) *http.Request {
	r, err := http.NewRequest(method, c.Scheme+"://"+c.Host+path, body) //nolint:noctx // a test
	if err != nil {
		c.T.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Origin", c.Scheme+"://"+c.Host)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range c.Headers {
		if value == "" {
			r.Header.Del(name)
			continue
		}
		r.Header.Set(name, value)
	}
	return r
}

// Do sends a request with the browser's cookies and keeps what comes back.
func (c *Client) Do(r *http.Request) *Page {
	c.T.Helper()
	for name, value := range c.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := c.app.routes.Test(r, -1)
	if err != nil {
		c.T.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.T.Fatal(err)
	}
	c.keep(res.Cookies())
	p := &Page{Status: res.StatusCode, Header: res.Header, Body: string(body), Location: res.Header.Get("Location"), t: c.T}
	if token, ok := p.token(); ok {
		c.token = token
	}
	return p
}

func (c *Client) keep(cookies []*http.Cookie) {
	for _, k := range cookies {
		if k.MaxAge < 0 || k.Value == "" {
			delete(c.cookies, k.Name)
		} else {
			c.cookies[k.Name] = k.Value
		}
		if strings.HasSuffix(k.Name, "pasokh-device") {
			continue // opens nothing
		}
		if tenants.IsToken(k.Value) || k.MaxAge < 0 && strings.Contains(k.Name, "pasokh") {
			c.token, c.key = "", k.Value // another session: another token
		}
	}
}

// Token is the form token: of the last page, or the one that the next page
// would have.
func (c *Client) Token() string {
	if c.token != "" {
		return c.token
	}
	key := c.key
	if key == "" {
		key = c.cookies["pasokh-visitor"]
	}
	if key == "" {
		c.Get("/")
		key = c.cookies["pasokh-visitor"]
	}
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte("csrf"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Cookie is the value of a cookie that the browser holds.
func (c *Client) Cookie(name string) string { return c.cookies[name] }

// SetCookie puts a cookie into the browser.
func (c *Client) SetCookie(name, value string) {
	c.cookies[name] = value
	if tenants.IsToken(value) {
		c.key = value
	}
}

// Doc is the page as a document to ask with selectors.
func (p *Page) Doc() *goquery.Document {
	p.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.Body))
	if err != nil {
		p.t.Fatal(err)
	}
	return doc
}

// Text is what a reader of the main part of the page reads, on one line.
func (p *Page) Text() string {
	s := p.Doc().Find("main")
	if s.Length() == 0 {
		s = p.Doc().Selection
	}
	return strings.Join(strings.Fields(s.Text()), " ")
}

// Has tells whether the selector finds something.
func (p *Page) Has(selector string) bool { return p.Doc().Find(selector).Length() > 0 }

// token finds the form token in the page: of a form, or of the body for htmx.
func (p *Page) token() (string, bool) {
	at := strings.Index(p.Body, `name="_csrf" value="`)
	if at < 0 {
		return "", false
	}
	rest := p.Body[at+len(`name="_csrf" value="`):]
	value, _, ok := strings.Cut(rest, `"`)
	return value, ok && value != ""
}

// Is fails the test unless the status is as expected, and gives the page.
func (p *Page) Is(status int) *Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Fatalf("status %d, want %d: %s", p.Status, status, p.Text())
	}
	return p
}

// To fails the test unless the answer leads to the address.
func (p *Page) To(path string) *Page {
	p.t.Helper()
	if p.Is(http.StatusSeeOther); p.Location != path {
		p.t.Fatalf("leads to %q, want %q", p.Location, path)
	}
	return p
}
