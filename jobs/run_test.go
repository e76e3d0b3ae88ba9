package jobs_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/jobs"
	"pasokh/tenants"
)

func TestTaskRunsOnce(t *testing.T) {
	w, c := newWorld(t), newCounter()
	w.Deps.Kinds = only("test.done", c.react)
	w.enqueue(t, w.A, 1)
	for range 2 {
		if err := jobs.Drain(t.Context(), w.Deps); err != nil {
			t.Fatal(err)
		}
	}
	if tasks, runs := c.total(); tasks != 1 || runs != 1 {
		t.Fatalf("%d tasks ran %d times", tasks, runs)
	}
	if row := w.tasks(t)[0]; row.DoneAt == nil || row.Result != "counted" {
		t.Fatalf("row: %+v", row)
	}
}

func TestRolledBackTaskNeverRuns(t *testing.T) {
	w, c := newWorld(t), newCounter()
	w.Deps.Kinds = only("test.done", c.react)
	boom := errors.New("boom")
	err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := tx.Enqueue(t.Context(), "test.done", ids{N: 1}); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if err := jobs.Drain(t.Context(), w.Deps); err != nil {
		t.Fatal(err)
	}
	if tasks, _ := c.total(); tasks != 0 {
		t.Fatal("a rolled-back task ran")
	}
}

func TestScheduledTaskWaitsForItsTime(t *testing.T) {
	w, c := newWorld(t), newCounter()
	w.Deps.Kinds = only("test.done", c.react)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Schedule(t.Context(), "test.done", "thing:1", dbtest.Start.Add(time.Hour), ids{N: 1})
	})
	for _, want := range []int{0, 1} {
		if err := jobs.Drain(t.Context(), w.Deps); err != nil {
			t.Fatal(err)
		}
		if _, runs := c.total(); runs != want {
			t.Fatalf("ran %d times, want %d", runs, want)
		}
		w.Clock.Advance(time.Hour)
	}
}

func TestTaskDeliveredEarlyIsLeftAlone(t *testing.T) {
	w, c := newWorld(t), newCounter()
	w.Deps.Kinds = only("test.done", c.react)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Schedule(t.Context(), "test.done", "thing:1", dbtest.Start.Add(time.Second), ids{N: 1})
	})
	o, err := jobs.Run(t.Context(), w.Deps, w.A.ID, w.tasks(t)[0].ID)
	if err != nil || o.Result != "not yet" {
		t.Fatalf("%+v, %v", o, err)
	}
}

func TestFailureIsTriedAgainLater(t *testing.T) {
	w := newWorld(t)
	tries := 0
	w.Deps.Kinds = only("test.done", func(context.Context, *jobs.Deps, *tenants.DB, *tenants.Task) (string, error) {
		if tries++; tries < 3 {
			return "", errors.New("09123456789 does not answer")
		}
		return "at last", nil
	})
	w.enqueue(t, w.A, 1)
	for _, wait := range []time.Duration{5 * time.Second, 20 * time.Second} {
		if err := jobs.Drain(t.Context(), w.Deps); err == nil {
			t.Fatal("no failure")
		}
		if row := w.tasks(t)[0]; row.Dead || row.DoneAt != nil || strings.Contains(row.Result, "0912") {
			t.Fatalf("row: %+v", row)
		}
		w.Clock.Advance(wait - time.Second)
		if err := jobs.Drain(t.Context(), w.Deps); err != nil {
			t.Fatal("tried before its time")
		}
		w.Clock.Advance(time.Second)
	}
	if err := jobs.Drain(t.Context(), w.Deps); err != nil {
		t.Fatal(err)
	}
	if row := w.tasks(t)[0]; row.DoneAt == nil || row.Result != "at last" || row.Attempts != 2 {
		t.Fatalf("row: %+v", row)
	}
}

func TestHopelessFailuresAreDeadAtOnceWithTheirReason(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		reason string
	}{
		"invalid":   {fault.Field("mobile", "error.mobile"), "invalid error.invalid"},
		"not found": {fault.New(fault.NotFound, "error.not_found"), "not_found error.not_found"},
		"refused":   {&notify.Refused{Reason: "blacklisted"}, "refused by the provider: blacklisted"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			fail := true
			w.Deps.Kinds = only("test.done", func(context.Context, *jobs.Deps, *tenants.DB, *tenants.Task) (string, error) {
				if fail {
					return "", c.err
				}
				return "done", nil
			})
			w.enqueue(t, w.A, 1)
			if err := jobs.Drain(t.Context(), w.Deps); err == nil {
				t.Fatal("no failure")
			}
			dead, err := w.Root.UnscopedDeadTasks(t.Context(), tenants.DeadFilter{}, 10)
			if err != nil || len(dead) != 1 || dead[0].Result != c.reason {
				t.Fatalf("dead: %+v, %v", dead, err)
			}
			fail = false
			if err := w.Root.UnscopedReplayTask(t.Context(), dead[0].ID, w.Clock.Now()); err != nil {
				t.Fatal(err)
			}
			if err := jobs.Drain(t.Context(), w.Deps); err != nil || w.tasks(t)[0].DoneAt == nil {
				t.Fatalf("replayed: %v", err)
			}
		})
	}
}

func TestTaskIsGivenUpAfterEightTries(t *testing.T) {
	w := newWorld(t)
	tries := 0
	w.Deps.Kinds = only("test.done", func(context.Context, *jobs.Deps, *tenants.DB, *tenants.Task) (string, error) {
		tries++
		return "", errors.New("never")
	})
	w.enqueue(t, w.A, 1)
	for range 20 {
		_ = jobs.Drain(t.Context(), w.Deps)
		w.Clock.Advance(time.Hour)
	}
	if row := w.tasks(t)[0]; tries != 8 || !row.Dead || row.Attempts != 8 {
		t.Fatalf("%d tries, row: %+v", tries, row)
	}
}

func TestPanicIsAFailureOfOneTask(t *testing.T) {
	w := newWorld(t)
	w.Deps.Kinds = only("test.done", func(_ context.Context, _ *jobs.Deps, _ *tenants.DB, task *tenants.Task) (string, error) {
		var in ids
		if err := task.IDs(&in); err != nil {
			return "", err
		}
		if in.N == 1 {
			panic("secret of a citizen")
		}
		return "done", nil
	})
	w.enqueue(t, w.A, 1)
	w.enqueue(t, w.A, 2)
	if err := jobs.Drain(t.Context(), w.Deps); err == nil {
		t.Fatal("no failure")
	}
	rows := w.tasks(t)
	if rows[0].Result != "panic" || rows[0].Attempts != 1 || rows[1].DoneAt == nil {
		t.Fatalf("rows: %+v", rows)
	}
}

func TestUnknownKindIsDead(t *testing.T) {
	w := newWorld(t)
	w.enqueue(t, w.A, 1)
	if err := jobs.Drain(t.Context(), w.Deps); err == nil || !w.tasks(t)[0].Dead {
		t.Fatalf("%v, %+v", err, w.tasks(t))
	}
}

// A reminder that is put off while its old time is being worked on must not be
// finished with it.
func TestTaskPutOffWhileRunningKeepsItsNewTime(t *testing.T) {
	w := newWorld(t)
	later := dbtest.Start.Add(48 * time.Hour)
	w.Deps.Kinds = only("test.done", func(ctx context.Context, _ *jobs.Deps, db *tenants.DB, _ *tenants.Task) (string, error) {
		return "told", db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return tx.Schedule(ctx, "test.done", "thing:1", later, ids{N: 1})
		})
	})
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Schedule(t.Context(), "test.done", "thing:1", dbtest.Start, ids{N: 1})
	})
	if err := jobs.Drain(t.Context(), w.Deps); err != nil {
		t.Fatal(err)
	}
	if row := w.tasks(t)[0]; row.DoneAt != nil || !row.RunAt.Equal(later) {
		t.Fatalf("row: %+v", row)
	}
}

func TestStoppingIsNoFailure(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.Deps.Kinds = only("test.done", func(ctx context.Context, _ *jobs.Deps, _ *tenants.DB, _ *tenants.Task) (string, error) {
		cancel()
		return "", ctx.Err()
	})
	w.enqueue(t, w.A, 1)
	if _, err := jobs.Run(ctx, w.Deps, w.A.ID, w.tasks(t)[0].ID); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if row := w.tasks(t)[0]; row.Attempts != 0 || row.DoneAt != nil {
		t.Fatalf("row: %+v", row)
	}
}
