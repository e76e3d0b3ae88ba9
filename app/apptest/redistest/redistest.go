// Package redistest gives a test its own Redis: one inside the process by
// default, a numbered database of the throw-away server that
// PASOKH_TEST_REDIS_URL names otherwise.
package redistest

import (
	"context"
	"os"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// databases is how many numbered databases the throw-away server has.
const databases = 128

// New makes a client whose keys are the test's own; it is gone when the test
// ends.
func New(t testing.TB) redis.UniversalClient {
	t.Helper()
	address := os.Getenv("PASOKH_TEST_REDIS_URL")
	if address == "" {
		server := miniredis.RunT(t)
		client := redis.NewClient(&redis.Options{Addr: server.Addr()})
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	options.DB = number(t, *options)
	client := redis.NewClient(options)
	clear := func() { _ = client.FlushDB(context.Background()).Err() } // this database only
	clear()
	t.Cleanup(func() { clear(); _ = client.Close() })
	return client
}

// number takes the next database but the first, which counts: test processes
// run side by side.
func number(t testing.TB, options redis.Options) int {
	t.Helper()
	options.DB = 0
	counter := redis.NewClient(&options)
	defer counter.Close() //nolint:errcheck // one command
	n, err := counter.Incr(t.Context(), "redistest:next").Result()
	if err != nil {
		t.Fatal(err)
	}
	return 1 + int(n%(databases-1))
}
