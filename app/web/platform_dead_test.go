package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/audit"
	"pasokh/tenants"
)

// lost leaves the organization with dead tasks of a kind.
func lost(t *testing.T, app *apptest.App, org *tenants.Tenant, kind, class string, n int) (ids []int64) {
	t.Helper()
	app.Do(org, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		for range n {
			if err := tx.Enqueue(ctx, kind, map[string]int64{"complaint_id": 1}); err != nil {
				return err
			}
			var task tenants.Task
			if err := tx.Select(&task).Order("task.id DESC").Limit(1).Scan(ctx); err != nil {
				return err
			}
			ids = append(ids, task.ID)
			if err := tx.Fail(ctx, task.ID, time.Time{}, class, "away"); err != nil {
				return err
			}
		}
		return nil
	})
	return ids
}

func TestDeadTasksAreFilteredReplayedAndDiscarded(t *testing.T) {
	app := apptest.New(t)
	lost(t, app, app.A, "meeting.reminder", "network", 60)
	mine := lost(t, app, app.A, "complaint.closed", "panic", 2)
	lost(t, app, app.B, "complaint.closed", "provider", 1)
	c := app.AsAt("", "platform")
	dead := func() int {
		t.Helper()
		list, err := app.Root.UnscopedDeadTasks(t.Context(), tenants.DeadFilter{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	page := c.Get("/platform/dead").Is(http.StatusOK)
	if !strings.Contains(page.Text(), "۶۳ کار") || !strings.Contains(page.Body, "before=") || strings.Count(page.Body, "/replays\"") != 51 {
		t.Errorf("the first page: %s", page.Text())
	}
	page = c.Get("/platform/dead?organization=alpha&kind=complaint.closed&failure=panic").Is(http.StatusOK)
	if text := page.Text(); !strings.Contains(text, "۲ کار") || !strings.Contains(text, "خطای برنامه") || strings.Count(page.Body, "/discards\"") != 2 {
		t.Errorf("filtered: %s", text)
	}
	if text := c.Get("/platform/dead?organization=nobody").Is(http.StatusOK).Text(); !strings.Contains(text, "۰ کار") {
		t.Errorf("of nobody: %s", text)
	}
	filter := apptest.Form{"organization": "alpha", "kind": "complaint.closed", "failure": "panic"}
	discard := fmt.Sprintf("/platform/tasks/%d/discards", mine[0])
	page = c.Post(discard, filter).Is(http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text(), "علت را در حداکثر") {
		t.Errorf("without a reason: %s", page.Text())
	}
	filter["reason"] = "پرونده پاک شده"
	c.Post(discard, filter).To("/platform/dead?failure=panic&kind=complaint.closed&organization=alpha")
	c.Post(discard, filter).Is(http.StatusNotFound)
	if n := dead(); n != 62 {
		t.Fatalf("%d after discarding one", n)
	}
	c.Post(fmt.Sprintf("/platform/tasks/%d/replays", mine[1]), apptest.Form{"list": "dead", "failure": "panic"}).To("/platform/dead?failure=panic")
	c.Post("/platform/dead/replays", apptest.Form{"kind": "meeting.reminder"}).To("/platform/dead?kind=meeting.reminder")
	if n := dead(); n != 1 {
		t.Fatalf("%d after replaying", n)
	}
	due, err := app.Root.UnscopedDueTasks(t.Context(), app.Clock.Now(), 1000)
	if err != nil || len(due) != 2 { // the others follow one after the other
		t.Errorf("%d due at once, %v", len(due), err)
	}
	acts := map[string]int{}
	db := app.Root.For(app.Platform)
	defer db.Release()
	var list []audit.Entry
	if err := db.Select(&list).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		acts[e.Act]++
	}
	if acts["task:discard"] != 1 || acts["task:replay"] != 1 || acts["task:replay_all"] != 1 {
		t.Errorf("recorded: %v", acts)
	}
}

func TestAClockIsRunNow(t *testing.T) {
	app := apptest.New(t)
	if _, err := app.Root.UnscopedClaimClock(t.Context(), "purge", time.Hour, app.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	c := app.AsAt("", "platform")
	press := func() {
		t.Helper()
		c.Post("/platform/clock-runs", apptest.Form{"clock": "purge"}).To("/platform/queues#clocks")
	}
	press()
	if page := c.Get("/platform/queues"); !strings.Contains(page.Body, "همین حالا در حال اجراست") || !strings.Contains(page.Text(), "در حال اجرا") {
		t.Error("nothing says that it runs already")
	}
	if err := app.Root.UnscopedClockRan(t.Context(), "purge", app.Clock.Now().Add(time.Hour), time.Second, ""); err != nil {
		t.Fatal(err)
	}
	press()
	lines, err := app.Root.UnscopedClocks(t.Context())
	if err != nil || lines[0].NextRunAt.After(app.Clock.Now()) {
		t.Fatalf("%+v, %v", lines, err)
	}
	app.Clock.Advance(2 * time.Hour)
	c = app.AsAt("", "platform") // the session is over
	if text := c.Get("/platform/queues").Text(); !strings.Contains(text, "۲ ساعت دیرکرد") {
		t.Errorf("a late clock: %s", text)
	}
	c.Post("/platform/clock-runs", apptest.Form{"clock": "nothing"}).Is(http.StatusNotFound)
}
