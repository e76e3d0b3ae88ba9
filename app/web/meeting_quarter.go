package web

import (
	"strconv"

	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// meetingQuarter is the printed list of all public days of a quarter of the
// Solar Hijri year: ?year=1405&quarter=3; the current one without.
func (w *web) meetingQuarter(r *req) error {
	today := persian.DateOf(r.now().In(persian.Tehran))
	year, quarter := r.numberIn("year", today.Year-5, today.Year+1, today.Year), r.numberIn("quarter", 1, 4, (today.Month-1)/3+1)
	first := persian.Date{Year: year, Month: 3*quarter - 2, Day: 1}
	from, until := first.Time(0, 0, persian.Tehran).UTC(), first.AddMonths(3).Time(0, 0, persian.Tehran).UTC()
	days, err := meetings.PublicDays(r.ctx, r.db, from, until)
	if err != nil {
		return err
	}
	met, err := meetings.MetBySession(r.ctx, r.db, from, until)
	if err != nil {
		return err
	}
	executives, err := directives.Executives(r.ctx, r.db)
	if err != nil {
		return err
	}
	p := r.frame("planning.quarter_of", "quarter", r.t("planning.season."+strconv.Itoa(quarter)), "year", messages.Digits(r.ctx, strconv.Itoa(year)))
	p.Paths.Home = windowsPath
	if !r.can("meeting:plan") {
		p.Paths.Home = "/desk/meetings"
	}
	m := &views.PlanQuarter{Now: r.now(), Met: met, Previous: quarterPath(first.AddMonths(-3)), Next: quarterPath(first.AddMonths(3))}
	for _, e := range executives {
		g := views.PlanQuarterGroup{Name: r.in(e.PostFA, e.PostEN) + " — " + r.in(e.NameFA, e.NameEN)}
		for i := range days {
			if d := &days[i]; d.ExecutiveID == e.ID {
				g.Days = append(g.Days, *d)
			}
		}
		m.Groups = append(m.Groups, g)
	}
	return r.page(parts.Print, p, views.PlanQuarterPage(p, m))
}

func quarterPath(first persian.Date) string {
	return "/desk/meetings/quarter?year=" + strconv.Itoa(first.Year) + "&quarter=" + strconv.Itoa((first.Month-1)/3+1)
}

// numberIn reads a number of the address within its bounds.
func (r *req) numberIn(key string, least, most, otherwise int) int {
	n, err := strconv.Atoi(persian.ToASCII(r.query(key)))
	if err != nil || n < least || n > most {
		return otherwise
	}
	return n
}
