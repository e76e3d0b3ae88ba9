package jobs_test

import (
	"testing"
	"time"

	"pasokh/jobs"
	"pasokh/tenants"
)

// The outbox forgets what was done a month ago, in parts; what waits, what was
// given up and what is young stays.
func TestOutboxForgetsWhatWasDoneLongAgo(t *testing.T) {
	w, c := newWorld(t), newCounter()
	w.Deps.Kinds = only("test.done", c.react)
	const old = 1500 // more than one part
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		list := make([]any, old)
		for n := range list {
			list[n] = ids{N: n}
		}
		return tx.EnqueueEach(t.Context(), "test.done", 0, list)
	})
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(t.Context(), (*tenants.Task)(nil), "done_at = ?", []any{tx.Now()}, "done_at IS NULL")
		return err
	})
	w.Clock.Advance(29 * 24 * time.Hour)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for _, ref := range []string{"young", "dead", "waits"} {
			at := tx.Now()
			if ref == "waits" {
				at = at.Add(1000 * time.Hour)
			}
			if err := tx.Schedule(t.Context(), "test.done", ref, at, ids{}); err != nil {
				return err
			}
		}
		_, err := tx.Set(t.Context(), (*tenants.Task)(nil), "done_at = ?", []any{tx.Now()}, "ref = 'young'")
		if err != nil {
			return err
		}
		_, err = tx.Set(t.Context(), (*tenants.Task)(nil), "dead = TRUE, dead_at = ?", []any{tx.Now().Add(-1000 * time.Hour)}, "ref = 'dead'")
		return err
	})
	for _, want := range []int{old + 3, 3} {
		if err := jobs.RunClock(t.Context(), w.Deps, "purge"); err != nil {
			t.Fatal(err)
		}
		if n := len(w.tasks(t)); n != want {
			t.Fatalf("%d left, not %d", n, want)
		}
		w.Clock.Advance(25 * time.Hour)
	}
}
