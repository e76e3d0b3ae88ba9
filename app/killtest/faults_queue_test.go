package killtest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	rerunLimit  = 15 * time.Second // from a lost try to the next
	resendLimit = 30 * time.Second // after Redis has forgotten
	answerLimit = 3500 * time.Millisecond
)

// F8: workers are killed while the provider is taking messages, and the provider
// takes some without saying so. Everything is sent, under one key, and no more
// often than answers were lost.
func (r *run) killSenders(t *testing.T) {
	_, before, lostBefore, _ := r.provider.counts()
	r.provider.set(100*time.Millisecond, 33)
	defer r.provider.set(0, 0)
	var all sync.WaitGroup
	killed := make(chan struct{})
	all.Go(func() {
		for n := 0; n < r.sends || !closed(killed); n += atOnce {
			r.act(atOnce)
		}
	})
	flying, began := 0, time.Now()
	for n := range r.sendKills {
		if _, err := waited(r.ctx, drainLimit, func() bool { return r.provider.inFlight() > 0 }); err != nil {
			t.Errorf("after %d kills nothing is sent any more", n)
		}
		time.Sleep(time.Duration(r.random.Int64N(int64(80 * time.Millisecond))))
		flying += r.provider.inFlight()
		r.workers[n%len(r.workers)].kill()
	}
	close(killed)
	all.Wait()
	r.hold(t)
	keys, extra, lost, longest := r.provider.counts()
	extra, lost = extra-before, lost-lostBefore
	t.Logf("%d kills while %d calls were under way, %d answers lost of %d keys: %d calls more than keys, longest until the next try %s, %s together",
		r.sendKills, flying, lost, keys, extra, longest.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	if extra > flying+lost {
		t.Errorf("%d further calls", extra)
	}
	if longest > rerunLimit {
		t.Errorf("a message that was cut off waited for %s", longest)
	}
}

// F3: Redis forgets everything, three times, while there is work.
func (r *run) forget(t *testing.T) {
	r.provider.set(30*time.Millisecond, 0)
	defer r.provider.set(0, 0)
	var all sync.WaitGroup
	everybody := int64(r.people + r.sends)
	all.Go(func() { r.act(r.sends) })
	for n := range 3 {
		target := r.crowd.acked.Load() + int64(r.sends/4)
		if n == 0 {
			target -= int64(r.sends / 8)
		}
		_, _ = waited(r.ctx, resendLimit, func() bool { return r.crowd.acked.Load() >= min(target, everybody) })
		if err := r.clearRedis(r.ctx); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	if drain := r.hold(t); drain > resendLimit {
		t.Errorf("sent again only after %s", drain)
	}
}

// F2: without Redis every form is taken at the first try and everybody stays
// signed in; codes are refused.
func (r *run) withoutRedis(t *testing.T) {
	for name, away := range map[string]struct{ begin, end func() }{
		"down":  {r.redis.kill, func() { _ = r.redis.start(); _ = r.redis.await(r.ctx) }},
		"stuck": {r.redis.halt, r.redis.resume},
	} {
		away.begin()
		retried, began, slowest := r.crowd.retried.Load(), time.Now(), r.crowd.slowest
		r.crowd.slowest = 0
		for ok := true; ok; ok = time.Since(began) < r.redisAway {
			r.act(atOnce)
		}
		took := r.crowd.slowest
		r.crowd.slowest = max(slowest, took)
		if n := r.crowd.retried.Load() - retried; n > 0 {
			t.Errorf("%s: %d requests had to be repeated", name, n)
		}
		signedIn, err := r.look(http.MethodGet, "/my", nil)
		if err != nil || signedIn != http.StatusOK {
			t.Errorf("%s: the session: %d, %v", name, signedIn, err)
		}
		began = time.Now()
		code, err := r.look(http.MethodPost, "/my/codes", url.Values{"mobile": {filer(1)}})
		if err != nil || code != http.StatusServiceUnavailable {
			t.Errorf("%s: a code: %d, %v", name, code, err)
		}
		t.Logf("Redis %s: slowest answer %s, code refused after %s", name, took.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
		if took > answerLimit || time.Since(began) > answerLimit {
			t.Errorf("%s: an answer took longer than %s", name, answerLimit)
		}
		away.end()
		r.hold(t)
	}
}

// look asks as the first citizen who has signed in.
func (r *run) look(method, path string, form url.Values) (int, error) {
	if form != nil {
		form.Set("_csrf", formToken(r.tokens[0]))
	}
	q, err := http.NewRequestWithContext(r.ctx, method, "http://"+r.pages[0].address()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	q.Host = r.org.Slug + ".localhost"
	q.Header.Set("Origin", "http://"+q.Host)
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Cookie", fmt.Sprintf("pasokh-visitor=%s; pasokh-my=%s", r.tokens[0], r.tokens[0]))
	res, err := browser.Do(q)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// F13: every process is restarted in turn, as by an upgrade, while citizens use
// the program: nobody gets an answer that repeating does not mend.
func (r *run) restarts(t *testing.T) {
	done := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for !closed(done) {
			r.act(atOnce)
		}
	})
	var took []time.Duration
	for n := range r.stops {
		p := slices.Concat(r.pages, r.workers)[n%4]
		began := time.Now()
		if code := p.stop(); code != 0 {
			t.Errorf("ended with %d: %s", code, p.tail())
		}
		took = append(took, time.Since(began))
		if n%4 < 2 {
			until(r.ctx, t, 30*time.Second, "the process", func() bool { return p.whole(r.ctx) })
		}
	}
	close(done)
	all.Wait()
	t.Logf("stopped: %s", spread(took))
	r.hold(t)
}

func closed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
