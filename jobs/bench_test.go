package jobs_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"context"

	"pasokh/app/apptest/redistest"
	"pasokh/jobs"
	"pasokh/tenants"
)

// BenchmarkTasks is the way of a task that does nothing: outbox, relay, queue,
// worker, and the note that it is done.
func BenchmarkTasks(b *testing.B) {
	w := newWorld(b)
	done := make(chan bool, b.N)
	w.Deps.Kinds = only("test.done", func(context.Context, *jobs.Deps, *tenants.DB, *tenants.Task) (string, error) {
		done <- true
		return "done", nil
	})
	s := jobs.NewServer(w.Deps, jobs.Options{Redis: redistest.New(b), Concurrency: 16})
	w.Root.OnEnqueue = s.Poke
	if err := s.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	defer s.Stop()
	b.ResetTimer()
	w.Write(b, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for n := range b.N {
			if err := tx.Enqueue(b.Context(), "test.done", ids{N: n}); err != nil {
				return err
			}
		}
		return nil
	})
	for range b.N {
		<-done
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}

// BenchmarkPickUp is how long a task waits from its commit to its start, at 200
// tasks a second, as the 99th percentile.
func BenchmarkPickUp(b *testing.B) {
	w := newWorld(b)
	var (
		mu    sync.Mutex
		began = map[int64]time.Time{}
		waits []time.Duration
	)
	done := make(chan bool, b.N)
	w.Deps.Kinds = only("test.done", func(_ context.Context, _ *jobs.Deps, _ *tenants.DB, t *tenants.Task) (string, error) {
		var in ids
		if err := t.IDs(&in); err != nil {
			return "", err
		}
		mu.Lock()
		waits = append(waits, time.Since(began[int64(in.N)]))
		mu.Unlock()
		done <- true
		return "done", nil
	})
	s := jobs.NewServer(w.Deps, jobs.Options{Redis: redistest.New(b), Concurrency: 16})
	w.Root.OnEnqueue = s.Poke
	if err := s.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	defer s.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	b.ResetTimer()
	for n := range b.N {
		<-tick.C
		w.Write(b, tenants.SystemActor(), func(tx *tenants.Tx) error {
			mu.Lock()
			began[int64(n)] = time.Now()
			mu.Unlock()
			return tx.Enqueue(b.Context(), "test.done", ids{N: n})
		})
	}
	for range b.N {
		<-done
	}
	slices.Sort(waits)
	b.ReportMetric(float64(waits[len(waits)*99/100])/1e6, "p99-ms")
	b.ReportMetric(float64(waits[len(waits)/2])/1e6, "p50-ms")
}
