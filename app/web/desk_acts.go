package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// command does one act on a case with what its form said.
type command func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error)

// act runs a command on the case of the address. What was wrong comes back
// beside its field (422); a case that has moved on comes back as it is now
// (409). What was typed and sent is kept in both.
func (w *web) act(r *req, act complaints.Action, do command) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	p, err := r.parcel(f)
	if err == nil && f.yes("insert") {
		return r.insert(id, act, f, p)
	}
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error {
			if err := r.asRead(tx, id, act, f); err != nil {
				return err
			}
			e, err := do(tx, id, f)
			if err != nil {
				return err
			}
			return r.deliver(tx, p, e)
		})
	}
	switch {
	case err == nil:
		return r.acted(id, act)
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.Conflict):
		return r.refused(id, views.DeskForms{Act: act, Typed: f.values, Errors: r.deskWords(views.ErrorsOf(err))}, p, err)
	}
	return err
}

// asRead wants the case to be as the form's page showed it. Adding something to
// it needs no such care.
func (r *req) asRead(tx *tenants.Tx, id complaints.ID, act complaints.Action, f form) error {
	version, ok := f.number("version")
	if !ok || act == complaints.ActNote || act == complaints.ActComplete {
		return nil
	}
	return complaints.Unchanged(r.ctx, tx, id, version)
}

// acted answers an act that was done: the fresh case, and a word about it.
func (r *req) acted(id int64, act complaints.Action) error {
	if gone, err := r.parted(id, act); gone || err != nil {
		return err
	}
	q, done := r.deskQuery(), "desk.done."+string(act)
	if !r.fragment() {
		r.flash(parts.Success, done)
		return r.done(q.with("after", q["after"]).to(casePath(id)))
	}
	m, err := r.caseOf(id, q, views.DeskForms{})
	if err != nil {
		return err
	}
	m.Fresh = true
	r.c.Set("HX-Trigger", strings.TrimSuffix(toast(parts.Success, r.t(done)), "}")+`,"case-changed":{}}`)
	return r.showCase(m)
}

// refused answers an act that was not done.
func (r *req) refused(id int64, forms views.DeskForms, p *parcel, cause error) error {
	conflict := fault.Is(cause, fault.Conflict)
	if _, err := complaints.ByID(r.ctx, r.db, r.principal.actor, id); err != nil {
		return err
	}
	if err := r.shelve(p); err != nil {
		return err
	}
	forms.Shelf, forms.Shelved = p.shelf, p.items
	if conflict {
		forms.Errors = nil
	}
	m, err := r.caseOf(id, r.deskQuery(), forms)
	if err != nil {
		return err
	}
	r.c.Status(fiber.StatusUnprocessableEntity)
	if conflict {
		e := fault.As(cause)
		r.c.Status(fiber.StatusConflict)
		m.Notice = r.t(e.Key, e.Args...)
		m.Changes = m.Since
		if !m.Forms.Can(forms.Act) {
			m.Lost = lost(forms)
		}
	}
	return r.showCase(m)
}

// typedFields are those that take somebody a while to write.
var typedFields = []string{"text", "note", "reason", "finding"}

// lost is what somebody typed into a form that the case no longer has.
func lost(forms views.DeskForms) string {
	var all []string
	for _, field := range typedFields {
		if t := strings.TrimSpace(forms.Typed.Get(field)); t != "" {
			all = append(all, t)
		}
	}
	return strings.Join(all, "\n\n")
}

// deskTakeCreate takes the case into the hands of whoever asks: in the PR
// office it begins the triage, in a unit it accepts the referral.
func (w *web) deskTakeCreate(r *req) error {
	return w.act(r, complaints.ActTake, func(tx *tenants.Tx, id complaints.ID, _ form) (*timeline.Event, error) {
		return complaints.Take(r.ctx, tx, id)
	})
}

// deskReferralCreate gives the case to a unit.
func (w *web) deskReferralCreate(r *req) error {
	return w.act(r, complaints.ActRefer, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		due, err := f.moment("due")
		if err != nil {
			return nil, err
		}
		return complaints.Refer(r.ctx, tx, id, complaints.Order{UnitID: f.id("unit"), Others: f.ids("others"), DueAt: due, Note: f.text("note")})
	})
}

// deskAssignmentCreate gives the case to a colleague of the unit.
func (w *web) deskAssignmentCreate(r *req) error {
	return w.act(r, complaints.ActAssign, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Assign(r.ctx, tx, id, f.id("staff"))
	})
}

// deskSettlementCreate ends a case without a unit.
func (w *web) deskSettlementCreate(r *req) error {
	return w.act(r, complaints.ActSettle, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Settle(r.ctx, tx, id, complaints.Fact(f.text("fact")), f.text("text"))
	})
}

// deskReturnCreate refuses a referral.
func (w *web) deskReturnCreate(r *req) error {
	return w.act(r, complaints.ActReturn, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Return(r.ctx, tx, id, f.text("reason"))
	})
}

// deskQuestionCreate asks the citizen for what is missing.
func (w *web) deskQuestionCreate(r *req) error {
	return w.act(r, complaints.ActAsk, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Ask(r.ctx, tx, id, f.text("text"))
	})
}

// deskInterimCreate sends an interim report with a new promised date.
func (w *web) deskInterimCreate(r *req) error {
	return w.act(r, complaints.ActReport, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		promised, err := f.moment("promised")
		if err != nil {
			return nil, err
		}
		return complaints.Report(r.ctx, tx, id, f.text("text"), promised)
	})
}

// deskAnswerCreate ends a unit's part.
func (w *web) deskAnswerCreate(r *req) error {
	return w.act(r, complaints.ActAnswer, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Answer(r.ctx, tx, id, f.text("text"))
	})
}
