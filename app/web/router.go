package web

import (
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"
)

// Audience is who a route is for; it decides which session is asked for.
type Audience string

// The audiences.
const (
	Machine  Audience = "machine"  // files and health: no organization, no session
	Public   Audience = "public"   // anybody
	Hook     Audience = "hook"     // another machine, proven by the word in the address
	Citizen  Audience = "citizen"  // a citizen signed in by a code to the mobile
	Tracker  Audience = "tracker"  // whoever showed the code of one case or meeting
	Staff    Audience = "staff"    // a member of the organization's staff, with a permission
	Platform Audience = "platform" // the platform's own staff, on its own host, with a permission
)

// place says on which hosts a route exists.
type place uint8

const (
	organizations place = iota
	platformOnly
	anywhere
)

// Route is one line of the route table.
type Route struct {
	Method     string
	Pattern    string
	Audience   Audience
	Permission string // empty unless Staff or Platform
	place      place
	files      bool
	silent     bool // asked by the page itself, not by the person: keeps no session alive
	Dangerous  bool // asks who has not proved for ten minutes to be who they are to do so
	enrols     bool // open to whoever must have a second factor and has none
	Emergency  bool // open to who looks by an emergency grant
}

// action answers one request.
type action func(r *req) error

// router is the only way to a route: it keeps the Fiber app to itself and
// notes what it registers.
type router struct {
	app    *fiber.App
	known  func(permission string) bool
	routes []*Route
	err    error
}

func newRouter(app *fiber.App, known func(string) bool) *router {
	return &router{app: app, known: known}
}

func (t *router) add(rt *Route, h fiber.Handler) *Route {
	needs := rt.Audience == Staff || rt.Audience == Platform
	if needs && !t.known(rt.Permission) && t.err == nil {
		t.err = fmt.Errorf("web: the route %s %s names the permission %q, which policies/roles.csv does not have", rt.Method, rt.Pattern, rt.Permission)
	}
	t.routes = append(t.routes, rt)
	t.app.Add(rt.Method, rt.Pattern, h)
	if rt.Method == fiber.MethodGet {
		t.app.Add(fiber.MethodHead, rt.Pattern, h)
	}
	return rt
}

// has tells whether a GET of the address leads somewhere, so that pages offer
// no way that is not there.
func (t *router) has(pattern string) bool {
	return slices.ContainsFunc(t.routes, func(rt *Route) bool {
		return rt.Method == fiber.MethodGet && rt.Pattern == pattern
	})
}

func (t *router) list() []Route {
	list := make([]Route, len(t.routes))
	for i, rt := range t.routes {
		list[i] = *rt
	}
	return list
}

// withFiles lets the route take a body as large as uploads need.
func (rt *Route) withFiles() *Route {
	rt.files = true
	return rt
}

// unseen says that nobody is there to ask: an event stream that a page opens by
// itself must not keep a forgotten session alive.
func (rt *Route) unseen() *Route {
	rt.silent = true
	return rt
}

// fresh says that the act is dangerous: the person must have proved to be who
// they are within the last ten minutes (staff.FreshFor).
func (rt *Route) fresh() *Route {
	rt.Dangerous = true
	return rt
}

// enrolling keeps the route open to somebody who must have a second factor and
// has none yet; all others of the staff are closed to them.
func (rt *Route) enrolling() *Route {
	rt.enrols = true
	return rt
}

// emergency opens the page to who looks by an emergency grant (emergency.go);
// all others stay shut to them: acts, files, sheets and streams.
func (rt *Route) emergency() *Route {
	rt.Emergency = true
	return rt
}

// machine serves files and health checks.
func (w *web) machine(method, pattern string, h fiber.Handler) {
	w.router.add(&Route{Method: method, Pattern: pattern, Audience: Machine, place: anywhere}, h)
}

// anyone serves everybody on every host, the platform's included.
func (w *web) anyone(method, pattern string, act action) *Route {
	return w.route(&Route{Method: method, Pattern: pattern, Audience: Public, place: anywhere}, act)
}

// public serves everybody on an organization's host.
func (w *web) public(method, pattern string, act action) *Route {
	return w.route(&Route{Method: method, Pattern: pattern, Audience: Public}, act)
}

// hook serves another machine on an organization's host. There is no session and
// no form token: the word in the address is all that proves it.
func (w *web) hook(method, pattern string, act action) *Route {
	return w.route(&Route{Method: method, Pattern: pattern, Audience: Hook}, act)
}

// citizen serves a citizen who signed in.
func (w *web) citizen(method, pattern string, act action) *Route {
	return w.route(&Route{Method: method, Pattern: pattern, Audience: Citizen}, act)
}

// tracker serves whoever showed the code of one case or meeting; which one is
// in r.principal.subject, so such routes carry no id of it.
func (w *web) tracker(method, pattern string, act action) *Route {
	return w.route(&Route{Method: method, Pattern: pattern, Audience: Tracker}, act)
}

// staff serves the organization's staff who hold the permission.
func (w *web) staff(method, pattern, permission string, act action) *Route {
	return w.route(&Route{Method: method, Pattern: pattern, Audience: Staff, Permission: permission}, act)
}

// member serves staff on their organization's host, and the platform's own on the
// platform's: what is about their account.
func (w *web) member(method, pattern, permission string, act action) *Route {
	return w.route(&Route{Method: method, Pattern: pattern, Audience: Staff, Permission: permission, place: anywhere}, act)
}

// platform serves the platform's staff who hold the permission.
func (w *web) platform(method, pattern, permission string, act action) *Route {
	return w.route(&Route{Method: method, Pattern: pattern, Audience: Platform, Permission: permission, place: platformOnly}, act)
}

func (w *web) route(rt *Route, act action) *Route {
	return w.router.add(rt, func(c *fiber.Ctx) error { return w.serve(c, rt, act) })
}
