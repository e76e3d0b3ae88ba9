package meetings

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Listed is a meeting with what a page shows beside it.
type Listed struct {
	Meeting       `bun:",extend"`
	EndsAt        time.Time `bun:"ends_at,scanonly"` // of the slot
	SiteFA        string    `bun:"site_fa,scanonly"`
	SiteEN        string    `bun:"site_en,scanonly"`
	CitizenName   string    `bun:"citizen_name,scanonly" sealed:"citizens.name,row=CitizenID"`
	CitizenMobile string    `bun:"citizen_mobile,scanonly" sealed:"citizens.mobile,row=CitizenID"` // E.164
	PostFA        string    `bun:"post_fa,scanonly"`                                               // of the executive
	PostEN        string    `bun:"post_en,scanonly"`
	NameFA        string    `bun:"name_fa,scanonly"` // of the executive
	NameEN        string    `bun:"name_en,scanonly"`
}

func listed(r tenants.Reader, into any) *tenants.Query {
	return r.Select(into).ColumnExpr("meeting.*").ColumnExpr("slot.ends_at AS ends_at").
		ColumnExpr("session.site_fa AS site_fa, session.site_en AS site_en").
		ColumnExpr(tenants.SubjectColumn("citizen", "name")+" AS citizen_name, "+tenants.SubjectColumn("citizen", "mobile_sealed")+" AS citizen_mobile").
		ColumnExpr("executive.post_fa AS post_fa, executive.post_en AS post_en").
		ColumnExpr("COALESCE(term.name_fa, executive.name_fa) AS name_fa, COALESCE(term.name_en, executive.name_en) AS name_en").
		Join("JOIN ? ON session.id = meeting.session_id", r.From((*Session)(nil))).
		Join("JOIN ? ON slot.session_id = meeting.session_id AND slot.number = meeting.slot_number", r.From((*Slot)(nil))).
		Join("JOIN ? ON citizen.id = meeting.citizen_id", r.From((*citizens.Citizen)(nil))).
		Join("JOIN ? ON executive.id = meeting.executive_id", r.From((*directives.Executive)(nil))).
		// Whom one meets is who holds the post at that time.
		Join("LEFT JOIN ? ON term.executive_id = meeting.executive_id AND term.kind = 'holder' AND term.from_at <= meeting.starts_at AND (term.until_at IS NULL OR term.until_at > meeting.starts_at)", r.From((*directives.Term)(nil)))
}

// ByID reads one meeting.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Listed, error) {
	m := new(Listed)
	return m, tenants.Err(listed(r, m).Where("meeting.id = ?", id).Scan(ctx))
}

// ByCode reads one meeting by its canonical tracking code (persian.ParseCode).
func ByCode(ctx context.Context, r tenants.Reader, code string) (*Listed, error) {
	m := new(Listed)
	return m, tenants.Err(listed(r, m).Where("meeting.code = ?", code).Scan(ctx))
}

// OfCitizenMobile lists the meetings booked under a mobile number (E.164),
// newest first.
func OfCitizenMobile(ctx context.Context, r tenants.Reader, mobile string) ([]Listed, error) {
	var list []Listed
	err := listed(r, &list).Where("citizen.mobile = ?", r.Blind("mobile", mobile)).
		Order("meeting.starts_at DESC", "meeting.id DESC").Limit(100).Scan(ctx)
	return list, tenants.Err(err)
}

// OfPerson lists the meetings of somebody, newest first: those under the mobile
// number and those under the national ID, whatever number they were booked with.
// An empty national ID finds none by itself.
func OfPerson(ctx context.Context, r tenants.Reader, mobile, nationalID string) ([]Listed, error) {
	var list []Listed
	err := listed(r, &list).Where("(citizen.mobile = ? OR (citizen.national_id <> '' AND citizen.national_id = ?))", r.Blind("mobile", mobile), r.Blind("national_id", nationalID)).
		Order("meeting.starts_at DESC", "meeting.id DESC").Limit(100).Scan(ctx)
	return list, tenants.Err(err)
}

// Filter chooses and pages a list. Lists are ordered by start, then ID, unless
// Newest turns that round.
type Filter struct {
	States      []State   // none = all
	ExecutiveID int64     // 0 = all
	From, Until time.Time // of the start, Until excluded; zero = open
	After       int64     // ID of the last row of the page before; 0 = first page
	Limit       int       // rows of a page; 0 = 50
	Newest      bool      // the latest start first
}

// List lists meetings, and tells whether more follow after the page.
func List(ctx context.Context, r tenants.Reader, f Filter) ([]Listed, bool, error) {
	var list []Listed
	q := listed(r, &list)
	if len(f.States) > 0 {
		q.Where("meeting.state IN (?)", tenants.In(f.States))
	}
	if f.ExecutiveID != 0 {
		q.Where("meeting.executive_id = ?", f.ExecutiveID)
	}
	if !f.From.IsZero() {
		q.Where("meeting.starts_at >= ?", f.From)
	}
	if !f.Until.IsZero() {
		q.Where("meeting.starts_at < ?", f.Until)
	}
	order, beyond := []string{"meeting.starts_at", "meeting.id"}, "(meeting.starts_at, meeting.id) > (?)"
	if f.Newest {
		order, beyond = []string{"meeting.starts_at DESC", "meeting.id DESC"}, "(meeting.starts_at, meeting.id) < (?)"
	}
	if f.After != 0 {
		q.Where(beyond, r.Select((*Meeting)(nil)).Column("starts_at", "id").Where("meeting.id = ?", f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	if err := q.Order(order...).Limit(int64(f.Limit) + 1).Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if len(list) > f.Limit {
		return list[:f.Limit], true, nil
	}
	return list, false, nil
}

// Count counts the meetings in the states.
func Count(ctx context.Context, r tenants.Reader, states ...State) (int, error) {
	var n int
	err := r.Select((*Meeting)(nil)).ColumnExpr("COUNT(*)").Where("meeting.state IN (?)", tenants.In(states)).Scan(ctx, &n)
	return n, tenants.Err(err)
}

// DaySession is a session of a day with its live meetings in queue order.
type DaySession struct {
	Session
	Meetings []Listed
}

// Day lists the sessions of one executive (0 = all) on the day of date in
// Tehran. What was refused or cancelled is left out.
func Day(ctx context.Context, r tenants.Reader, executiveID int64, date time.Time) ([]DaySession, error) {
	from := persian.DateOf(date.In(persian.Tehran)).Time(0, 0, persian.Tehran).UTC()
	until := persian.DateOf(date.In(persian.Tehran)).AddDays(1).Time(0, 0, persian.Tehran).UTC()
	var sessions []Session
	q := r.Select(&sessions).Where("session.starts_at >= ? AND session.starts_at < ?", from, until).
		Order("session.starts_at", "session.id")
	if executiveID != 0 {
		q.Where("session.executive_id = ?", executiveID)
	}
	if err := q.Scan(ctx); err != nil || len(sessions) == 0 {
		return nil, tenants.Err(err)
	}
	ids, at := make([]int64, len(sessions)), map[int64]int{}
	days := make([]DaySession, len(sessions))
	for i, s := range sessions {
		ids[i], at[s.ID], days[i].Session = s.ID, i, s
	}
	var list []Listed
	err := listed(r, &list).Where("meeting.session_id IN (?)", tenants.In(ids)).
		Where("meeting.state NOT IN (?, ?)", Refused, Cancelled).
		Order("meeting.starts_at", "meeting.queue_number", "meeting.id").Scan(ctx)
	for _, m := range list {
		d := &days[at[m.SessionID]]
		d.Meetings = append(d.Meetings, m)
	}
	return days, tenants.Err(err)
}

// Met counts meetings that were held, the different citizens in them, and all
// people met, companions included.
type Met struct {
	Meetings int
	Citizens int
	People   int
}

// PeopleMet counts what one executive (0 = all) held from one instant to
// another, the last excluded.
func PeopleMet(ctx context.Context, r tenants.Reader, executiveID int64, from, until time.Time) (Met, error) {
	var m Met
	q := r.Select((*Meeting)(nil)).
		ColumnExpr("COUNT(*) AS meetings, COUNT(DISTINCT citizen.national_id) AS citizens").
		ColumnExpr("COALESCE(SUM(meeting.people_met), 0) AS people").
		Join("JOIN ? ON citizen.id = meeting.citizen_id", r.From((*citizens.Citizen)(nil))).
		Where("meeting.state IN (?)", tenants.In([]State{Held, FollowUp, Closed})).
		Where("meeting.starts_at >= ? AND meeting.starts_at < ?", from, until)
	if executiveID != 0 {
		q.Where("meeting.executive_id = ?", executiveID)
	}
	return m, tenants.Err(q.Scan(ctx, &m))
}
