package web

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// healthy says that the process answers, and nothing else: whoever restarts
// processes must not do so because a database is away.
func (w *web) healthy(c *fiber.Ctx) error { return c.SendString("ok\n") }

// readyTime bounds what the look may take.
const readyTime = 2 * time.Second

// readiness is the answer of /readyz: words, no causes.
type readiness struct {
	Status     string `json:"status"` // ok, degraded, unready or stopping
	Database   string `json:"database"`
	Migrations string `json:"migrations"`
	Redis      string `json:"redis"`
	Worker     string `json:"worker,omitempty"` // of this process, when it has one
}

// ready says whether this process should be sent visitors: the database takes
// writes (a server in recovery does not), the schema is this program's, the
// worker is alive. Redis away is degraded and still 200: every page and every
// write goes on without it, codes and sign-in wait; taking all processes out of
// service would make a nuisance an outage.
func (w *web) ready(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(w.span(c), readyTime)
	defer cancel()
	a := w.look(ctx)
	if a.Status == "unready" || a.Status == "stopping" {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(a)
}

func (w *web) look(ctx context.Context) readiness {
	a := readiness{Status: "ok", Database: "ok", Migrations: "ok", Redis: "ok"}
	bad := func(part *string, status, name string, err error) {
		*part = "bad"
		if a.Status != "unready" {
			a.Status = status
		}
		if err != nil {
			w.Log.ErrorContext(ctx, "not ready", "part", name, "error", err)
		} else {
			w.Log.ErrorContext(ctx, "not ready", "part", name)
		}
	}
	if err := w.Redis.Ping(ctx).Err(); err != nil {
		bad(&a.Redis, "degraded", "redis", err)
	}
	if err := w.Root.UnscopedReady(ctx); err != nil {
		bad(&a.Database, "unready", "database", err)
	}
	if done, err := w.Root.UnscopedMigrated(ctx); err != nil || !done {
		bad(&a.Migrations, "unready", "migrations", err)
	}
	if w.Worker != nil {
		a.Worker = "ok"
		if !w.Worker() {
			bad(&a.Worker, "unready", "worker", nil)
		}
	}
	if w.Stopping != nil && w.Stopping() {
		a.Status = "stopping"
	}
	return a
}
