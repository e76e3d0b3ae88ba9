package killtest_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/tenants"
)

const (
	processLimit = 100 * time.Millisecond // until a process with pages answers, on a quiet machine
	hearLimit    = 5 * time.Second        // until a page knows what was done elsewhere
	clockLimit   = 10 * time.Second       // until a clock that is asked for has run
)

// Three processes with pages and three workers behind one PostgreSQL and one Redis:
// whatever is filed anywhere is done once, an open page of one process hears of what
// is done at another, and every clock runs.
func (r *run) threeOfEach(t *testing.T) {
	began := time.Now()
	r.start(t, 3-len(r.pages), 3-len(r.workers))
	started := time.Since(began)
	token := r.operator(t)
	heard := r.ear(t, r.pages[0].address(), token)
	if !within(r.ctx, heard, hearLimit) {
		t.Fatal("the page says nothing at first")
	}
	topic, err := r.topic()
	if err != nil {
		t.Fatal(err)
	}
	a := act{number: r.people}
	r.people++
	path, form := r.deskForm(a, topic)
	form.Set("_csrf", formToken(token))
	asked := time.Now()
	if got, err := r.desk(r.pages[2].address(), token, path, form); err != nil || got.status != http.StatusSeeOther {
		t.Fatal(got.status, err)
	}
	r.crowd.note(a)
	if !within(r.ctx, heard, hearLimit) {
		t.Error("the page of one process hears nothing of another")
	}
	t.Logf("all up after %s (limit of one, alone: %s); heard of another process after %s", started.Round(time.Millisecond), processLimit, time.Since(asked).Round(time.Millisecond))
	r.act(60) // everybody asks another process each time
	r.hold(t)
	r.judgeClocks(t, began)
}

// judgeClocks: all processes together run every clock, none fails since then. One
// that a blow before then broke off is due again in some minutes; asked for, it
// runs at once.
func (r *run) judgeClocks(t *testing.T, since time.Time) {
	t.Helper()
	root, _, err := r.open()
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() //nolint:errcheck // only read
	lines := r.clocks(t, root)
	for _, l := range lines {
		switch {
		case l.LastRunAt == nil:
			t.Errorf("clock %s never ran", l.Name)
		case l.LastError != "" && l.LastRunAt.Before(since):
			t.Logf("clock %s was broken off at %s: %s", l.Name, l.LastRunAt, l.LastError)
			if err := root.UnscopedRunClockNow(r.ctx, l.Name, time.Now()); err != nil {
				t.Errorf("clock %s: %v", l.Name, err)
			}
		}
	}
	var failed []tenants.PeriodicClock
	if _, err := waited(r.ctx, clockLimit, func() bool {
		failed = slices.DeleteFunc(r.clocks(t, root), func(l tenants.PeriodicClock) bool { return l.LastError == "" })
		return len(failed) == 0
	}); err != nil {
		t.Errorf("clocks %+v", failed)
	}
}

func (r *run) clocks(t *testing.T, root *tenants.Root) []tenants.PeriodicClock {
	t.Helper()
	lines, err := root.UnscopedClocks(r.ctx)
	if err != nil || len(lines) < 10 {
		t.Fatalf("%d clocks, %v", len(lines), err)
	}
	return lines
}

// ear opens the desk's stream at a process and tells when it says something.
func (r *run) ear(t *testing.T, address, token string) <-chan bool {
	t.Helper()
	ctx, cancel := context.WithCancel(r.ctx)
	t.Cleanup(cancel)
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/desk/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Host = r.org.Slug + ".localhost"
	q.Header.Set("Cookie", fmt.Sprintf("pasokh-visitor=%s; pasokh=%s", token, token))
	res, err := probe.Do(q) //nolint:bodyclose // closed when the test ends
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	heard := make(chan bool, 100)
	go func() {
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		for begun := false; lines.Scan(); {
			// A colon alone: it was looked, and nothing of this page has changed.
			data := strings.HasPrefix(lines.Text(), "data: ") || lines.Text() == ":"
			if data && !begun {
				heard <- true
			}
			begun = data
		}
	}()
	return heard
}

func within(ctx context.Context, heard <-chan bool, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case <-heard:
		return true
	case <-ctx.Done():
		return false
	}
}
