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
	// kills is how often the program dies at least.
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
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := newWorld(ctx, t)
	c := newCrowd(ctx, w)
	for n := 0; n < kills || !w.interrupted(t); n++ {
		if n == 3*kills {
			t.Fatal("no kill fell between two steps of a task: nothing was tested")
		}
		enough := 3 + random.IntN(8)
		c.act(enough + surplus)
		p := w.startSender(t)
		await(ctx, t, "messages", func() bool { return len(p.carried(t)) >= enough })
		<-time.After(time.Duration(random.Int64N(int64(10 * time.Millisecond))))
		p.kill(t)
	}
	w.away(t)
	last := w.startSender(t)
	if err := c.leave(); err != nil {
		t.Fatal(err)
	}
	await(ctx, t, "the work that is left", func() bool { return w.left(t) == 0 })
	last.stop(t)
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

// await looks until it is so.
func await(ctx context.Context, t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}
