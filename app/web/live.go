package web

import (
	"bufio"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/redis/go-redis/v9"

	"pasokh/app/telemetry"
)

// What changes on other desks reaches open pages by server-sent events. Every
// act is announced over Redis; each process listens once for all its pages.
// Nothing depends on it: pages that miss an event are as they would be without.

// liveFor is well below writeTimeout: the stream ends by itself and the browser
// opens it again, as somebody who may still come.
const (
	liveFor  = 4 * time.Minute
	liveBeat = 20 * time.Second
	// liveRest gathers the acts of a moment into one event.
	liveRest    = 400 * time.Millisecond
	liveChannel = "pasokh:live:"
)

// LiveKey is where an organization's open pages hear that something is new.
func LiveKey(tenant int64) string { return liveChannel + strconv.FormatInt(tenant, 10) }

// announce tells the organization's open pages, in every process, that
// something was done. It costs one message and may fail: nobody waits for it.
func (w *web) announce(r *req) {
	if r.c.Method() != fiber.MethodPost || r.tenant.IsPlatform() || w.Redis == nil || r.c.Response().StatusCode() >= fiber.StatusBadRequest {
		return
	}
	w.tell(r.tenant.ID)
}

func (w *web) tell(tenant int64) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := w.Redis.Publish(ctx, LiveKey(tenant), "").Err(); err != nil {
		w.Log.Warn("live", "error", err)
	}
}

// hub carries announcements from Redis to the streams of this process. It
// listens only while somebody is there.
type hub struct {
	redis   redis.UniversalClient
	metrics *telemetry.Metrics
	changed func(tenant int64)
	mu      sync.Mutex
	rooms   map[int64]map[*listener]bool
	sub     *redis.PubSub
}

// listener is one stream; heard has room for one announcement, because the
// second says no more than the first.
type listener struct {
	tenant int64
	heard  chan struct{}
}

func (h *hub) join(tenant int64) *listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := &listener{tenant: tenant, heard: make(chan struct{}, 1)}
	if h.rooms[tenant] == nil {
		h.rooms[tenant] = map[*listener]bool{}
	}
	h.rooms[tenant][l] = true
	h.metrics.Stream(1)
	if h.sub == nil && h.redis != nil {
		h.sub = h.redis.PSubscribe(context.Background(), liveChannel+"*")
		go h.carry(h.sub.Channel())
	}
	return l
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.rooms[l.tenant], l)
	h.metrics.Stream(-1)
	if len(h.rooms[l.tenant]) == 0 {
		delete(h.rooms, l.tenant)
	}
	if len(h.rooms) == 0 && h.sub != nil {
		_ = h.sub.Close() // ends carry; the next stream subscribes anew
		h.sub = nil
	}
}

func (h *hub) carry(messages <-chan *redis.Message) {
	for m := range messages {
		tenant, err := strconv.ParseInt(strings.TrimPrefix(m.Channel, liveChannel), 10, 64)
		if err != nil {
			continue
		}
		h.changed(tenant) // what others did is counted anew
		h.mu.Lock()
		for l := range h.rooms[tenant] {
			select {
			case l.heard <- struct{}{}:
			default:
			}
		}
		h.mu.Unlock()
	}
}

// stream answers with events until the page leaves, the time is over or the
// server stops. look gives what the page should show now: elements by their
// ids; it is asked at once, after every announcement, and with every beat. An
// error ends the stream.
func (r *req) stream(look func() (string, error), left func()) error {
	r.c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	r.c.Set("X-Accel-Buffering", "no") // proxies pass each event on at once
	if r.c.Method() == fiber.MethodHead {
		return nil
	}
	s := &stream{look: look, left: left, life: r.w.LiveFor, hub: r.w.hub, tenant: r.tenant.ID, stopping: r.c.Context().Done()}
	if s.life == 0 {
		s.life = liveFor
	}
	r.c.Context().SetBodyStreamWriter(s.run)
	return nil
}

// stream outlives its request: it holds nothing of it.
type stream struct {
	look     func() (string, error)
	left     func()
	life     time.Duration
	hub      *hub
	tenant   int64
	stopping <-chan struct{}
	shown    string
}

func (s *stream) run(out *bufio.Writer) {
	l := s.hub.join(s.tenant)
	defer s.left()
	defer s.hub.leave(l)
	end, beat := time.NewTimer(s.life), time.NewTicker(liveBeat)
	defer end.Stop()
	defer beat.Stop()
	if _, err := fmt.Fprint(out, "retry: 3000\n\n"); err != nil || !s.send(out) {
		return
	}
	var rest <-chan time.Time
	for {
		select {
		case <-s.stopping:
			return
		case <-end.C:
			return
		case <-l.heard:
			if rest == nil {
				rest = time.After(liveRest)
			}
			continue
		case <-rest:
			rest = nil
		case <-beat.C:
		}
		if !s.send(out) {
			return
		}
	}
}

// send writes what is new, or a comment that keeps the line open.
func (s *stream) send(out *bufio.Writer) bool {
	now, err := s.look()
	if err != nil {
		return false
	}
	text := ":\n\n"
	if now != s.shown {
		text = "data: " + strings.ReplaceAll(now, "\n", "\ndata: ") + "\n\n"
	}
	s.shown = now
	if _, err := out.WriteString(text); err != nil {
		return false
	}
	return out.Flush() == nil
}
