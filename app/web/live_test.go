package web_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/web"
)

// ear is one open stream of a real browser.
type ear struct {
	t      *testing.T
	events chan string
	body   interface{ Close() error }
}

func (d *desk) listen(port int, c *apptest.Client, address string) *ear {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d%s", port, address), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Host = c.Host
	r.AddCookie(&http.Cookie{Name: "pasokh", Value: c.Cookie("pasokh")})
	res, err := http.DefaultClient.Do(r) //nolint:bodyclose // closed with the ear
	if err != nil {
		d.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		d.t.Fatalf("%s: %d %s", address, res.StatusCode, res.Header.Get("Content-Type"))
	}
	e := &ear{t: d.t, events: make(chan string, 100), body: res.Body}
	d.t.Cleanup(func() { _ = e.body.Close() })
	go func() {
		defer close(e.events)
		event := ""
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				event += data
			} else if lines.Text() == "" && event != "" {
				e.events <- event
				event = ""
			}
		}
	}()
	return e
}

// until waits for an event that fits.
func (e *ear) until(fits func(string) bool) {
	e.t.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case event, ok := <-e.events:
			if !ok {
				e.t.Fatal("the stream has ended")
			}
			if fits(event) {
				return
			}
		case <-limit:
			e.t.Fatal("no such event")
		}
	}
}

func has(text string) func(string) bool {
	return func(event string) bool { return strings.Contains(event, text) }
}

// living is a desk whose streams last.
func living(t *testing.T) (*desk, int) {
	t.Helper()
	d := newDesk(t, func(o *web.Options) { o.LiveFor = time.Minute })
	return d, d.Listen()
}

func TestCountsFollowWhatHappensElsewhere(t *testing.T) {
	d, port := living(t)
	pr := d.As("pr")
	e := d.listen(port, pr, "/desk/live")
	e.until(has(`id="tab-new"`))
	c := d.file()
	d.As("pr").Post(path(c, "note"), apptest.Form{"text": "سلام"}).Is(http.StatusSeeOther) // an act, anywhere
	e.until(func(event string) bool {
		_, after, ok := strings.Cut(event, `id="tab-new"`)
		return ok && strings.Contains(after[:min(len(after), 80)], "۱")
	})
	d.As("manager").Post(path(c, "note"), apptest.Form{"text": "@pr سلام"}).Is(http.StatusSeeOther)
	e.until(func(event string) bool {
		_, after, ok := strings.Cut(event, `id="nav-unread"`)
		return ok && strings.Contains(after[:min(len(after), 80)], "۱")
	})
}

func TestSomeoneElseIsOnThisCase(t *testing.T) {
	d, port := living(t)
	c := d.file()
	pr, manager := d.As("pr"), d.As("manager")
	address := "/desk/live?case=" + id(c.ID)
	first := d.listen(port, pr, address)
	first.until(has(`id="case-live"`))
	second := d.listen(port, manager, address)
	second.until(has("هم این پرونده را باز کرده است"))
	first.until(has("هم این پرونده را باز کرده است"))
	manager.Post(path(c, "triage"), nil).Is(http.StatusSeeOther)
	first.until(has("live-changed"))
	_ = second.body.Close()
}

func TestAStreamShowsNoCaseThatIsNotOnes(t *testing.T) {
	d := newDesk(t)
	c := d.file()
	foreign := d.fileAt(d.B, d.topicOf(d.B))
	d.As("expert").Get("/desk/live?case=" + id(c.ID)).Is(http.StatusNotFound)
	d.As("pr").Get("/desk/live?case=" + id(foreign.ID)).Is(http.StatusNotFound)
	d.As("overseer").Get("/desk/live").Is(http.StatusForbidden)
	page := d.As("expert").Get("/desk/live").Is(http.StatusOK)
	if !strings.HasPrefix(page.Body, "retry:") || strings.Contains(page.Body, `id="tab-new"`) {
		t.Errorf("%q", page.Body)
	}
}

func TestAStreamEndsWhenTheServerStops(t *testing.T) {
	d, port := living(t)
	e := d.listen(port, d.As("pr"), "/desk/live")
	e.until(has("tab-open"))
	d.Stop()
	for range e.events { // ends, or the test's own time does
	}
}

func TestAStreamEndsWithTheSession(t *testing.T) {
	d, port := living(t)
	pr := d.As("pr")
	e := d.listen(port, pr, "/desk/live")
	e.until(has("tab-open"))
	c := d.file()
	pr.Post("/session/end", nil)
	d.As("manager").Post(path(c, "note"), apptest.Form{"text": "سلام"}).Is(http.StatusSeeOther)
	for event := range e.events {
		t.Logf("%.60s", event)
	}
}
