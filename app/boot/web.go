package boot

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fetch"
	"pasokh/app/web"
	"pasokh/policies"
	"pasokh/views"
)

// pages builds the HTTP side.
func (a *App) pages() (*fiber.App, error) {
	return web.New(web.Options{
		Root: a.Root, Book: a.Book, Redis: a.Redis, Files: a.Files,
		BaseDomain: a.Config.BaseDomain, BaseURL: a.Config.BaseURL, TrustedProxies: a.Config.TrustedProxies,
		MapTiles: a.Config.MapTiles, Demo: a.Config.Demo, Production: a.Config.Production(),
		Gateways: a.Gateways, Queues: a.figures, Log: a.Log, Version: Version(), Metrics: a.Metrics, Traces: a.Traces,
		Stopping: a.stopping.Load, Worker: a.workerAlive(), SignInFetch: &fetch.Client{Inside: a.Config.SignInInside},
	})
}

// figures shows the queues and workers in the words of the pages.
func (a *App) figures(context.Context) (views.Workload, error) {
	var w views.Workload
	queues, err := a.Queues.Figures()
	if err != nil {
		return w, err
	}
	for _, q := range queues {
		w.Queues = append(w.Queues, views.Queue{
			Name: q.Name, Paused: q.Paused, Pending: q.Pending, Active: q.Active, Retry: q.Retry,
			Archived: q.Archived, Processed: q.ProcessedToday, Failed: q.FailedToday, Latency: q.Latency,
		})
	}
	workers, err := a.Queues.Workers()
	for _, p := range workers {
		w.Workers = append(w.Workers, views.Worker{Host: p.Host, PID: p.PID, Started: p.Started, Active: p.Active, Limit: p.Limit})
	}
	return w, err
}

// Route is one line of `pasokh routes`.
type Route struct{ Method, Pattern, Audience, Permission string }

// Routes lists every route of the program; it needs no database. Those of the
// demonstration are among them when demo is set.
func Routes(demo bool) ([]Route, error) {
	book, err := policies.Load()
	if err != nil {
		return nil, err
	}
	all, err := web.Routes(book, demo)
	if err != nil {
		return nil, err
	}
	list := make([]Route, len(all))
	for i, r := range all {
		list[i] = Route{r.Method, r.Pattern, string(r.Audience), r.Permission}
	}
	return list, nil
}

// workerAlive tells whether the worker of this process turns; nil when it has none.
func (a *App) workerAlive() func() bool {
	if s := a.worker.Load(); s != nil {
		return s.Alive
	}
	return nil
}
