package web

import (
	"net/url"
	"strconv"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// reviewNew is the form for a call.
func (w *web) reviewNew(r *req) error {
	return w.reviewForm(r, url.Values{"kind": {r.query("kind")}, "call": {r.query("call")}}, nil)
}

func (w *web) reviewForm(r *req, typed url.Values, cause error) error {
	call, err := quality.CallOf(r.ctx, r.db, typed.Get("kind"), number(typed.Get("call")))
	if err != nil {
		return err
	}
	m := &views.ReviewForm{Typed: typed, Errors: views.ErrorsOf(cause), Action: reviewsPath, Own: call.OperatorID == r.principal.actor.ID}
	for _, c := range r.tenant.Settings.Defaults().Reviews.Criteria {
		m.Criteria = append(m.Criteria, views.ReviewCriterion{Key: c.Key, Text: r.in(c.FA, c.EN), Weight: c.Weight})
	}
	if m.Call, err = r.calledAbout(call.Kind, call.ID, call.ComplaintID, call.OperatorID); err != nil {
		return err
	}
	p := r.frame("review.new")
	if fault.Is(cause, fault.Conflict) {
		m.Moved = r.t(fault.As(cause).Key)
		r.c.Status(409)
		return r.page(parts.Desk, p, views.ReviewFormPage(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.ReviewFormPage(p, m))
	}
	return r.page(parts.Desk, p, views.ReviewFormPage(p, m))
}

// calledAbout is what is known of a call: who, when, about which case, and what
// can be listened to.
func (r *req) calledAbout(kind string, id, complaint, operator int64) (views.ReviewedCall, error) {
	out := views.ReviewedCall{Kind: kind}
	people, err := staff.Names(r.ctx, r.db, []int64{operator})
	if err != nil {
		return out, err
	}
	out.Operator = r.in(people[operator].FA, people[operator].EN)
	call, err := quality.CallOf(r.ctx, r.db, kind, id)
	if fault.Is(err, fault.NotFound) {
		return out, nil // the case became confidential since
	}
	if err != nil {
		return out, err
	}
	out.At, out.Reference, out.Outcome, out.Code = call.At, call.Reference, call.Outcome, persian.ShowCode(call.Code)
	c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, complaint)
	if fault.Is(err, fault.NotFound) || err == nil && !r.can("complaint:read") {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Case = casePath(c.ID)
	all, err := files.Of(r.ctx, r.db, files.Subject{Kind: "complaint", ID: c.ID}, false)
	for i := range all {
		if all[i].Sound() {
			out.Sounds = append(out.Sounds, views.FileItems("/desk/files/", all[i:i+1])...)
		}
	}
	return out, err
}

// givenOf is what a form says of criteria.
func givenOf(f form, keys []string) map[string]quality.Given {
	given := map[string]quality.Given{}
	for _, key := range keys {
		score, _ := strconv.Atoi(f.text("score_" + key))
		given[key] = quality.Given{Score: score, Absent: f.text("score_"+key) == "na", Remark: f.text("remark_" + key)}
	}
	return given
}

// reviewCreate writes a review.
func (w *web) reviewCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	var keys []string
	for _, c := range r.tenant.Settings.Defaults().Reviews.Criteria {
		keys = append(keys, c.Key)
	}
	in := quality.Reviewing{Kind: f.text("kind"), CallID: f.id("call"), Given: givenOf(f, keys), Remark: f.text("remark")}
	var v *quality.Review
	err = r.write(func(tx *tenants.Tx) (err error) {
		v, err = quality.WriteReview(r.ctx, tx, in)
		return err
	})
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.reviewForm(r, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "review.written")
	return r.done(reviewPath(v.ID))
}

// reviewShow is one review for who reviews.
func (w *web) reviewShow(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.reviewPage(r, id, nil, nil)
}

func (w *web) reviewPage(r *req, id int64, typed url.Values, cause error) error {
	v, err := quality.ReviewByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	m, err := r.reviewModel(v, reviewsPath)
	if err != nil {
		return err
	}
	m.CanRule = v.Open() && v.OperatorID != r.principal.actor.ID
	m.Back = reviewsPath + "/operators/" + idText(v.OperatorID) + "?period=" + periodOf("month", v.CalledAt).String()
	return r.showReview(m, typed, cause)
}

// showReview answers with the page of a review, or the form that came back.
func (r *req) showReview(m *views.Review, typed url.Values, cause error) error {
	m.Typed, m.Errors = typed, views.ErrorsOf(cause)
	p := r.frame("review.one")
	if fault.Is(cause, fault.Conflict) {
		m.Moved = r.t(fault.As(cause).Key)
		r.c.Status(409)
		return r.page(parts.Desk, p, views.ReviewPage(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.ReviewPage(p, m))
	}
	return r.page(parts.Desk, p, views.ReviewPage(p, m))
}

func (r *req) reviewModel(v *quality.Review, base string) (*views.Review, error) {
	rows, err := r.reviewRows([]quality.Review{*v}, base)
	if err != nil {
		return nil, err
	}
	m := &views.Review{ReviewRow: rows[0]}
	marks, err := quality.Marks(r.ctx, r.db, v.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range marks {
		m.Marks = append(m.Marks, views.ReviewMark{Mark: one, Text: r.in(one.TextFA, one.TextEN)})
	}
	m.Call, err = r.calledAbout(v.CallKind, v.CallID, v.ComplaintID, v.OperatorID)
	m.Call.At = v.CalledAt
	return m, err
}

// reviewRule decides on an objection.
func (w *web) reviewRule(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		marks, err := quality.Marks(r.ctx, tx, id)
		if err != nil {
			return err
		}
		var keys []string
		for _, m := range marks {
			keys = append(keys, m.Criterion)
		}
		return quality.RuleOnReview(r.ctx, tx, id, quality.Ruling{Decision: f.text("decision"), Note: f.text("note"), Given: givenOf(f, keys)})
	})
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.reviewPage(r, id, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "review.ruled")
	return r.done(reviewPath(id))
}
