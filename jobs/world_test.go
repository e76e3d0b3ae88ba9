package jobs_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/notify"
	"pasokh/jobs"
	"pasokh/tenants"
)

// world is a database, a sender that keeps what it carries, and reactions of
// the test's own.
type world struct {
	*dbtest.World
	Sender *notify.Memory
	Deps   *jobs.Deps
}

func newWorld(t testing.TB) *world {
	w := &world{World: dbtest.New(t), Sender: &notify.Memory{}}
	links, err := notify.ParseLinks("https://pasokh.example")
	if err != nil {
		t.Fatal(err)
	}
	w.Deps = &jobs.Deps{
		Root: w.Root, Log: slog.New(slog.DiscardHandler),
		Post: &notify.Post{Sender: w.Sender, Links: links},
	}
	w.Root.UrgencyOf = w.Deps.Urgency
	return w
}

// ids is the payload of the tests' tasks.
type ids struct {
	N int `json:"n"`
}

// counter counts how often each task ran.
type counter struct {
	mu    sync.Mutex
	times map[int64]int
	ran   chan int64
}

func newCounter() *counter { return &counter{times: map[int64]int{}, ran: make(chan int64, 10_000)} }

func (c *counter) react(_ context.Context, _ *jobs.Deps, _ *tenants.DB, t *tenants.Task) (string, error) {
	c.mu.Lock()
	c.times[t.ID]++
	c.mu.Unlock()
	c.ran <- t.ID
	return "counted", nil
}

func (c *counter) total() (tasks, runs int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.times {
		runs += n
	}
	return len(c.times), runs
}

// only makes a table of one kind.
func only(kind string, react jobs.Reaction) map[string]jobs.Kind {
	return map[string]jobs.Kind{kind: {Queue: jobs.Default, React: react}}
}

func (w *world) enqueue(t testing.TB, tenant *tenants.Tenant, n int) {
	t.Helper()
	db := w.Root.For(tenant)
	defer db.Release()
	err := db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Enqueue(t.Context(), "test.done", ids{N: n})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tasks lists the outbox of organization A.
func (w *world) tasks(t testing.TB) []tenants.Task {
	t.Helper()
	var list []tenants.Task
	db := w.Root.For(w.A)
	defer db.Release()
	if err := db.Select(&list).Order("task.id").Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return list
}
