package jobs_test

import (
	"testing"
	"time"

	"pasokh/jobs"
	"pasokh/tenants"
)

// Nothing goes out for an organization that is suspended; what is not for the
// moment waits until it works again, and that is no failure.
func TestSuspendedOrganizationTellsNobody(t *testing.T) {
	w, c := newWorld(t), newCounter()
	w.Deps.Kinds = map[string]jobs.Kind{"test.done": {Queue: jobs.Default, React: c.react}, "test.code": {Queue: jobs.OTP, React: c.react}}
	become := func(s tenants.Status) {
		t.Helper()
		if err := w.Root.UnscopedSaveOrganization(t.Context(), &tenants.Tenant{ID: w.A.ID, Status: s}, "status"); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(10 * time.Second) // the worker has forgotten how it was
	}
	become(tenants.StatusSuspended)
	w.enqueue(t, w.A, 1)
	w.enqueue(t, w.B, 1)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tx.Enqueue(t.Context(), "test.code", ids{N: 2}) })
	for range 3 {
		if err := jobs.Drain(t.Context(), w.Deps); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Hour)
	}
	if tasks, _ := c.total(); tasks != 1 {
		t.Fatalf("%d tasks ran", tasks)
	}
	rows := w.tasks(t)
	if rows[0].DoneAt != nil || rows[0].Attempts != 0 || rows[0].Result != "put off: suspended" {
		t.Fatalf("%+v", rows[0])
	}
	if rows[1].DoneAt == nil || rows[1].Result != "dropped: suspended" {
		t.Fatalf("%+v", rows[1])
	}
	become(tenants.StatusLive)
	if err := jobs.Drain(t.Context(), w.Deps); err != nil {
		t.Fatal(err)
	}
	if tasks, runs := c.total(); tasks != 2 || runs != 2 {
		t.Fatalf("%d tasks ran %d times", tasks, runs)
	}
}
