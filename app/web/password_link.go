package web

import (
	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/views"
	"pasokh/views/parts"
)

func (w *web) invitationForm(r *req) error { return w.passForm(r, staff.ByInvitation) }

func (w *web) invitationSave(r *req) error { return w.passSave(r, staff.ByInvitation) }

func (w *web) resetForm(r *req) error { return w.passForm(r, staff.ByReset) }

func (w *web) resetSave(r *req) error { return w.passSave(r, staff.ByReset) }

// passForm asks for the new password. Looking uses nothing up, because phones
// and message filters look at links before people do.
func (w *web) passForm(r *req, why staff.Purpose) error {
	if err := r.limited(limitMisses, r.ip()); err != nil {
		return err
	}
	_, s, err := staff.PassOf(r.ctx, r.db, why, r.c.Params("token"))
	if fault.Is(err, fault.NotFound) {
		return w.passOver(r, why)
	}
	if err != nil {
		return err
	}
	p, m := r.passPage(why, s)
	return r.page(parts.Plain, p, views.PassPage(p, m))
}

func (r *req) passPage(why staff.Purpose, s *staff.Staff) (parts.Page, views.Pass) {
	p := r.frame("pass." + string(why) + ".title")
	return p, views.Pass{
		Action: "/" + string(why) + "s/" + r.c.Params("token"), User: s.UserName, Name: r.in(s.NameFA, s.NameEN), Text: r.t("pass." + string(why) + ".text"),
	}
}

// passSave uses the link up and signs its owner in by the same door as everybody.
func (w *web) passSave(r *req, why staff.Purpose) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.limited(limitMisses, r.ip()); err != nil {
		return err
	}
	password, word := f.raw("password"), r.c.Params("token")
	s, err := staff.ChoosePassword(r.ctx, r.db, w.Hasher, why, word, password)
	if fault.Is(err, fault.NotFound) {
		return w.passOver(r, why)
	}
	if fault.Is(err, fault.Invalid) {
		_, s, lookErr := staff.PassOf(r.ctx, r.db, why, word)
		if lookErr != nil {
			return lookErr
		}
		p, m := r.passPage(why, s)
		m.Errors, m.Strength = views.ErrorsOf(err), staff.JudgeFor(r.tenant, s, password)
		return r.again(err, parts.Plain, p, views.PassPage(p, m))
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "pass.saved")
	err = w.signIn(r, staff.Credentials{User: s.UserName, Password: password}, "")
	if fault.Is(err, fault.Forbidden) && r.tenant.Settings.ServiceOnly {
		r.flash(parts.Success, "service.only_told")
		return r.done("/sign-in")
	}
	return err
}

// passOver says that the link opens nothing, and where to get another one. Such
// looks are counted, so that nobody tries words.
func (w *web) passOver(r *req, why staff.Purpose) error {
	if err := r.count(limitMisses, r.ip()); err != nil {
		return err
	}
	p := r.frame("pass.over.title")
	r.c.Status(fiber.StatusNotFound)
	return r.page(parts.Plain, p, views.PassOverPage(p, why == staff.ByInvitation))
}

// strengthCreate judges a password while it is typed; what is sent is judged
// again with the person's own names.
func (w *web) strengthCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.count(limitStrength, r.ip()); err != nil {
		return err
	}
	s := staff.Judge(f.raw("password"), f.text("user"), r.tenant.NameFA, r.tenant.NameEN, r.tenant.Slug)
	p := r.frame("pass.strength")
	return r.page(parts.Plain, p, views.StrengthMeter(s), views.StrengthMeter(s))
}
