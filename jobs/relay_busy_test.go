package jobs

import (
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/apptest/redistest"
	"pasokh/app/handover"
)

// taken makes every task of the queue one that a worker has taken.
func taken(t testing.TB, r *relay, queue string) (ids []string) {
	t.Helper()
	for _, task := range pending(t, r, queue) {
		ids = append(ids, task.ID)
		for _, err := range []error{
			r.redis.LMove(t.Context(), "asynq:{"+queue+"}:pending", "asynq:{"+queue+"}:active", "RIGHT", "LEFT").Err(),
			r.redis.HSet(t.Context(), "asynq:{"+queue+"}:t:"+task.ID, "state", "active").Err(),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return ids
}

// A package takes hours and an import minutes: as long as the worker beats, nobody
// else gets it; when the worker is gone, somebody does, and what is short within
// the fifteen seconds.
func TestRelayLeavesARunningTaskToItsWorker(t *testing.T) {
	w, client := dbtest.New(t), redistest.New(t)
	one, two := testRelay(w, client), testRelay(w, client)
	one.deps.Kinds = map[string]Kind{handover.KindAsked: {Queue: Bulk}, "usual": {Queue: Default}}
	two.deps.Kinds = one.deps.Kinds
	enqueue(t, w, w.A, handover.KindAsked, 1)
	enqueue(t, w, w.A, "usual", 1)
	offerDue(t, one)
	beats := map[string]bool{}
	for _, queue := range []string{Bulk, Default} {
		for _, id := range taken(t, one, queue) {
			beats[id] = true
		}
	}
	one.alive = func() (map[string]bool, error) { return beats, nil }
	two.alive = one.alive
	again := func(queue string) int {
		t.Helper()
		offerDue(t, one)
		offerDue(t, two)
		return len(pending(t, one, queue))
	}
	for passed := time.Duration(0); passed < 3*time.Minute; passed += 7 * time.Second {
		if n := again(Bulk) + again(Default); n != 0 {
			t.Fatalf("%d handed over again after %s", n, passed)
		}
		w.Clock.Advance(7 * time.Second)
	}
	clear(beats) // the worker is dead, and no beat of it is kept any more
	w.Clock.Advance(2 * lookAgain)
	if n := again(Default); n != 1 {
		t.Fatalf("%d short ones taken over", n)
	}
	if n := again(Bulk); n != 0 {
		t.Fatal("a worker that has just begun has not beaten yet")
	}
	w.Clock.Advance(beatTime)
	if n := again(Bulk); n != 1 {
		t.Fatalf("%d long ones taken over", n)
	}
}
