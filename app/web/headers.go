package web

import (
	"fmt"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pasokh/static"
)

const policy = "default-src 'self'; img-src 'self' data: blob:%s; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// policyFor lets pictures come from the server of the map tiles, if there is
// one, and from nowhere else beside us.
func policyFor(tiles string) string {
	u, err := url.Parse(strings.ReplaceAll(tiles, "{s}", "*"))
	if tiles == "" || err != nil || u.Host == "" {
		return fmt.Sprintf(policy, "")
	}
	return fmt.Sprintf(policy, " "+u.Scheme+"://"+u.Host)
}

// recovered is the outermost of all: a panic of a handler becomes an error
// page instead of the end of the process.
func (w *web) recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			w.Log.Error("panic", "request_id", requestID(c), "route", c.Route().Path, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return c.Next()
}

// guarded gives every answer its number and its security headers, and refuses
// requests that two readers could read differently, with their connection.
func (w *web) guarded(c *fiber.Ctx) error {
	w.harden(c)
	if !plain(&c.Request().Header) {
		c.Response().SetConnectionClose()
		return fiber.ErrBadRequest
	}
	return c.Next()
}

// harden sets the headers that every answer has.
func (w *web) harden(c *fiber.Ctx) {
	c.Set("X-Request-Id", requestID(c))
	c.Set("Content-Security-Policy", w.policy)
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("X-Frame-Options", "DENY")
	c.Set("Referrer-Policy", "same-origin") // with no-referrer browsers send Origin: null
	c.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=(), usb=()")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if w.secure {
		c.Set("Cross-Origin-Opener-Policy", "same-origin") // browsers complain about it on plain http
		c.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if !strings.HasPrefix(c.Path(), static.Prefix) {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
}

type localsKey string

const (
	idKey  localsKey = "request id"
	reqKey localsKey = "request"
)

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(idKey).(string)
	return id
}

// clientIP is the address of the caller. Forwarding headers count only from
// listed proxies, and then the last address that is not a proxy itself: what
// stands before it was written by the caller.
func (w *web) clientIP(c *fiber.Ctx) string {
	addr, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return ""
	}
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0 && w.isProxy(addr); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = next
	}
	return addr.Unmap().String()
}

func (w *web) isProxy(addr netip.Addr) bool {
	for _, p := range w.proxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// prefixes reads addresses and networks.
func prefixes(list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range list {
		if addr, err := netip.ParseAddr(text); err == nil {
			all = append(all, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q is neither an address nor a network", text)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}
