package boot_test

import (
	"os"
	"testing"

	"github.com/redis/go-redis/v9"

	"pasokh/app/boot"
)

func TestRedisInsideIsBehindAPassword(t *testing.T) {
	r, err := boot.OpenRedis(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // tested elsewhere
	inside, ok := r.UniversalClient.(*redis.Client)
	if !ok {
		t.Fatalf("%T", r.UniversalClient)
	}
	stranger := redis.NewClient(&redis.Options{Addr: inside.Options().Addr})
	defer stranger.Close() //nolint:errcheck // a test's
	if err := stranger.Ping(t.Context()).Err(); err == nil {
		t.Fatal("anybody on this machine may read the queue")
	}
	if policy, err := r.EvictionPolicy(t.Context()); err != nil || policy != "noeviction" {
		t.Fatalf("%q, %v", policy, err)
	}
}

func TestRealRedisTellsItsPolicy(t *testing.T) {
	address := os.Getenv("PASOKH_TEST_REDIS_URL")
	if address == "" {
		return // the other half of the tests runs with it
	}
	r, err := boot.OpenRedis(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // a test's
	if policy, err := r.EvictionPolicy(t.Context()); err != nil || policy != "noeviction" {
		t.Fatalf("%q, %v", policy, err)
	}
}
