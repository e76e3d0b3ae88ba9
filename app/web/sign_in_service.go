package web

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/fetch"
	"pasokh/app/openid"
	"pasokh/app/signin"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views/parts"
)

// Signing in by the organization's own service. The browser goes there and comes
// back by GET, so the way is a link and not a form.

// serviceDoors are the addresses of both kinds: where one begins and where one
// ends up when it fails.
var serviceDoors = map[signin.Kind]string{signin.Staff: "/sign-in", signin.Citizen: "/my/sign-in"}

// serviceBytes bounds an answer of a service.
const serviceBytes = 1 << 20

// openID is the protocol, with the guarded client and the injected clock.
func (r *req) openID() *openid.Client {
	client := cmp.Or(r.w.SignInFetch, new(fetch.Client))
	return &openid.Client{HTTP: client.HTTP(serviceBytes), Now: r.w.Root.Clock()}
}

// away gives the request the time that somebody else's server needs, and keeps no
// connection to the database meanwhile.
func (r *req) away() {
	r.db.Release()
	before := r.cancel
	ctx, stop := context.WithTimeout(context.WithoutCancel(r.ctx), outsideTime)
	r.ctx, r.cancel = ctx, func() { stop(); before() }
}

// serviceBack is where the service sends the browser back to: this host, as the
// configuration writes it.
func (r *req) serviceBack(kind signin.Kind) string {
	base := r.w.links.Home(r.tenant)
	if below := r.w.links.Below(r.tenant); strings.EqualFold(strings.SplitN(below, "://", 2)[1], string(r.c.Request().Host())) {
		base = below
	}
	return base + serviceDoors[kind] + "/service/callback"
}

// serviceLabel is what the button to the service says; empty without one.
func (r *req) serviceLabel(kind signin.Kind) string {
	if r.tenant.IsPlatform() {
		return ""
	}
	s, err := signin.Open(r.ctx, r.db, kind)
	if err != nil { // without the button a page is poorer but not wrong
		return ""
	}
	return r.in(s.LabelFA, s.LabelEN)
}

func (w *web) serviceStaff(r *req) error       { return w.serviceBegin(r, signin.Staff) }
func (w *web) serviceStaffBack(r *req) error   { return w.serviceEnd(r, signin.Staff) }
func (w *web) serviceCitizen(r *req) error     { return w.serviceBegin(r, signin.Citizen) }
func (w *web) serviceCitizenBack(r *req) error { return w.serviceEnd(r, signin.Citizen) }

// serviceBegin sends the browser to the service.
func (w *web) serviceBegin(r *req, kind signin.Kind) error {
	if err := r.count(limitSignInIP, r.ip()); err != nil {
		return err
	}
	s, err := signin.Open(r.ctx, r.db, kind)
	if err != nil {
		return err
	}
	set, err := s.Protocol(w.Gateways.Keys)
	if err != nil {
		return w.serviceFailed(r, kind, errors.Join(openid.ErrAway, err))
	}
	r.away()
	address, a, err := r.openID().Begin(r.ctx, set, r.serviceBack(kind))
	if err != nil {
		return w.serviceFailed(r, kind, err)
	}
	err = r.db.Write(r.ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return signin.Begin(r.ctx, tx, kind, r.holder(), safeNext(r.query("next")), a)
	})
	if err != nil {
		return err
	}
	return r.done(address)
}

// serviceEnd takes the browser back, and in.
func (w *web) serviceEnd(r *req, kind signin.Kind) error {
	if err := r.count(limitSignInIP, r.ip()); err != nil {
		return err
	}
	a, next, err := signin.Take(r.ctx, r.db, kind, r.holder(), r.query("state"))
	if err != nil {
		return w.serviceFailed(r, kind, err)
	}
	s, claims, err := w.serviceClaims(r, kind, a)
	switch {
	case err != nil:
		return w.serviceFailed(r, kind, err)
	case kind == signin.Citizen:
		return w.serviceCitizenIn(r, s, claims, next)
	}
	return w.serviceStaffIn(r, s, claims, next)
}

func (w *web) serviceStaffIn(r *req, s *signin.Service, claims openid.Claims, next string) error {
	var signed *staff.SignedIn
	err := r.db.Write(r.ctx, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		signed, err = signin.Enter(r.ctx, tx, s, claims, r.device())
		return err
	})
	if err != nil {
		return w.serviceFailed(r, signin.Staff, err)
	}
	return w.enter(r, signed, next)
}

func (w *web) serviceClaims(r *req, kind signin.Kind, a openid.Attempt) (*signin.Service, openid.Claims, error) {
	s, err := signin.Open(r.ctx, r.db, kind)
	if err != nil {
		return nil, nil, err
	}
	code, from := r.query("code"), r.query("iss")
	if code == "" || from != "" && from != s.Issuer { // RFC 9207
		return nil, nil, openid.ErrRefused
	}
	set, err := s.Protocol(w.Gateways.Keys)
	if err != nil { // a secret that no key of this deployment opens
		return nil, nil, errors.Join(openid.ErrAway, err)
	}
	r.away()
	claims, err := r.openID().Finish(r.ctx, set, r.serviceBack(kind), code, a)
	return s, claims, err
}

func (w *web) serviceCitizenIn(r *req, s *signin.Service, claims openid.Claims, next string) error {
	var token string
	err := r.db.Write(r.ctx, tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) (err error) {
		token, err = signin.EnterCitizen(r.ctx, tx, s, claims)
		return err
	})
	if err != nil {
		return w.serviceFailed(r, signin.Citizen, err)
	}
	if err := r.signIn(Citizen, token); err != nil {
		return err
	}
	return r.done(cmp.Or(next, "/my"))
}

// serviceFailed goes back to the ordinary sign-in, which stays open; whatever was
// wrong, people are told the same, and the record has a word more.
func (w *web) serviceFailed(r *req, kind signin.Kind, cause error) error {
	why, told := "account", "service.refused"
	switch {
	case errors.Is(cause, openid.ErrRefused):
		why = "token"
	case errors.Is(cause, openid.ErrAway):
		why, told = "away", "service.away"
		w.Log.Warn("sign-in service", "request_id", requestID(r.c), "tenant", r.tenant.Slug, "error", "does not answer as it should")
	case fault.Is(cause, fault.Forbidden), fault.Is(cause, fault.NotFound), fault.Is(cause, fault.Invalid):
	default:
		return cause
	}
	err := r.db.Write(r.ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return signin.Refused(r.ctx, tx, kind, why) })
	if err != nil {
		return err
	}
	r.flash(parts.Warning, told)
	return r.done(serviceDoors[kind])
}
