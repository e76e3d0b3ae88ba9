package web

import (
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const securityAppPath = securityPath + "/app"

// securityAppDraw draws a new secret for an authenticator app.
func (w *web) securityAppDraw(r *req) error {
	err := r.write(func(tx *tenants.Tx) error { return staff.BeginAuthenticator(r.ctx, tx, w.Gateways.Keys) })
	if err != nil {
		return err
	}
	return r.done(securityAppPath)
}

// securityApp shows the secret, as a QR code and in letters, until a code of it
// was given.
func (w *web) securityApp(r *req) error { return w.securityAppPage(r, nil) }

func (w *web) securityAppPage(r *req, cause error) error {
	who, err := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return err
	}
	secret, address, err := staff.PendingSecret(r.ctx, r.db, w.Gateways.Keys, who, r.in(r.tenant.NameFA, r.tenant.NameEN))
	if fault.Is(err, fault.NotFound) {
		return r.done(securityPath)
	}
	if err != nil {
		return err
	}
	p := r.frame("security.app_title")
	m := &views.SecurityApp{Secret: secret, Address: address, Modules: qrOf(address), Errors: views.ErrorsOf(cause)}
	if cause != nil {
		return r.again(cause, r.own(), p, views.SecurityAppPage(p, m))
	}
	return r.page(r.own(), p, views.SecurityAppPage(p, m))
}

// securityAppCreate takes the first code of the app.
func (w *web) securityAppCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.count(limitFactor, idText(r.principal.actor.ID)); err != nil {
		return w.securityAppPage(r, err)
	}
	var codes []string
	err = r.write(func(tx *tenants.Tx) (err error) {
		codes, err = staff.ConfirmAuthenticator(r.ctx, tx, w.Gateways.Keys, f.text("code"))
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return w.securityAppPage(r, err)
	}
	if err != nil {
		return err
	}
	return w.enrolled(r, codes, "security.app_added")
}

// securityAppRemove takes the app away.
func (w *web) securityAppRemove(r *req) error {
	if err := r.write(func(tx *tenants.Tx) error { return staff.RemoveAuthenticator(r.ctx, tx) }); err != nil {
		return err
	}
	r.flash(parts.Success, "security.removed")
	return r.done(securityPath)
}
