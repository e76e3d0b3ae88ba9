package jobs_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"pasokh/app/apptest/redistest"
	"pasokh/jobs"
	"pasokh/tenants"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// start runs a server until the function it gives, or the test's end.
func (w *world) start(t testing.TB, r redis.UniversalClient) (stop func()) {
	t.Helper()
	s := jobs.NewServer(w.Deps, jobs.Options{Redis: r, CheckEvery: 20 * time.Millisecond})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(s.Stop)
	t.Cleanup(stop)
	return stop
}

// wait takes n words from the channel.
func wait[T any](t testing.TB, ch <-chan T, n int) {
	t.Helper()
	limit := time.After(patience)
	for i := range n {
		select {
		case <-ch:
		case <-limit:
			t.Fatalf("only %d of %d came", i, n)
		}
	}
}

func TestTwoServersRunEveryTaskOnce(t *testing.T) {
	w, c, r := newWorld(t), newCounter(), redistest.New(t)
	w.Deps.Kinds = only("test.done", c.react)
	const each = 30
	stopOne, stopTwo := w.start(t, r), w.start(t, r)
	for n := range each {
		w.enqueue(t, w.A, n)
		w.enqueue(t, w.B, n)
	}
	wait(t, c.ran, 2*each)
	stopOne()
	stopTwo()
	if tasks, runs := c.total(); tasks != 2*each || runs != 2*each {
		t.Fatalf("%d tasks ran %d times", tasks, runs)
	}
	for _, row := range w.tasks(t) {
		if row.DoneAt == nil {
			t.Fatalf("not done: %+v", row)
		}
	}
}

// A worker that is stopped in the middle of a reaction leaves the task to the
// next one.
func TestTaskCutShortIsRunByTheNextServer(t *testing.T) {
	w, r := newWorld(t), redistest.New(t)
	begun, ended := make(chan bool, 10), make(chan bool, 10)
	var first sync.Once
	w.Deps.Kinds = only("test.done", func(ctx context.Context, _ *jobs.Deps, _ *tenants.DB, _ *tenants.Task) (string, error) {
		cut := false
		first.Do(func() { cut = true })
		begun <- true
		if cut {
			<-ctx.Done()
			return "", ctx.Err()
		}
		ended <- true
		return "done", nil
	})
	s := jobs.NewServer(w.Deps, jobs.Options{Redis: r, CheckEvery: 20 * time.Millisecond, StopLimit: time.Millisecond})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.enqueue(t, w.A, 1)
	s.Poke()
	wait(t, begun, 1)
	s.Stop()
	if row := w.tasks(t)[0]; row.DoneAt != nil || row.Attempts != 0 {
		t.Fatalf("row: %+v", row)
	}
	stop := w.start(t, r)
	wait(t, ended, 1)
	stop()
	if row := w.tasks(t)[0]; row.DoneAt == nil || row.Result != "done" {
		t.Fatalf("row: %+v", row)
	}
}

// A process without a worker wakes the relay of another one at once.
func TestPokeReachesOtherProcesses(t *testing.T) {
	r := redistest.New(t)
	sub := r.Subscribe(t.Context(), "pasokh:outbox")
	defer sub.Close() //nolint:errcheck // a test's
	if _, err := sub.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := jobs.NewPoker(r)
	defer p.Stop()
	p.Poke()
	wait(t, sub.Channel(), 1)
}

func TestQueuesTellHowTheWorkStands(t *testing.T) {
	w, c, r := newWorld(t), newCounter(), redistest.New(t)
	w.Deps.Kinds = only("test.done", c.react)
	queues := jobs.NewQueues(r)
	figures, err := queues.Figures()
	if err != nil || len(figures) != 4 || figures[0].Name != jobs.OTP {
		t.Fatalf("before anything: %+v, %v", figures, err)
	}
	stop := w.start(t, r)
	w.enqueue(t, w.A, 1)
	wait(t, c.ran, 1)
	workers, err := queues.Workers()
	if err != nil || len(workers) != 1 {
		t.Fatalf("workers: %+v, %v", workers, err)
	}
	stop()
	if figures, err = queues.Figures(); err != nil || figures[2].ProcessedToday != 1 || figures[2].Pending != 0 {
		t.Fatalf("after: %+v, %v", figures, err)
	}
}
