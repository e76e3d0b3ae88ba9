package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"pasokh/app/fault"
	"pasokh/tenants"
)

const (
	// batch is how many tasks of one urgency are handed over and not done at any
	// time, more or less, and so how much Redis can lose at once and how many of
	// one organization's pile stand before the first of another's.
	batch = 200
	// offerEvery is how often the relay looks when nobody pokes it.
	offerEvery = 200 * time.Millisecond
	// rest keeps a storm of pokes from becoming a storm of queries.
	rest = 10 * time.Millisecond
	// lookLimit ends a look at a database that keeps silent.
	lookLimit = 10 * time.Second
	// offerAgain is after how long a task that is not done is handed over once
	// more: its worker or Redis has lost it.
	offerAgain = 10 * time.Second
	// callTime is how long the worker of a task that another relay handed over is
	// left alone at least.
	callTime = 2 * time.Second
)

// relay hands due tasks of the outbox to the queue. Any number of relays may
// run at once: the name of a handed-over task makes it one.
type relay struct {
	deps      *Deps
	redis     redis.UniversalClient
	client    *asynq.Client
	inspector *asynq.Inspector
	poked     chan struct{}
	offers    map[int64]offer // what is due and handed over, by task
	came      time.Time       // when it last came round with success
	spread    *spread         // nil: everything that is due goes at once
	alive     func() (map[string]bool, error)
	busy      map[string]bool // what the workers are at, in this look; nil: not asked yet
	looked    atomic.Int64    // when it last came round, in nanoseconds of Unix time
	more      atomic.Bool     // more is due than was handed over
	ended     atomic.Int64    // tasks that were run here
}

// offer remembers one hand-over.
type offer struct {
	attempts   int
	generation int // how often the same attempt was handed over again
	queue      string
	at         time.Time
	idle       time.Time // since when no worker is seen at it
}

// name is the queue's name of the task. One attempt has one name, so that
// relays do not double it; a lost one gets another.
func (o offer) name(task int64) string {
	if o.generation == 0 {
		return fmt.Sprintf("%d:%d", task, o.attempts)
	}
	return fmt.Sprintf("%d:%d:%d", task, o.attempts, o.generation)
}

// payload is all that travels through Redis.
type payload struct {
	TenantID int64 `json:"tenant_id"`
	TaskID   int64 `json:"task_id"`
}

func newRelay(d *Deps, r redis.UniversalClient) *relay {
	one := &relay{
		deps: d, redis: r, client: asynq.NewClientFromRedisClient(r), inspector: asynq.NewInspectorFromRedisClient(r),
		poked: make(chan struct{}, 1), offers: map[int64]offer{},
	}
	one.alive = one.atWorkers
	return one
}

// poke makes the relay look at once; it never blocks.
func (r *relay) poke() {
	select {
	case r.poked <- struct{}{}:
	default:
	}
}

// run looks again and again until ctx ends.
func (r *relay) run(ctx context.Context) {
	ticker := time.NewTicker(offerEvery)
	defer ticker.Stop()
	var troubled bool
	for {
		look, cancel := context.WithTimeout(ctx, lookLimit)
		err := r.offerDue(look)
		cancel()
		if err != nil && !troubled && ctx.Err() == nil {
			r.deps.Log.ErrorContext(ctx, "the relay cannot hand tasks over; nothing is lost, they wait in the database", "error", err)
		}
		troubled = err != nil
		r.looked.Store(r.deps.Root.Clock()().UnixNano())
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-r.poked:
			time.Sleep(rest)
		}
	}
}

// offerDue hands over what is due, fairly, and what seems lost once more.
func (r *relay) offerDue(ctx context.Context) error {
	now := r.deps.Root.Clock()()
	due, err := r.deps.Root.UnscopedDueTasks(ctx, now, batch)
	if err != nil {
		return fault.Wrap(err, "jobs.relay")
	}
	r.forget(due)
	if r.spread, err = r.spreadFor(ctx, now, due); err != nil {
		return fault.Wrap(err, "jobs.relay")
	}
	r.more.Store(len(due) >= batch)
	r.busy = nil
	for _, row := range fair(due) {
		last, known := r.offers[row.ID]
		same := known && last.attempts == row.Attempts
		if same && now.Before(last.at.Add(offerAgain)) || !known && r.spread.holds(&row, now) {
			continue
		}
		next, hold := r.next(last, same, row, now)
		if hold {
			r.offers[row.ID] = next
			continue
		}
		first, err := r.hand(ctx, row, next)
		if err != nil {
			return err
		}
		if !first {
			next.at = since(row, now)
		}
		if r.offers[row.ID] = next; !known {
			r.spread.gave(&row)
		}
	}
	r.came = now
	return nil
}

// ran notes that a task was run; when more are due than were handed over, the
// relay looks again before the workers have nothing left to do.
func (r *relay) ran() {
	if n := r.ended.Add(1); r.more.Load() && n%(batch/4) == 0 {
		r.poke()
	}
}

// forget drops what is no longer due: done, dead, failed or put off.
func (r *relay) forget(due []tenants.DueTask) {
	still := make(map[int64]bool, len(due))
	for _, row := range due {
		still[row.ID] = true
	}
	for id := range r.offers {
		if !still[id] {
			delete(r.offers, id)
		}
	}
}

// hand hands a task over, and tells whether no other relay has done so under
// this name.
func (r *relay) hand(ctx context.Context, row tenants.DueTask, o offer) (first bool, err error) {
	raw, err := json.Marshal(payload{TenantID: row.TenantID, TaskID: row.ID})
	if err != nil {
		return false, fault.Wrap(err, "jobs.hand")
	}
	_, err = r.client.EnqueueContext(ctx, asynq.NewTask(row.Kind, raw),
		asynq.TaskID(o.name(row.ID)), asynq.Queue(o.queue), asynq.MaxRetry(2), asynq.Timeout(limitOf(row.Kind)+2*noteLimit))
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return false, nil
	}
	return true, fault.Wrap(err, "jobs.hand")
}

// since is when a task that another relay handed over was handed over, as far as
// one can know: when it was due. That relay may have died with its worker, and
// each that comes after would begin to wait anew; but a call takes its time.
func since(row tenants.DueTask, now time.Time) time.Time {
	if latest := now.Add(callTime - offerAgain); row.DueAt.Before(latest) {
		return latest
	}
	return row.DueAt
}

// fair orders due tasks so that every organization's turn comes: by urgency,
// then one of each organization after the other, each organization's own in
// their order.
func fair(due []tenants.DueTask) []tenants.DueTask {
	list := make([]tenants.DueTask, 0, len(due))
	for _, urgency := range tenants.Urgencies() {
		rounds := [][]tenants.DueTask{}
		turn := map[int64]int{}
		for _, row := range due {
			if row.Urgency != urgency {
				continue
			}
			n := turn[row.TenantID]
			turn[row.TenantID]++
			if n == len(rounds) {
				rounds = append(rounds, nil)
			}
			rounds[n] = append(rounds[n], row)
		}
		for _, round := range rounds {
			list = append(list, round...)
		}
	}
	return list
}
