package web

import (
	"strings"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/views"
	"pasokh/views/parts"
)

// signInForm asks staff for user name and password.
func (w *web) signInForm(r *req) error {
	p := r.frame("sign_in.title")
	return r.page(parts.Plain, p, views.SignInPage(p, views.SignIn{Next: safeNext(r.query("next")), Demo: w.Demo}))
}

// sessionCreate signs a member of staff in. Whatever is wrong, the form comes
// back with the same words.
func (w *web) sessionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	user := strings.ToLower(persian.ToASCII(f.text("user")))
	if err := r.count(limitSignInIP, r.ip()); err != nil {
		return err
	}
	if err := r.count(limitSignIn, user+" "+r.ip()); err != nil {
		return err
	}
	signed, err := staff.SignIn(r.ctx, r.db, w.Hasher, staff.Credentials{User: user, Password: f.raw("password"), From: r.device()})
	if fault.Is(err, fault.Forbidden) {
		p := r.frame("sign_in.title")
		m := views.SignIn{User: f.text("user"), Next: safeNext(f.text("next")), Errors: views.ErrorsOf(err), Demo: w.Demo}
		return r.again(fault.Field("", "session.refused"), parts.Plain, p, views.SignInPage(p, m))
	}
	if err != nil {
		return err
	}
	return w.enter(r, signed, safeNext(f.text("next")))
}

// sessionEnd signs staff out.
func (w *web) sessionEnd(r *req) error {
	if err := r.signOut(Staff); err != nil {
		return err
	}
	return r.done("/sign-in")
}
