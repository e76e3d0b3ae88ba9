package web

import (
	"pasokh/app/fault"
	"pasokh/app/quality"
	"pasokh/tenants"
	"pasokh/views/parts"
)

// warningAct runs a command on the warning of the address.
func (w *web) warningAct(r *req, act string, do func(tx *tenants.Tx, id int64, f form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return do(tx, id, f) })
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.warningPage(r, id, act, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "warning.done."+act)
	return r.done(warningPath(id))
}

func (w *web) warningAcknowledge(r *req) error {
	return w.warningAct(r, "acknowledgement", func(tx *tenants.Tx, id int64, f form) error {
		return quality.Acknowledge(r.ctx, tx, id, f.text("note"))
	})
}

func (w *web) warningAssign(r *req) error {
	return w.warningAct(r, "assignment", func(tx *tenants.Tx, id int64, f form) error {
		return quality.Assign(r.ctx, tx, id, f.id("staff"), f.text("note"))
	})
}

func (w *web) warningClose(r *req) error {
	return w.warningAct(r, "closure", func(tx *tenants.Tx, id int64, f form) error {
		return quality.Close(r.ctx, tx, id, f.text("note"))
	})
}
