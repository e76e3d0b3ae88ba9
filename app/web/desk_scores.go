package web

import (
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskScores is the ledger of negative scores: totals by unit, then its lines.
func (w *web) deskScores(r *req) error {
	m, err := r.scores()
	if err != nil {
		return err
	}
	p := r.frame("desk.scores.title")
	if len(m.Errors) > 0 {
		return r.again(fault.Field("from", m.Errors["from"]), parts.Desk, p, views.DeskScoresPage(p, m))
	}
	return r.page(parts.Desk, p, views.DeskScoresPage(p, m))
}

// scores reads the ledger as the address asks for it. A unit's own people see
// their unit's lines only.
func (r *req) scores() (*views.DeskScores, error) {
	m := &views.DeskScores{Unit: r.query("unit"), CanReverse: r.can("score:reverse"), CanOpen: r.can("complaint:read"), CanRank: r.can("score:read"), Now: r.now()}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	f := complaints.LedgerFilter{UnitID: number(m.Unit), Before: number(r.query("before"))}
	names := map[int64]string{}
	for _, u := range units {
		names[u.ID] = r.in(u.NameFA, u.NameEN)
		own := u.ID == r.principal.actor.UnitID
		if own && u.Kind == tenants.UnitExecutive && !r.principal.actor.SeesAll {
			f.UnitID, m.OwnUnit = u.ID, names[u.ID]
		}
	}
	m.Units = choose(units, idText(f.UnitID), func(u tenants.Unit) (string, string) { return idText(u.ID), names[u.ID] })
	r.period(m, &f)
	if err := r.totals(m, f, names); err != nil {
		return nil, err
	}
	if err := r.waiting(m, f.UnitID, names); err != nil {
		return nil, err
	}
	return m, r.ledger(m, f, names)
}

// period is the time the page speaks of: as typed, else this month so far.
func (r *req) period(m *views.DeskScores, f *complaints.LedgerFilter) {
	today := persian.DateOf(r.now().In(persian.Tehran))
	from, until := today.MonthStart(), today
	read := func(field string, into *persian.Date) {
		typed := r.query(field)
		if typed == "" {
			return
		}
		day, err := persian.ParseDate(typed)
		if err != nil {
			m.Errors = views.Errors{field: "complaint.error.due_unreadable"}
			return
		}
		*into = day
	}
	read("from", &from)
	read("until", &until)
	f.From = from.Time(0, 0, persian.Tehran).UTC()
	f.Until = until.AddDays(1).Time(0, 0, persian.Tehran).UTC()
	m.From, m.Until = typedOr(r.query("from"), from), typedOr(r.query("until"), until)
	m.Period = r.t("desk.scores.period", "from", messages.Date(r.ctx, f.From), "until", messages.Date(r.ctx, f.Until.Add(-time.Minute)))
}

func typedOr(typed string, d persian.Date) string {
	if typed != "" {
		return typed
	}
	return persian.ToASCII(persian.ShortDate(d))
}

func (r *req) totals(m *views.DeskScores, f complaints.LedgerFilter, names map[int64]string) error {
	list, err := complaints.ScoreTotals(r.ctx, r.db, f.From, f.Until)
	for _, t := range list {
		if m.OwnUnit == "" || t.UnitID == f.UnitID {
			m.Totals = append(m.Totals, views.DeskTotal{Unit: names[t.UnitID], Href: m.Link("unit", idText(t.UnitID)), Points: t.Points, Lines: t.Lines, Reversed: t.Reversed, Cases: t.Cases})
		}
	}
	return err
}

func (r *req) ledger(m *views.DeskScores, f complaints.LedgerFilter, names map[int64]string) error {
	list, more, err := complaints.Ledger(r.ctx, r.db, r.principal.actor, f)
	if err != nil {
		return err
	}
	objections, err := r.objections(list)
	for i := range list {
		l := &list[i]
		line := views.DeskScore{
			ID: l.ID, At: l.At, Unit: names[l.UnitID], Code: persian.ShowCode(l.Code), Level: l.Level, Cycle: l.Cycle,
			Points: l.Points, Reason: l.Reason, Reversed: l.Reversed, Reversal: l.ReversesID != nil,
		}
		if m.CanOpen {
			line.Href = casePath(l.ComplaintID)
		}
		line.Objection = objections[l.ID]
		line.CanObject = r.can("score:object") && l.UnitID == r.principal.actor.UnitID && l.ReversesID == nil && !l.Reversed && line.Objection == nil
		m.Lines = append(m.Lines, line)
	}
	if more {
		m.Next = m.Link("before", idText(list[len(list)-1].ID))
	}
	return err
}

// deskReversalCreate undoes one line of the ledger, with a reason.
func (w *web) deskReversalCreate(r *req) error {
	return r.onScore("desk.scores.reversed_now", func(tx *tenants.Tx, id int64, f form) error {
		return complaints.Reverse(r.ctx, tx, id, f.text("reason"))
	})
}
