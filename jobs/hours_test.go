package jobs

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// For three days and nights of virtual time every clock fires when it is due,
// once, at its hour whatever the hour at which the process was started; tasks
// run once, within a minute of their time, and none after it was cancelled.
func TestThreeDaysOfClocksAndReminders(t *testing.T) {
	w := dbtest.New(t)
	fired := map[string][]time.Time{}
	note := func(name string) func(context.Context, *Deps) error {
		return func(_ context.Context, d *Deps) error {
			fired[name] = append(fired[name], d.Root.Clock()().In(persian.Tehran))
			return nil
		}
	}
	ran := map[int64][]time.Time{}
	d := &Deps{Root: w.Root, Log: slog.New(slog.DiscardHandler), Clocks: []Clock{
		{Name: "daily", Every: day, At: 7 * time.Hour, Run: note("daily")},
		{Name: "often", Every: 10 * time.Minute, Run: note("often")},
	}, Kinds: map[string]Kind{"test.reminder": {Queue: Bulk, React: func(_ context.Context, _ *Deps, db *tenants.DB, task *tenants.Task) (string, error) {
		ran[task.ID] = append(ran[task.ID], db.Now())
		return "sent", nil
	}}}}
	w.Clock.Set(time.Date(2026, 11, 22, 15, 34, 0, 0, persian.Tehran))
	begin := w.Clock.Now()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for n := range 72 {
			ref := "meeting:" + time.Duration(n).String()
			if err := tx.Schedule(t.Context(), "test.reminder", ref, begin.Add(time.Duration(n)*time.Hour+30*time.Second), struct{}{}); err != nil {
				return err
			}
			if n%6 == 5 {
				if err := tx.Unschedule(t.Context(), "cancelled", ref); err != nil {
					return err
				}
			}
		}
		return nil
	})
	worker := newTicker(d)
	for range 72 * 60 {
		if err := worker.tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		worker.wait.Wait()
		if err := Drain(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Minute)
	}
	if n := len(fired["often"]); n != 72*6 {
		t.Errorf("the clock of ten minutes fired %d times", n)
	}
	daily := fired["daily"]
	if len(daily) != 4 {
		t.Fatalf("the daily clock fired at %v", daily)
	}
	for _, at := range daily[1:] {
		if at.Hour() != 7 || at.Minute() != 0 {
			t.Errorf("the daily clock fired at %s", at)
		}
	}
	if len(ran) != 60 {
		t.Errorf("%d reminders", len(ran))
	}
	for _, task := range tasksOf(t, w) {
		at := ran[task.ID]
		switch {
		case task.Result == "cancelled" && len(at) != 0, task.Result != "cancelled" && len(at) != 1:
			t.Errorf("%s ran %d times", task.Ref, len(at))
		case len(at) == 1 && (at[0].Before(task.RunAt) || at[0].Sub(task.RunAt) > time.Minute):
			t.Errorf("%s ran %s late", task.Ref, at[0].Sub(task.RunAt))
		}
	}
}

func tasksOf(t *testing.T, w *dbtest.World) (list []tenants.Task) {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	if err := db.Select(&list).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return list
}

// The hour of a daily clock is that of the people, also where the hour is
// changed twice a year: an hour that does not exist is the next one, and one that
// comes twice counts once.
func TestADailyClockKeepsItsHour(t *testing.T) {
	cairo, err := time.LoadLocation("Africa/Cairo")
	if err != nil {
		t.Fatal(err)
	}
	c := Clock{Every: day, At: 30 * time.Minute}
	at := time.Date(2027, 4, 28, 0, 30, 0, 0, cairo)
	for _, want := range []string{"2027-04-29 00:30", "2027-04-30 01:30", "2027-05-01 00:30"} {
		next := c.Next(at, cairo)
		if got := next.Format("2006-01-02 15:04"); got != want {
			t.Errorf("after %s comes %s", at, got)
		}
		at = next
	}
	at = time.Date(2027, 10, 28, 23, 15, 0, 0, cairo) // that night has 23:xx twice
	c.At = 23 * time.Hour
	for _, want := range []string{"2027-10-29 23:00", "2027-10-30 23:00"} {
		next := c.Next(at, cairo)
		if got := next.Format("2006-01-02 15:04"); got != want || !next.After(at) {
			t.Errorf("after %s comes %s", at, got)
		}
		at = next
	}
	late := time.Date(2026, 11, 22, 6, 50, 0, 0, persian.Tehran)
	if next := (Clock{Every: day, At: 7 * time.Hour}).Next(late, persian.Tehran); next.Sub(late) != 10*time.Minute {
		t.Errorf("a late run moves the next to %s", next)
	}
	if next := (Clock{Every: 7 * day, At: 2 * time.Hour}).Next(late, persian.Tehran); next.Format(time.DateTime) != "2026-11-29 02:00:00" {
		t.Errorf("the weekly one comes at %s", next)
	}
}
