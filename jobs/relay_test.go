package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/apptest/redistest"
	"pasokh/tenants"
)

var testKinds = map[string]Kind{"soon": {Queue: Critical}, "usual": {Queue: Default}, "some day": {Queue: Bulk}}

func testRelay(w *dbtest.World, r redis.UniversalClient) *relay {
	d := &Deps{Root: w.Root, Log: slog.New(slog.DiscardHandler), Kinds: testKinds}
	w.Root.UrgencyOf = d.Urgency
	return newRelay(d, r)
}

func enqueue(t testing.TB, w *dbtest.World, tenant *tenants.Tenant, kind string, n int) {
	t.Helper()
	db := w.Root.For(tenant)
	defer db.Release()
	err := db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		for range n {
			if err := tx.Enqueue(t.Context(), kind, struct{}{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func pending(t testing.TB, r *relay, queue string) []*asynq.TaskInfo {
	t.Helper()
	list, err := r.inspector.ListPendingTasks(queue, asynq.PageSize(10_000))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func offerDue(t testing.TB, r *relay) {
	t.Helper()
	if err := r.offerDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestRelayHandsATaskOverOnce(t *testing.T) {
	w, client := dbtest.New(t), redistest.New(t)
	one, two := testRelay(w, client), testRelay(w, client)
	enqueue(t, w, w.A, "usual", 3)
	for range 3 {
		offerDue(t, one)
		offerDue(t, two)
	}
	list := pending(t, one, Default)
	if len(list) != 3 {
		t.Fatalf("%d tasks handed over", len(list))
	}
	for _, task := range list {
		if want := fmt.Sprintf(`{"tenant_id":%d,"task_id":`, w.A.ID); string(task.Payload[:len(want)]) != want {
			t.Fatalf("payload %s", task.Payload)
		}
	}
}

func TestRelayHandsOverAgainWhatRedisLost(t *testing.T) {
	w, client := dbtest.New(t), redistest.New(t)
	r := testRelay(w, client)
	enqueue(t, w, w.A, "usual", 2)
	offerDue(t, r)
	if err := client.FlushDB(t.Context()).Err(); err != nil { // the test's own database
		t.Fatal(err)
	}
	w.Clock.Advance(offerAgain - time.Second)
	offerDue(t, r)
	if known, err := r.inspector.Queues(); err != nil || len(known) > 0 {
		t.Fatal("handed over again too early")
	}
	w.Clock.Advance(time.Second)
	offerDue(t, r)
	if n := len(pending(t, r, Default)); n != 2 {
		t.Fatalf("%d tasks handed over again", n)
	}
}

// A worker dies with a task and with its relay; the next relay waits no longer
// than the first would have.
func TestRelayTakesOverWhatADeadOneHandedOver(t *testing.T) {
	w, client := dbtest.New(t), redistest.New(t)
	dead, next := testRelay(w, client), testRelay(w, client)
	enqueue(t, w, w.A, "usual", 1)
	offerDue(t, dead)
	id := pending(t, dead, Default)[0].ID
	for _, err := range []error{
		client.LMove(t.Context(), "asynq:{default}:pending", "asynq:{default}:active", "RIGHT", "LEFT").Err(),
		client.HSet(t.Context(), "asynq:{default}:t:"+id, "state", "active").Err(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.Clock.Advance(offerAgain - callTime)
	offerDue(t, next)
	if n := len(pending(t, next, Default)); n != 0 {
		t.Fatalf("%d tasks handed over while a worker may be at it", n)
	}
	w.Clock.Advance(callTime)
	offerDue(t, next)
	if n := len(pending(t, next, Default)); n != 1 {
		t.Fatalf("%d tasks taken over", n)
	}
}

func TestRelayLeavesAWaitingTaskInItsQueue(t *testing.T) {
	w, client := dbtest.New(t), redistest.New(t)
	r := testRelay(w, client)
	enqueue(t, w, w.A, "usual", 2)
	for range 5 {
		offerDue(t, r)
		w.Clock.Advance(offerAgain)
	}
	if n := len(pending(t, r, Default)); n != 2 {
		t.Fatalf("%d tasks in the queue", n)
	}
}

func TestRelayHandsARetryOverUnderItsOwnName(t *testing.T) {
	w, client := dbtest.New(t), redistest.New(t)
	r := testRelay(w, client)
	enqueue(t, w, w.A, "usual", 1)
	offerDue(t, r)
	id := pending(t, r, Default)[0].ID
	due, err := w.Root.UnscopedDueTasks(t.Context(), w.Clock.Now(), 1)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Fail(t.Context(), due[0].ID, tx.Now().Add(5*time.Second), "unknown", "internal")
	})
	offerDue(t, r)
	w.Clock.Advance(5 * time.Second)
	offerDue(t, r)
	list := pending(t, r, Default)
	if len(list) != 2 || list[0].ID == list[1].ID || !slices.ContainsFunc(list, func(in *asynq.TaskInfo) bool { return in.ID == id }) {
		t.Fatalf("queue: %+v", list)
	}
}

func TestRelayHoldsBackButNeverTheUrgent(t *testing.T) {
	w, client := dbtest.New(t), redistest.New(t)
	r := testRelay(w, client)
	enqueue(t, w, w.A, "some day", batch+100)
	offerDue(t, r)
	offerDue(t, r)
	if n := len(pending(t, r, Bulk)); n != batch {
		t.Fatalf("%d tasks handed over at once", n)
	}
	enqueue(t, w, w.B, "soon", 1)
	offerDue(t, r)
	if n := len(pending(t, r, Critical)); n != 1 {
		t.Fatal("the urgent task waits behind a pile")
	}
}

func TestRelayWithoutRedisLosesNothing(t *testing.T) {
	w := dbtest.New(t)
	down := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialTimeout: 100 * time.Millisecond})
	t.Cleanup(func() { _ = down.Close() })
	r := testRelay(w, down)
	enqueue(t, w, w.A, "usual", 1)
	if err := r.offerDue(t.Context()); err == nil || len(r.offers) != 0 {
		t.Fatalf("%v, %v", err, r.offers)
	}
}

// Between two tasks of one organization in one queue, every other organization
// that still has one there gets its turn.
func TestFairGivesEveryOrganizationItsTurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOf(rapid.Custom(func(t *rapid.T) tenants.DueTask {
			return tenants.DueTask{
				TenantID: rapid.Int64Range(1, 4).Draw(t, "tenant"),
				ID:       rapid.Int64().Draw(t, "id"),
				Urgency:  rapid.SampledFrom(tenants.Urgencies()).Draw(t, "urgency"),
			}
		})).Draw(t, "rows")
		list := fair(rows)
		if len(list) != len(rows) {
			t.Fatalf("%d rows became %d", len(rows), len(list))
		}
		taken := map[tenants.Urgency]map[int64]int{}
		for i, row := range list {
			queue := row.Urgency
			if i > 0 && queue < list[i-1].Urgency {
				t.Fatal("the urgent come after the others")
			}
			if taken[queue] == nil {
				taken[queue] = map[int64]int{}
			}
			for _, later := range list[i:] {
				if later.Urgency == queue && taken[queue][later.TenantID] < taken[queue][row.TenantID] {
					t.Fatalf("organization %d waits while %d is served again", later.TenantID, row.TenantID)
				}
			}
			taken[queue][row.TenantID]++
		}
	})
}

func TestClockIsClaimedByOneOfMany(t *testing.T) {
	w := dbtest.New(t)
	fired := make(chan bool, 100)
	d := &Deps{Root: w.Root, Log: slog.New(slog.DiscardHandler), Clocks: []Clock{
		{Name: "test", Every: time.Minute, Run: func(context.Context, *Deps) error { fired <- true; return nil }},
	}}
	round := func() int {
		tickers := make([]*ticker, 8)
		errs := make(chan error, len(tickers))
		for i := range tickers {
			tickers[i] = newTicker(d)
			go func() { errs <- tickers[i].tick(context.Background()) }()
		}
		for range tickers {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		for _, one := range tickers {
			one.wait.Wait()
		}
		n := len(fired)
		for range n {
			<-fired
		}
		return n
	}
	if n := round(); n != 1 {
		t.Fatalf("fired %d times at first", n)
	}
	if n := round(); n != 0 {
		t.Fatal("fired before its time")
	}
	w.Clock.Advance(10 * time.Minute)
	if n := round(); n != 1 {
		t.Fatalf("fired %d times after sleeping through ten periods", n)
	}
}

// A worker that dies in the middle takes its claim with it, not the day's work.
func TestClockOfADeadWorkerIsRunByAnother(t *testing.T) {
	w := dbtest.New(t)
	const hour = time.Hour
	runs, failure := 0, error(nil)
	d := &Deps{Root: w.Root, Log: slog.New(slog.DiscardHandler), Clocks: []Clock{
		{Name: "test", Every: time.Hour, Run: func(context.Context, *Deps) error { runs++; return failure }},
	}}
	worker := newTicker(d)
	after := func(sleep time.Duration, want int) {
		t.Helper()
		w.Clock.Advance(sleep)
		if err := worker.tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		if worker.wait.Wait(); runs != want {
			t.Fatalf("%d runs, want %d", runs, want)
		}
	}
	if won, err := w.Root.UnscopedClaimClock(t.Context(), "test", hour, w.Clock.Now()); err != nil || !won {
		t.Fatal(won, err) // and nothing is heard of it again
	}
	after(5*time.Minute, 0)
	after(5*time.Minute, 1)
	failure = errPanic
	after(hour-time.Minute, 1)
	after(time.Minute, 2)
	failure = nil
	after(5*time.Minute, 2)
	after(5*time.Minute, 3)
	after(hour-time.Minute, 3)
}

func TestClockKeepsWhatWentWrong(t *testing.T) {
	w := dbtest.New(t)
	d := &Deps{Root: w.Root, Log: slog.New(slog.DiscardHandler), Clocks: []Clock{
		{Name: "test", Every: time.Minute, Run: func(context.Context, *Deps) error { panic("secret") }},
	}}
	one := newTicker(d)
	if err := one.tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	one.wait.Wait()
	lines, err := w.Root.UnscopedClocks(t.Context())
	if err != nil || len(lines) != 1 || lines[0].LastError != "panic" || lines[0].LastRunAt == nil {
		t.Fatalf("%+v, %v", lines, err)
	}
}
