package killtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"

	"pasokh/tenants"
)

// crowd is the citizens who use the program, some at a time.
type crowd struct {
	w     *world
	turns chan int
	acts  int // so far
	all   sync.WaitGroup

	mu     sync.Mutex
	ledger []act
	errs   []error
}

// atOnce is how many citizens are at it at any time.
const atOnce = 6

// act is what one citizen has done, as the program acknowledged it.
type act struct {
	org    *tenants.Tenant
	mobile string // E.164; nobody else's
	asked  bool   // for a sign-in code; else filed a complaint
	code   string // of the complaint; empty when the answer that had it was lost
}

func newCrowd(ctx context.Context, w *world) *crowd {
	c := &crowd{w: w, turns: make(chan int, 1000)}
	for range atOnce {
		c.all.Go(func() {
			for n := range c.turns {
				a, err := newCitizen(ctx, w, n).act()
				c.mu.Lock()
				c.ledger, c.errs = append(c.ledger, a), append(c.errs, err)
				c.mu.Unlock()
			}
		})
	}
	return c
}

// act lets that many more citizens come.
func (c *crowd) act(n int) {
	for range n {
		c.turns <- c.acts
		c.acts++
	}
}

// leave waits until everybody has got an answer.
func (c *crowd) leave() error {
	close(c.turns)
	c.all.Wait()
	return errors.Join(c.errs...)
}

// of lists what was done at an organization.
func (c *crowd) of(org *tenants.Tenant) (list []act) {
	for _, a := range c.ledger {
		if a.org == org {
			list = append(list, a)
		}
	}
	return list
}

// citizen is one person with a browser, who tries again what got no answer.
type citizen struct {
	ctx    context.Context //nolint:containedctx // the test's own
	http   *http.Client
	number int
	did    act
	token  string // of the forms
	twice  bool   // the last answer took more than one try
}

func newCitizen(ctx context.Context, w *world, n int) *citizen {
	jar, _ := cookiejar.New(nil) // gives no error
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", w.address.Load().(string))
	}
	return &citizen{
		ctx: ctx, number: n,
		http: &http.Client{
			Jar: jar, Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		did: act{org: w.orgs[n%len(w.orgs)], mobile: fmt.Sprintf("+98912%07d", n), asked: n%5 == 4},
	}
}

func (c *citizen) act() (act, error) {
	var err error
	if c.did.asked {
		err = c.ask()
	} else {
		err = c.file()
	}
	if err != nil {
		err = fmt.Errorf("citizen %d: %w", c.number, err)
	}
	return c.did, err
}

// file goes through the complaint form to the receipt.
func (c *citizen) file() error {
	form, err := c.get("/complaints/new")
	if err != nil {
		return err
	}
	topic, _ := form.Find("input[name=topic]").Attr("value")
	draft, err := c.post("/complaints/drafts", url.Values{"topic": {topic}})
	if err != nil {
		return err
	}
	draft = strings.TrimSuffix(draft, "/details")
	if _, err := c.post(draft+"/details", url.Values{"kind": {"request"}, "text": {"فشار گاز کوچه ما کم شده است."}, "address": {"زنجان، خیابان امام"}}); err != nil {
		return err
	}
	if _, err := c.post(draft+"/contact", url.Values{"mobile": {c.did.mobile}, "name": {"زهرا محمدی"}}); err != nil {
		return err
	}
	// A draft that is gone at the second try was filed at the first.
	to, err := c.post(draft+"/registration", nil, http.StatusNotFound)
	if err != nil || to == "" {
		return err
	}
	receipt, err := c.get(to)
	if err != nil {
		return err
	}
	if c.did.code = codeShape.FindString(receipt.Find("main").Text()); c.did.code == "" {
		return errors.New("the receipt shows no code")
	}
	return nil
}

// codeShape is a tracking code as people read it.
var codeShape = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}`)

// ask has a sign-in code sent.
func (c *citizen) ask() error {
	if _, err := c.get("/my/sign-in"); err != nil {
		return err
	}
	// Who must wait at the second try was heard at the first.
	_, err := c.post("/my/codes", url.Values{"mobile": {c.did.mobile}}, http.StatusTooManyRequests)
	return err
}

// get opens a page and keeps the token of its forms.
func (c *citizen) get(path string) (*goquery.Document, error) {
	res, err := c.do(http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	if res.status != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %d", path, res.status)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(res.body))
	if err != nil {
		return nil, err
	}
	if token, ok := doc.Find("input[name=_csrf]").Attr("value"); ok {
		c.token = token
	}
	return doc, nil
}

// post sends a form and gives the address that the answer leads to; the
// statuses done lead nowhere and are right only at a second try.
func (c *citizen) post(path string, form url.Values, done ...int) (string, error) {
	if form == nil {
		form = url.Values{}
	}
	form.Set("_csrf", c.token)
	res, err := c.do(http.MethodPost, path, form)
	if err != nil {
		return "", err
	}
	if res.status == http.StatusSeeOther || c.twice && slices.Contains(done, res.status) {
		return res.location, nil
	}
	return "", fmt.Errorf("POST %s: %d", path, res.status)
}

// answer is what came back, to its last byte.
type answer struct {
	status         int
	location, body string
}

// do asks until there is an answer; "come again" is none.
func (c *citizen) do(method, path string, form url.Values) (answer, error) {
	for n := 0; ; n++ {
		a, err := c.once(method, path, form)
		if err == nil && a.status != http.StatusServiceUnavailable {
			c.twice = n > 0
			return a, nil
		}
		select {
		case <-c.ctx.Done():
			return answer{}, c.ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (c *citizen) once(method, path string, form url.Values) (answer, error) {
	origin := "http://" + c.did.org.Slug + ".localhost"
	r, err := http.NewRequestWithContext(c.ctx, method, origin+path, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.0.%d.%d", c.number/250, c.number%250))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header.Get("Location"), string(body)}, err
}
