package web

import (
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// onScore runs a command on the line of the address. What was wrong comes back
// beside its field, with what was typed.
func (r *req) onScore(done string, do func(tx *tenants.Tx, id int64, f form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return do(tx, id, f) })
	if fault.Is(err, fault.Invalid) {
		m, again := r.scores()
		if again != nil {
			return again
		}
		m.Open, m.Wrong, m.Typed = id, views.ErrorsOf(err), f.values
		p := r.frame("desk.scores.title")
		return r.again(err, parts.Desk, p, views.DeskScoresPage(p, m))
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done("/desk/scores")
}

// deskObjectionCreate lets the head of a unit object to one of its lines.
func (w *web) deskObjectionCreate(r *req) error {
	return r.onScore("desk.scores.objected_now", func(tx *tenants.Tx, id int64, f form) error {
		return complaints.ObjectTo(r.ctx, tx, id, f.text("text"))
	})
}

// deskDecisionCreate decides on an objection.
func (w *web) deskDecisionCreate(r *req) error {
	return r.onScore("desk.scores.decided_now", func(tx *tenants.Tx, id int64, f form) error {
		return complaints.DecideOn(r.ctx, tx, id, f.text("decision"), f.text("reason"))
	})
}

// waiting lists the objections that wait for a decision.
func (r *req) waiting(m *views.DeskScores, unit int64, names map[int64]string) error {
	list, err := complaints.OpenObjections(r.ctx, r.db, r.principal.actor, unit)
	for i := range list {
		o := &list[i]
		line := views.WaitingObjection{
			Score: o.ScoreID, Unit: names[o.UnitID], Code: persian.ShowCode(o.Code), Text: o.Text, At: o.At, Points: o.Points, Level: o.Level, ScoreAt: o.ScoreAt,
			CanDecide: m.CanReverse && o.StaffID != r.principal.actor.ID,
		}
		if m.CanOpen {
			line.Href = casePath(o.CaseID)
		}
		m.Waiting = append(m.Waiting, line)
	}
	return err
}

// objections are what was said against lines of the ledger, and decided.
func (r *req) objections(list []complaints.LedgerLine) (map[int64]*views.ScoreObjection, error) {
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	found, err := complaints.ObjectionsOf(r.ctx, r.db, ids)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var people []int64
	for _, o := range found {
		if people = append(people, o.StaffID); o.DecidedBy != nil {
			people = append(people, *o.DecidedBy)
		}
	}
	names, err := staff.Colleagues(r.ctx, r.db, people)
	if err != nil {
		return nil, err
	}
	name := func(id int64) string { return r.in(names[id].NameFA, names[id].NameEN) }
	said := make(map[int64]*views.ScoreObjection, len(found))
	for id, o := range found {
		v := &views.ScoreObjection{Who: name(o.StaffID), Text: o.Text, At: o.At, Decision: o.Decision, Reason: o.Reason}
		if o.DecidedBy != nil {
			v.By, v.DecidedAt = name(*o.DecidedBy), *o.DecidedAt
		}
		said[id] = v
	}
	return said, nil
}
