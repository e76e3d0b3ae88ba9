package killtest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	_ "pasokh/app/boot" // so that go test's cache knows the program under test
	"pasokh/tenants"
)

// What the faults are allowed to cost. The limits of recovery are those of
// security.md, section 5; short runs on a busy machine only print them.
const (
	atOnce       = 16
	startLimit   = 2 * time.Second
	redisLimit   = 2 * time.Second
	databaseBack = 5 * time.Second
	drainLimit   = time.Minute
)

// size is how large a run is: a short one among the tests, the whole one by
// `make chaos`, which sets CHAOS_OPS.
type size struct {
	long                             bool
	ops                              int
	kills, redisKills, postgresKills int
	sends, sendKills, stops          int
	redisAway                        time.Duration
	slowFor, holeFor                 time.Duration
	cuts                             int
	files, fileKills                 int
}

func sizeOf(t *testing.T) size {
	t.Helper()
	ops := os.Getenv("CHAOS_OPS")
	if ops == "" {
		return size{ops: 240, kills: 4, redisKills: 1, postgresKills: 1, sends: 60, sendKills: 3, stops: 3, redisAway: time.Second, slowFor: 1500 * time.Millisecond, holeFor: 3600 * time.Millisecond, cuts: 10, files: 120, fileKills: 3}
	}
	n, err := strconv.Atoi(ops)
	if err != nil || n < 100 {
		t.Fatalf("CHAOS_OPS=%s", ops)
	}
	return size{long: true, ops: n, kills: 20, redisKills: 5, postgresKills: 5, sends: 400, sendKills: 20, stops: 10, redisAway: time.Minute, slowFor: 10 * time.Second, holeFor: 30 * time.Second, cuts: 250, files: 1000, fileKills: 10}
}

// seeded gives the chance of a run; CHAOS_SEED repeats it.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	n := rand.Uint64()
	if given := os.Getenv("CHAOS_SEED"); given != "" {
		var err error
		if n, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("CHAOS_SEED=%d", n)
	return rand.New(rand.NewPCG(n, 0)) //nolint:gosec // chance that can be repeated
}

// blow is one fault of a run.
type blow struct {
	name string
	does func() time.Duration // and tells how long it took to get over it
}

// run is a world under load: all faults of a test happen to the same one, and
// its ledger is never begun anew.
type run struct {
	*services
	*world
	size
	random *rand.Rand
	crowd  *crowd
	people int    // who have acted
	token  string // of the operator
}

// act lets so many more people act and waits for them.
func (r *run) act(n int) {
	from := r.people
	r.people += n
	r.crowd.run(r.ctx, r.world, from, n, atOnce)
}

// hold compares everything, at the end of a fault.
func (r *run) hold(t *testing.T) (drain time.Duration) {
	t.Helper()
	drain = r.settle(t, drainLimit)
	v := r.judge(t, r.crowd.ledger)
	t.Logf("%s; backlog empty after %s", v, drain.Round(time.Millisecond))
	if v.bad() || v.Acked != r.people {
		t.Errorf("of %d people", r.people)
	}
	return drain
}

// F1: bookings and complaints while everything is killed again and again.
func (r *run) killEverything(t *testing.T) {
	blows, back := r.blows(), map[string][]time.Duration{}
	began := time.Now()
	var strikes sync.WaitGroup
	strikes.Go(func() {
		for i, b := range blows {
			target := int64(r.ops * (i + 1) / (len(blows) + 2))
			if _, err := waited(r.ctx, 5*time.Minute, func() bool { return r.crowd.acked.Load() >= target }); err != nil {
				return
			}
			back[b.name] = append(back[b.name], b.does())
		}
	})
	r.act(r.ops)
	load := time.Since(began)
	strikes.Wait()
	r.hold(t)
	keys, extra, _, longest := r.provider.counts()
	t.Logf("load %s (%.0f acts/s, %d requests, %d repeated), act p99 %s, slowest answer %s", load.Round(time.Millisecond),
		float64(r.ops)/load.Seconds(), r.crowd.asked.Load(), r.crowd.retried.Load(), p99(r.crowd.ledger), r.crowd.slowest.Round(time.Millisecond))
	t.Logf("provider: %d keys, %d further calls of the same key, longest until one %s", keys, extra, longest.Round(time.Millisecond))
	fell := 0
	for _, of := range []struct {
		name  string
		limit time.Duration
	}{{"app", startLimit}, {"worker", 0}, {"redis", redisLimit}, {"postgres", databaseBack}} {
		list := back[of.name]
		fell += len(list)
		t.Logf("%-8s whole again: %s (limit %s)", of.name, spread(list), of.limit)
		if r.long && of.limit > 0 && len(list) > 0 && slices.Max(list) > of.limit {
			t.Errorf("%s came back too late", of.name)
		}
	}
	t.Logf("of which the servers themselves: redis %s, postgres %s", spread(r.redis.own), spread(r.postgres.own))
	if fell != len(blows) {
		t.Errorf("%d blows fell, of %d", fell, len(blows))
	}
}

// blows lists the faults of a run in the order of chance.
func (r *run) blows() (list []blow) {
	w, s, z := r.world, r.services, r.size
	for i := range z.kills {
		name, p := "app", w.pages[i%2]
		if i%4 > 1 {
			name, p = "worker", w.workers[i%2]
		}
		list = append(list, blow{name, func() time.Duration {
			began := time.Now()
			p.kill()
			if name == "app" {
				_, _ = waited(w.ctx, 30*time.Second, func() bool { code, _ := p.ready(w.ctx); return code == 200 })
			}
			return time.Since(began)
		}})
	}
	for range z.redisKills {
		list = append(list, blow{"redis", func() time.Duration { return s.strike(w, s.redis) }})
	}
	for range z.postgresKills {
		list = append(list, blow{"postgres", func() time.Duration { return s.strike(w, s.postgres) }})
	}
	r.random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// strike kills a server, starts it again, and waits until the pages are whole.
func (s *services) strike(w *world, one *service) time.Duration {
	one.kill()
	began := time.Now()
	if one.start() != nil || one.await(w.ctx) != nil {
		return time.Since(began)
	}
	one.own = append(one.own, time.Since(began))
	_, _ = waited(w.ctx, 30*time.Second, func() bool { return w.pages[0].whole(w.ctx) && w.pages[1].whole(w.ctx) })
	return time.Since(began)
}

// clearRedis empties Redis as FLUSHALL does.
func (s *services) clearRedis(ctx context.Context) error {
	c := redis.NewClient(&redis.Options{Addr: s.redis.address()})
	defer c.Close() //nolint:errcheck // one word
	return c.FlushAll(ctx).Err()
}

// topics by world: the first topic of the organization.
var topics sync.Map

func (w *world) topic() (string, error) {
	if known, ok := topics.Load(w.org.ID); ok {
		return known.(string), nil //nolint:forcetypeassert // nothing else is kept
	}
	root, db, err := w.open()
	if err != nil {
		return "", err
	}
	defer root.Close() //nolint:errcheck // only read
	defer db.Release()
	list, err := tenants.Topics(w.ctx, db)
	if err != nil || len(list) == 0 {
		return "", fmt.Errorf("%d topics: %w", len(list), err)
	}
	topics.Store(w.org.ID, strconv.FormatInt(list[0].ID, 10))
	return strconv.FormatInt(list[0].ID, 10), nil
}
