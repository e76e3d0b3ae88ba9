package directives

import (
	"context"
	"time"

	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Listed is a directive with the names that a list shows.
type Listed struct {
	Directive `bun:",extend"`
	UnitFA    string `bun:"unit_fa,scanonly"`
	UnitEN    string `bun:"unit_en,scanonly"`
	PostFA    string `bun:"post_fa,scanonly"` // of the executive
	PostEN    string `bun:"post_en,scanonly"`
}

// View is a tab of a list.
type View string

// The views; All is everything.
const (
	All     View = ""
	ToDo    View = "open"     // the unit has to act
	Late    View = "overdue"  // … and is late
	ToJudge View = "reported" // waits for the executive
	Ended   View = "done"
	// Unfinished is everything that is not done.
	Unfinished View = "unfinished"
)

// Filter chooses and pages a list. Lists are ordered by due time, then ID.
type Filter struct {
	View         View
	UnitID       int64         // 0 = all
	State        State         // empty = all
	IssuedSince  time.Time     // zero = all
	Actor        tenants.Actor // for whom; see discreet
	IssuedBefore time.Time     // zero = all; for lists by age
	After        int64         // ID of the last row of the page before; 0 = first page
	Limit        int           // rows of a page; 0 = 50
}

func listed(r tenants.Reader, list *[]Listed) *tenants.Query { return named(r, r.Select(list)) }

// named adds the names that a list shows.
func named(r tenants.Reader, q *tenants.Query) *tenants.Query {
	return q.ColumnExpr("directive.*").
		ColumnExpr("unit.name_fa AS unit_fa, unit.name_en AS unit_en").
		ColumnExpr("executive.post_fa AS post_fa, executive.post_en AS post_en").
		Join("JOIN ? ON unit.id = directive.unit_id", r.From((*tenants.Unit)(nil))).
		Join("JOIN ? ON executive.id = directive.executive_id", r.From((*Executive)(nil)))
}

// OfExecutive lists the directives of an executive (0 = all), and tells whether
// more follow after the page.
func OfExecutive(ctx context.Context, r tenants.Reader, executiveID int64, f Filter) ([]Listed, bool, error) {
	var list []Listed
	q := listed(r, &list)
	if executiveID != 0 {
		q.Where("directive.executive_id = ?", executiveID)
	}
	return page(ctx, r, q, &list, f)
}

// OfUnit lists the directives that a unit leads or has a part in, and tells whether more follow after
// the page.
func OfUnit(ctx context.Context, r tenants.Reader, unitID int64, f Filter) ([]Listed, bool, error) {
	var list []Listed
	parts := r.Select((*Part)(nil)).Column("directive_id").Where("part.unit_id = ?", unitID)
	q := listed(r, &list).Where("(directive.unit_id = ? OR directive.id IN (?))", unitID, parts)
	return page(ctx, r, q, &list, f)
}

func page(ctx context.Context, r tenants.Reader, q *tenants.Query, list *[]Listed, f Filter) ([]Listed, bool, error) {
	switch f.View {
	case ToDo:
		q.Where("directive.state NOT IN (?, ?)", Done, Reported)
	case Late:
		q.Where("directive.state NOT IN (?, ?) AND directive.due_at <= ?", Done, Reported, r.Now())
	case ToJudge:
		q.Where("directive.state = ?", Reported)
	case Unfinished:
		q.Where("directive.state <> ?", Done)
	case Ended:
		q.Where("directive.state = ?", Done)
	}
	discreet(r, q, f.Actor)
	if f.UnitID != 0 {
		q.Where("directive.unit_id = ?", f.UnitID)
	}
	if f.State != "" {
		q.Where("directive.state = ?", f.State)
	}
	if !f.IssuedSince.IsZero() {
		q.Where("directive.issued_at >= ?", f.IssuedSince)
	}
	if !f.IssuedBefore.IsZero() {
		q.Where("directive.issued_at < ?", f.IssuedBefore)
	}
	if f.After != 0 {
		q.Where("(directive.due_at, directive.id) > (?)", r.Select((*Directive)(nil)).Column("due_at", "id").Where("directive.id = ?", f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	err := q.Order("directive.due_at", "directive.id").Limit(int64(f.Limit) + 1).Scan(ctx)
	if err != nil {
		return nil, false, tenants.Err(err)
	}
	if len(*list) > f.Limit {
		return (*list)[:f.Limit], true, nil
	}
	return *list, false, nil
}

// about narrows to the directives issued on one thing or, of a case, to those
// that hold it open from elsewhere too.
func about(r tenants.Reader, q *tenants.Query, kind string, id int64) *tenants.Query {
	if kind != OnComplaint {
		return q.Where("directive.origin_kind = ? AND directive.origin_id = ?", kind, id)
	}
	held := r.Select((*held)(nil)).Column("directive_id").Where("held.complaint_id = ?", id)
	return q.Where("(directive.origin_kind = ? AND directive.origin_id = ? OR directive.id IN (?))", kind, id, held)
}

// Of lists the directives on one thing that the actor may see, oldest first.
func Of(ctx context.Context, r tenants.Reader, a tenants.Actor, kind string, id int64) ([]Listed, error) {
	var list []Listed
	q := about(r, listed(r, &list), kind, id)
	err := discreet(r, q, a).Order("directive.id").Scan(ctx)
	return list, tenants.Err(err)
}

// EventsOf lists the events of all directives issued on one thing, oldest
// first; public only when the reader is the citizen.
//
// Those of confidential directives are left out.
func EventsOf(ctx context.Context, r tenants.Reader, kind string, id int64, publicOnly bool) ([]timeline.Event, error) {
	var list []timeline.Event
	q := r.Select(&list).Join("JOIN ? ON directive.id = event.subject_id", r.From((*Directive)(nil))).
		Where("event.subject_kind = 'directive' AND NOT directive.confidential").Order("event.id")
	about(r, q, kind, id)
	if publicOnly {
		// A return's reason was public once; it never is again.
		q.Where("event.public AND directive.public AND event.kind <> 'directive.returned'")
	}
	return list, tenants.Err(q.Scan(ctx))
}

// Open counts the directives on one thing that are not done; a case or meeting
// with open directives waits for them, confidential ones too.
func Open(ctx context.Context, r tenants.Reader, kind string, id int64) (int, error) {
	var n int
	q := r.Select((*Directive)(nil)).ColumnExpr("COUNT(*)").Where("directive.state <> ?", Done)
	err := about(r, q, kind, id).Scan(ctx, &n)
	return n, tenants.Err(err)
}

// OfCitizens lists the directives that are not done about one person, who may
// stand in several rows, oldest first.
func OfCitizens(ctx context.Context, r tenants.Reader, a tenants.Actor, ids []int64) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var list []Listed
	q := listed(r, &list).Where("directive.citizen_id IN (?) AND directive.state <> ?", tenants.In(ids), Done)
	err := discreet(r, q, a).Order("directive.id").Limit(20).Scan(ctx)
	return list, tenants.Err(err)
}

// Shown gives those of the directives that the actor may see, by their ids.
func Shown(ctx context.Context, r tenants.Reader, a tenants.Actor, ids []int64) (map[int64]Listed, error) {
	found := make(map[int64]Listed, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var list []Listed
	err := discreet(r, listed(r, &list), a).Where("directive.id IN (?)", tenants.In(ids)).Scan(ctx)
	for _, d := range list {
		found[d.ID] = d
	}
	return found, tenants.Err(err)
}
