package boot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Redis is the queue, the limiter and the live channel: another server's, or
// one inside this process. It holds nothing that cannot be lost.
type Redis struct {
	redis.UniversalClient
	Inside bool // lives in this process
	stop   func()
}

// connectTime bounds the first word from a server.
const connectTime = 5 * time.Second

// OpenRedis connects to the server of the address, or starts one inside the
// process when there is none.
func OpenRedis(ctx context.Context, rawURL string) (*Redis, error) {
	if rawURL == "" {
		return insideRedis()
	}
	client, err := redisClient(rawURL)
	if err != nil {
		return nil, errors.New("the Redis address cannot be read; expected redis://user:password@host:port/number")
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	if err := client.Ping(ctx).Err(); err != nil {
		_ = client.Close()
		return nil, fmt.Errorf("redis does not answer: %w", err)
	}
	return &Redis{UniversalClient: client, stop: func() {}}, nil
}

// redisClient understands one server, a cluster (addr=… in the query) and
// sentinels (master_name=… in the query).
func redisClient(rawURL string) (redis.UniversalClient, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, err
	}
	switch query := u.Query(); {
	case query.Has("master_name"):
		o, err := redis.ParseFailoverURL(rawURL)
		if err != nil {
			return nil, err
		}
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.MaxRetries, o.ContextTimeoutEnabled = wordTime, wordTime, wordTime, 1, true
		return redis.NewFailoverClient(o), nil
	case query.Has("addr"):
		o, err := redis.ParseClusterURL(rawURL)
		if err != nil {
			return nil, err
		}
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.MaxRetries, o.ContextTimeoutEnabled = wordTime, wordTime, wordTime, 1, true
		return redis.NewClusterClient(o), nil
	}
	o, err := redis.ParseURL(rawURL)
	if err != nil {
		return nil, err
	}
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.MaxRetries, o.ContextTimeoutEnabled = wordTime, wordTime, wordTime, 1, true
	return redis.NewClient(o), nil
}

// wordTime bounds one word with Redis, whose every answer takes a moment: one
// that is stuck must not keep anybody waiting who can do without it.
const wordTime = time.Second

// insideRedis starts a server on a free port of the loopback, behind a password
// that only this process knows. Its expiry times pass only when it is told, so
// a goroutine tells it every second.
func insideRedis() (*Redis, error) {
	server := miniredis.NewMiniRedis()
	password := rand.Text()
	server.RequireAuth(password)
	if err := server.Start(); err != nil {
		return nil, fmt.Errorf("redis inside the process: %w", err)
	}
	done := make(chan struct{})
	var ticking sync.WaitGroup
	ticking.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				server.FastForward(time.Second)
			}
		}
	})
	client := redis.NewClient(&redis.Options{Addr: server.Addr(), Password: password})
	return &Redis{UniversalClient: client, Inside: true, stop: func() {
		close(done)
		ticking.Wait()
		server.Close()
	}}, nil
}

// Close ends the connections and the server inside the process.
func (r *Redis) Close() error {
	err := r.UniversalClient.Close()
	r.stop()
	return err
}

// EvictionPolicy is what the server does when its memory is full; empty when it
// does not say.
func (r *Redis) EvictionPolicy(ctx context.Context) (string, error) {
	if r.Inside {
		return "noeviction", nil
	}
	text, err := r.Info(ctx, "memory").Result()
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(text) {
		if policy, ok := strings.CutPrefix(strings.TrimSpace(line), "maxmemory_policy:"); ok {
			return policy, nil
		}
	}
	return "", nil
}
