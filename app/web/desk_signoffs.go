package web

import (
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// deskSignOffs lists the cases whose citizen could not be asked and that wait
// for the supervisor's word.
func (w *web) deskSignOffs(r *req) error { return w.signOffPage(r, views.SignOffForm{}, nil) }

func (w *web) signOffPage(r *req, typed views.SignOffForm, cause error) error {
	m, err := r.signOffs()
	if err != nil {
		return err
	}
	typed.Errors = views.ErrorsOf(cause)
	m.Form = typed
	p := r.frame("signoff.title")
	if cause == nil {
		return r.page(parts.Desk, p, views.SignOffsPage(p, m))
	}
	return r.again(cause, parts.Desk, p, views.SignOffsPage(p, m))
}

func (r *req) signOffs() (views.SignOffs, error) {
	m := views.SignOffs{Now: r.now(), Attempts: r.tenant.Settings.FeedbackAttempts}
	rows, more, err := complaints.CallTasks(r.ctx, r.db, r.principal.actor, complaints.CallsSignOff, rowFrom(r.query("after")), signOffsAtOnce)
	if err != nil {
		return m, err
	}
	topics, err := r.topicNames()
	if err != nil {
		return m, err
	}
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	calls, err := complaints.CallsOfEach(r.ctx, r.db, ids)
	if err != nil {
		return m, err
	}
	for i := range rows {
		row := views.SignOffRow{CallRow: r.callRow(&rows[i], topics)}
		row.Ready = !row.Nameless || !rows[i].DueAt.After(r.now())
		for j := range calls {
			if calls[j].ComplaintID == row.ID && calls[j].Cycle == row.Cycle {
				row.Calls = append(row.Calls, r.callFact(&calls[j]))
			}
		}
		m.Rows = append(m.Rows, row)
	}
	if more {
		last := rows[len(rows)-1]
		m.Next = "/desk/sign-offs?after=" + rowPlace(last.DueAt, last.ID)
	}
	return m, nil
}

// signOffsAtOnce is how many cases a supervisor sees at once: each with its calls.
const signOffsAtOnce = 20

// deskSignOffApprovalCreate closes a case as unreachable.
func (w *web) deskSignOffApprovalCreate(r *req) error {
	return w.supervised(r, "approval", "signoff.approved", func(tx *tenants.Tx, id complaints.ID, typed views.SignOffForm) error {
		return eventless(complaints.SignOff(r.ctx, tx, id, typed.Note))
	})
}

// deskRecallCreate sends a case back to the calls, perhaps with the right
// number.
func (w *web) deskRecallCreate(r *req) error {
	return w.supervised(r, "recall", "signoff.recalled", func(tx *tenants.Tx, id complaints.ID, typed views.SignOffForm) error {
		return eventless(complaints.CallAgain(r.ctx, tx, id, typed.Mobile))
	})
}

func (w *web) supervised(r *req, act, done string, do func(*tenants.Tx, complaints.ID, views.SignOffForm) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.SignOffForm{ID: id, Act: act, Note: f.text("note"), Mobile: f.text("mobile")}
	err = r.write(func(tx *tenants.Tx) error { return do(tx, id, typed) })
	if fault.Is(err, fault.Invalid) {
		return w.signOffPage(r, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done("/desk/sign-offs")
}
