package web

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"pasokh/tenants"
	"pasokh/views/messages"
)

// liveEvent is one part of a page that changed: htmx puts body where the page
// says sse-swap of the name.
type liveEvent struct {
	name string
	body templ.Component
}

const (
	liveFor   = 100 * time.Second // then the browser opens the stream again
	liveBeat  = 15 * time.Second  // shows whether the browser is still there
	livePause = 300 * time.Millisecond
)

// announce tells the open pages of an organization that a topic has changed.
// Pages without it are only late, so a silent Redis is no error.
func (w *web) announce(ctx context.Context, tenant int64, topic string) {
	if err := w.Redis.Publish(ctx, liveTopic(tenant, topic), "").Err(); err != nil {
		w.Log.Warn("announce", "topic", topic, "error", err)
	}
}

func liveTopic(tenant int64, topic string) string { return fmt.Sprintf("live:%d:%s", tenant, topic) }

// live answers with a stream of events: what render gives at once, and again
// whenever the topic is announced. render gets a snapshot of its own each time,
// because the request's is over.
func (r *req) live(topic string, render func(context.Context, *tenants.DB) ([]liveEvent, error)) error {
	w, tenant, lang, number := r.w, r.tenant, r.lang, requestID(r.c)
	r.c.Set(fiber.HeaderContentType, "text/event-stream")
	r.c.Set("X-Accel-Buffering", "no")
	r.c.Context().SetBodyStreamWriter(func(out *bufio.Writer) {
		ctx, cancel := context.WithTimeout(messages.With(w.Live, lang), liveFor)
		defer cancel()
		changed, leave := w.hub.join(liveTopic(tenant.ID, topic))
		defer leave()
		send := func() error {
			db := w.Root.For(tenant)
			defer db.Release()
			events, err := render(ctx, db)
			if err != nil {
				return err
			}
			return writeEvents(ctx, out, events)
		}
		if err := streamEvents(ctx, out, changed, send); err != nil && ctx.Err() == nil {
			w.Log.Info("stream ended", "request_id", number, "error", err)
		}
	})
	return nil
}

// streamEvents sends now and at every change, with a heartbeat between, until
// the time is over or the browser is gone.
func streamEvents(ctx context.Context, out *bufio.Writer, changed <-chan struct{}, send func() error) error {
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	if err := send(); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-beat.C:
			if _, err := out.WriteString(":\n\n"); err != nil {
				return err
			}
			if err := out.Flush(); err != nil {
				return err
			}
		case <-changed:
			time.Sleep(livePause) // one act announces several times
			if err := send(); err != nil {
				return err
			}
		}
	}
}

func writeEvents(ctx context.Context, out *bufio.Writer, events []liveEvent) error {
	for _, e := range events {
		var b bytes.Buffer
		if err := e.body.Render(ctx, &b); err != nil {
			return err
		}
		data := strings.ReplaceAll(strings.TrimSpace(b.String()), "\n", "\ndata: ")
		if _, err := fmt.Fprintf(out, "event: %s\ndata: %s\n\n", e.name, data); err != nil {
			return err
		}
	}
	return out.Flush()
}

// hub listens to Redis once for the whole process and wakes the streams.
type hub struct {
	start   sync.Once
	listen  func(wake func(topic string))
	mu      sync.Mutex
	streams map[string]map[chan struct{}]bool
}

// newHub makes the hub; it listens from the first stream on.
func (w *web) newHub() *hub {
	h := &hub{streams: map[string]map[chan struct{}]bool{}}
	h.listen = func(wake func(string)) {
		sub := w.Redis.PSubscribe(w.Live, "live:*")
		defer sub.Close() //nolint:errcheck // the process is ending
		for {
			select {
			case <-w.Live.Done():
				return
			case m, ok := <-sub.Channel():
				if !ok {
					return
				}
				wake(m.Channel)
			}
		}
	}
	return h
}

func (h *hub) join(topic string) (changed <-chan struct{}, leave func()) {
	h.start.Do(func() { go h.listen(h.wake) })
	ch := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.streams[topic] == nil {
		h.streams[topic] = map[chan struct{}]bool{}
	}
	h.streams[topic][ch] = true
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.streams[topic], ch)
		if len(h.streams[topic]) == 0 {
			delete(h.streams, topic)
		}
	}
}

func (h *hub) wake(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.streams[topic] {
		select {
		case ch <- struct{}{}:
		default: // it has not come to the last one yet
		}
	}
}
