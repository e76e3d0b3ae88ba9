package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/emergency"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// principal is who asks.
type principal struct {
	kind    Audience // Staff (on the platform's host, too), Citizen, Tracker; Public: nobody in particular
	actor   tenants.Actor
	nameFA  string
	nameEN  string
	mobile  string           // Citizen: E.164
	subject timeline.Subject // Tracker: what the code opened
	token   string           // the cookie that proves it
	account *staff.Principal // Staff
	grant   *emergency.Grant // Staff, where nobody of the staff looks but the platform
}

// cookieNames without prefix; a browser may hold one session of each kind.
var cookieNames = map[Audience]string{
	Public:  "pasokh-visitor",
	Staff:   "pasokh",
	Citizen: "pasokh-my",
	Tracker: "pasokh-case",
}

// session is the audience whose session a route asks for.
func (rt *Route) session() Audience {
	if rt.Audience == Platform {
		return Staff
	}
	return rt.Audience
}

// setCookie writes a cookie that scripts cannot read and other sites cannot
// send with a form. maxAge is in seconds; 0 lasts until the browser is closed,
// negative deletes.
func (w *web) setCookie(c *fiber.Ctx, name, value string, maxAge int) {
	c.Cookie(&fiber.Cookie{
		Name: w.cookieName(name), Value: url.QueryEscape(value), Path: "/", MaxAge: maxAge, SessionOnly: maxAge == 0,
		Secure: w.secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// cookieName adds the prefix that makes browsers refuse the cookie from other
// hosts. Plain http, in development, cannot have it.
func (w *web) cookieName(name string) string {
	if w.secure {
		return "__Host-" + name
	}
	return name
}

// holder is the browser's name as drafts and one-time codes are bound to it.
func (r *req) holder() string { return tenants.HashToken(r.visitor) }

// cookie is what setCookie wrote.
func (r *req) cookie(name string) string {
	value, err := url.QueryUnescape(r.c.Cookies(r.w.cookieName(name)))
	if err != nil {
		return ""
	}
	return value
}

// visit gives every browser its random name.
func (r *req) visit() {
	r.visitor = r.cookie(cookieNames[Public])
	if !tenants.IsToken(r.visitor) {
		r.visitor = tenants.NewToken()
		r.w.setCookie(r.c, cookieNames[Public], r.visitor, 0)
	}
	r.flashed = r.takeFlash()
}

// admit decides whether this person may do this: who they are, whether the
// form is ours, whether the role allows it. Everything else is the room's.
func (r *req) admit() error {
	if r.route.Audience == Hook {
		r.principal = principal{kind: Hook, actor: tenants.SystemActor()}
		return nil
	}
	err := r.authenticate()
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := r.verifyForm(); err != nil {
		return err
	}
	if r.route.Audience == Public {
		return nil
	}
	if r.principal.kind != r.route.session() {
		return errSignIn
	}
	if r.principal.grant != nil {
		return r.admitEmergency()
	}
	if r.bare() && !r.route.enrols {
		return errBare
	}
	if r.route.Permission != "" && !r.can(r.route.Permission) {
		return r.denied()
	}
	if r.route.Dangerous && !r.principal.account.Fresh(r.now()) {
		return errStale
	}
	return nil
}

// authenticate fills the principal from the cookie that the route asks for;
// public pages greet a citizen who has signed in.
func (r *req) authenticate() error {
	kind := r.route.session()
	if kind == Public {
		r.principal = principal{kind: Public, actor: tenants.Actor{Kind: tenants.Citizen}}
		kind = Citizen
	}
	if kind == Staff {
		if looks, err := r.authenticateEmergency(); looks || err != nil {
			return err
		}
	}
	token := r.cookie(cookieNames[kind])
	if !tenants.IsToken(token) {
		return nil
	}
	if kind == Staff {
		return r.authenticateStaff(token)
	}
	p, err := citizens.Authenticate(r.ctx, r.db, token)
	if err != nil {
		return err
	}
	if p.Kind != tenants.SessionKind(kind) {
		return tenants.ErrSessionEnded()
	}
	r.principal = principal{
		kind: kind, actor: p.Actor, mobile: p.Mobile, token: token,
		subject: timeline.Subject{Kind: p.SubjectKind, ID: p.SubjectID},
	}
	return r.touch(p.SessionID, p.Touch)
}

func (r *req) authenticateStaff(token string) error {
	p, err := staff.Authenticate(r.ctx, r.db, token)
	if err != nil {
		return err
	}
	r.asksFactor(p)
	if err := directives.Commission(r.ctx, r.db, &p.Actor); err != nil {
		return err
	}
	if err := empower(r.ctx, r.db, r.w.Book, &p.Actor); err != nil {
		return err
	}
	r.principal = principal{kind: Staff, actor: p.Actor, nameFA: p.Actor.Name, nameEN: p.NameEN, token: token, account: p}
	return r.touch(p.SessionID, p.Touch)
}

// touch keeps a session in use alive.
func (r *req) touch(id string, due bool) error {
	if !due || r.route.silent {
		return nil
	}
	return r.write(func(tx *tenants.Tx) error { return tenants.TouchSession(r.ctx, tx, id) })
}

// signIn hands the token of a fresh session to the browser and ends the one
// that it held before.
func (r *req) signIn(kind Audience, token string) error {
	old := r.cookie(cookieNames[kind])
	r.w.setCookie(r.c, cookieNames[kind], token, int(tenants.SessionLimit.Seconds()))
	if !tenants.IsToken(old) {
		return nil
	}
	return r.write(func(tx *tenants.Tx) error { return tenants.CloseSession(r.ctx, tx, old) })
}

// signOut ends the session of the kind and makes the browser forget it and
// whatever pages it kept.
func (r *req) signOut(kind Audience) error {
	token := r.cookie(cookieNames[kind])
	r.w.setCookie(r.c, cookieNames[kind], "", -1)
	r.c.Set("Clear-Site-Data", `"cache"`)
	if !tenants.IsToken(token) {
		return nil
	}
	if kind != Staff {
		return r.write(func(tx *tenants.Tx) error { return citizens.SignOut(r.ctx, tx, token) })
	}
	err := r.authenticateStaff(token)
	if fault.Is(err, fault.NotFound) {
		return nil // it had ended already
	}
	if err != nil {
		return err
	}
	return r.write(func(tx *tenants.Tx) error { return staff.SignOut(r.ctx, tx, token) })
}

// track opens the pages of one case or meeting to this browser: after filing,
// and after its code and secret were shown.
func (r *req) track(s timeline.Subject) error {
	var token string
	err := r.write(func(tx *tenants.Tx) (err error) {
		token, err = citizens.OpenTracker(r.ctx, tx, s.Kind, s.ID)
		return err
	})
	if err != nil {
		return err
	}
	return r.signIn(Tracker, token)
}

// denied notes who tried what without the permission.
func (r *req) denied() error {
	err := r.write(func(tx *tenants.Tx) error {
		return audit.Refused(r.ctx, tx, r.route.Permission, r.route.Method+" "+r.route.Pattern)
	})
	if err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "error.forbidden")
}

// signInPage is where somebody without a session is sent, and comes back from.
func (r *req) signInPage() string {
	page := map[Audience]string{Staff: "/sign-in", Citizen: "/my/sign-in", Tracker: "/track"}[r.route.session()]
	if next := safeNext(r.c.OriginalURL()); next != "" && r.c.Method() == fiber.MethodGet && r.route.session() != Tracker {
		return page + "?" + url.Values{"next": {next}}.Encode()
	}
	return page
}
