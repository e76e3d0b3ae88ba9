package inspection

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// State is how far a visit is.
type State string

// The states of a visit.
const (
	Planned   State = "planned"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// FileKind is the subject kind of the photos of an item: held files, which no
// form takes along.
const FileKind = files.KindDraft

// Visit is one inspection of a unit, or of a place of it.
type Visit struct {
	tenants.BaseModel `bun:"table:inspections,alias:visit"`
	tenants.Owned
	ID           int64 `bun:",pk"`
	UnitID       int64
	Place        string // where, when it is not the unit's own office
	Day          string // Gregorian, YYYY-MM-DD
	Confidential bool
	Purpose      string
	InspectorID  int64
	PlannedBy    int64
	PlannedAt    time.Time
	State        State
	Finding      string
	Result       *int // percent; nil when nothing on the list applied
	DoneAt       *time.Time
	AnswerDueAt  *time.Time // the unit may answer an open visit until then
	Answer       string
	AnsweredBy   *int64
	AnsweredAt   *time.Time
	Reason       string // why it was cancelled
	Version      int
}

// Item is one question of a visit with what was seen.
type Item struct {
	tenants.BaseModel `bun:"table:inspection_items,alias:item"`
	tenants.Owned
	ID           int64 `bun:",pk"`
	InspectionID int64
	Position     int
	Section      Section
	TextFA       string `bun:"text_fa"`
	TextEN       string `bun:"text_en"`
	Weight       int
	Answer       string // of Answers, or empty
	Note         string
}

// Answers lists what can be said to a question.
func Answers() []string { return []string{"yes", "partly", "no", "na"} }

// Score is the percentage that the answers come to, by their weights: yes counts
// whole, partly half, no nothing; what does not apply is left out. False when
// nothing applied.
//
//	result = 100 × Σ weight × answer ÷ Σ weight
func Score(items []Item) (percent int, ok bool) {
	got, of := 0, 0
	for i := range items {
		switch items[i].Answer {
		case "yes":
			got += 2 * items[i].Weight
		case "partly":
			got += items[i].Weight
		case "no":
		default:
			continue
		}
		of += 2 * items[i].Weight
	}
	if of == 0 {
		return 0, false
	}
	return (100*got + of/2) / of, true
}

// Date is the day of the visit.
func (v *Visit) Date() persian.Date {
	day, err := time.ParseInLocation(time.DateOnly, v.Day, persian.Tehran)
	if err != nil {
		return persian.Date{}
	}
	return persian.DateOf(day.Add(12 * time.Hour))
}

// Noon is the middle of the visit's day in Tehran.
func (v *Visit) Noon() time.Time { return v.Date().Time(12, 0, persian.Tehran) }

// Late tells whether the visit should have been made.
func (v *Visit) Late(now time.Time) bool {
	return v.State == Planned && v.Date().Before(persian.DateOf(now.In(persian.Tehran)))
}

// Due tells whether the day of a planned visit has come.
func (v *Visit) Due(now time.Time) bool {
	return v.State == Planned && !v.Date().After(persian.DateOf(now.In(persian.Tehran)))
}

// Answerable tells whether the inspected unit may still answer the report.
func (v *Visit) Answerable(now time.Time) bool {
	return v.State == Done && !v.Confidential && v.AnsweredAt == nil && v.AnswerDueAt != nil && now.Before(*v.AnswerDueAt)
}

// Masks tells whether the actor is kept from who makes the visit: of a
// confidential one, only the inspector and who ordered it know.
func (v *Visit) Masks(a tenants.Actor) bool {
	return v.Confidential && a.Kind != tenants.System && a.ID != v.InspectorID && a.ID != v.PlannedBy
}

// discreet leaves out the visits (alias visit) that are kept from the actor.
// Confidential ones are inspection's alone, and never those of the actor's own
// unit; an open visit is shown to its unit once the report stands.
func discreet(q *tenants.Query, a tenants.Actor) *tenants.Query {
	switch {
	case a.Kind == tenants.System:
		return q
	case a.Inspects:
		return q.Where("(NOT visit.confidential OR visit.unit_id <> ? OR visit.inspector_id = ?)", a.UnitID, a.ID)
	case a.SeesAll:
		return q.Where("NOT visit.confidential AND (visit.unit_id <> ? OR visit.state = 'done')", a.UnitID)
	}
	return q.Where("NOT visit.confidential AND visit.unit_id = ? AND visit.state = 'done'", a.UnitID)
}

// Filter narrows the list of visits; zero values narrow nothing.
type Filter struct {
	State  State // Planned when empty
	UnitID int64
	Mine   bool // the actor's own only
	After  Cursor
	Limit  int
}

// Cursor is the last row of the page before.
type Cursor struct {
	Day string
	ID  int64
}

const pageSize = 30

// Visits lists one page: planned ones the next day first, others the latest
// first; more tells whether there is a next page.
func Visits(ctx context.Context, r tenants.Reader, a tenants.Actor, f Filter) (list []Visit, more bool, err error) {
	if f.State == "" {
		f.State = Planned
	}
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	q := discreet(r.Select(&list), a).Where("visit.state = ?", f.State).Limit(int64(f.Limit) + 1)
	if f.UnitID != 0 {
		q = q.Where("visit.unit_id = ?", f.UnitID)
	}
	if f.Mine {
		q = q.Where("visit.inspector_id = ?", a.ID)
	}
	if f.State == Planned {
		if f.After.Day != "" {
			q = q.Where("(visit.day, visit.id) > (?, ?)", f.After.Day, f.After.ID)
		}
		q = q.Order("visit.day", "visit.id")
	} else {
		if f.After.Day != "" {
			q = q.Where("(visit.day, visit.id) < (?, ?)", f.After.Day, f.After.ID)
		}
		q = q.Order("visit.day DESC", "visit.id DESC")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if len(list) > f.Limit {
		return list[:f.Limit], true, nil
	}
	return list, false, nil
}

// ByID reads one visit; NotFound when it is kept from the actor.
func ByID(ctx context.Context, r tenants.Reader, a tenants.Actor, id int64) (*Visit, error) {
	v := new(Visit)
	return v, tenants.Err(discreet(r.Select(v), a).Where("visit.id = ?", id).Scan(ctx))
}

// Items lists the questions of a visit in their order.
func Items(ctx context.Context, r tenants.Reader, id int64) ([]Item, error) {
	var list []Item
	return list, tenants.Err(r.Select(&list).Where("item.inspection_id = ?", id).Order("item.position").Scan(ctx))
}

// ItemByID reads one question with its visit, for its photos.
func ItemByID(ctx context.Context, r tenants.Reader, a tenants.Actor, id int64) (*Item, error) {
	item := new(Item)
	if err := r.Select(item).Where("item.id = ?", id).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	_, err := ByID(ctx, r, a, item.InspectionID)
	return item, err
}

// Inspectors lists who can be sent on a visit.
func Inspectors(ctx context.Context, r tenants.Reader) ([]staff.Staff, error) {
	return staff.Able(ctx, r, nil, "inspection:visit")
}

// lock reads a visit for update; NotFound when it is kept from the actor.
func lock(ctx context.Context, tx *tenants.Tx, id int64) (*Visit, error) {
	if _, err := ByID(ctx, tx, tx.Actor(), id); err != nil {
		return nil, err
	}
	v := new(Visit)
	return v, tx.Lock(ctx, v, "visit.id = ?", id)
}

func errState() error { return fault.New(fault.Conflict, "inspection.conflict.state") }
