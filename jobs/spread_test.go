package jobs_test

import (
	"testing"
	"time"

	"pasokh/app/apptest/redistest"
	"pasokh/jobs"
	"pasokh/tenants"
)

// What came due while no worker was there is handed out bit by bit over half a
// minute; what somebody waits for goes at once.
func TestAPileAfterDowntimeIsSpread(t *testing.T) {
	w, c, urgent := newWorld(t), newCounter(), newCounter()
	w.Deps.Kinds = map[string]jobs.Kind{"test.done": {Queue: jobs.Bulk, React: c.react}, "test.code": {Queue: jobs.OTP, React: urgent.react}}
	const pile = 1200 // forty a second
	db := w.Root.For(w.A)
	defer db.Release()
	err := db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		list := make([]any, pile)
		for i := range list {
			list[i] = ids{N: i}
		}
		if err := tx.EnqueueEach(t.Context(), "test.done", 0, list); err != nil {
			return err
		}
		return tx.Enqueue(t.Context(), "test.code", ids{})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Hour)
	w.start(t, redistest.New(t))
	wait(t, urgent.ran, 1)
	ran := 0
	for _, step := range []struct {
		after time.Duration
		most  int
	}{{0, 20}, {2 * time.Second, 100}, {3 * time.Second, 220}} {
		w.Clock.Advance(step.after)
		wait(t, c.ran, step.most-ran)
		ran = step.most
		if _, runs := c.total(); runs > step.most {
			t.Errorf("%d tasks ran after %s, not %d", runs, step.after, step.most)
		}
	}
	w.Clock.Advance(28 * time.Second)
	wait(t, c.ran, pile-ran)
	if tasks, runs := c.total(); tasks != pile || runs != pile {
		t.Errorf("%d tasks ran %d times", tasks, runs)
	}
}
