package web

import (
	"slices"
	"strconv"

	"pasokh/app/fault"
	"pasokh/app/quality"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const reviewRulesPath = reviewsPath + "/criteria"

// reviewSpare is how many empty lines the form offers.
const reviewSpare = 3

// reviewRules is the form of the criteria and of how many calls are reviewed.
func (w *web) reviewRules(r *req) error {
	return r.reviewRulesForm(r.tenant.Settings.Defaults().Reviews, nil)
}

func (r *req) reviewRulesForm(in tenants.ReviewRules, cause error) error {
	m := &views.ReviewRules{Action: reviewRulesPath, PerMonth: strconv.Itoa(in.PerMonth), Errors: views.ErrorsOf(cause), Version: in.Version}
	m.Criteria = slices.Clone(in.Criteria) // the tenant's own list is shared by all requests
	if in.PerMonth <= 0 {
		m.PerMonth = ""
	}
	for i := 0; i < reviewSpare && len(m.Criteria) < quality.MaxCriteria; i++ {
		m.Criteria = append(m.Criteria, tenants.ReviewCriterion{})
	}
	p := r.frame("review.rules.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.ReviewRulesPage(p, m))
	}
	return r.page(parts.Desk, p, views.ReviewRulesPage(p, m))
}

// reviewRulesSave writes them; a line without words is left out.
func (w *web) reviewRulesSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := tenants.ReviewRules{Version: r.tenant.Settings.Defaults().Reviews.Version}
	in.PerMonth, _ = f.number("per_month")
	for i := range quality.MaxCriteria {
		n := strconv.Itoa(i)
		c := tenants.ReviewCriterion{Key: f.text("key_" + n), FA: f.text("fa_" + n), EN: f.text("en_" + n)}
		c.Weight, _ = f.number("weight_" + n)
		if c.FA != "" || c.EN != "" || c.Weight != 0 && c.Key == "" {
			in.Criteria = append(in.Criteria, c)
		}
	}
	typed := in
	typed.Criteria = append([]tenants.ReviewCriterion(nil), in.Criteria...)
	err = r.write(func(tx *tenants.Tx) error { return quality.SaveReviewRules(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return r.reviewRulesForm(typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "review.rules.saved")
	return r.done(reviewRulesPath)
}
