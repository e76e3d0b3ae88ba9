package web

import (
	"slices"
	"strconv"

	"pasokh/app/fault"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const warningRulesPath = warningsPath + "/rules"

// warningRules is the form of the thresholds and of who is told.
func (w *web) warningRules(r *req) error {
	in := r.tenant.Settings.Defaults().Warnings
	typed := map[string]string{}
	var err error
	if in.Roles, err = quality.ToldRoles(r.ctx, r.db); err != nil {
		return err
	}
	for field, n := range quality.Numbers(&in) {
		typed[field] = strconv.Itoa(*n)
	}
	return r.warningRulesForm(typed, in, nil)
}

func (r *req) warningRulesForm(typed map[string]string, in tenants.WarningRules, cause error) error {
	m := &views.WarningRules{Action: warningRulesPath, Typed: typed, Off: in.Off, Bounds: quality.Bounds(), Errors: views.ErrorsOf(cause)}
	able, err := quality.Watchable(r.ctx, r.db)
	if err != nil {
		return err
	}
	var people []staff.Staff
	roles, err := quality.WatchRoles(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, role := range roles {
		m.Roles = append(m.Roles, parts.Choice{Value: role, Label: r.roleWord(role), Checked: slices.Contains(in.Roles, role)})
		for _, s := range able[role] {
			if !slices.ContainsFunc(people, func(k staff.Staff) bool { return k.ID == s.ID }) {
				people = append(people, s)
			}
		}
	}
	for _, s := range people {
		m.People = append(m.People, parts.Choice{Value: idText(s.ID), Label: r.in(s.NameFA, s.NameEN), Checked: slices.Contains(in.People, s.ID)})
	}
	p := r.frame("warning.rules.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.WarningRulesPage(p, m))
	}
	return r.page(parts.Desk, p, views.WarningRulesPage(p, m))
}

// warningRulesSave writes them.
func (w *web) warningRulesSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in, typed := tenants.WarningRules{Off: f.yes("off"), Roles: f.list("roles")}, map[string]string{}
	for field, n := range quality.Numbers(&in) {
		typed[field] = f.text(field)
		*n, _ = f.number(field)
	}
	for _, id := range f.list("people") {
		in.People = append(in.People, number(id))
	}
	err = r.write(func(tx *tenants.Tx) error { return quality.SaveRules(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return r.warningRulesForm(typed, in, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "warning.rules.saved")
	return r.done(warningRulesPath)
}
