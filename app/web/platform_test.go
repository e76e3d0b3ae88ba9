package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/web"
	"pasokh/tenants"
	"pasokh/views"
)

func TestQueuePage(t *testing.T) {
	app := apptest.New(t, func(o *web.Options) {
		o.Queues = func(context.Context) (views.Workload, error) {
			return views.Workload{
				Queues:  []views.Queue{{Name: "critical", Pending: 3, Latency: 2 * time.Minute}, {Name: "bulk", Paused: true}},
				Workers: []views.Worker{{Host: "web-1", PID: 42, Started: time.Unix(0, 0), Active: 1, Limit: 10}},
			}, nil
		}
	})
	task := giveUp(t, app)
	for name, every := range map[string]time.Duration{"holidays": 7 * 24 * time.Hour, "complaints.sweep": 30 * time.Second, "purge": time.Hour} {
		if _, err := app.Root.UnscopedClaimClock(t.Context(), name, every, app.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	c := app.AsAt("", "platform")
	page := c.Get("/platform/queues").Is(http.StatusOK)
	text := page.Text()
	for _, want := range []string{"فوری", "هر هفته", "تعطیلات رسمی", "هر ۳۰ ثانیه", "هر ساعت", "۲ دقیقه در انتظار", "متوقف", "web-1", "complaint.registered", "provider away", app.A.NameFA} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing: %s", want, text)
		}
	}
	c.Post(fmt.Sprintf("/platform/tasks/%d/replays", task), nil).To("/platform/queues")
	page = c.Get("/platform/queues")
	if text := page.Text(); strings.Contains(text, "provider away") {
		t.Error("the task is still given up")
	}
	if !strings.Contains(page.Body, "کار دوباره در صف قرار گرفت") {
		t.Error("nothing says what was done")
	}
	if strings.Contains(c.Get("/platform/queues").Body, "کار دوباره در صف قرار گرفت") {
		t.Error("it is said twice")
	}
}

// giveUp leaves alpha with one dead task.
func giveUp(t *testing.T, app *apptest.App) int64 {
	t.Helper()
	var task tenants.Task
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		if err := tx.Enqueue(ctx, "complaint.registered", map[string]int64{"complaint_id": 1}); err != nil {
			return err
		}
		if err := tx.Select(&task).Order("task.id DESC").Limit(1).Scan(ctx); err != nil {
			return err
		}
		return tx.Fail(ctx, task.ID, time.Time{}, "provider", "provider away")
	})
	return task.ID
}

func TestPlatformPagesExistOnThePlatformOnly(t *testing.T) {
	app := apptest.New(t)
	app.As("admin").Get("/platform/queues").Is(http.StatusNotFound)
	app.Visit("").Get("/platform/queues").To("/sign-in?next=%2Fplatform%2Fqueues")
	app.AsAt("", "platform").Get("/my/sign-in").Is(http.StatusNotFound)
}

func TestDeveloperPagesExistInDemonstrationsOnly(t *testing.T) {
	demo := apptest.New(t)
	demo.Visit("alpha").Get("/dev/messages").Is(http.StatusOK)
	demo.Visit("alpha").Get("/dev/parts").Is(http.StatusOK)
	real := apptest.New(t, func(o *web.Options) { o.Demo = false })
	real.Visit("alpha").Get("/dev/messages").Is(http.StatusNotFound)
	real.Visit("alpha").Get("/dev/parts").Is(http.StatusNotFound)
}
