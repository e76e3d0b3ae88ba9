package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5/pgconn"

	"pasokh/app/apptest/redistest"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/jobs"
	"pasokh/tenants"
)

// A task that panics, one whose payload nobody can read, one of ten megabytes,
// and what a stranger put into the queue harm themselves only.
func TestPoisonHarmsItselfOnly(t *testing.T) {
	w, c, r := newWorld(t), newCounter(), redistest.New(t)
	met := make(chan string, 100)
	w.Deps.Kinds = map[string]jobs.Kind{
		"test.done": {Queue: jobs.Default, React: c.react},
		"test.poison": {Queue: jobs.Default, React: func(_ context.Context, _ *jobs.Deps, _ *tenants.DB, task *tenants.Task) (string, error) {
			defer func() { met <- task.Kind }()
			var in ids
			if err := task.IDs(&in); err != nil {
				return "", &fault.Error{Kind: fault.Invalid, Key: "notify.payload", Err: err}
			}
			panic("poison")
		}},
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for _, payload := range []any{ids{N: 1}, "no payload at all", map[string]string{"n": strings.Repeat("x", 10<<20)}} {
			if err := tx.Enqueue(t.Context(), "test.poison", payload); err != nil {
				return err
			}
		}
		return nil
	})
	queue := asynq.NewClientFromRedisClient(r)
	for i, raw := range []string{"{", strings.Repeat("x", 10<<20), `{"tenant_id":1,"task_id":1}`} {
		if _, err := queue.EnqueueContext(t.Context(), asynq.NewTask("test.poison", []byte(raw)), asynq.TaskID(fmt.Sprint("stranger", i)), asynq.Queue(jobs.Default)); err != nil {
			t.Fatal(err)
		}
	}
	stop := w.start(t, r)
	for n := range 50 {
		w.enqueue(t, w.B, n)
	}
	wait(t, c.ran, 50)
	wait(t, met, 3)
	stop()
	rows := w.tasks(t)
	if len(rows) != 3 || rows[0].Dead || rows[0].Failure != "panic" || !rows[1].Dead || !rows[2].Dead || rows[1].Failure != "refused" || rows[2].DeadAt == nil {
		t.Fatalf("panic %+v; unreadable %+v; large: %v %s", rows[0], rows[1], rows[2].Dead, rows[2].Failure)
	}
}

// How often and when a task is tried again depends on what went wrong.
func TestRetriesGoByTheClassOfTheError(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		class string
		waits []time.Duration
		tries int
	}{
		"network":  {&net.OpError{Op: "dial", Err: errors.New("refused")}, "network", []time.Duration{3 * time.Second, 9 * time.Second, 27 * time.Second}, 10},
		"provider": {&notify.Uncertain{Err: errors.New("lost")}, "provider", []time.Duration{15 * time.Second, time.Minute, 4 * time.Minute}, 8},
		"database": {fault.Wrap(&pgconn.PgError{Code: "57P01"}, "x"), "database", []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second}, 16},
		"unknown":  {errors.New("?"), "unknown", []time.Duration{5 * time.Second, 20 * time.Second, 80 * time.Second}, 8},
		"refused":  {&notify.Refused{Reason: "no"}, "refused", nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tries := 0
			w.Deps.Kinds = only("test.done", func(context.Context, *jobs.Deps, *tenants.DB, *tenants.Task) (string, error) {
				tries++
				return "", c.err
			})
			w.enqueue(t, w.A, 1)
			for lives := 1; lives <= 2; lives++ { // a replayed task has as many tries again
				for n := 0; ; n++ {
					o, err := jobs.Run(t.Context(), w.Deps, w.A.ID, w.tasks(t)[0].ID)
					row := w.tasks(t)[0]
					if err != nil || o.Dead != row.Dead {
						t.Fatalf("%+v, %v: counted as dead or not", o, err)
					}
					if row.Failure != c.class {
						t.Fatalf("class %q", row.Failure)
					}
					if row.Dead {
						break
					}
					if wait := row.RetryAt.Sub(w.Clock.Now()); n < len(c.waits) && wait != c.waits[n] || wait > time.Hour {
						t.Fatalf("try %d waits %s", n, wait)
					}
					w.Clock.Set(*row.RetryAt)
				}
				if tries != lives*c.tries {
					t.Fatalf("given up after %d tries", tries)
				}
				if n, err := w.Root.UnscopedReplayTasks(t.Context(), tenants.DeadFilter{Kind: "test.done", Failure: c.class}, w.Clock.Now(), time.Second, 10); n != 1 || err != nil {
					t.Fatal(n, err)
				}
			}
		})
	}
}
