package jobs

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
)

// A run that takes longer than the clock's period is not run a second time by
// another process, and is not late, as long as its own process lives.
func TestALongRunKeepsItsClaim(t *testing.T) {
	w := dbtest.New(t)
	began, end := make(chan struct{}, 9), make(chan struct{})
	d := &Deps{Root: w.Root, Log: slog.New(slog.DiscardHandler), Clocks: []Clock{
		{Name: "test", Every: 30 * time.Second, Run: func(context.Context, *Deps) error { began <- struct{}{}; <-end; return nil }},
	}}
	one, other := newTicker(d), newTicker(d)
	tick := func(of *ticker) {
		t.Helper()
		if err := of.tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tick(one)
	<-began
	for range 20 {
		w.Clock.Advance(5 * time.Second)
		tick(one)
		tick(other)
	}
	lines, err := w.Root.UnscopedClocks(t.Context())
	if err != nil || lines[0].Late(w.Clock.Now()) != 0 || len(began) != 0 {
		t.Fatalf("%d more runs, %+v, %v", len(began), lines, err)
	}
	w.Clock.Advance(31 * time.Second) // its process is gone: nobody renews
	tick(other)
	<-began
	close(end)
	one.wait.Wait()
	other.wait.Wait()
}
