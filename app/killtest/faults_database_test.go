package killtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// answer is what a browser got.
type answer struct {
	status int
	took   time.Duration
	again  string // Retry-After
	body   string
	to     string
}

// ask sends one request to a process as a citizen who has signed in.
func (w *world) ask(ctx context.Context, address, method, path string, form url.Values) (answer, error) {
	if form != nil {
		form.Set("_csrf", formToken(w.tokens[0]))
	}
	return w.send(ctx, address, method, path, fmt.Sprintf("pasokh-visitor=%s; pasokh-my=%s", w.tokens[0], w.tokens[0]), form)
}

// desk sends a form as a member of the staff.
func (w *world) desk(address, token, path string, form url.Values) (answer, error) {
	return w.send(w.ctx, address, http.MethodPost, path, fmt.Sprintf("pasokh-visitor=%s; pasokh=%s", token, token), form)
}

func (w *world) send(ctx context.Context, address, method, path, cookie string, form url.Values) (a answer, err error) {
	began := time.Now()
	defer func() { a.took = time.Since(began) }()
	r, err := http.NewRequestWithContext(ctx, method, "http://"+address+path, strings.NewReader(form.Encode()))
	if err != nil {
		return a, err
	}
	r.Host = w.org.Slug + ".localhost"
	r.Header.Set("Origin", "http://"+r.Host)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", cookie)
	res, err := alone.Do(r)
	if err != nil {
		return a, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, err := io.ReadAll(res.Body)
	return answer{status: res.StatusCode, again: res.Header.Get("Retry-After"), body: string(raw), to: res.Header.Get("Location")}, err
}

// alone keeps no connection, so that none counts as leaked.
var alone = &http.Client{
	Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 25 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

const (
	backLimit = 5 * time.Second
	askers    = 40 // more than the pool has connections
)

// F5: the database is slow, silent, cut off, or says a letter at a time. Everybody
// is answered in time, and told to come again when it cannot be done.
func (r *run) slowDatabase(t *testing.T) {
	p := newProxy(t, r.postgres.address())
	debug := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	env := append(slices.Clone(r.env), "PASOKH_DATABASE_URL="+strings.Replace(r.url, r.postgres.address(), p.address(), 1), "PASOKH_DEBUG_ADDR="+debug)
	one := keep(t, r.binary, env, "serve", "--no-worker")
	until(r.ctx, t, 30*startLimit, "the process", func() bool { return one.whole(r.ctx) })
	r.besiege(one.address(), askers, 500*time.Millisecond) // what is made once is made
	before := goroutines(r.ctx, debug)
	for _, f := range []struct {
		name string
		does spoil
		cut  bool
		time time.Duration
		bad  bool // answers may be refusals
		many int
	}{
		{"200 ms later", spoil{late: 200 * time.Millisecond}, false, r.slowFor, false, atOnce / 2},
		{"silent", spoil{hole: true}, false, max(r.holeFor, answerLimit), true, askers},
		{"cut off", spoil{}, true, r.slowFor, true, askers},
		{"1 kB/s", spoil{rate: 1000}, false, r.slowFor, true, askers},
	} {
		p.set(f.does)
		done := make(chan int, 1)
		go func() { done <- connections(r.ctx, debug) }()
		if f.cut {
			stop := time.AfterFunc(0, func() {
				for range 20 {
					p.reset()
					time.Sleep(f.time / 20)
				}
			})
			defer stop.Stop()
		}
		s := r.besiege(one.address(), f.many, f.time)
		p.set(spoil{})
		back := until(r.ctx, t, backLimit, "an answer after "+f.name, func() bool {
			a, err := r.ask(r.ctx, one.address(), http.MethodGet, "/my", nil)
			return err == nil && a.status == http.StatusOK
		})
		t.Logf("%-12s %d answers, %d of them 503, slowest %s; back after %s; at most %d connections", f.name, s.answers, s.refused, s.slowest.Round(time.Millisecond), back.Round(time.Millisecond), <-done)
		if s.slowest > answerLimit || len(s.wrong) > 0 || (!f.bad && s.refused > 0) || (f.does.hole && s.refused == 0) {
			t.Errorf("%s: %v", f.name, s.wrong)
		}
	}
	after := 0
	if _, err := waited(r.ctx, 3*backLimit, func() bool { after = goroutines(r.ctx, debug); return after <= before+2 }); err != nil {
		t.Errorf("%d goroutines became %d", before, after)
	}
	t.Logf("goroutines: %d before, %d after", before, after)
}

// siege is what many people who ask at once were told.
type siege struct {
	answers, refused int
	slowest          time.Duration
	wrong            []string
}

// besiege has them ask for so long: pages that read, forms that write.
func (w *world) besiege(address string, many int, long time.Duration) (s siege) {
	var mu sync.Mutex
	var all sync.WaitGroup
	began := time.Now()
	for n := range many {
		all.Go(func() {
			for ok := true; ok; ok = time.Since(began) < long {
				method, path, form, want := http.MethodGet, "/my", url.Values(nil), http.StatusOK
				if n%2 == 1 {
					topic, _ := w.topic()
					method, path, form, want = http.MethodPost, "/complaints/drafts", url.Values{"topic": {topic}}, http.StatusSeeOther
				}
				a, err := w.ask(w.ctx, address, method, path, form)
				mu.Lock()
				s.answers++
				if s.slowest = max(s.slowest, a.took); a.took > answerLimit {
					s.wrong = append(s.wrong, fmt.Sprintf("%s: %d after %s, asked at %s", path, a.status, a.took, time.Since(began)-a.took))
				}
				switch {
				case err == nil && a.status == http.StatusServiceUnavailable:
					s.refused++
					if a.again == "" || !strings.Contains(a.body, "کند شده است") || !strings.Contains(a.body, `dir="rtl"`) {
						s.wrong = append(s.wrong, "503 without Retry-After or words")
					}
				case err != nil || a.status != want:
					s.wrong = append(s.wrong, fmt.Sprint(path, a.status, err))
				}
				mu.Unlock()
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	all.Wait()
	return s
}

// goroutines counts those of the process.
func goroutines(ctx context.Context, debug string) (n int) {
	_, _ = fmt.Sscanf(read(ctx, "http://"+debug+"/debug/pprof/goroutine?debug=1"), "goroutine profile: total %d", &n)
	return n
}

// connections counts those of the pool now.
func connections(ctx context.Context, debug string) (n int) {
	for line := range strings.Lines(read(ctx, "http://"+debug+"/metrics")) {
		var some int
		if at, ok := strings.CutPrefix(line, `pasokh_database_connections{pool="postgres",state="`); ok {
			_, _ = fmt.Sscanf(at[strings.IndexByte(at, ' ')+1:], "%d", &some)
			n += some
		}
	}
	return n
}

func read(ctx context.Context, address string) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err.Error()
	}
	res, err := probe.Do(r)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, _ := io.ReadAll(res.Body)
	return string(raw)
}
