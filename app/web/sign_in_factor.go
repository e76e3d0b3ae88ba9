package web

import (
	"net/url"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// Cookies beside the session's own: the half of a sign-in whose second factor is
// awaited, and the lasting name by which a browser is known to its people.
const (
	halfCookie   = "pasokh-half"
	deviceCookie = "pasokh-device"
	factorPath   = "/sign-in/factor"
)

// device is the browser of whoever signs in; it gets its lasting name with it.
func (r *req) device() staff.Device {
	token := r.cookie(deviceCookie)
	if !tenants.IsToken(token) {
		token = tenants.NewToken()
	}
	r.w.setCookie(r.c, deviceCookie, token, int(staff.DeviceLife.Seconds()))
	return staff.Device{Agent: r.c.Get("User-Agent"), IP: r.ip(), Token: token, Holder: r.holder()}
}

// enter goes on after the password: to the second factor, to enrolling one, or in.
func (w *web) enter(r *req, signed *staff.SignedIn, next string) error {
	if signed.Half != "" {
		w.setCookie(r.c, halfCookie, signed.Half, int(staff.HalfTime.Seconds()))
		return r.done(withNext(factorPath, next))
	}
	w.setCookie(r.c, halfCookie, "", -1)
	if err := r.signIn(Staff, signed.Token); err != nil {
		return err
	}
	r.asksFactor(&signed.Principal)
	r.principal.kind, r.principal.actor, r.principal.account = Staff, signed.Actor, &signed.Principal
	switch {
	case signed.Bare:
		return r.done(securityPath)
	case next != "":
		return r.done(next)
	}
	return r.done(r.landing())
}

// withNext adds where to go on afterwards.
func withNext(path, next string) string {
	if next == "" {
		return path
	}
	return path + "?" + url.Values{"next": {next}}.Encode()
}

// factorForm asks for the second factor.
func (w *web) factorForm(r *req) error {
	if _, err := staff.HalfOf(r.ctx, r.db, r.cookie(halfCookie), r.holder()); err != nil {
		return w.halfOver(r, err, safeNext(r.query("next")))
	}
	return r.factorPage(safeNext(r.query("next")), nil)
}

func (r *req) factorPage(next string, cause error) error {
	p := r.frame("factor.title")
	m := views.Factor{Next: next, Errors: views.ErrorsOf(cause)}
	if cause != nil {
		return r.again(cause, parts.Plain, p, views.FactorPage(p, m))
	}
	return r.page(parts.Plain, p, views.FactorPage(p, m))
}

// halfOver sends somebody back to the password.
func (w *web) halfOver(r *req, err error, next string) error {
	if !fault.Is(err, fault.Forbidden) {
		return err
	}
	w.setCookie(r.c, halfCookie, "", -1)
	r.flash(parts.Warning, "factor.half_over")
	return r.done(withNext("/sign-in", next))
}

// factorCreate takes the code of the app or a recovery code.
func (w *web) factorCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	next, half := safeNext(f.text("next")), r.cookie(halfCookie)
	who, err := staff.HalfOf(r.ctx, r.db, half, r.holder())
	if err != nil {
		return w.halfOver(r, err, next)
	}
	if err := r.count(limitFactor, idText(who.ID)); err != nil {
		return r.factorPage(next, err)
	}
	code := f.text("code")
	if code == "" {
		code = f.text("recovery")
	}
	signed, err := staff.Finish(r.ctx, r.db, w.Gateways.Keys, staff.Proof{Half: half, Code: code, From: r.device()})
	if fault.Is(err, fault.Invalid) {
		return r.factorPage(next, err)
	}
	if err != nil {
		return w.halfOver(r, err, next)
	}
	return w.enter(r, signed, next)
}
