package jobs

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"
)

// pokes is the channel on which processes without a worker say that the outbox
// has a new task. A lost word costs a moment: relays look by themselves, too.
const pokes = "pasokh:outbox"

// Poker tells the workers of other processes that there is something to do.
type Poker struct {
	poked chan struct{}
	stop  context.CancelFunc
	loop  sync.WaitGroup
}

// NewPoker starts a poker for a process that has no worker; Stop ends it.
func NewPoker(r redis.UniversalClient) *Poker {
	ctx, stop := context.WithCancel(context.Background())
	p := &Poker{poked: make(chan struct{}, 1), stop: stop}
	p.loop.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-p.poked:
				_ = r.Publish(ctx, pokes, "").Err() // the relays look by themselves, too
			}
		}
	})
	return p
}

// Poke says that the outbox has a new task; it never blocks. It is made for
// Root.OnEnqueue.
func (p *Poker) Poke() {
	select {
	case p.poked <- struct{}{}:
	default:
	}
}

// Stop ends the poker.
func (p *Poker) Stop() {
	p.stop()
	p.loop.Wait()
}

// listen pokes the relay whenever another process says so, until ctx ends.
func (r *relay) listen(ctx context.Context) {
	sub := r.redis.Subscribe(ctx, pokes)
	defer sub.Close() //nolint:errcheck // nothing is lost with it
	for {
		select {
		case <-ctx.Done():
			return
		case <-sub.Channel():
			r.poke()
		}
	}
}
