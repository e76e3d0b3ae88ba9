package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pasokh/views/messages"
)

const (
	langCookie  = "lang"
	themeCookie = "theme" // written by static/js/app.js
	year        = 365 * 24 * 60 * 60
)

// langOf is the language the person chose; Persian when none was chosen.
func langOf(c *fiber.Ctx) messages.Lang { return messages.Parse(c.Cookies(langCookie)) }

// themeOf is the chosen look; empty means as the device is set.
func themeOf(c *fiber.Ctx) string {
	if theme := c.Cookies(themeCookie); theme == "light" || theme == "dark" {
		return theme
	}
	return ""
}

// languageCreate keeps the chosen language and goes back.
func (w *web) languageCreate(r *req) error {
	w.setCookie(r.c, langCookie, string(messages.Parse(r.query("to"))), year)
	next := safeNext(r.query("next"))
	if next == "" {
		next = "/"
	}
	return r.c.Redirect(next, fiber.StatusSeeOther)
}

// safeNext is the address if it leads to a page of this very host, else
// empty: a path from the root, nothing that a browser could read as another
// host, no control characters, no fragment.
func safeNext(next string) string {
	if len(next) > 500 || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		return ""
	}
	if strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r == '\\' || r == '#' || r >= 0x7f }) {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	if path := u.Path; !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\x00\r\n") {
		return ""
	}
	return next
}
