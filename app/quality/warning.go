package quality

import (
	"context"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// The kinds of warning.
const (
	Spike        = "spike"        // many more cases in a day than usual
	Repeat       = "repeat"       // one citizen comes back about the same
	Ageing       = "ageing"       // more and more of the open cases are old
	Reopened     = "reopened"     // much of a unit's work comes back to it
	Dissatisfied = "dissatisfied" // few are satisfied with a unit's work
)

// The states of a warning: nobody has looked at it, somebody sees to it, done.
const (
	Open         = "open"
	Acknowledged = "acknowledged"
	Closed       = "closed"
)

// Series is what a warning draws: what was observed over time beside what would
// be usual. Days are Gregorian, YYYY-MM-DD.
type Series struct {
	Days     []string `json:"days"`
	Observed []int    `json:"observed"`
	Usual    []int    `json:"usual"`
}

// Warning is one thing out of the ordinary. While it stands (the cause lasts, or
// nobody has closed it) there is no second one of the same.
type Warning struct {
	tenants.BaseModel `bun:"table:warnings,alias:warning"`
	tenants.Owned
	ID         int64 `bun:",pk"`
	Kind       string
	Dimension  string
	SubjectID  int64 // topic, district, unit or citizen; 0 for the organization
	OtherID    int64 // topic or district of a citizen that comes back; a district is negative
	Observed   int   // cases a day, cases, or percent
	Expected   int   // tenths of cases a day; else cases or percent
	Strong     bool
	FromAt     time.Time // of the cases behind it
	UntilAt    time.Time
	Series     Series `bun:"type:jsonb"`
	State      string
	RaisedAt   time.Time
	SeenAt     time.Time  // the cause was there when it was last looked for
	EndedAt    *time.Time // the cause was gone
	AssignedTo *int64
	Version    int
}

// Act is what somebody did with a warning.
type Act struct {
	tenants.BaseModel `bun:"table:warning_acts,alias:act"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	WarningID int64
	Act       string // acknowledged, assigned, closed
	StaffID   int64
	ToID      *int64
	Note      string
	At        time.Time
}

const pageSize = 25

// Filter narrows the list; zero values narrow nothing.
type Filter struct {
	State  string
	Mine   int64 // assigned to
	Before int64 // the last ID of the page before
	Limit  int
}

// Warnings lists one page, the newest first; more tells whether there is a next.
func Warnings(ctx context.Context, r tenants.Reader, f Filter) (list []Warning, more bool, err error) {
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	q := r.Select(&list).Order("warning.id DESC").Limit(int64(f.Limit) + 1)
	if f.State != "" {
		q = q.Where("warning.state = ?", f.State)
	}
	if f.Mine != 0 {
		q = q.Where("warning.assigned_to = ?", f.Mine)
	}
	if f.Before != 0 {
		q = q.Where("warning.id < ?", f.Before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if len(list) > f.Limit {
		return list[:f.Limit], true, nil
	}
	return list, false, nil
}

// WarningByID reads one.
func WarningByID(ctx context.Context, r tenants.Reader, id int64) (*Warning, error) {
	w := new(Warning)
	return w, tenants.Err(r.Select(w).Where("warning.id = ?", id).Scan(ctx))
}

// Acts lists what was done with a warning, the oldest first.
func Acts(ctx context.Context, r tenants.Reader, id int64) ([]Act, error) {
	var list []Act
	return list, tenants.Err(r.Select(&list).Where("act.warning_id = ?", id).Order("act.id").Limit(200).Scan(ctx))
}

// openLimit bounds what the side bar counts.
const openLimit = 100

// OpenCount counts the warnings at which nobody has looked, up to 100; an
// organization's people share what was counted a moment ago.
func OpenCount(ctx context.Context, r tenants.Reader) (int, error) {
	numbers, err := tenants.Glance(r, "quality.OpenCount", func() ([]int, error) {
		n := 0
		sub := r.Select((*Warning)(nil)).ColumnExpr("1").Where("warning.state = 'open'").Limit(openLimit)
		err := r.Select((*tenants.Unit)(nil)).ColumnExpr("(SELECT count(*) FROM (?) AS t)", sub).Limit(1).Scan(ctx, &n)
		if fault.Is(tenants.Err(err), fault.NotFound) {
			err = nil // without units there are no cases
		}
		return []int{n}, tenants.Err(err)
	})
	if err != nil {
		return 0, err
	}
	return numbers[0], nil
}

// behindLimit is how many cases a warning leads to at most.
const behindLimit = 1000

// Behind are the ids of the cases behind a warning, for complaints.Filter.
func Behind(r tenants.Reader, w *Warning) *tenants.Query {
	switch w.Kind {
	case Reopened:
		return legs(r, w).Where("leg.cycle > 1")
	case Dissatisfied:
		return r.Select((*complaints.Call)(nil)).ColumnExpr("call.complaint_id").
			Join("JOIN ? ON leg.complaint_id = call.complaint_id AND leg.cycle = call.cycle AND leg.lead AND leg.state = 'answered'", r.From((*complaints.Referral)(nil))).
			Where("call.at >= ? AND call.at < ? AND call.outcome = 'not_satisfied' AND leg.unit_id = ?", w.FromAt, w.UntilAt, w.SubjectID).Limit(behindLimit)
	case Spike:
		if w.Dimension == Unit {
			return legs(r, w).Where("leg.cycle = 1")
		}
	}
	q := r.Select((*complaints.Complaint)(nil)).Column("id").Where("c.registered_at >= ? AND c.registered_at < ? AND "+counted, w.FromAt, w.UntilAt).Limit(behindLimit)
	if w.Kind == Ageing {
		q = q.Where("c.state <> 'closed'")
	}
	switch w.Dimension {
	case Topic:
		q = q.Where("c.topic_id = ?", w.SubjectID)
	case District:
		q = q.Where("c.district_id = ?", w.SubjectID)
	case Citizen:
		if q = q.Where("c.citizen_id = ?", w.SubjectID); w.OtherID < 0 {
			q = q.Where("c.district_id = ?", -w.OtherID)
		} else {
			q = q.Where("c.topic_id = ?", w.OtherID)
		}
	}
	return q
}

func legs(r tenants.Reader, w *Warning) *tenants.Query {
	return r.Select((*complaints.Referral)(nil)).Column("complaint_id").
		Where("leg.referred_at >= ? AND leg.referred_at < ? AND leg.lead AND leg.unit_id = ?", w.FromAt, w.UntilAt, w.SubjectID).Limit(behindLimit)
}
