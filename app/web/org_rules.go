package web

import (
	"strconv"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const rulesPath = "/desk/organization/rules"

// orgRules is the form of the settings that the organization keeps itself.
func (w *web) orgRules(r *req) error {
	s := r.tenant.Settings
	return r.rulesForm(strconv.Itoa(s.ObjectionDays), s.KeepPhotoPlace, nil)
}

func (r *req) rulesForm(days string, keep bool, cause error) error {
	m := &views.OrgRules{
		Days: days, KeepPlace: keep, Action: rulesPath, Errors: views.ErrorsOf(cause),
		Least: complaints.MinObjectionDays, Most: complaints.MaxObjectionDays,
	}
	p := r.frame("org.rules.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgRulesPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgRulesPage(p, m))
}

// orgRulesSave writes them.
func (w *web) orgRulesSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	days, _ := f.number("objection_days") // no number is out of the room's bounds
	in := complaints.OfficeRules{ObjectionDays: days, KeepPhotoPlace: f.yes("keep_photo_place")}
	err = r.write(func(tx *tenants.Tx) error { return complaints.SaveRules(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return r.rulesForm(f.text("objection_days"), in.KeepPhotoPlace, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.rules.saved")
	return r.done(rulesPath)
}
