package web

import (
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const securityPath = "/desk/account/security"

// bare tells whether the person must enrol a second factor before anything else.
func (r *req) bare() bool { return r.principal.account != nil && r.principal.account.Bare }

// asksFactor notes whether who has just come in must enrol a second factor
// first.
func (r *req) asksFactor(p *staff.Principal) {
	p.Bare = !p.Factor && r.needsFactor(p.Actor.Roles)
}

func (r *req) needsFactor(roles []string) bool {
	return staff.NeedsFactor(r.tenant, func(permission string) bool { return r.w.Book.Can(r.tenant.ID, roles, permission) })
}

// own is the layout of the pages about one's account: without the desk around
// them while the desk is closed.
func (r *req) own() layout {
	if r.bare() {
		return parts.Plain
	}
	return parts.Desk
}

// security is the page of one's own factors and sessions.
func (w *web) security(r *req) error { return w.securityPage(r, "", nil) }

// securityPage is also the answer to a passkey that could not be kept, with the
// name that was typed.
func (w *web) securityPage(r *req, typedName string, cause error) error {
	id := r.principal.actor.ID
	m := &views.Security{
		Bare: r.bare(), Required: r.needsFactor(r.principal.actor.Roles), Now: r.now(),
		Current: r.principal.account.SessionID, Errors: views.ErrorsOf(cause),
	}
	app, err := staff.AuthenticatorOf(r.ctx, r.db, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err == nil && app.Secret != "" {
		m.AppAt = app.ConfirmedAt
	}
	if m.Passkeys, err = staff.Passkeys(r.ctx, r.db, id); err != nil {
		return err
	}
	if m.RecoveryLeft, err = staff.RecoveryLeft(r.ctx, r.db, id); err != nil {
		return err
	}
	if m.Sessions, err = staff.Sessions(r.ctx, r.db, id); err != nil {
		return err
	}
	m.PasskeyName = typedName
	if cause == nil {
		browser, system := staff.Agent(r.c.Get("User-Agent"))
		m.PasskeyName = r.t("device.on", "browser", r.t(browser), "system", r.t(system))
	}
	p := r.frame("security.title")
	if cause != nil {
		return r.again(cause, r.own(), p, views.SecurityPage(p, m))
	}
	return r.page(r.own(), p, views.SecurityPage(p, m))
}

// ownSessionEnd ends one of one's own sessions, or all but this one.
func (w *web) ownSessionEnd(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	this := r.principal.account.SessionID
	err = r.write(func(tx *tenants.Tx) error {
		if handle := f.text("session"); handle != "" {
			return staff.EndSession(r.ctx, tx, handle)
		}
		return staff.EndSessions(r.ctx, tx, r.principal.actor.ID, this)
	})
	if err != nil {
		return err
	}
	if f.text("session") == staff.Handle(this) {
		w.setCookie(r.c, cookieNames[Staff], "", -1)
		return r.done("/sign-in")
	}
	r.flash(parts.Success, "security.session_ended")
	return r.done(securityPath + "#sessions")
}

// recoveryCodesCreate draws new recovery codes and shows them once.
func (w *web) recoveryCodesCreate(r *req) error {
	var codes []string
	err := r.write(func(tx *tenants.Tx) (err error) { codes, err = staff.RenewRecovery(r.ctx, tx); return err })
	if err != nil {
		return err
	}
	return r.codesPage(codes)
}

// codesPage shows recovery codes, this once.
func (r *req) codesPage(codes []string) error {
	p := r.frame("security.codes_title")
	return r.page(r.own(), p, views.RecoveryCodesPage(p, codes))
}

// enrolled goes on after a factor was added: to the recovery codes, if there are
// new ones. Whoever was locked in until now may do more from here on, so the
// session gets a new token.
func (w *web) enrolled(r *req, codes []string, done string) error {
	var token string
	err := r.write(func(tx *tenants.Tx) (err error) {
		token, err = tenants.ConfirmSession(r.ctx, tx, r.principal.token)
		return err
	})
	if err != nil {
		return err
	}
	r.renewed(token)
	r.principal.account.Bare = false
	if len(codes) > 0 {
		return r.codesPage(codes)
	}
	r.flash(parts.Success, done)
	return r.done(securityPath)
}

// renewed hands the new token of the session to the browser.
func (r *req) renewed(token string) {
	r.w.setCookie(r.c, cookieNames[Staff], token, int(tenants.SessionLimit.Seconds()))
	r.principal.token = token
	r.principal.account.SessionID = tenants.HashToken(token)
}
