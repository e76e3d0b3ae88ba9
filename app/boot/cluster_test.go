package boot_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/boot"
	"pasokh/jobs"
	"pasokh/tenants"
)

// redisServer starts a server of the machine's own Redis on the loopback.
func redisServer(t *testing.T, port int, config ...string) {
	t.Helper()
	dir := t.TempDir()
	args := append([]string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "no",
		"--maxmemory-policy", "noeviction", "--logfile", filepath.Join(dir, "log")}, config...)
	cmd := exec.Command("redis-server", args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	client := redis.NewClient(&redis.Options{Addr: fmt.Sprintf("127.0.0.1:%d", port)})
	defer client.Close() //nolint:errcheck // a test's
	until(t, "a Redis server", func() bool { return client.Ping(t.Context()).Err() == nil })
}

// redisPorts finds ports that are free, and whose cluster port (10,000 higher) exists.
func redisPorts(t *testing.T, n int) (ports []int) {
	t.Helper()
	for len(ports) < n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		if port < 55_000 {
			ports = append(ports, port)
		}
		defer l.Close() //nolint:errcheck // only its number is wanted
	}
	return ports
}

func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	limit, tick := time.After(20*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-limit:
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

func redisTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatal(name + " is not installed; `make test` brings it")
	}
}

// The whole machinery works on a cluster of three: tasks of every queue, figures,
// the words that wake other processes, patterns for the live pages, scripts.
func TestRedisClusterOfThree(t *testing.T) {
	redisTool(t, "redis-server")
	redisTool(t, "redis-cli")
	ports := redisPorts(t, 3)
	var nodes []string
	for _, port := range ports {
		redisServer(t, port, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", fmt.Sprint(port+10_000))
		nodes = append(nodes, fmt.Sprintf("127.0.0.1:%d", port))
	}
	out, err := exec.Command("redis-cli", append(append([]string{"--cluster", "create"}, nodes...), "--cluster-yes")...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	address := fmt.Sprintf("redis://%s?addr=%s&addr=%s", nodes[0], nodes[1], nodes[2])
	var r *boot.Redis
	until(t, "the cluster", func() bool {
		if r, err = boot.OpenRedis(t.Context(), address); err != nil {
			return false
		}
		if info, err := r.Do(t.Context(), "cluster", "info").Text(); err != nil || !strings.Contains(info, "cluster_state:ok") {
			_ = r.Close()
			return false
		}
		return true
	})
	defer r.Close() //nolint:errcheck // a test's
	if _, ok := r.UniversalClient.(*redis.ClusterClient); !ok {
		t.Fatalf("%T", r.UniversalClient)
	}
	carries(t, r)
}

// A master that is gone is followed by its replica, and work goes on.
func TestRedisSentinelFollowsTheMaster(t *testing.T) {
	redisTool(t, "redis-server")
	ports := redisPorts(t, 3)
	redisServer(t, ports[0])
	redisServer(t, ports[1], "--replicaof", "127.0.0.1 "+fmt.Sprint(ports[0]))
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	if err := os.WriteFile(config, []byte(fmt.Sprintf("sentinel monitor pasokh 127.0.0.1 %d 1\nsentinel down-after-milliseconds pasokh 500\nsentinel failover-timeout pasokh 3000\n", ports[0])), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("redis-server", config, "--sentinel", "--port", fmt.Sprint(ports[2]), "--bind", "127.0.0.1", "--dir", filepath.Dir(config))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	sentinel := redis.NewSentinelClient(&redis.Options{Addr: fmt.Sprintf("127.0.0.1:%d", ports[2])})
	defer sentinel.Close() //nolint:errcheck // a test's
	until(t, "the replica", func() bool {
		list, err := sentinel.Replicas(t.Context(), "pasokh").Result()
		return err == nil && len(list) == 1 && list[0]["master-link-status"] == "ok"
	})
	r, err := boot.OpenRedis(t.Context(), fmt.Sprintf("redis://127.0.0.1:%d?master_name=pasokh", ports[2]))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // a test's
	carries(t, r)
	old := redis.NewClient(&redis.Options{Addr: fmt.Sprintf("127.0.0.1:%d", ports[0])})
	_ = old.ShutdownNoSave(t.Context()).Err()
	_ = old.Close()
	until(t, "the new master", func() bool { return r.Set(t.Context(), "after", "1", 0).Err() == nil })
	carries(t, r)
}

// carries tells whether tasks of all queues, the words between processes and the
// counters work on the Redis.
func carries(t *testing.T, r *boot.Redis) {
	t.Helper()
	w := dbtest.New(t)
	ran := make(chan string, 100)
	kinds := map[string]jobs.Kind{}
	for _, queue := range []string{jobs.OTP, jobs.Critical, jobs.Default, jobs.Bulk} {
		kinds["test."+queue] = jobs.Kind{Queue: queue, React: func(_ context.Context, _ *jobs.Deps, _ *tenants.DB, task *tenants.Task) (string, error) {
			ran <- task.Kind
			return "done", nil
		}}
	}
	d := &jobs.Deps{Root: w.Root, Log: slog.New(slog.DiscardHandler), Kinds: kinds, Clocks: []jobs.Clock{}}
	w.Root.UrgencyOf = d.Urgency
	live := r.PSubscribe(t.Context(), "live:*")
	defer live.Close() //nolint:errcheck // a test's
	if _, err := live.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := jobs.NewServer(d, jobs.Options{Redis: r})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for kind := range kinds {
			if err := tx.EnqueueEach(t.Context(), kind, 0, []any{struct{}{}, struct{}{}, struct{}{}}); err != nil {
				return err
			}
		}
		return nil
	})
	count := map[string]int{}
	for range 12 {
		select {
		case kind := <-ran:
			count[kind]++
		case <-time.After(10 * time.Second):
			t.Fatalf("only these tasks ran: %v", count)
		}
	}
	figures, err := jobs.NewQueues(r).Figures()
	if err != nil || len(figures) != 4 {
		t.Fatalf("%+v, %v", figures, err)
	}
	for i := range 20 { // counters of the limits lie on all nodes
		n, err := redis.NewScript(`return redis.call('INCR', KEYS[1])`).Run(t.Context(), r, []string{fmt.Sprint("limit:", t.Name(), time.Now().UnixNano(), i)}).Int()
		if err != nil || n != 1 {
			t.Fatal(n, err)
		}
	}
	until(t, "the word for live pages", func() bool {
		if err := r.Publish(t.Context(), "live:1", "").Err(); err != nil {
			return false
		}
		select {
		case <-live.Channel():
			return true
		case <-time.After(200 * time.Millisecond):
			return false
		}
	})
}
