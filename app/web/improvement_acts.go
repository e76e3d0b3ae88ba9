package web

import (
	"net/url"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// improvementShow is one action.
func (w *web) improvementShow(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.improvementPage(r, id, "", nil, nil)
}

func (w *web) improvementPage(r *req, id int64, act string, typed url.Values, cause error) error {
	i, err := quality.ImprovementByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return err
	}
	m, err := r.improvementModel(i)
	if err != nil {
		return err
	}
	m.Act, m.Typed, m.Errors = act, typed, views.ErrorsOf(cause)
	p := r.frame("improvement.one")
	if fault.Is(cause, fault.Conflict) {
		m.Moved = r.t(fault.As(cause).Key)
		r.c.Status(409)
		return r.page(parts.Desk, p, views.ImprovementPage(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.ImprovementPage(p, m))
	}
	return r.page(parts.Desk, p, views.ImprovementPage(p, m))
}

func (r *req) improvementModel(i *quality.Improvement) (*views.Improvement, error) {
	rows, err := r.improvementRows([]quality.Improvement{*i})
	if err != nil {
		return nil, err
	}
	a := r.principal.actor
	m := &views.Improvement{
		ImprovementRow: rows[0], CanWork: i.Running() && a.UnitID == i.UnitID && r.can("improvement:work"), CanDrop: i.Running() && r.can("improvement:plan"),
		CanVerify: i.State == quality.ActionDone && r.can("improvement:plan") && (i.DoneBy == nil || *i.DoneBy != a.ID) && (i.OwnerID == nil || *i.OwnerID != a.ID),
	}
	if m.Source, m.SourceHref, err = r.sourceWords(i.Source()); err != nil {
		return nil, err
	}
	if err := r.improvementLines(m); err != nil {
		return nil, err
	}
	return m, r.effectOf(m)
}

func (r *req) improvementLines(m *views.Improvement) error {
	lines, err := quality.ImprovementActs(r.ctx, r.db, m.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(lines))
	for i := range lines {
		ids[i] = lines[i].StaffID
	}
	people, err := staff.Names(r.ctx, r.db, ids)
	for _, l := range lines {
		m.Lines = append(m.Lines, views.WarningAct{At: l.At, Who: r.in(people[l.StaffID].FA, people[l.StaffID].EN), What: r.t("improvement.act." + l.Act), Note: l.Note})
	}
	return err
}

// improvementAct runs a command on the action of the address.
func (w *web) improvementAct(r *req, act string, do func(tx *tenants.Tx, id int64, f form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return do(tx, id, f) })
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.improvementPage(r, id, act, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "improvement.done_now."+act)
	return r.done(improvementPath(id))
}

func (w *web) improvementStart(r *req) error {
	return w.improvementAct(r, "start", func(tx *tenants.Tx, id int64, _ form) error { return quality.StartImprovement(r.ctx, tx, id) })
}

func (w *web) improvementFinish(r *req) error {
	return w.improvementAct(r, "result", func(tx *tenants.Tx, id int64, f form) error {
		return quality.FinishImprovement(r.ctx, tx, id, f.text("result"))
	})
}

// improvementVerify accepts what was done, or gives it back until a new day.
func (w *web) improvementVerify(r *req) error {
	return w.improvementAct(r, "verification", func(tx *tenants.Tx, id int64, f form) error {
		in := quality.Verdict{Accept: f.text("verdict") == "accept", Note: f.text("note")}
		if !in.Accept && f.text("verdict") != "return" {
			return fault.Field("verdict", "improvement.error.verdict")
		}
		if !in.Accept {
			due, err := persian.ParseDate(f.text("due"))
			if err != nil {
				return fault.Field("due", "complaint.error.due_unreadable")
			}
			in.Due = due
		}
		return quality.VerifyImprovement(r.ctx, tx, id, in)
	})
}

func (w *web) improvementDrop(r *req) error {
	return w.improvementAct(r, "dropping", func(tx *tenants.Tx, id int64, f form) error {
		return quality.DropImprovement(r.ctx, tx, id, f.text("reason"))
	})
}
