package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pasokh/static"
)

// staticFile answers an address with a content hash in it, for ever.
func (w *web) staticFile(c *fiber.Ctx) error {
	name := strings.TrimPrefix(c.Path(), static.Prefix)
	data, kind, ok := static.Open(name)
	if !ok {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	if packed, ok := static.Gzipped(name); ok {
		c.Vary(fiber.HeaderAcceptEncoding)
		if c.Request().Header.HasAcceptEncoding("gzip") {
			c.Set(fiber.HeaderContentEncoding, "gzip")
			data = packed
		}
	}
	return c.Send(data)
}

// favicon spares browsers that guess its address an error.
func (w *web) favicon(c *fiber.Ctx) error {
	return c.Redirect(static.URL("icons/mark.svg"), fiber.StatusFound)
}

// robots keeps search engines to the pages that are meant to be found.
func (w *web) robots(c *fiber.Ctx) error {
	return c.SendString("User-agent: *\nAllow: /$\nAllow: /static/\nDisallow: /\n")
}
