package web

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
)

// orderOfCase reads an order that the citizen of the case sees: a public one on
// it, or one from elsewhere that it waits for.
func (r *req) orderOfCase(db tenants.Reader, complaint, id int64) (*directives.Directive, error) {
	d, err := directives.ByID(r.ctx, db, id)
	if err != nil {
		return nil, err
	}
	held, err := directives.CaseOf(r.ctx, db, id)
	if err != nil {
		return nil, err
	}
	own := held == complaint || d.OriginKind == directives.OnComplaint && d.OriginID == complaint
	if !own || !d.Public || d.Confidential {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return d, nil
}

// caseOrderAct runs the citizen's word on an order of the case.
func (w *web) caseOrderAct(r *req, id int64, typed views.OrderTalk, done string, act func(*tenants.Tx) error) error {
	forms := views.CaseForms{Order: typed}
	return w.caseAct(r, forms, done, func(_ context.Context, tx *tenants.Tx, c complaints.ID) (*timeline.Event, error) {
		if _, err := r.orderOfCase(tx, c, id); err != nil {
			return nil, err
		}
		return nil, act(tx)
	})
}

// caseOrderObjectionCreate says that an order on the case was not carried out.
func (w *web) caseOrderObjectionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	typed := views.OrderTalk{Directive: id, Objection: f.text("order_objection")}
	return w.caseOrderAct(r, id, typed, "meeting.objected_done", func(tx *tenants.Tx) error {
		if err := directives.Object(r.ctx, tx, id, typed.Objection); err != nil {
			return renamed(err, "text", "order_objection")
		}
		return r.settle(tx, id)
	})
}

// caseOrderSurveyCreate takes the citizen's word on the final result of an order.
func (w *web) caseOrderSurveyCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	score, _ := f.number("order_score")
	typed := views.OrderTalk{Surveyed: id, Survey: f.text("order_survey")}
	return w.caseOrderAct(r, id, typed, "order.survey_done", func(tx *tenants.Tx) error {
		err := directives.Rate(r.ctx, tx, id, score, typed.Survey)
		return renamed(renamed(err, "score", "order_score"), "survey", "order_survey")
	})
}
