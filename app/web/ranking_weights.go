package web

import (
	"strconv"

	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const weightsPath = rankingPath + "/weights"

// rankingWeights is the form of the weights of the ranking.
func (w *web) rankingWeights(r *req) error {
	in := r.tenant.Settings.Defaults().Ranking
	typed := map[string]string{"deadlines": strconv.Itoa(in.Deadlines), "inspection": strconv.Itoa(in.Inspection), "conduct": strconv.Itoa(in.Conduct)}
	return r.weightsForm(typed, nil)
}

func (r *req) weightsForm(typed map[string]string, cause error) error {
	m := &views.RankingWeights{Action: weightsPath, Typed: typed, Errors: views.ErrorsOf(cause)}
	p := r.frame("ranking.weights.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.RankingWeightsPage(p, m))
	}
	return r.page(parts.Desk, p, views.RankingWeightsPage(p, m))
}

// rankingWeightsSave writes them; what is no number is out of bounds.
func (w *web) rankingWeightsSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := map[string]string{}
	number := func(field string) int {
		typed[field] = f.text(field)
		n, ok := f.number(field)
		if !ok {
			return -1
		}
		return n
	}
	in := tenants.RankingWeights{Deadlines: number("deadlines"), Inspection: number("inspection"), Conduct: number("conduct")}
	err = r.write(func(tx *tenants.Tx) error { return inspection.SaveWeights(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return r.weightsForm(typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "ranking.weights.saved")
	return r.done(rankingPath + "#quality")
}
