package web

import (
	"pasokh/app/fault"
	"pasokh/app/signin"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// signInForm asks staff for user name and password.
func (w *web) signInForm(r *req) error {
	p := r.frame("sign_in.title")
	return r.page(parts.Plain, p, views.SignInPage(p, views.SignIn{Next: safeNext(r.query("next")), Demo: w.Demo, Label: r.serviceLabel(signin.Staff), Only: r.tenant.Settings.ServiceOnly}))
}

// sessionCreate signs a member of staff in. Whatever is wrong, the form comes
// back with the same words.
func (w *web) sessionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := staff.Credentials{User: staff.UserName(f.text("user")), Password: f.raw("password")}
	if err := r.tries(in.User); err != nil {
		return err
	}
	err = w.signIn(r, in, safeNext(f.text("next")))
	if fault.Is(err, fault.Forbidden) {
		p := r.frame("sign_in.title")
		m := views.SignIn{User: f.text("user"), Next: safeNext(f.text("next")), Errors: views.ErrorsOf(err), Demo: w.Demo, Label: r.serviceLabel(signin.Staff), Only: r.tenant.Settings.ServiceOnly}
		return r.again(fault.Field("", "session.refused"), parts.Plain, p, views.SignInPage(p, m))
	}
	return err
}

// signIn is for whoever proves a password, by the form or by a link that set it.
func (w *web) signIn(r *req, in staff.Credentials, next string) error {
	in.From = r.device()
	signed, err := staff.SignIn(r.ctx, r.db, w.Hasher, in)
	if err != nil {
		return err
	}
	return w.enter(r, signed, next)
}

// tries counts one try of a user name. From a browser that has signed in as this
// person before, the tries are its own, which nobody else can use up; from all
// others they count by address, and slowly for the name as a whole.
func (r *req) tries(user string) error {
	device := r.cookie(deviceCookie)
	if tenants.IsToken(device) {
		known, err := staff.KnownDevice(r.ctx, r.db, device, user)
		r.db.Release()
		if err != nil {
			return err
		}
		if known {
			return r.count(limitSignIn, user+" device "+device)
		}
	}
	if err := r.count(limitSignInIP, r.ip()); err != nil {
		return err
	}
	if err := r.count(limitSignIn, user+" "+r.ip()); err != nil {
		return err
	}
	return r.count(limitSignInName, user)
}

// sessionEnd signs staff out.
func (w *web) sessionEnd(r *req) error {
	if err := r.signOut(Staff); err != nil {
		return err
	}
	return r.done("/sign-in")
}
