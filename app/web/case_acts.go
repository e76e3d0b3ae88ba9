package web

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// caseAct runs one command of the citizen on the tracked case and goes back to
// its page; a form that did not pass comes back with what was typed.
func (w *web) caseAct(r *req, typed views.CaseForms, done string, act func(context.Context, *tenants.Tx, complaints.ID) (*timeline.Event, error)) error {
	c, err := r.tracked()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := act(r.ctx, tx, c.ID)
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.TooMany) {
		return w.casePage(r, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done("/case")
}

// caseAdditionCreate adds what the citizen has to say or show.
func (w *web) caseAdditionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.CaseForms{Addition: f.text("addition")}
	got, refused := r.receive(f, files.Field)
	if refused != nil {
		if !fault.Is(refused, fault.Invalid) {
			return refused
		}
		return w.casePage(r, typed, refused)
	}
	return w.caseAct(r, typed, "case.added", func(ctx context.Context, tx *tenants.Tx, id complaints.ID) (*timeline.Event, error) {
		text := typed.Addition
		if text == "" && len(got) > 0 {
			text = r.t("case.file_only")
		}
		e, err := complaints.Complete(ctx, tx, id, text)
		if err != nil {
			return nil, renamed(err, "text", "addition")
		}
		return e, r.saveFiles(tx, got, files.Place{Subject: files.Subject{Kind: "complaint", ID: id}, EventID: &e.ID, Public: true, Limit: files.CitizenFiles})
	})
}

// renamed moves a room's field error to the name the form has for the field.
func renamed(err error, from, to string) error {
	if e := fault.As(err); e.Kind == fault.Invalid && e.Fields[from] != "" {
		return fault.Field(to, e.Fields[from])
	}
	return err
}

// caseVerdictCreate hears whether the citizen is satisfied with the answer.
func (w *web) caseVerdictCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	v := complaints.Verdict{Outcome: f.text("outcome"), Conduct: f.text("conduct"), Reason: f.text("reason")}
	if v.Outcome != "satisfied" && v.Outcome != "not_satisfied" {
		v.Outcome = "" // the other outcomes are of the phone
	}
	typed := views.CaseForms{Outcome: v.Outcome, Conduct: v.Conduct, Reason: v.Reason}
	return w.caseAct(r, typed, "case.heard", func(ctx context.Context, tx *tenants.Tx, id complaints.ID) (*timeline.Event, error) {
		return complaints.Hear(ctx, tx, id, v)
	})
}

// caseConfirmationCreate hears whether the visit's result is confirmed.
func (w *web) caseConfirmationCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	answer, reason := f.text("confirmed"), f.text("reason")
	typed := views.CaseForms{Confirmed: answer, Reason: reason}
	if answer != "yes" && answer != "no" {
		return w.casePage(r, typed, fault.Field("confirmed", "case.error.confirmed"))
	}
	return w.caseAct(r, typed, "case.heard", func(ctx context.Context, tx *tenants.Tx, id complaints.ID) (*timeline.Event, error) {
		return complaints.Confirm(ctx, tx, id, answer == "yes", reason)
	})
}

// caseObjectionCreate hears that a closed case is not settled.
func (w *web) caseObjectionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.CaseForms{Objection: f.text("objection")}
	return w.caseAct(r, typed, "case.objected", func(ctx context.Context, tx *tenants.Tx, id complaints.ID) (*timeline.Event, error) {
		e, err := complaints.Object(ctx, tx, id, typed.Objection)
		return e, renamed(err, "reason", "objection")
	})
}

// caseWithdrawalCreate takes the case back.
func (w *web) caseWithdrawalCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.CaseForms{Withdrawal: f.text("withdrawal")}
	return w.caseAct(r, typed, "case.withdrawn", func(ctx context.Context, tx *tenants.Tx, id complaints.ID) (*timeline.Event, error) {
		e, err := complaints.Withdraw(ctx, tx, id, typed.Withdrawal)
		return e, renamed(err, "text", "withdrawal")
	})
}
