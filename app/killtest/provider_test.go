package killtest_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pasokh/app/carriers/fakes"
)

// provider is the fake gateway with a ledger: which key was handed to it when.
// It outlives everything that is killed.
type provider struct {
	*httptest.Server
	fake *fakes.Server

	mu      sync.Mutex
	calls   map[string][]time.Time // by the key that the message had
	lost    int                    // answers that were not given
	loseOne int                    // in so many answers; 0: none
	hold    time.Duration          // how long a call takes
	flying  int
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{fake: new(fakes.Server), calls: map[string][]time.Time{}}
	p.fake.SetCredit(1e9)
	p.Server = httptest.NewUnstartedServer(p)
	p.Config.ConnState = func(net.Conn, http.ConnState) {}
	p.Start()
	t.Cleanup(p.Close)
	return p
}

// ServeHTTP takes a message, and loses some answers after it has.
func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // the fake reads it again
	key := r.Form.Get("localid")
	if !strings.HasSuffix(r.URL.Path, "sms/send.json") {
		p.fake.ServeHTTP(w, r)
		return
	}
	p.mu.Lock()
	p.calls[key] = append(p.calls[key], time.Now())
	hold, lose := p.hold, p.loseOne > 0 && len(p.calls)%p.loseOne == 0 && len(p.calls[key]) == 1
	if lose {
		p.lost++
	}
	p.flying++
	p.mu.Unlock()
	defer func() { p.mu.Lock(); p.flying--; p.mu.Unlock() }()
	if hold > 0 {
		time.Sleep(hold)
	}
	if !lose {
		p.fake.ServeHTTP(w, r)
		return
	}
	p.fake.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler) // taken, and the line is cut
}

func (p *provider) set(hold time.Duration, loseOne int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold, p.loseOne = hold, loseOne
}

func (p *provider) inFlight() int { p.mu.Lock(); defer p.mu.Unlock(); return p.flying }

// keys, extra calls of a key beyond its first, answers that were lost, and the
// longest time between two calls of one key.
func (p *provider) counts() (keys, extra, lost int, longest time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, times := range p.calls {
		extra += len(times) - 1
		for i := 1; i < len(times); i++ {
			longest = max(longest, times[i].Sub(times[i-1]))
		}
	}
	return len(p.calls), extra, p.lost, longest
}

// reached counts how often each number was written to, as the provider has it.
func (p *provider) reached() map[string]int {
	to := map[string]int{}
	for _, m := range p.fake.Sent() {
		to[m.To]++
	}
	return to
}
