package web

import (
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	purposeMobileNew = "mobile_new"
	purposeMobileOld = "mobile_old"
	newMobileCookie  = "pasokh-new-mobile" // between the two steps of changing the number
)

// myMobile asks for the new number.
func (w *web) myMobile(r *req) error { return r.myMobileForm(&views.MyMobile{}, nil) }

func (r *req) myMobileForm(m *views.MyMobile, cause error) error {
	m.Old, m.Errors = persian.MaskMobile(r.principal.mobile), views.ErrorsOf(cause)
	p := r.frame("mymobile.title")
	if cause != nil {
		return r.again(cause, parts.Citizen, p, views.MyMobilePage(p, m))
	}
	return r.page(parts.Citizen, p, views.MyMobilePage(p, m))
}

// myMobileCreate sends a code to both numbers.
func (w *web) myMobileCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := f.text("mobile")
	mobile, err := citizens.NewNumber(r.principal.mobile, typed)
	if err == nil {
		err = r.requestCode(purposeMobileNew, mobile)
	}
	if err == nil {
		err = r.requestCode(purposeMobileOld, r.principal.mobile)
	}
	if err != nil {
		return r.myMobileForm(&views.MyMobile{Mobile: typed}, err)
	}
	w.setCookie(r.c, newMobileCookie, mobile, int(citizens.CodeLife.Seconds()))
	return r.done("/my/mobile/codes")
}

// myMobileCodes asks for both codes.
func (w *web) myMobileCodes(r *req) error {
	if r.cookie(newMobileCookie) == "" {
		return r.done("/my/mobile")
	}
	return r.myCodesForm(nil)
}

func (r *req) myCodesForm(cause error) error {
	mobile, _ := persian.Mobile(r.cookie(newMobileCookie))
	m := &views.MyMobile{Old: persian.MaskMobile(r.principal.mobile), New: persian.MaskMobile(mobile), Errors: views.ErrorsOf(cause)}
	if r.w.Demo {
		m.Dev = "/dev/messages"
	}
	p := r.frame("mymobile.codes_title")
	if cause != nil {
		return r.again(cause, parts.Citizen, p, views.MyMobileCodesPage(p, m))
	}
	return r.page(parts.Citizen, p, views.MyMobileCodesPage(p, m))
}

// myMobileSave moves everybody of the old number to the new one, and signs this
// browser in under it; all others are signed out.
func (w *web) myMobileSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.count(limitCodeChecks, r.ip()); err != nil {
		return err
	}
	mobile, _ := persian.Mobile(r.cookie(newMobileCookie))
	token, wrong := "", fault.Fields{}
	err = r.write(func(tx *tenants.Tx) error {
		token, wrong = "", fault.Fields{}
		if err := r.bothCodes(tx, mobile, f, wrong); err != nil {
			return err
		}
		if len(wrong) > 0 {
			return nil // committed: wrong guesses count
		}
		if _, err := citizens.ChangeMobile(r.ctx, tx, citizens.Moving{Old: r.principal.mobile, New: mobile}); err != nil {
			return err
		}
		token, err = citizens.OpenSession(r.ctx, tx, mobile)
		return err
	})
	if err == nil && token == "" {
		return r.myCodesForm(wrong.Err())
	}
	if err != nil {
		return err
	}
	if err := r.signIn(Citizen, token); err != nil {
		return err
	}
	w.setCookie(r.c, newMobileCookie, "", -1)
	r.flash(parts.Success, "mymobile.done")
	return r.done(myDataPath)
}

// bothCodes judges the codes of both numbers together, and notes what is wrong.
func (r *req) bothCodes(tx *tenants.Tx, mobile string, f form, wrong fault.Fields) error {
	oks, err := citizens.VerifyCodes(r.ctx, tx, []citizens.Guess{
		{CodeFor: citizens.CodeFor{Purpose: purposeMobileNew, Mobile: mobile, Holder: r.holder()}, Typed: f.text("code_new")},
		{CodeFor: citizens.CodeFor{Purpose: purposeMobileOld, Mobile: r.principal.mobile, Holder: r.holder()}, Typed: f.text("code_old")},
	})
	if err != nil {
		return err
	}
	for i, field := range []string{"code_new", "code_old"} {
		if !oks[i] {
			wrong.Add(field, "code.wrong")
		}
	}
	return nil
}

// myLost is the form of somebody who lost the old number.
func (w *web) myLost(r *req) error { return r.myLostForm(&views.MyMobile{}, nil) }

func (r *req) myLostForm(m *views.MyMobile, cause error) error {
	m.New, m.Errors = persian.MaskMobile(r.principal.mobile), views.ErrorsOf(cause)
	p := r.frame("mymobile.lost_title")
	if cause != nil {
		return r.again(cause, parts.Citizen, p, views.MyLostPage(p, m))
	}
	return r.page(parts.Citizen, p, views.MyLostPage(p, m))
}

// myLostCreate has the office judge it.
func (w *web) myLostCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.count(limitLost, r.principal.mobile); err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := citizens.AskMove(r.ctx, tx, r.principal.mobile, f.text("mobile"), f.text("national_id"))
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return r.myLostForm(&views.MyMobile{Mobile: f.text("mobile"), NationalID: f.text("national_id")}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "mymobile.lost_done")
	return r.done(myDataPath)
}
