package web

import (
	"strconv"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// The acts after a unit has answered, and those of every time.

// deskFeedbackCreate records what a feedback call heard.
func (w *web) deskFeedbackCreate(r *req) error {
	return w.act(r, complaints.ActHear, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Hear(r.ctx, tx, id, complaints.Verdict{Outcome: f.text("outcome"), Conduct: f.text("conduct"), Reason: f.text("reason")})
	})
}

// deskSignOffCreate closes a case whose citizen could not be reached.
func (w *web) deskSignOffCreate(r *req) error {
	return w.act(r, complaints.ActSignOff, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.SignOff(r.ctx, tx, id, f.text("note"))
	})
}

// deskVisitCreate records a field visit with its photos.
func (w *web) deskVisitCreate(r *req) error {
	return w.act(r, complaints.ActInspect, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		resolved, err := f.decided("resolved", "desk.error.resolved")
		if err != nil && f.text("finding") == "" {
			err = both(err, fault.Field("finding", "complaint.error.finding")) // all that is wrong at once
		}
		if err != nil {
			return nil, err
		}
		return complaints.Inspect(r.ctx, tx, id, f.text("finding"), resolved)
	})
}

// deskConfirmationCreate records what the citizen says of a visit's finding.
func (w *web) deskConfirmationCreate(r *req) error {
	return w.act(r, complaints.ActConfirm, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		confirmed, err := f.decided("confirmed", "desk.error.confirmed")
		if err != nil {
			return nil, err
		}
		return complaints.Confirm(r.ctx, tx, id, confirmed, f.text("reason"))
	})
}

// deskClosureCreate ends a case that cannot be done.
func (w *web) deskClosureCreate(r *req) error {
	return w.act(r, complaints.ActClose, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Close(r.ctx, tx, id, f.text("text"))
	})
}

// deskAdditionCreate adds what the citizen said on the phone or brought.
func (w *web) deskAdditionCreate(r *req) error {
	return w.act(r, complaints.ActComplete, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Complete(r.ctx, tx, id, f.text("text"))
	})
}

// deskNoteCreate keeps an internal remark.
func (w *web) deskNoteCreate(r *req) error {
	return w.act(r, complaints.ActNote, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Note(r.ctx, tx, id, f.text("text"))
	})
}

// decided reads a yes or no that must have been chosen.
func (f form) decided(field, missing string) (bool, error) {
	switch f.text(field) {
	case "yes":
		return true, nil
	case "no":
		return false, nil
	}
	return false, fault.Field(field, missing)
}

// ids are the rows that a field with several values names.
func (f form) ids(name string) []int64 {
	var all []int64
	for _, v := range f.list(name) {
		if id, err := strconv.ParseInt(v, 10, 64); err == nil {
			all = append(all, id)
		}
	}
	return all
}
