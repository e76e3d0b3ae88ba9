package web

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/views"
)

const confirmPath = "/desk/confirm"

// toProof leads to what must be done first: enrolling a factor, or proving anew
// who one is.
func (r *req) toProof(err error) error {
	if errors.Is(err, errBare) {
		return r.done(securityPath)
	}
	return r.done(r.confirmPage())
}

// confirmPage is where somebody proves anew who they are, and comes back from:
// to this page, or to the one whose form was sent.
func (r *req) confirmPage() string {
	if r.c.Method() != fiber.MethodPost {
		return withNext(confirmPath, safeNext(r.c.OriginalURL()))
	}
	from, err := url.Parse(r.c.Get(fiber.HeaderReferer))
	if err != nil || from.Host != string(r.c.Request().Host()) {
		return confirmPath
	}
	return withNext(confirmPath, safeNext(from.RequestURI()))
}

// confirmForm asks for the password or a second factor.
func (w *web) confirmForm(r *req) error { return r.confirmAgain(safeNext(r.query("next")), nil) }

func (r *req) confirmAgain(next string, cause error) error {
	who, err := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return err
	}
	p := r.frame("confirm.title")
	m := views.Confirm{Next: next, User: who.UserName, Factor: who.FactorAt != nil, Errors: views.ErrorsOf(cause)}
	if cause != nil {
		return r.again(cause, r.own(), p, views.ConfirmPage(p, m))
	}
	return r.page(r.own(), p, views.ConfirmPage(p, m))
}

func (w *web) confirmCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	next := safeNext(f.text("next"))
	if err := r.count(limitFactor, idText(r.principal.actor.ID)); err != nil {
		return r.confirmAgain(next, err)
	}
	token, err := staff.Confirm(r.ctx, r.db, w.Hasher, w.Gateways.Keys, r.principal.actor, staff.Confirmation{
		Token: r.principal.token, Password: f.raw("password"), Code: f.text("code"),
	})
	if fault.Is(err, fault.Invalid) {
		return r.confirmAgain(next, err)
	}
	if err != nil {
		return err
	}
	return r.confirmed(token, next)
}

// confirmed goes back to what was asked for, under the new token.
func (r *req) confirmed(token, next string) error {
	r.renewed(token)
	if next == "" {
		next = securityPath
	}
	return r.done(next)
}

// confirmPasskey is the same with a passkey.
func (w *web) confirmPasskey(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	next := safeNext(f.text("next"))
	if err := r.count(limitFactor, idText(r.principal.actor.ID)); err != nil {
		return r.confirmAgain(next, err)
	}
	token, err := staff.ConfirmPasskey(r.ctx, r.db, r.party(), r.principal.actor, r.holder(), r.principal.token, []byte(f.raw("answer")))
	if fault.Is(err, fault.Forbidden) {
		return r.confirmAgain(next, fault.Field("", "factor.error.passkey_unknown"))
	}
	if err != nil {
		return err
	}
	return r.confirmed(token, next)
}
