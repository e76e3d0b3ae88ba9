package inspection

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// The states of a violation: reported by inspection alone, heard once the
// person's answer is in the file, decided.
const (
	Reported = "reported"
	Heard    = "heard"
	Decided  = "decided"
)

// The decisions on a violation.
const (
	Upheld    = "upheld"
	Dismissed = "dismissed"
)

// RuleVersion is the version of Points.
const RuleVersion = 1

// Kinds lists what a violation can be.
func Kinds() []string {
	return []string{"conduct", "money", "neglect", "absence", "false_report", "secrecy", "other"}
}

// Severities lists how grave one can be, the lightest first.
func Severities() []string { return []string{"minor", "serious", "grave"} }

// Points is what an upheld violation costs its unit.
func Points(severity string) int {
	return map[string]int{"minor": 10, "serious": 30, "grave": 60}[severity]
}

// Violation is the file of one violation.
type Violation struct {
	tenants.BaseModel `bun:"table:violations,alias:v"`
	tenants.Owned
	ID             int64 `bun:",pk"`
	UnitID         int64
	StaffID        *int64 // whom it is about, when that is known
	Kind           string
	Severity       string
	InspectionID   *int64
	ComplaintID    *int64
	Text           string
	State          string
	ReportedBy     int64
	ReportedAt     time.Time
	DueAt          time.Time // for the next step
	Hearing        string    // the person's answer
	HeardBy        *int64
	HeardAt        *time.Time
	Decision       string
	Measure        string
	DecidedBy      *int64
	DecidedAt      *time.Time
	OverturnedAt   *time.Time
	OverturnedBy   *int64
	OverturnReason string
	Version        int
}

// Cost is one line of what upheld violations cost units; only another line
// undoes it.
type Cost struct {
	tenants.BaseModel `bun:"table:violation_scores,alias:cost"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	UnitID      int64
	ViolationID int64
	Points      int // negative, or positive in a reversing line
	RuleVersion int
	ReversesID  *int64
	Reason      string
	At          time.Time
}

// Late tells whether the next step is overdue.
func (v *Violation) Late(now time.Time) bool { return v.State != Decided && v.DueAt.Before(now) }

// discreetFile leaves out the files (alias v) that are kept from the actor:
// inspection sees them, save those that name the actor or their unit before the
// hearing; the unit's own people see a file once it was heard.
func discreetFile(q *tenants.Query, a tenants.Actor) *tenants.Query {
	switch {
	case a.Kind == tenants.System:
		return q
	case a.Inspects:
		return q.Where("(v.state <> 'reported' OR v.unit_id <> ? AND (v.staff_id IS NULL OR v.staff_id <> ?))", a.UnitID, a.ID)
	}
	return q.Where("v.unit_id = ? AND v.state <> 'reported'", a.UnitID)
}

// ViolationFilter narrows the list; zero values narrow nothing.
type ViolationFilter struct {
	State  string
	UnitID int64
	Before int64
	Limit  int
}

// Violations lists the files shown to the actor, the newest first; more tells
// whether there is a next page.
func Violations(ctx context.Context, r tenants.Reader, a tenants.Actor, f ViolationFilter) (list []Violation, more bool, err error) {
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	q := discreetFile(r.Select(&list), a).Order("v.id DESC").Limit(int64(f.Limit) + 1)
	if f.State != "" {
		q = q.Where("v.state = ?", f.State)
	}
	if f.UnitID != 0 {
		q = q.Where("v.unit_id = ?", f.UnitID)
	}
	if f.Before != 0 {
		q = q.Where("v.id < ?", f.Before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if len(list) > f.Limit {
		return list[:f.Limit], true, nil
	}
	return list, false, nil
}

// ViolationByID reads one file; NotFound when it is kept from the actor.
func ViolationByID(ctx context.Context, r tenants.Reader, a tenants.Actor, id int64) (*Violation, error) {
	v := new(Violation)
	return v, tenants.Err(discreetFile(r.Select(v), a).Where("v.id = ?", id).Scan(ctx))
}

// CostsOf lists the lines that a violation wrote, the oldest first.
func CostsOf(ctx context.Context, r tenants.Reader, id int64) ([]Cost, error) {
	var list []Cost
	return list, tenants.Err(r.Select(&list).Where("cost.violation_id = ?", id).Order("cost.id").Scan(ctx))
}

func lockViolation(ctx context.Context, tx *tenants.Tx, id int64, state string) (*Violation, error) {
	if _, err := ViolationByID(ctx, tx, tx.Actor(), id); err != nil {
		return nil, err
	}
	v := new(Violation)
	if err := tx.Lock(ctx, v, "v.id = ?", id); err != nil {
		return nil, err
	}
	if v.State != state {
		return nil, fault.New(fault.Conflict, "violation.conflict.state")
	}
	return v, nil
}
