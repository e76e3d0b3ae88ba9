package web

import (
	"net/url"
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskVisits plans the field visits: the agent's own day, the day of all
// agents, and what is on nobody's day yet.
func (w *web) deskVisits(r *req) error { return w.visitsPage(r, r.visitQuery(), nil) }

func (w *web) visitsPage(r *req, q visitQuery, cause error) error {
	m, err := r.visits(q)
	if err != nil {
		return err
	}
	m.Errors = views.ErrorsOf(cause)
	p := r.frame("visit.title")
	if cause == nil {
		return r.page(parts.Desk, p, views.VisitsPage(p, *m))
	}
	return r.again(cause, parts.Desk, p, views.VisitsPage(p, *m))
}

// visitQuery is what the address of the visits says.
type visitQuery struct {
	view     string // mine, day, unplanned
	day      persian.Date
	district int64
	after    string
	cases    []string // ticked in a form that came back
	agent    string
	typedDay string
}

func (r *req) visitQuery() visitQuery {
	q := visitQuery{view: r.query("view"), day: r.today(), district: number(r.query("district")), after: r.query("after")}
	if d, err := persian.ParseDate(r.query("day")); err == nil {
		q.day = d
	}
	if q.view != "day" && q.view != "unplanned" {
		q.view = "mine"
	}
	return q
}

func (r *req) today() persian.Date { return persian.DateOf(r.now().In(persian.Tehran)) }

func dayText(d persian.Date) string { return persian.ToASCII(persian.ShortDate(d)) }

// to is the address of a list of visits.
func (q visitQuery) to() string {
	v := url.Values{"view": {q.view}}
	if q.view == "unplanned" {
		if q.district != 0 {
			v.Set("district", idText(q.district))
		}
	} else {
		v.Set("day", dayText(q.day))
	}
	return "/desk/visits?" + v.Encode()
}

func (q visitQuery) on(d persian.Date) string {
	q.day = d
	return q.to()
}

func (q visitQuery) in(view string) string {
	q.view = view
	return q.to()
}

func (r *req) visits(q visitQuery) (*views.Visits, error) {
	m := &views.Visits{
		View: q.view, Now: r.now(), Day: dayText(q.day), DayName: messages.Date(r.ctx, q.day.Time(12, 0, persian.Tehran)), Today: q.day.Equal(r.today()),
		Previous: q.on(q.day.AddDays(-1)), Next: q.on(q.day.AddDays(1)), ToToday: q.on(r.today()),
		Mine: q.in("mine"), All: q.in("day"), Unplanned: q.in("unplanned"), TypedDay: q.typedDay, Address: q.to(),
	}
	if m.TypedDay == "" {
		m.TypedDay = dayText(r.today().AddDays(1))
	}
	agents, err := complaints.VisitAgents(r.ctx, r.db, r.principal.actor)
	if err != nil {
		return nil, err
	}
	if q.agent == "" {
		q.agent = idText(r.principal.actor.ID)
	}
	m.Agents = choose(agents, q.agent, func(s staff.Staff) (string, string) { return idText(s.ID), r.in(s.NameFA, s.NameEN) })
	topics, err := r.topicNames()
	if err != nil {
		return nil, err
	}
	districts, err := tenants.AllDistricts(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	m.Districts = choose(districts, idText(q.district), func(d tenants.District) (string, string) { return idText(d.ID), r.in(d.NameFA, d.NameEN) })
	rows, err := r.visitRows(q, m)
	for i := range rows {
		row := r.visitRow(&rows[i], topics, districts)
		for _, c := range q.cases {
			row.Ticked = row.Ticked || c == idText(row.ID)
		}
		m.Rows = append(m.Rows, row)
	}
	return m, err
}

// visitRows reads the list that the page shows.
func (r *req) visitRows(q visitQuery, m *views.Visits) ([]complaints.VisitTask, error) {
	if q.view == "unplanned" {
		rows, more, err := complaints.UnplannedVisits(r.ctx, r.db, r.principal.actor, q.district, rowFrom(q.after), 0)
		if more {
			last := rows[len(rows)-1]
			m.More = q.to() + "&after=" + rowPlace(last.DueAt, last.ID)
		}
		return rows, err
	}
	agent := int64(0)
	if q.view == "mine" {
		agent = r.principal.actor.ID
	}
	return complaints.VisitsOf(r.ctx, r.db, r.principal.actor, complaints.VisitDay(q.day), agent)
}

func (r *req) visitRow(t *complaints.VisitTask, topics map[int64]string, districts []tenants.District) views.VisitRow {
	row := views.VisitRow{
		ID: t.ID, Code: persian.ShowCode(t.Code), Topic: topics[t.TopicID], Name: t.Citizen, Text: t.Text, Cycle: t.Cycle,
		Href: visitPath(t.ID), State: t.State, DueAt: t.DueAt, Address: t.Place.Address, Agent: r.in(t.AgentFA, t.AgentEN),
		Station: t.Place.Station, Made: t.State != complaints.SpecialFollowup,
	}
	if t.StaffID != nil {
		row.AgentID = *t.StaffID
	}
	if t.DistrictID != nil {
		for _, d := range tenants.DistrictPath(districts, *t.DistrictID) {
			row.District = r.in(d.NameFA, d.NameEN)
		}
	}
	if t.Secret {
		row.Name = r.t("confidential.masked")
	}
	if t.Mobile != "" && r.phones() {
		row.Mobile, row.Dial = persian.ShowMobile(t.Mobile), t.Mobile
	}
	if t.Place.Lat != 0 || t.Place.Lng != 0 {
		row.Lat, row.Lng = degreeText(t.Place.Lat), degreeText(t.Place.Lng)
	}
	return row
}

func degreeText(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

func visitPath(id int64) string { return "/desk/visits/" + idText(id) }

// deskVisitPlanCreate puts the ticked cases onto a day and an agent.
func (w *web) deskVisitPlanCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	q := r.visitQuery()
	q.view, q.cases, q.agent, q.typedDay = "unplanned", f.list("ids"), f.text("agent"), f.text("day")
	in := complaints.Visiting{Cases: f.ids("ids"), Agent: f.id("agent")}
	if in.Day, err = persian.ParseDate(q.typedDay); err != nil {
		return w.visitsPage(r, q, fault.Field("day", "complaint.error.due_unreadable"))
	}
	err = r.write(func(tx *tenants.Tx) error { return complaints.PlanVisits(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return w.visitsPage(r, q, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "visit.planned")
	q.day, q.view = in.Day, "day"
	if in.Agent == r.principal.actor.ID {
		q.view = "mine"
	}
	return r.done(q.to())
}

// deskVisitMoveCreate moves a visit up or down in its day.
func (w *web) deskVisitMoveCreate(r *req) error {
	return w.onVisit(r, "", func(tx *tenants.Tx, id complaints.ID, f form) error {
		return complaints.MoveVisit(r.ctx, tx, id, f.text("to") == "earlier")
	})
}

// deskVisitUnplanningCreate takes a visit off its day.
func (w *web) deskVisitUnplanningCreate(r *req) error {
	return w.onVisit(r, "visit.unplanned_now", func(tx *tenants.Tx, id complaints.ID, _ form) error {
		return eventless(complaints.UnplanVisit(r.ctx, tx, id))
	})
}

// onVisit changes the day's list and shows it again.
func (w *web) onVisit(r *req, done string, do func(*tenants.Tx, complaints.ID, form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return do(tx, id, f) }); err != nil {
		return err
	}
	if done != "" {
		r.flash(parts.Success, done)
	}
	return r.done(r.visitQuery().to())
}

// visitTime is when a visit was made, in words.
func (r *req) visitTime(at time.Time) string { return messages.DateTime(r.ctx, at) }
