package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// What only the web knows can go wrong.
var (
	errUnknownHost = errors.New("no organization has this host")
	errShut        = errors.New("the pages of citizens are shut")
	errNoNew       = errors.New("nothing can be begun here")
	errReadOnly    = errors.New("the organization is suspended")
	errSignIn      = errors.New("nobody has signed in")
	errBare        = errors.New("a second factor must be enrolled first")
	errStale       = errors.New("the person must prove anew to be who they are")
)

// problem is how an error looks from outside.
type problem struct {
	status int
	key    string // key+".title" and key+".text" are its words
	text   string // instead of key+".text": the error's own message
	args   []any
}

var byKind = map[fault.Kind]problem{
	fault.Internal:  {status: fiber.StatusInternalServerError, key: "problem.internal"},
	fault.Invalid:   {status: fiber.StatusUnprocessableEntity, key: "problem.invalid"},
	fault.NotFound:  {status: fiber.StatusNotFound, key: "problem.not_found"},
	fault.Forbidden: {status: fiber.StatusForbidden, key: "problem.forbidden"},
	fault.Conflict:  {status: fiber.StatusConflict, key: "problem.conflict"},
	fault.TooMany:   {status: fiber.StatusTooManyRequests, key: "problem.too_many"},
}

// problemOf says what to show for an error; nothing of an internal error
// reaches the page.
func problemOf(err error) problem {
	var http *fiber.Error
	switch {
	case errors.Is(err, errUnknownHost):
		return problem{status: fiber.StatusNotFound, key: "problem.unknown_host"}
	case errors.Is(err, errNoNew):
		return problem{status: fiber.StatusConflict, key: "problem.no_new"}
	case errors.Is(err, errReadOnly):
		return problem{status: fiber.StatusForbidden, key: "problem.read_only"}
	case errors.Is(err, errUnavailable), errors.Is(err, context.DeadlineExceeded), fault.Of(err) == fault.Internal && tenants.Away(err):
		return problem{status: fiber.StatusServiceUnavailable, key: "problem.unavailable"}
	case errors.Is(err, errStale):
		return problem{status: fiber.StatusForbidden, key: "problem.stale"}
	case errors.As(err, &http):
		return ofStatus(http.Code)
	}
	e := fault.As(err)
	p := byKind[e.Kind]
	if e.Kind == fault.Forbidden && e.Key == errForm.Key {
		p.key = "problem.form_expired"
	} else if e.Kind != fault.Internal && e.Kind != fault.NotFound && e.Key != "" {
		p.text, p.args = e.Key, e.Args
	}
	return p
}

func ofStatus(code int) problem {
	switch code {
	case fiber.StatusNotFound, fiber.StatusMethodNotAllowed:
		return problem{status: code, key: "problem.not_found"}
	case fiber.StatusRequestEntityTooLarge:
		return problem{status: code, key: "problem.too_large"}
	}
	if code < 500 {
		return problem{status: code, key: "problem.invalid"}
	}
	return problem{status: code, key: "problem.internal"}
}

// failed is the one place where an error becomes an answer and a log line.
func (w *web) failed(c *fiber.Ctx, err error) error {
	w.hardened(c)
	r, _ := c.Locals(reqKey).(*req)
	if r != nil && errors.Is(err, errSignIn) {
		return r.toSignIn()
	}
	if r != nil && (errors.Is(err, errBare) || errors.Is(err, errStale) && c.Method() != fiber.MethodPost) {
		return r.toProof(err)
	}
	p := problemOf(err)
	w.note(c, r, p, err)
	if r == nil {
		r = w.stray(c)
	}
	c.Response().ResetBody()
	c.Status(p.status)
	if p.status == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, "30")
	}
	return r.showProblem(p)
}

// stray is the request behind an address that no route has: enough of one to
// show the page of its organization.
func (w *web) stray(c *fiber.Ctx) *req {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	r := &req{c: c, w: w, lang: langOf(c)}
	r.visitor = r.cookie(cookieNames[Public])
	if t, err := w.tenantOf(ctx, string(c.Request().Host())); err == nil {
		r.tenant = t
	}
	return r
}

// toSignIn sends somebody whose session is missing or over to sign in.
func (r *req) toSignIn() error { return r.done(r.signInPage()) }

// showProblem writes the page of a problem. The request's own time may be what
// ran out, and its database connection is back, so it uses neither.
func (r *req) showProblem(p problem) error {
	r.ctx, r.db = messages.With(context.Background(), r.lang), nil
	text := p.key + ".text"
	if messages.Has(r.lang, p.text) {
		text = p.text
	}
	m := views.Problem{
		Status: p.status, Title: r.t(p.key + ".title"), Text: r.t(text, p.args...),
		Number: requestID(r.c), Home: r.home(),
	}
	if p.key == "problem.stale" {
		m.Home, m.Act = r.confirmPage(), r.t("confirm.go")
	}
	if r.fragment() {
		r.c.Set("HX-Trigger", toast(parts.Danger, m.Text))
		return r.render(views.ProblemCard(m))
	}
	page := r.frame(p.key + ".title")
	return r.page(parts.Plain, page, views.ProblemPage(page, m))
}

// home is where an error page leads: where this person starts.
func (r *req) home() string {
	if r.tenant == nil {
		return r.w.BaseURL
	}
	if r.principal.kind == Staff {
		return r.landing()
	}
	return "/"
}

// toast is the HX-Trigger header that shows a line at the edge of the page.
func toast(tone parts.Tone, text string) string {
	return fmt.Sprintf(`{"toast":{"tone":%s,"text":%s}}`, ascii(string(tone)), ascii(text))
}

// ascii writes a JSON string with every other letter escaped: headers carry
// ASCII only.
func ascii(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, unit := range utf16.Encode([]rune(s)) {
		if unit < ' ' || unit > '~' || unit == '"' || unit == '\\' || unit == '<' {
			fmt.Fprintf(&b, `\u%04x`, unit)
			continue
		}
		b.WriteByte(byte(unit))
	}
	b.WriteByte('"')
	return b.String()
}

// kindOf names the kind of a refusal for the log. What is no error of a room, as an
// address that nobody serves, has the kind of its answer.
func kindOf(p problem, err error) fault.Kind {
	kind := fault.Of(err)
	if kind != fault.Internal {
		return kind
	}
	for k, known := range byKind {
		if known.key == p.key || known.status == p.status {
			return k
		}
	}
	if p.status < fiber.StatusInternalServerError {
		return fault.Invalid
	}
	return kind
}

// note writes one line: what happened on which route, by the number that the
// person sees on the page; nothing of what was sent.
func (w *web) note(c *fiber.Ctx, r *req, p problem, err error) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request_id", requestID(c)), slog.Int("status", p.status),
		slog.String("method", c.Method()), slog.String("kind", kindOf(p, err).String()),
	}
	if r != nil && r.route != nil {
		attrs = append(attrs, slog.String("route", r.route.Pattern))
	}
	if r != nil && r.tenant != nil {
		attrs = append(attrs, slog.String("tenant", r.tenant.Slug))
	}
	if p.status >= 500 {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	w.Log.LogAttrs(context.Background(), level, "refused", attrs...)
}
