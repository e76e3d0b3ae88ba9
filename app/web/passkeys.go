package web

import (
	"net"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// party is this organization as passkeys know it. The host is one of ours:
// tenantOf has found the organization by it.
func (r *req) party() staff.Party {
	at := string(r.c.Request().Host())
	host, _, err := net.SplitHostPort(at)
	if err != nil {
		host = at
	}
	scheme := "http://"
	if r.w.secure {
		scheme = "https://"
	}
	return staff.Party{Host: host, Origin: scheme + at, Name: r.in(r.tenant.NameFA, r.tenant.NameEN)}
}

// answerJSON gives a script what it asked for.
func (r *req) answerJSON(body []byte) error {
	r.c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return r.c.Send(body)
}

// passkeySignInOptions is what a browser signs to come in.
func (w *web) passkeySignInOptions(r *req) error { return r.askPasskey(false) }

// confirmPasskeyOptions is what it signs to prove anew who sits there.
func (w *web) confirmPasskeyOptions(r *req) error { return r.askPasskey(true) }

func (r *req) askPasskey(confirm bool) error {
	if err := r.count(limitPasskey, r.ip()); err != nil {
		return err
	}
	var options []byte
	err := r.write(func(tx *tenants.Tx) (err error) {
		options, err = staff.AskPasskey(r.ctx, tx, r.party(), r.holder(), confirm)
		return err
	})
	if err != nil {
		return err
	}
	return r.answerJSON(options)
}

// passkeySignIn lets the holder of a passkey in.
func (w *web) passkeySignIn(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	next := safeNext(f.text("next"))
	again := func(key string) error {
		p := r.frame("sign_in.title")
		m := views.SignIn{Next: next, Errors: views.Errors{"": key}, Demo: w.Demo}
		return r.again(fault.Field("", key), parts.Plain, p, views.SignInPage(p, m))
	}
	if err := r.count(limitPasskey, r.ip()); err != nil {
		return err
	}
	signed, err := staff.SignInPasskey(r.ctx, r.db, r.party(), r.device(), []byte(f.raw("answer")))
	if fault.Is(err, fault.Forbidden) {
		return again("factor.error.passkey_unknown")
	}
	if err != nil {
		return err
	}
	return w.enter(r, signed, next)
}

// passkeyOptions is what a browser makes a new passkey from.
func (w *web) passkeyOptions(r *req) error {
	var options []byte
	err := r.write(func(tx *tenants.Tx) (err error) {
		options, err = staff.BeginPasskey(r.ctx, tx, r.party(), r.holder())
		return err
	})
	if err != nil {
		return err
	}
	return r.answerJSON(options)
}

// passkeyCreate keeps the new passkey.
func (w *web) passkeyCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	codes, err := staff.AddPasskey(r.ctx, r.db, r.party(), r.principal.actor, r.holder(), f.text("name"), []byte(f.raw("answer")))
	if fault.Is(err, fault.Invalid) {
		return w.securityPage(r, f.text("name"), err)
	}
	if fault.Is(err, fault.Forbidden) {
		return w.securityPage(r, f.text("name"), fault.Field("passkey", "factor.error.passkey"))
	}
	if err != nil {
		return err
	}
	return w.enrolled(r, codes, "security.passkey_added")
}

// passkeyRemove takes a passkey away.
func (w *web) passkeyRemove(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return staff.RemovePasskey(r.ctx, tx, id) }); err != nil {
		return err
	}
	r.flash(parts.Success, "security.removed")
	return r.done(securityPath)
}
