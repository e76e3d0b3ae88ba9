package jobs_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"pasokh/app/apptest/redistest"
	"pasokh/jobs"
	"pasokh/tenants"
)

// pile writes due reminders of A by the thousand, older than anything else.
func (w *world) pile(t testing.TB, n int) {
	t.Helper()
	payloads := make([]any, 10_000)
	for i := range payloads {
		payloads[i] = ids{N: i}
	}
	for from := 0; from < n; from += len(payloads) {
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return tx.EnqueueEach(t.Context(), "test.reminder", 0, payloads[:min(len(payloads), n-from)])
		})
	}
}

// A pile of a hundred thousand reminders of one organization delays neither the
// sign-in code of another nor its own reminders.
func TestAPileOfOneOrganizationDelaysNoOther(t *testing.T) {
	const pile = 100_000
	w := newWorld(t)
	var mu sync.Mutex
	var order []string // what began, one after the other
	came, going := make(chan string, 10), make(chan bool, 500)
	word := func(_ context.Context, _ *jobs.Deps, db *tenants.DB, task *tenants.Task) (string, error) {
		what := task.Kind + " of A"
		if db.Tenant().ID == w.B.ID {
			what = task.Kind + " of B"
			came <- what
		} else {
			select {
			case going <- true:
			default:
			}
		}
		mu.Lock()
		order = append(order, what)
		mu.Unlock()
		return "done", nil
	}
	w.Deps.Kinds = map[string]jobs.Kind{"test.code": {Queue: jobs.OTP, React: word}, "test.reminder": {Queue: jobs.Bulk, React: word}}
	w.pile(t, pile)
	w.Clock.Advance(20 * time.Second) // whatever comes now is younger than the pile
	db := w.Root.For(w.B)
	defer db.Release()
	before := 0
	w.start(t, redistest.New(t))
	wait(t, going, 500)
	err := db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		mu.Lock()
		before = len(order)
		mu.Unlock()
		if err := tx.Enqueue(t.Context(), "test.reminder", ids{}); err != nil {
			return err
		}
		return tx.Enqueue(t.Context(), "test.code", ids{})
	})
	if err != nil {
		t.Fatal(err)
	}
	wait(t, came, 2)
	mu.Lock()
	defer mu.Unlock()
	code, reminder := slices.Index(order, "test.code of B")-before, slices.Index(order, "test.reminder of B")-before
	t.Logf("of the pile began before the code: %d, before the reminder: %d", code, reminder)
	if code > 400 || reminder > 1000 {
		t.Errorf("%d of the pile began before the code, %d before the reminder", code, reminder)
	}
}

// However long every usual worker is busy, codes are sent.
func TestSlowRemindersKeepNoCodeWaiting(t *testing.T) {
	w := newWorld(t)
	release := make(chan bool)
	busy, sent := make(chan bool, 100), make(chan bool, 1)
	w.Deps.Kinds = map[string]jobs.Kind{
		"test.code": {Queue: jobs.OTP, React: func(context.Context, *jobs.Deps, *tenants.DB, *tenants.Task) (string, error) {
			sent <- true
			return "sent", nil
		}},
		"test.reminder": {Queue: jobs.Bulk, React: func(context.Context, *jobs.Deps, *tenants.DB, *tenants.Task) (string, error) {
			busy <- true
			<-release
			return "sent", nil
		}},
	}
	w.pile(t, 50)
	stop := w.start(t, redistest.New(t))
	wait(t, busy, 8)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Enqueue(t.Context(), "test.code", ids{}) })
	wait(t, sent, 1)
	close(release)
	stop()
}

// One look costs the same however many organizations have piles, and gives each
// its share.
func TestEveryOrganizationHasItsShareOfALook(t *testing.T) {
	w := newWorld(t)
	w.Deps.Kinds = map[string]jobs.Kind{"test.reminder": {Queue: jobs.Bulk}, "test.done": {Queue: jobs.Default}}
	w.pile(t, 300)
	for n := range 3 {
		w.enqueue(t, w.B, n)
	}
	statements := 0
	w.Root.OnStatement = func(string) { statements++ }
	due, err := w.Root.UnscopedDueTasks(t.Context(), w.Clock.Now(), 100)
	w.Root.OnStatement = nil
	if err != nil || len(due) != 103 || due[0].TenantID != w.B.ID || due[3].Urgency != tenants.InBulk {
		t.Fatalf("%d due, %v", len(due), err)
	}
	if statements > 5 {
		t.Errorf("%d statements", statements)
	}
	db := w.Root.For(w.B)
	defer db.Release()
	err = db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.EnqueueEach(t.Context(), "test.reminder", 0, slices.Repeat([]any{ids{}}, 30))
	})
	if err != nil {
		t.Fatal(err)
	}
	due, err = w.Root.UnscopedDueTasks(t.Context(), w.Clock.Now(), 100)
	if err != nil || len(due) != 3+50+30 || due[3].TenantID == due[4].TenantID {
		t.Fatalf("%d due, %v", len(due), err)
	}
}
