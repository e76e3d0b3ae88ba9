package web

import (
	"net/url"

	"pasokh/app/fault"
	"pasokh/app/quality"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	myQualityPath = "/desk/my-quality"
	myReviewsPath = myQualityPath + "/reviews"
)

// myQuality is what a member of staff sees of the own conduct: the score with
// its parts, and the reviews of the own calls.
func (w *web) myQuality(r *req) error {
	p, err := r.askedPeriod("month")
	if err != nil {
		return err
	}
	me := r.principal.actor.ID
	to := func(at solarPeriod) string { return myQualityPath + "?period=" + at.String() }
	m := &views.MyQuality{OperatorReviews: views.OperatorReviews{Bar: r.periodBar(p, to, periodKinds...), Own: true}}
	if err := r.operatorReviews(&m.OperatorReviews, me, p, myReviewsPath); err != nil {
		return err
	}
	if r.query("period") == "" { // a message leads here: the newest, of whatever month
		list, _, err := quality.Reviews(r.ctx, r.db, quality.ReviewFilter{OperatorID: me, Limit: 10})
		if err != nil {
			return err
		}
		m.Note = r.t("review.newest")
		if m.Reviews, err = r.reviewRows(list, myReviewsPath); err != nil {
			return err
		}
	}
	k, err := r.conduct(p)
	if err != nil {
		return err
	}
	m.Formula, m.Least = r.conductFormula(k.rules), k.rules.Least
	for i := range k.people {
		if k.people[i].StaffID == me {
			m.Conduct = r.conductRow(&k.people[i], k.rules)
		}
	}
	if m.ConductTrend, err = r.conductTrend(k, func(_, people []quality.Conduct) *quality.Conduct { return conductOf(people, 0, me) }, r.t("conduct.mine")); err != nil {
		return err
	}
	return r.page(parts.Desk, r.frame("conduct.mine_title"), views.MyQualityPage(m))
}

// myReview is the review of one of the own calls.
func (w *web) myReview(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.myReviewPage(r, id, nil, nil)
}

func (w *web) myReviewPage(r *req, id int64, typed url.Values, cause error) error {
	v, err := quality.OwnReview(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return err
	}
	m, err := r.reviewModel(v, myReviewsPath)
	if err != nil {
		return err
	}
	m.CanObject, m.Back = v.ObjectedAt == nil, myQualityPath
	return r.showReview(m, typed, cause)
}

// myObjection is the operator's one answer to a review.
func (w *web) myObjection(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return quality.ObjectToReview(r.ctx, tx, id, f.text("text")) })
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.myReviewPage(r, id, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "review.objected")
	return r.done(myReviewsPath + "/" + idText(id))
}
