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
	for _, one := range []struct {
		name string
		run  func(context.Context, *testing.T, string, size)
	}{
		{"F1", s.killEverything},
	} {
		t.Run(one.name, func(t *testing.T) {
			if err := s.clearRedis(ctx); err != nil {
				t.Fatal(err)
			}
			one.run(ctx, t, binary, z)
		})
	}
}
