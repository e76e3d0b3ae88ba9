package notify

import (
	"context"
	"sync"
	"time"
)

// Lanes bounds how many messages one gateway of an organization carries at the
// same time in this process: one that hangs keeps its lanes and nobody else's
// workers. nil bounds nothing.
type Lanes struct {
	most int
	mu   sync.Mutex
	busy map[lane]*traffic
}

type lane struct{ tenant, gateway int64 }

// traffic is what goes on at one gateway.
type traffic struct {
	taken int
	slow  int           // of them, calls that take longer than they should
	freed chan struct{} // closed when the next lane is free
}

const (
	// slowAfter is how long a call takes at a gateway that does not hang, and so how
	// long it is worth waiting for one to end.
	slowAfter = time.Second
	// waitTimes is how often somebody waits whose lane another one took.
	waitTimes = 10
)

// NewLanes gives every gateway at most that many.
func NewLanes(most int) *Lanes { return &Lanes{most: max(1, most), busy: map[lane]*traffic{}} }

// enter takes a lane of the gateway; leave gives it back, once. ok is false when
// all are taken. The deployment's own sender is everybody's and has no lanes.
func (l *Lanes) enter(at lane) (leave func(), ok bool) {
	if l == nil || at.gateway == 0 {
		return func() {}, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.busy[at]
	if t == nil {
		t = &traffic{freed: make(chan struct{})}
		l.busy[at] = t
	}
	if t.taken >= l.most {
		return nil, false
	}
	t.taken++
	left, slow := false, false
	late := time.AfterFunc(slowAfter, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !left {
			slow = true
			t.slow++
		}
	})
	return sync.OnceFunc(func() {
		late.Stop()
		l.mu.Lock()
		defer l.mu.Unlock()
		if left = true; slow {
			t.slow--
		}
		t.taken--
		close(t.freed)
		t.freed = make(chan struct{})
		if t.taken == 0 {
			delete(l.busy, at)
		}
	}), true
}

// wait waits a moment for a lane, unless the gateway hangs; false says that it is
// not worth more.
func (l *Lanes) wait(ctx context.Context, at lane) bool {
	l.mu.Lock()
	t := l.busy[at]
	if t == nil || t.slow > 0 {
		l.mu.Unlock()
		return t == nil
	}
	freed := t.freed
	l.mu.Unlock()
	select {
	case <-freed:
		return true
	case <-ctx.Done():
	case <-time.After(slowAfter):
	}
	return false
}

// laneOf is where the messages of a gateway go; the zero gateway has no lanes.
func laneOf(tenant int64, g *Gateway) lane {
	if g == nil {
		return lane{}
	}
	return lane{tenant, g.ID}
}

// Crowded says that all lanes of the gateway are taken: nothing was tried, and the
// task is to come again in a moment.
type Crowded struct{ at lane }

func (*Crowded) Error() string { return "the gateway is busy with other messages" }
