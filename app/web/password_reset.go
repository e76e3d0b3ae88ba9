package web

import (
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// resetAskForm asks for the user name whose password was forgotten.
func (w *web) resetAskForm(r *req) error {
	p := r.frame("reset.title")
	return r.page(parts.Plain, p, views.ResetAskPage(p))
}

// resetAskCreate answers the same whether or not there is such an account; the
// link goes out later, if at all.
func (w *web) resetAskCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	user := staff.UserName(f.text("user"))
	if err := r.count(limitResetIP, r.ip()); err != nil {
		return err
	}
	if err := r.count(limitReset, user+" "+r.ip()); err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return staff.AskReset(r.ctx, tx, user) }); err != nil {
		return err
	}
	p := r.frame("reset.sent_title")
	return r.page(parts.Plain, p, views.ResetSentPage(p))
}
