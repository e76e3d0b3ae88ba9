package killtest_test

import (
	"context"
	"os"
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
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	binary := build(t)
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
		{"F13 restarts", r.restarts},
	} {
		t.Run(fault.name, fault.test)
	}
}
