package web

import (
	"context"
	"crypto/rand"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/telemetry"
)

const spanKey localsKey = "span"

// observed is around everything: it numbers the request, makes its span, counts
// its answer, and turns what was not handled into its page, so that the status
// is known.
func (w *web) observed(c *fiber.Ctx) error {
	id := rand.Text()[:16]
	c.Locals(idKey, id)
	began := w.Root.Clock()()
	var ended func(method, route string, status int)
	if w.Traces.On() {
		var ctx context.Context
		ctx, ended = w.Traces.Request(context.Background(), id)
		c.Locals(spanKey, ctx)
	}
	if err := c.Next(); err != nil {
		if err := w.failed(c, err); err != nil {
			c.Status(fiber.StatusInternalServerError)
		}
	}
	route, method, status := w.pattern(c), c.Method(), c.Response().StatusCode()
	w.Metrics.Request(route, method, status, w.Root.Clock()().Sub(began))
	if ended != nil {
		ended(method, route, status)
	}
	return nil
}

// pattern is the route that answered; addresses that nobody serves are one.
func (w *web) pattern(c *fiber.Ctx) string {
	if r, ok := c.Locals(reqKey).(*req); ok && r.route != nil {
		return r.route.Pattern
	}
	if path := c.Route().Path; path != "/" {
		return path
	}
	return "none"
}

// span is the context that the work of a request begins with.
func (w *web) span(c *fiber.Ctx) context.Context {
	ctx, ok := c.Locals(spanKey).(context.Context)
	if !ok {
		ctx = context.Background()
	}
	return telemetry.WithRequest(ctx, requestID(c))
}
