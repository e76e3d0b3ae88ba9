package quality

import (
	"context"
	"slices"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// The states of an action, in the order of the usual way. Overdue is none: it
// follows from the day.
const (
	ActionPlanned  = "planned"
	ActionInWork   = "in_work"
	ActionDone     = "done"     // its owner says so
	ActionVerified = "verified" // somebody else has looked
	ActionDropped  = "dropped"
)

// ActionStates lists them.
func ActionStates() []string {
	return []string{ActionPlanned, ActionInWork, ActionDone, ActionVerified, ActionDropped}
}

// From what an action can come.
const (
	FromInspection = "inspection"
	FromViolation  = "violation"
	FromWarning    = "warning"
	FromTopic      = "topic"
)

// Source names what an action comes from.
type Source struct {
	Kind string
	ID   int64
}

// Improvement is something that is done about a finding, by a unit, until a day.
type Improvement struct {
	tenants.BaseModel `bun:"table:improvements,alias:action"`
	tenants.Owned
	ID         int64 `bun:",pk"`
	SourceKind string
	SourceID   int64
	TopicID    *int64 // whose satisfaction it is measured by; else that of the unit
	UnitID     int64
	OwnerID    *int64 // of the unit, when one person sees to it
	Title      string
	Text       string
	DueAt      time.Time
	State      string
	PlannedBy  int64
	PlannedAt  time.Time
	StartedBy  *int64
	StartedAt  *time.Time
	Result     string
	DoneBy     *int64
	DoneAt     *time.Time
	VerifiedBy *int64
	VerifiedAt *time.Time
	Verdict    string
	Version    int
}

// ImprovementAct is a line of what was done with an action.
type ImprovementAct struct {
	tenants.BaseModel `bun:"table:improvement_acts,alias:line"`
	tenants.Owned
	ID            int64 `bun:",pk"`
	ImprovementID int64
	Act           string // planned, started, done, returned, verified, dropped
	StaffID       int64
	Note          string
	At            time.Time
}

// Source is what it comes from.
func (i *Improvement) Source() Source { return Source{i.SourceKind, i.SourceID} }

// Running tells whether its owner still has to do something.
func (i *Improvement) Running() bool { return i.State == ActionPlanned || i.State == ActionInWork }

// Late tells whether its day has passed.
func (i *Improvement) Late(now time.Time) bool { return i.Running() && now.After(i.DueAt) }

// Date is the day until which it is to be done.
func (i *Improvement) Date() persian.Date { return persian.DateOf(i.DueAt.In(persian.Tehran)) }

// shownTo leaves out the actions (alias action) of other units, for who is not
// shown the whole organization.
func shownTo(q *tenants.Query, a tenants.Actor) *tenants.Query {
	if a.Kind == tenants.System || a.SeesAll || a.Inspects {
		return q
	}
	return q.Where("action.unit_id IN (?)", tenants.In(a.Units()))
}

// ImprovementFilter narrows the list; zero values narrow nothing.
type ImprovementFilter struct {
	State  string // ActionPlanned when empty
	UnitID int64
	After  time.Time // the last row of the page before
	ID     int64
	Limit  int
}

// Improvements lists one page by their day; more tells whether there is a next.
func Improvements(ctx context.Context, r tenants.Reader, a tenants.Actor, f ImprovementFilter) (list []Improvement, more bool, err error) {
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	if !slices.Contains(ActionStates(), f.State) {
		f.State = ActionPlanned
	}
	q := shownTo(r.Select(&list), a).Where("action.state = ?", f.State).Limit(int64(f.Limit) + 1)
	if f.UnitID != 0 {
		q = q.Where("action.unit_id = ?", f.UnitID)
	}
	back := f.State == ActionVerified || f.State == ActionDropped
	switch {
	case f.ID != 0 && back:
		q = q.Where("(action.due_at, action.id) < (?, ?)", f.After, f.ID)
	case f.ID != 0:
		q = q.Where("(action.due_at, action.id) > (?, ?)", f.After, f.ID)
	}
	if back {
		q = q.Order("action.due_at DESC", "action.id DESC")
	} else {
		q = q.Order("action.due_at", "action.id")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if len(list) > f.Limit {
		return list[:f.Limit], true, nil
	}
	return list, false, nil
}

// ImprovementsOf lists the actions that come from a finding and are shown to the
// actor, the oldest first.
func ImprovementsOf(ctx context.Context, r tenants.Reader, a tenants.Actor, s Source) ([]Improvement, error) {
	var list []Improvement
	return list, tenants.Err(shownTo(r.Select(&list), a).Where("action.source_kind = ? AND action.source_id = ?", s.Kind, s.ID).Order("action.id").Limit(50).Scan(ctx))
}

// ImprovementByID reads one; NotFound when it is not shown to the actor.
func ImprovementByID(ctx context.Context, r tenants.Reader, a tenants.Actor, id int64) (*Improvement, error) {
	i := new(Improvement)
	return i, tenants.Err(shownTo(r.Select(i), a).Where("action.id = ?", id).Scan(ctx))
}

// ImprovementActs lists what was done with an action, the oldest first.
func ImprovementActs(ctx context.Context, r tenants.Reader, id int64) ([]ImprovementAct, error) {
	var list []ImprovementAct
	return list, tenants.Err(r.Select(&list).Where("line.improvement_id = ?", id).Order("line.id").Limit(200).Scan(ctx))
}

// SourceShown finds what an action comes from as far as the actor may know of
// it: a confidential visit does not show itself to the unit by what follows
// from it. The unit is that of the finding, 0 when it has none.
func SourceShown(ctx context.Context, r tenants.Reader, a tenants.Actor, s Source) (unit, topic int64, err error) {
	switch s.Kind {
	case FromInspection:
		v, err := inspection.ByID(ctx, r, a, s.ID)
		if err != nil {
			return 0, 0, err
		}
		return v.UnitID, 0, nil
	case FromViolation:
		v, err := inspection.ViolationByID(ctx, r, a, s.ID)
		if err != nil {
			return 0, 0, err
		}
		return v.UnitID, 0, nil
	case FromWarning:
		w, err := WarningByID(ctx, r, s.ID)
		if err != nil {
			return 0, 0, err
		}
		switch w.Dimension {
		case Unit:
			return w.SubjectID, 0, nil
		case Topic:
			return 0, w.SubjectID, nil
		}
		return 0, 0, nil
	case FromTopic:
		t, err := tenants.TopicByID(ctx, r, s.ID)
		if err != nil {
			return 0, 0, err
		}
		if t.UnitID != nil {
			unit = *t.UnitID
		}
		return unit, t.ID, nil
	}
	return 0, 0, fault.New(fault.NotFound, "error.not_found")
}

// compareDays is how long before and after an action satisfaction is measured.
const compareDays = 60

// Effect is the satisfaction before an action was done and since, with how many
// citizens said so.
type Effect struct {
	At            time.Time
	Days          int
	Before, After complaints.Verdicts
}

// EffectOf measures what came of an action, by its topic or, without one, by its
// unit; empty while it is not done.
func EffectOf(ctx context.Context, r tenants.Reader, i *Improvement) (*Effect, error) {
	if i.DoneAt == nil {
		return &Effect{}, nil
	}
	topic := int64(0)
	if i.TopicID != nil {
		topic = *i.TopicID
	}
	e := &Effect{At: *i.DoneAt, Days: compareDays}
	var err error
	e.Before, e.After, err = complaints.VerdictsOn(ctx, r, topic, i.UnitID, e.At.AddDate(0, 0, -compareDays), e.At, e.At.AddDate(0, 0, compareDays))
	return e, err
}
