package web

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// req is one request as handlers see it: whose page, who asks, in which
// language, and the door to the organization's data. It lives as long as the
// request; it deliberately has no Close method, because Fiber would call it.
type req struct {
	c         *fiber.Ctx
	w         *web
	route     *Route
	ctx       context.Context //nolint:containedctx // this is the request
	cancel    context.CancelFunc
	tenant    *tenants.Tenant
	db        *tenants.DB
	lang      messages.Lang
	principal principal
	visitor   string // random cookie of every browser; drafts and codes are bound to it
	flashed   *parts.Flash
	ownRoles  []tenants.Role // read once, see roleOf
	told      *int           // unread mentions, when they were counted with something else
}

// serve runs one action: finds the organization, lets the person in or not,
// and turns an error into its page while the language is still known.
func (w *web) serve(c *fiber.Ctx, rt *Route, act action) error {
	r := &req{c: c, w: w, route: rt, lang: langOf(c)}
	c.Locals(reqKey, r)
	// The framework's own context is reused after the request and is not
	// cancelled with it, so work gets one of its own, with a deadline.
	r.ctx, r.cancel = context.WithTimeout(tenants.WithPatience(messages.With(w.span(c), r.lang), w.DatabaseTime), requestTime)
	defer r.release()
	var err error
	if r.tenant, err = w.tenantOf(r.ctx, string(c.Request().Host())); err != nil {
		return err
	}
	shut := rt.open(r.tenant, w.Root.Clock()())
	if shut != nil && !errors.Is(shut, errShut) {
		return shut
	}
	if err := rt.fits(c); err != nil {
		return err
	}
	r.db = w.Root.For(r.tenant)
	r.visit()
	if shut != nil {
		return r.shut()
	}
	if err := r.admit(); err != nil {
		return err
	}
	if err := act(r); err != nil {
		return err
	}
	w.announce(r)
	return nil
}

// release gives the database connection back. The request value stays in
// Locals for the error page.
func (r *req) release() {
	if r.db != nil {
		r.db.Release()
	}
	r.cancel()
}

// fits refuses bodies that the route does not expect; the server itself has
// only one limit, that of uploads.
func (rt *Route) fits(c *fiber.Ctx) error {
	if !rt.files && len(c.Request().Body()) > maxForm {
		return fiber.ErrRequestEntityTooLarge
	}
	return nil
}

// write runs a command in the name of whoever asks.
func (r *req) write(fn func(*tenants.Tx) error) error {
	if r.principal.grant != nil && !r.mayWrite() {
		return fault.New(fault.Forbidden, "emergency.error.looks_only")
	}
	return r.db.Write(r.ctx, r.principal.actor, fn)
}

// now is the instant of the request, in UTC.
func (r *req) now() time.Time { return r.db.Now() }

// can tells whether the person may do the permission here; for choosing which
// controls a page shows. Routes are guarded by their own permission.
func (r *req) can(permission string) bool {
	if r.principal.grant != nil {
		return slices.Contains(emergencyPermissions, permission)
	}
	return r.w.Book.Can(r.tenant.ID, r.principal.actor.Roles, permission)
}

// t is the text of a message key in the reader's language.
func (r *req) t(key string, args ...any) string { return messages.T(r.ctx, key, args...) }

// in chooses between the Persian and the English form of a name.
func (r *req) in(fa, en string) string {
	if r.lang == messages.EN && en != "" {
		return en
	}
	return fa
}

// id reads an identifier of the path; NotFound when it is not a number, as if
// there were no such thing.
func (r *req) id(name string) (int64, error) {
	id, err := strconv.ParseInt(r.c.Params(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.New(fault.NotFound, "error.not_found")
	}
	return id, nil
}

// query is a value of the address, without control characters; empty when it
// is not there.
func (r *req) query(name string) string { return clean(r.c.Query(name)) }

// fragment tells whether htmx asks for a part of a page.
func (r *req) fragment() bool { return isFragment(r.c) }

func isFragment(c *fiber.Ctx) bool {
	return c.Get("HX-Request") == "true" && c.Get("HX-Boosted") != "true" && c.Get("HX-History-Restore-Request") != "true"
}

// layout frames a page: parts.Citizen, parts.Desk, parts.Plain, parts.Print.
type layout func(parts.Page) templ.Component

// page answers with body inside the layout. A fragment request gets the cards
// alone, or body when there are none.
func (r *req) page(frame layout, p parts.Page, body templ.Component, cards ...templ.Component) error {
	if !r.fragment() {
		return r.render(templ.ComponentFunc(framed(frame(p), body)))
	}
	if len(cards) == 0 {
		cards = []templ.Component{body}
	}
	return r.render(cards...)
}

// again answers a form that did not pass with the same form, built with the
// errors of err: 422, or 429 when a limit was reached. Other kinds of error go
// on to their page.
func (r *req) again(err error, frame layout, p parts.Page, body templ.Component) error {
	kind := fault.Of(err)
	if kind != fault.Invalid && kind != fault.TooMany {
		return err
	}
	r.c.Status(byKind[kind].status)
	return r.page(frame, p, body)
}

// done answers an act: fragments to htmx when there are any, else the way on.
func (r *req) done(to string, fragments ...templ.Component) error {
	if !r.fragment() {
		return r.c.Redirect(to, fiber.StatusSeeOther)
	}
	if len(fragments) == 0 {
		r.c.Set("HX-Redirect", to)
		return r.c.SendStatus(fiber.StatusNoContent)
	}
	return r.render(fragments...)
}

func (r *req) render(components ...templ.Component) error {
	return render(r.c, r.ctx, components...)
}

func render(c *fiber.Ctx, ctx context.Context, components ...templ.Component) error { //nolint:revive // the Fiber context comes first here
	c.Vary("HX-Request")
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	for _, component := range components {
		if err := component.Render(ctx, c.Response().BodyWriter()); err != nil {
			return fault.Wrap(err, "web.render")
		}
	}
	pack(c)
	return nil
}

// packFrom is the size in bytes from which a page fits into fewer packets when
// it is compressed.
const packFrom = 1400

// pack compresses a page for a slow line. A page holds the form token beside
// what somebody typed, which compression could betray bit by bit to another
// site; SameSite cookies keep other sites from asking for it.
func pack(c *fiber.Ctx) {
	body := c.Response().Body()
	if len(body) < packFrom || !c.Request().Header.HasAcceptEncoding("gzip") {
		return
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderContentEncoding, "gzip")
	c.Response().SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestSpeed))
}
