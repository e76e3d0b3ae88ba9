// Package redistest gives a test its own Redis: one inside the process by
// default, a numbered database of the throw-away server that
// PASOKH_TEST_REDIS_URL names otherwise.
package redistest

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

const (
	databases = 128              // of the throw-away server
	longest   = 15 * time.Minute // a test may run
)

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

// number takes a database that no other test has, until the test ends; the
// first one keeps the account. Test processes run side by side, and some tests
// last while hundreds of others come and go.
func number(t testing.TB, options redis.Options) int {
	t.Helper()
	options.DB = 0
	account := redis.NewClient(&options)
	t.Cleanup(func() { _ = account.Close() })
	for range databases {
		n, err := account.Incr(t.Context(), "redistest:next").Result()
		if err != nil {
			t.Fatal(err)
		}
		number := 1 + int(n%(databases-1))
		taken := fmt.Sprintf("redistest:taken:%d", number)
		free, err := account.SetNX(t.Context(), taken, "", longest).Result()
		if err != nil {
			t.Fatal(err)
		}
		if free {
			t.Cleanup(func() { _ = account.Del(context.Background(), taken).Err() })
			return number
		}
	}
	t.Fatal("every database of the server is taken")
	return 0
}
