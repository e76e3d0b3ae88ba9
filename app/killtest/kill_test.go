package killtest_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	_ "pasokh/app/boot" // so that go test's cache knows the program under test
)

const (
	// kills is how often the program dies at least; four times as often at most.
	kills = 6
	// surplus is how many acts are still on their way when it dies.
	surplus = 10
	// patience bounds all waiting together.
	patience = 2 * time.Minute
)

// Citizens file complaints and ask for codes; whoever sends their messages is
// killed after every few of them. Afterwards every acknowledged act stands once,
// nothing is left to be done, and every message has one key at the sender.
//
// On SQLite one process does everything, and its Redis dies with it; on
// PostgreSQL and Redis the pages outlive the worker.
func TestKilledAgainAndAgainNothingIsLostOrDoubled(t *testing.T) {
	random := rand.New(rand.NewPCG(seed(t), 0))
	binary := build(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := newWorld(ctx, t, binary)
	c := newCrowd(ctx, w)
	for n := 0; n < kills || !w.interrupted(t); n++ {
		if n == 4*kills {
			t.Error("no kill fell between carrying a message and noting it")
			break
		}
		enough := 2 + random.IntN(5)
		c.act(enough + surplus)
		p := w.startSender(t)
		await(ctx, t, 2*time.Millisecond, "messages", func() bool { return len(p.carried(t)) >= enough })
		<-time.After(time.Duration(random.Int64N(int64(5 * time.Millisecond))))
		w.kill(t, p)
	}
	w.away(t)
	last := w.startSender(t)
	if err := c.leave(); err != nil {
		t.Fatal(err)
	}
	w.settle(t)
	w.stop(t, last)
	w.judge(t, c)
}

// seed is the seed of all chance here.
func seed(t *testing.T) uint64 {
	t.Helper()
	const name = "PASOKH_TEST_KILL_SEED"
	n := rand.Uint64()
	if given := os.Getenv(name); given != "" {
		var err error
		if n, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%s=%d", name, n)
	return n
}

// await looks again and again until it is so.
func await(ctx context.Context, t *testing.T, every time.Duration, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}
