package web

import (
	"time"

	"pasokh/scheduler/directives"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// askingRows is how many requests for more time the executive's page shows.
const askingRows = 10

// executiveMore reads what else the executive's page shows: requests for more
// time, how units keep their orders, what citizens say.
func (r *req) executiveMore(e *directives.Executive, form views.OfficeForm, m *views.Executive) (err error) {
	a := r.principal.actor
	if m.Units, err = directives.CountsByUnit(r.ctx, r.db, a, e.ID); err != nil {
		return err
	}
	if m.Rating, err = directives.RatingOf(r.ctx, r.db, e.ID); err != nil {
		return err
	}
	list, err := directives.AskingOf(r.ctx, r.db, a, e.ID, askingRows)
	if err != nil {
		return err
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	helping, err := directives.Helping(r.ctx, r.db, a.UnitID, ids)
	for i := range list {
		row := views.AskingRow{Asking: list[i], May: r.mayJudge(&list[i].Directive, e, helping[list[i].ID]), Form: views.OfficeForm{Of: idText(list[i].ID)}}
		if form.Of == row.Form.Of {
			row.Form = form
		}
		row.Form.From = "executive"
		m.Asking = append(m.Asking, row)
	}
	return err
}

// executiveWeek is the summary of one week, the last one unless the address says
// otherwise.
func (w *web) executiveWeek(r *req) error {
	q := r.officeQuery("executive", "week")
	e, _, err := r.executiveOf(q.number("executive"), "")
	if err != nil {
		return err
	}
	this := directives.WeekStart(r.now())
	from := directives.WeekStart(this.Add(-36 * time.Hour))
	if q["week"] != "" {
		from = directives.WeekStart(instant(min(q.number("week"), lastMicro/1_000_000) * 1_000_000))
	}
	m := &views.ExecutiveWeek{Post: r.in(e.PostFA, e.PostEN), Now: r.now()}
	if m.Week, err = directives.WeekOf(r.ctx, r.db, r.principal.actor, e.ID, from); err != nil {
		return err
	}
	m.Title = r.t("order.week_of", "from", messages.Date(r.ctx, m.From), "until", messages.Date(r.ctx, m.Until.Add(-time.Minute)))
	address := func(t time.Time) string {
		return q.with("week", idText(directives.WeekStart(t).Unix())).to("/executive/week")
	}
	m.Before = address(from.Add(-36 * time.Hour))
	if m.Until.Before(this) {
		m.After = address(m.Until.Add(time.Hour))
	}
	f := directives.Filter{IssuedSince: m.From, IssuedBefore: m.Until, Limit: 100, Actor: r.principal.actor}
	if m.Rows, _, err = directives.OfExecutive(r.ctx, r.db, e.ID, f); err != nil {
		return err
	}
	p := r.frame("order.week")
	return r.page(parts.Desk, p, views.ExecutiveWeekPage(p, m))
}

// executiveReview is the agenda of the next public session on paper: what was
// ordered in earlier weeks and is not done.
func (w *web) executiveReview(r *req) error {
	e, _, err := r.executiveOf(r.officeQuery("executive").number("executive"), "")
	if err != nil {
		return err
	}
	m := &views.ExecutiveWeek{Post: r.in(e.PostFA, e.PostEN), Now: r.now(), Title: r.t("order.review")}
	f := directives.Filter{View: directives.Unfinished, IssuedBefore: directives.WeekStart(r.now()), Limit: 200, Actor: r.principal.actor}
	if m.Rows, _, err = directives.OfExecutive(r.ctx, r.db, e.ID, f); err != nil {
		return err
	}
	p := r.frame("order.review")
	p.Paths.Home = "/executive"
	return r.page(parts.Print, p, views.ExecutiveReviewSheet(p, m))
}
