package web

import (
	"bytes"
	"crypto/rand"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// plain tells whether a request can be read in one way only. The server is
// kinder than that; what it and a proxy before it read differently could be one
// request to the one and two to the other (security.md §6.1).
func plain(h *fasthttp.RequestHeader) bool {
	if target := h.RequestURI(); len(target) == 0 || target[0] != '/' {
		return false // a target that names a host by itself
	}
	if bytes.ContainsFunc(h.Host(), notOfHost) {
		return false
	}
	var length, coding bool
	for line := range bytes.Lines(h.RawHeaders()) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			continue
		}
		name, _, found := bytes.Cut(line, []byte(":"))
		if !found || len(name) == 0 || bytes.ContainsFunc(name, notOfName) {
			return false // also a line that goes on with the one before
		}
		length = length || bytes.EqualFold(name, []byte(fiber.HeaderContentLength))
		coding = coding || bytes.EqualFold(name, []byte(fiber.HeaderTransferEncoding))
	}
	return !length || !coding
}

// notOfHost are the characters that no name, number or port has. A user before
// the name would be cut off by whoever reads it as an address.
func notOfHost(r rune) bool { return !alphanumeric(r) && !strings.ContainsRune("-._:[]", r) }

// notOfName are the characters that the name of a header cannot have.
func notOfName(r rune) bool {
	return !alphanumeric(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

func alphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// hardened makes sure of an answer that was made before any of our handlers saw
// the request: the server itself had refused it.
func (w *web) hardened(c *fiber.Ctx) {
	if requestID(c) != "" {
		return
	}
	c.Locals(idKey, rand.Text()[:16])
	w.harden(c)
	c.Response().SetConnectionClose()
}

// saved is the Content-Disposition of something that browsers save under a name:
// in letters that every program reads, and as it is (RFC 6266).
func saved(name string) string {
	old := strings.Map(func(r rune) rune {
		if alphanumeric(r) || strings.ContainsRune("-_. ", r) {
			return r
		}
		return '_'
	}, name)
	if old == name {
		return `attachment; filename="` + old + `"`
	}
	return `attachment; filename="` + old + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
