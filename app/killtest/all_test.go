package killtest_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// The real program on a PostgreSQL and a Redis that are killed beside it.
// `make chaos` runs it at full size; among the tests it is short.
func TestFaults(t *testing.T) {
	z := sizeOf(t)
	if os.Getenv("PASOKH_TEST_DATABASE_URL") == "" && !z.long {
		return // this is the run on SQLite: see TestFaultsOnSQLite
	}
	limit := 2 * time.Minute
	if z.long {
		limit = 25 * time.Minute
	}
	binary := build(t)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s := startServices(ctx, t)
	r := &run{services: s, size: z, random: seeded(t), crowd: new(crowd), world: newWorld(ctx, t, s, binary, z.ops/2)}
	r.start(t, 2, 2)
	for _, fault := range []struct {
		name string
		test func(*testing.T)
	}{
		{"F1 everything is killed", r.killEverything},
		{"F8 workers die while they send", r.killSenders},
		{"F3 Redis forgets", r.forget},
		{"F2 Redis is away", r.withoutRedis},
		{"F5 the database is slow", r.slowDatabase},
		{"F7 answers are lost", r.cutReplies},
		{"F13 restarts", r.restarts},
		{"three of each", r.threeOfEach},
	} {
		t.Run(fault.name, fault.test)
	}
}

// F12: on SQLite one process does everything, its Redis dies with it, and it is
// killed again and again under eight writers.
func TestFaultsOnSQLite(t *testing.T) {
	z := sizeOf(t)
	if os.Getenv("PASOKH_TEST_DATABASE_URL") != "" && !z.long {
		return // that run has TestFaults
	}
	binary := build(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	r := &run{size: z, random: seeded(t), crowd: new(crowd), world: newWorld(ctx, t, nil, binary, z.files/2)}
	r.pages = []*program{keep(t, binary, r.env, "serve")}
	r.up(t)
	var back []time.Duration
	var strikes sync.WaitGroup
	strikes.Go(func() {
		for n := range z.fileKills {
			target := int64(z.files * (n + 1) / (z.fileKills + 2))
			if _, err := waited(ctx, time.Minute, func() bool { return r.crowd.acked.Load() >= target }); err != nil {
				return
			}
			began := time.Now()
			r.pages[0].kill()
			_, _ = waited(ctx, time.Minute, func() bool { code, _ := r.pages[0].ready(ctx); return code == 200 })
			back = append(back, time.Since(began))
		}
	})
	r.people = z.files
	r.crowd.run(ctx, r.world, 0, z.files, atOnce/2)
	strikes.Wait()
	r.hold(t)
	t.Logf("ready again: %s (limit %s); act p99 %s", spread(back), startLimit, p99(r.crowd.ledger))
	checkFile(ctx, t, r.dir)
}

// checkFile has SQLite look for damage.
func checkFile(ctx context.Context, t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "pasokh.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	var word string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&word); err != nil || word != "ok" {
		t.Errorf("integrity: %q, %v", word, err)
	}
}
