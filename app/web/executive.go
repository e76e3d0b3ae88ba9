package web

import (
	"slices"
	"strconv"
	"time"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/views"
	"pasokh/views/parts"
)

// How many rows the executive's page shows of what may be long.
const (
	judgeRows = 20
	lateRows  = 8
)

// executiveHome is the executive's own page: today, what waits for a word, what
// is late.
func (w *web) executiveHome(r *req) error {
	return w.executivePage(r, r.officeQuery("executive").number("executive"), views.OfficeForm{}, nil)
}

// executivePage answers with the page; a form that came back stands in its row.
func (w *web) executivePage(r *req, chosen int64, form views.OfficeForm, cause error) error {
	e, list, err := r.executiveOf(chosen, form.Of)
	if err != nil {
		return err
	}
	m := &views.Executive{Post: r.in(e.PostFA, e.PostEN), Name: r.in(e.NameFA, e.NameEN), Chosen: e.ID, Executives: list, Now: r.now()}
	form = r.cameBack(form, cause)
	m.Notice = form.Notice
	if err := r.executiveDay(e, m); err != nil {
		return err
	}
	if err := r.executiveOrders(e, form, m); err != nil {
		return err
	}
	if err := r.executiveMore(e, form, m); err != nil {
		return err
	}
	p := r.frame("executive.title")
	return r.page(parts.Desk, p, views.ExecutivePage(p, m))
}

// executiveOf is whose page it is: among the posts that the person holds or
// stands in for, or for the executives' office among all, the one chosen, the
// one of the directive, or the first.
func (r *req) executiveOf(chosen int64, directive string) (*directives.Executive, []parts.Option, error) {
	list, err := directives.PostsOfStaff(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 && r.principal.actor.Office {
		if list, err = directives.Executives(r.ctx, r.db); err != nil {
			return nil, nil, err
		}
	}
	if id, err := strconv.ParseInt(directive, 10, 64); err == nil && chosen == 0 {
		d, err := directives.ByID(r.ctx, r.db, id)
		if err != nil {
			return nil, nil, err
		}
		chosen = d.ExecutiveID
	}
	at := slices.IndexFunc(list, func(e directives.Executive) bool { return e.ID == chosen || chosen == 0 })
	if at < 0 {
		return nil, nil, fault.New(fault.NotFound, "error.not_found")
	}
	return &list[at], r.postOptions(list, idText(list[at].ID)), nil
}

// executiveDay reads the queue of today.
func (r *req) executiveDay(e *directives.Executive, m *views.Executive) error {
	sessions, err := meetings.Day(r.ctx, r.db, e.ID, r.now())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		for _, row := range s.Meetings {
			if row.State != meetings.Requested {
				m.Today = append(m.Today, row)
			}
		}
	}
	from := startOfDay(r.now())
	m.Met, err = meetings.PeopleMet(r.ctx, r.db, e.ID, from, from.Add(24*time.Hour))
	return err
}

// executiveOrders reads the directives: what waits, what is late, all of them
// by age.
func (r *req) executiveOrders(e *directives.Executive, form views.OfficeForm, m *views.Executive) (err error) {
	if m.Tally, err = directives.Counts(r.ctx, r.db, r.principal.actor, e.ID); err != nil {
		return err
	}
	if m.Ages, err = directives.Ages(r.ctx, r.db, r.principal.actor, e.ID); err != nil {
		return err
	}
	m.Late, m.MoreLate, err = directives.OfExecutive(r.ctx, r.db, e.ID, directives.Filter{View: directives.Late, Limit: lateRows, Actor: r.principal.actor})
	if err != nil {
		return err
	}
	rows, more, err := directives.OfExecutive(r.ctx, r.db, e.ID, directives.Filter{View: directives.ToJudge, Limit: judgeRows, Actor: r.principal.actor})
	if err != nil {
		return err
	}
	m.MoreJudge = more
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	helping, err := directives.Helping(r.ctx, r.db, r.principal.actor.UnitID, ids)
	if err != nil {
		return err
	}
	all, err := files.OfEach(r.ctx, r.db, "directive", ids, false)
	for i := range rows {
		row := r.judgeRow(&rows[i], all, form)
		row.May = r.mayJudge(&rows[i].Directive, e, helping[rows[i].ID])
		m.Judge = append(m.Judge, row)
	}
	return err
}

// judgeRow is one report with the evidence that came with it.
func (r *req) judgeRow(d *directives.Listed, all []files.File, form views.OfficeForm) views.JudgeRow {
	row := views.JudgeRow{Listed: *d}
	var own []files.File
	for i := range all {
		if all[i].SubjectID == d.ID && (d.ScanID == nil || all[i].ID != *d.ScanID) && all[i].EventID != nil {
			own = append(own, all[i])
		}
	}
	row.Files = views.FileItems("/desk/files/", own)
	row.Form = views.OfficeForm{Of: idText(d.ID)}
	if form.Of == row.Form.Of {
		row.Form = form
	}
	row.Form.From = "executive"
	return row
}
