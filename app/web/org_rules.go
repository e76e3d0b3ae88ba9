package web

import (
	"slices"
	"strconv"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const rulesPath = "/desk/organization/rules"

// stageFields are the rules that are lengths of time: number and unit.
var stageFields = []string{"triage", "feedback", "followup"}

// orgRules is the form of the settings that the organization keeps itself.
func (w *web) orgRules(r *req) error {
	in := complaints.RulesOf(r.tenant.Settings)
	typed := map[string]string{}
	for field, n := range in.Numbers() {
		typed[field] = strconv.Itoa(*n)
		if slices.Contains(stageFields, field) {
			n, unit := tenants.Amount(*n)
			typed[field], typed[field+"_unit"] = strconv.Itoa(n), unit
		}
	}
	return r.rulesForm(typed, in, nil)
}

func (r *req) rulesForm(typed map[string]string, in complaints.OfficeRules, cause error) error {
	m := &views.OrgRules{
		Typed: typed, Units: map[string][]parts.Option{}, RefuseTransfers: in.RefuseTransfers, KeepPlace: in.KeepPhotoPlace,
		Action: rulesPath, Errors: views.ErrorsOf(cause), Bounds: complaints.RuleBounds,
	}
	for _, field := range stageFields {
		m.Units[field] = choose([]string{"minute", "hour", "day"}, typed[field+"_unit"], func(v string) (string, string) { return v, r.t("class.unit." + v) })
	}
	p := r.frame("org.rules.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgRulesPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgRulesPage(p, m))
}

// rulesIn reads the form; what is no number is out of the room's bounds.
func rulesIn(f form) (complaints.OfficeRules, map[string]string) {
	in, typed := complaints.OfficeRules{RefuseTransfers: f.yes("refuse_transfers"), KeepPhotoPlace: f.yes("keep_photo_place")}, map[string]string{}
	for field, n := range in.Numbers() {
		typed[field] = f.text(field)
		if *n, _ = f.number(field); slices.Contains(stageFields, field) {
			typed[field+"_unit"] = f.text(field + "_unit")
			*n = tenants.MinutesOf(*n, typed[field+"_unit"])
		}
	}
	return in, typed
}

// orgRulesSave writes them.
func (w *web) orgRulesSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in, typed := rulesIn(f)
	err = r.write(func(tx *tenants.Tx) error { return complaints.SaveRules(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return r.rulesForm(typed, in, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.rules.saved")
	return r.done(rulesPath)
}
