package boot

import (
	"context"
	"errors"
	"os"
	"time"

	"pasokh/app/notify"
	"pasokh/app/telemetry"
	"pasokh/tenants"
)

// watch sets metrics and traces up.
func (a *App) watch(ctx context.Context) (err error) {
	a.Metrics = telemetry.NewMetrics(Version(), a.state)
	if a.Config.Traces == "" && os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
		return nil
	}
	if a.Traces, err = telemetry.OpenTraces(ctx, a.Config.Traces, Version()); err != nil {
		return errors.Join(errors.New("PASOKH_TRACES: the traces cannot be set up"), err)
	}
	Trace(a.Root, a.Traces)
	return nil
}

// Trace makes spans of what the database does.
func Trace(root *tenants.Root, t *telemetry.Traces) {
	system := "sqlite"
	if root.Postgres() {
		system = "postgresql"
	}
	root.OnQuery, root.OnTask = t.Statement(system), t.Enqueued
}

// tracesStop bounds sending the last spans when the program ends.
const tracesStop = 3 * time.Second

func (a *App) closeTraces() error {
	ctx, cancel := context.WithTimeout(context.Background(), tracesStop)
	defer cancel()
	if err := a.Traces.Close(ctx); err != nil {
		a.Log.Warn("the last traces were not sent", "error", err)
	}
	return nil
}

// state reads for the metrics how things stand: two statements and a few words
// with Redis.
func (a *App) state(ctx context.Context) telemetry.State {
	now := a.Root.Clock()()
	s := telemetry.State{Pools: a.Root.Pools(), LastBackup: a.Config.lastBackup().Ended, Late: map[string]time.Duration{}}
	outbox, err := a.Root.UnscopedOutboxState(ctx, now)
	if s.Database = err == nil; s.Database {
		s.Due, s.Dead = outbox.Due, outbox.Dead
		if outbox.Oldest != nil {
			s.Lag = max(0, now.Sub(*outbox.Oldest))
		}
		a.lateClocks(ctx, now, s.Late)
	}
	if a.Redis == nil {
		return s // still starting
	}
	if s.Redis = a.Redis.Ping(ctx).Err() == nil; s.Redis {
		a.queueState(&s)
	}
	return s
}

func (a *App) lateClocks(ctx context.Context, now time.Time, late map[string]time.Duration) {
	lines, err := a.Root.UnscopedClocks(ctx)
	if err != nil {
		return
	}
	for _, line := range lines {
		late[line.Name] = line.Late(now)
	}
}

func (a *App) queueState(s *telemetry.State) {
	queues, err := a.Queues.Figures()
	if err != nil {
		return
	}
	for _, q := range queues {
		s.Queues = append(s.Queues, telemetry.QueueState{Name: q.Name, Oldest: q.Latency, Depth: map[string]int{
			"pending": q.Pending, "active": q.Active, "retry": q.Retry, "archived": q.Archived,
		}})
	}
	if workers, err := a.Queues.Workers(); err == nil {
		s.Workers = len(workers)
	}
}

// letGo waits until whoever sends visitors has seen that /readyz is red.
func (a *App) letGo() {
	if d := a.Config.drain(); d > 0 {
		<-time.After(d)
	}
}

// learned counts what became of messages; it is notify.Post's Learned.
func (a *App) learned(provider, result string) { a.Metrics.Delivery(provider, result) }

// sending counts and traces what a sender does; it is notify.Post's Watch.
func (a *App) sending(ctx context.Context, sender, template string) (context.Context, func(error)) {
	ended := func(error) {}
	if a.Traces.On() {
		ctx, ended = a.Traces.Send(ctx, sender, template)
	}
	return ctx, func(err error) {
		ended(err)
		a.Metrics.Message(sender, notify.Result(err))
	}
}
