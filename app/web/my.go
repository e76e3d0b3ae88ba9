package web

import (
	"github.com/a-h/templ"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/signin"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	purposeSignIn = "sign_in"
	mobileCookie  = "pasokh-mobile" // between the two steps of a citizen's sign-in
	nextCookie    = "pasokh-next"   // where the citizen wanted to go
)

// mySignInForm asks a citizen for the mobile number.
func (w *web) mySignInForm(r *req) error {
	p := r.frame("my.sign_in.title")
	if next := safeNext(r.query("next")); next != "" {
		w.setCookie(r.c, nextCookie, next, 600)
	}
	return r.page(parts.Citizen, p, views.MySignInPage(p, views.MySignIn{Label: r.serviceLabel(signin.Citizen)}))
}

// myCodeCreate has a code sent to the number, or to the same number again.
func (w *web) myCodeCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	mobile := f.text("mobile")
	if f.yes("again") {
		mobile = r.cookie(mobileCookie)
	}
	if err := r.requestCode(purposeSignIn, mobile); err != nil {
		p := r.frame("my.sign_in.title")
		return r.again(err, parts.Citizen, p, views.MySignInPage(p, views.MySignIn{Mobile: mobile, Label: r.serviceLabel(signin.Citizen), Errors: views.ErrorsOf(err)}))
	}
	mobile, _ = persian.Mobile(mobile)
	w.setCookie(r.c, mobileCookie, mobile, int(citizens.CodeLife.Seconds()))
	return r.done("/my/code")
}

// requestCode has a one-time code sent, within the limits of this address and
// of the number; other forms that need a proven number use it, too.
func (r *req) requestCode(purpose, mobile string) error {
	e164, ok := persian.Mobile(mobile)
	if !ok {
		return fault.Field("mobile", "citizen.mobile.wrong")
	}
	if err := r.countCode(); err != nil {
		return err
	}
	return r.write(func(tx *tenants.Tx) error {
		_, err := citizens.RequestCode(r.ctx, tx, citizens.CodeFor{Purpose: purpose, Mobile: e164, Holder: r.holder()})
		return err
	})
}

// verifyCode tells whether the digits are the live code of this browser.
func (r *req) verifyCode(tx *tenants.Tx, purpose, mobile, typed string) (bool, error) {
	return citizens.VerifyCode(r.ctx, tx, citizens.CodeFor{Purpose: purpose, Mobile: mobile, Holder: r.holder()}, typed)
}

// myCodeForm asks for the code.
func (w *web) myCodeForm(r *req) error {
	if r.cookie(mobileCookie) == "" {
		return r.done("/my/sign-in")
	}
	p := r.frame("my.code.title")
	return r.page(parts.Citizen, p, w.myCodePage(r, p, nil))
}

func (w *web) myCodePage(r *req, p parts.Page, errs views.Errors) templ.Component {
	mobile, _ := persian.Mobile(r.cookie(mobileCookie))
	m := views.MyCode{Mobile: persian.MaskMobile(mobile), Errors: errs}
	if w.Demo {
		m.Dev = "/dev/messages"
	}
	return views.MyCodePage(p, m)
}

// mySessionCreate signs the holder of the number in.
func (w *web) mySessionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.count(limitCodeChecks, r.ip()); err != nil {
		return err
	}
	mobile, token := r.cookie(mobileCookie), ""
	err = r.write(func(tx *tenants.Tx) error {
		ok, err := r.verifyCode(tx, purposeSignIn, mobile, f.text("code"))
		if err == nil && ok {
			token, err = citizens.OpenSession(r.ctx, tx, mobile)
		}
		return err
	})
	if err == nil && token == "" { // the wrong guess is committed first: it counts
		err = fault.Field("code", "code.wrong")
	}
	if err != nil {
		p := r.frame("my.code.title")
		return r.again(err, parts.Citizen, p, w.myCodePage(r, p, views.ErrorsOf(err)))
	}
	if err := r.signIn(Citizen, token); err != nil {
		return err
	}
	w.setCookie(r.c, mobileCookie, "", -1)
	return r.done(r.next("/my"))
}

// next is where a citizen wanted to go before signing in.
func (r *req) next(otherwise string) string {
	next := safeNext(r.cookie(nextCookie))
	if next == "" {
		return otherwise
	}
	r.w.setCookie(r.c, nextCookie, "", -1)
	return next
}

// mySessionEnd signs a citizen out.
func (w *web) mySessionEnd(r *req) error {
	if err := r.signOut(Citizen); err != nil {
		return err
	}
	return r.done("/")
}
