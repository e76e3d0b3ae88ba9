package killtest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pasokh/tenants"
)

// citizen does one thing through the forms of the public pages, and repeats
// what got no answer, at another process, with the same draft.
type citizen struct {
	w       *world
	number  int
	visitor string // cookie of the browser, and key of its form token
	session string // cookie of somebody who has signed in
	at      int    // which process is asked
	retries int
}

// act is what was acknowledged to a citizen.
type act struct {
	number int
	booked bool // else a complaint was filed
	took   time.Duration
	err    error
}

// crowd is citizens at work, some at a time; it keeps the ledger of what they
// were told.
type crowd struct {
	mu      sync.Mutex
	ledger  []act
	slowest time.Duration // answer to one request
	asked   atomic.Int64  // requests
	retried atomic.Int64
	acked   atomic.Int64
}

// run lets so many citizens act, atOnce at a time; the numbers begin at from.
func (c *crowd) run(ctx context.Context, w *world, from, n, atOnce int) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				c.note(one(ctx, w, c, from+i))
			}
		})
	}
	all.Wait()
}

func (c *crowd) note(a act) {
	c.acked.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ledger = append(c.ledger, a)
}

// one lets one citizen act: every other one books a meeting, as far as there
// are people with a session.
func one(ctx context.Context, w *world, crowd *crowd, n int) act {
	c := &citizen{w: w, number: n, visitor: tenants.NewToken(), at: n}
	a := act{number: n, booked: n%2 == 1 && n/2 < len(w.tokens)}
	began := time.Now()
	if a.booked {
		a.err = c.book(ctx, crowd)
	} else {
		a.err = c.file(ctx, crowd)
	}
	a.took = time.Since(began)
	crowd.retried.Add(int64(c.retries))
	return a
}

// file goes through the complaint form.
func (c *citizen) file(ctx context.Context, crowd *crowd) error {
	topic, err := c.w.topic()
	if err != nil {
		return err
	}
	draft, err := c.post(ctx, crowd, "/complaints/drafts", "/details", url.Values{"topic": {topic}})
	if err != nil {
		return err
	}
	text := url.Values{"kind": {"request"}, "text": {"فشار گاز کوچه ما کم شده است."}, "address": {"زنجان، خیابان امام"}}
	if _, err := c.post(ctx, crowd, draft+"/details", "/contact", text); err != nil {
		return err
	}
	if _, err := c.post(ctx, crowd, draft+"/contact", "/check", url.Values{"mobile": {filer(c.number)}, "name": {"زهرا محمدی"}}); err != nil {
		return err
	}
	return c.submit(ctx, crowd, draft+"/registration", "/case/receipt", url.Values{})
}

// submit sends the last form; every fourth citizen does not hear the answer, as
// when the connection is cut behind the commit (F7), and must get the same again.
func (c *citizen) submit(ctx context.Context, crowd *crowd, path, want string, form url.Values) error {
	_, err := c.post(ctx, crowd, path, want, form)
	if err == nil && c.number/2%4 == 0 {
		_, err = c.post(ctx, crowd, path, want, form)
	}
	return err
}

// book goes through the form of a meeting; who finds a slot taken takes another.
func (c *citizen) book(ctx context.Context, crowd *crowd) error {
	n := c.number / 2
	c.session = c.w.tokens[n]
	at := c.w.seats[n]
	draft, err := c.post(ctx, crowd, "/meetings/drafts", "/subject", url.Values{"executive": {strconv.FormatInt(at.executive, 10)}})
	if err != nil {
		return err
	}
	about := url.Values{"subject": {"درخواست گازرسانی"}, "text": {"روستای ما در نوبت گازرسانی است."}, "companions": {"0"}}
	if _, err := c.post(ctx, crowd, draft+"/subject", "/slot", about); err != nil {
		return err
	}
	if _, err := c.post(ctx, crowd, draft+"/slot", "/contact", url.Values{"slot": {fmt.Sprintf("%d-%d", at.session, at.slot)}}); err != nil {
		return err
	}
	who := url.Values{"mobile": {booker(n)}, "name": {"علی رضایی"}, "national_id": {nationalID(n)}}
	return c.submit(ctx, crowd, draft+"/contact", "/meeting/receipt", who)
}

// post sends a form until it is answered, and gives the address that the answer
// leads to without its last step, which must be the one that is wanted.
func (c *citizen) post(ctx context.Context, crowd *crowd, path, want string, form url.Values) (string, error) {
	for n := 0; ; n++ {
		status, to, err := c.once(ctx, crowd, path, form)
		if err == nil && !slices.Contains([]int{http.StatusServiceUnavailable, http.StatusBadGateway}, status) {
			if before, ok := strings.CutSuffix(to, want); ok && status == http.StatusSeeOther {
				return before, nil
			}
			return "", fmt.Errorf("citizen %d, try %d: POST %s: %d, %q", c.number, n+1, path, status, to)
		}
		c.retries++
		c.at++ // somebody else may answer
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("citizen %d, try %d: POST %s: %w, %d, %w", c.number, n+1, path, ctx.Err(), status, err)
		case <-time.After(30 * time.Millisecond):
		}
	}
}

func (c *citizen) once(ctx context.Context, crowd *crowd, path string, form url.Values) (status int, to string, err error) {
	crowd.asked.Add(1)
	began := time.Now()
	defer func() {
		took := time.Since(began)
		crowd.mu.Lock()
		crowd.slowest = max(crowd.slowest, took)
		crowd.mu.Unlock()
	}()
	form.Set("_csrf", formToken(c.visitor))
	p := c.w.pages[c.at%len(c.w.pages)]
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.address()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	r.Host = c.w.org.Slug + ".localhost"
	r.Header.Set("Origin", "http://"+r.Host)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", c.number/62500, c.number/250%250, c.number%250))
	cookie := "pasokh-visitor=" + c.visitor
	if c.session != "" {
		cookie += "; pasokh-my=" + c.session
	}
	r.Header.Set("Cookie", cookie)
	res, err := browser.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, res.Header.Get("Location"), err
}

var browser = &http.Client{
	Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
	Timeout:       25 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// formToken is what the pages put into the forms of a browser.
func formToken(key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte("csrf"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
