package inspection

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// answerDays is how many working days an inspected unit has for its answer.
const answerDays = 7

// Plan is the order to inspect a unit.
type Plan struct {
	UnitID       int64
	Place        string
	Day          persian.Date
	Confidential bool
	Purpose      string
	InspectorID  int64
	ChecklistID  int64 // 0 is the standard one
}

// Order plans a visit. Field errors: unit, place, day, inspector, checklist,
// purpose. Nobody inspects the own unit.
func Order(ctx context.Context, tx *tenants.Tx, in Plan) (*Visit, error) {
	list, err := in.check(ctx, tx)
	if err != nil {
		return nil, err
	}
	v := &Visit{
		ID: tenants.NewID(), UnitID: in.UnitID, Place: in.Place, Day: in.Day.Time(12, 0, persian.Tehran).Format(time.DateOnly),
		Confidential: in.Confidential, Purpose: in.Purpose, InspectorID: in.InspectorID, PlannedBy: tx.Actor().ID, PlannedAt: tx.Now(),
		State: Planned, Version: 1,
	}
	if err := tx.Insert(ctx, v); err != nil {
		return nil, err
	}
	items := make([]Item, len(list.Questions))
	for i, q := range list.Questions {
		items[i] = Item{ID: tenants.NewID(), InspectionID: v.ID, Position: i + 1, Section: q.Section, TextFA: q.TextFA, TextEN: q.TextEN, Weight: q.Weight}
	}
	if err := tx.Insert(ctx, &items); err != nil {
		return nil, err
	}
	if err := v.remind(ctx, tx); err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, "inspection:plan", "inspection", v.ID, ""); err != nil || v.InspectorID == v.PlannedBy {
		return v, err
	}
	return v, tx.Enqueue(ctx, KindAppointed, Told{InspectionID: v.ID})
}

func (in *Plan) check(ctx context.Context, tx *tenants.Tx) (*Checklist, error) {
	bad := fault.Fields{}
	in.Place, in.Purpose = persian.CleanLine(in.Place), persian.Clean(in.Purpose)
	if utf8.RuneCountInString(in.Place) > maxName {
		bad.Add("place", "inspection.error.place")
	}
	if utf8.RuneCountInString(in.Purpose) > MaxText {
		bad.Add("purpose", "inspection.error.too_long")
	}
	if in.Day.Before(persian.DateOf(tx.Now().In(persian.Tehran))) {
		bad.Add("day", "inspection.error.day")
	}
	if u, err := tenants.UnitByID(ctx, tx, in.UnitID); fault.Is(err, fault.NotFound) || err == nil && !u.Active {
		bad.Add("unit", "inspection.error.unit")
	} else if err != nil {
		return nil, err
	}
	able, err := Inspectors(ctx, tx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(able, func(s staff.Staff) bool { return s.ID == in.InspectorID })
	if at < 0 {
		bad.Add("inspector", "inspection.error.inspector")
	} else if able[at].UnitID != nil && *able[at].UnitID == in.UnitID {
		bad.Add("inspector", "inspection.error.own_unit")
	}
	list, err := ChecklistByID(ctx, tx, in.ChecklistID)
	if fault.Is(err, fault.NotFound) || err == nil && !list.Active {
		bad.Add("checklist", "inspection.error.checklist")
	} else if err != nil {
		return nil, err
	}
	return list, bad.Err()
}

// Seen is what was seen of one question.
type Seen struct {
	Answer string
	Note   string
}

// Report is what an inspector brings back.
type Report struct {
	Finding string
	Seen    map[int64]Seen // by item
}

// Carry records the visit with its report: every question answered, a finding
// in words. Only the inspector who was sent reports, once; a unit that was
// inspected openly may answer within seven working days. Field errors: finding,
// answer_<item>, note_<item>.
func Carry(ctx context.Context, tx *tenants.Tx, id int64, in Report) (*Visit, error) {
	v, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if v.State != Planned {
		return nil, errState()
	}
	if v.InspectorID != tx.Actor().ID {
		return nil, fault.New(fault.Forbidden, "inspection.error.other_inspector")
	}
	if !v.Due(tx.Now()) {
		return nil, fault.New(fault.Conflict, "inspection.conflict.early")
	}
	items, err := Items(ctx, tx, v.ID)
	if err != nil {
		return nil, err
	}
	if err := in.fill(items); err != nil {
		return nil, err
	}
	if err := tx.UpdateEach(ctx, &items, "answer", "note"); err != nil {
		return nil, err
	}
	now := tx.Now()
	v.State, v.Finding, v.DoneAt = Done, in.Finding, &now
	if percent, ok := Score(items); ok {
		v.Result = &percent
	}
	if !v.Confidential {
		due, err := workingDue(ctx, tx, answerDays)
		if err != nil {
			return nil, err
		}
		v.AnswerDueAt = &due
	}
	if err := v.forget(ctx, tx); err != nil {
		return nil, err
	}
	if err := v.write(ctx, tx, "visit", "state", "finding", "done_at", "result", "answer_due_at"); err != nil || v.Confidential {
		return v, err
	}
	return v, tx.Enqueue(ctx, KindReported, Told{InspectionID: v.ID})
}

func (in *Report) fill(items []Item) error {
	bad := fault.Fields{}
	in.Finding = persian.Clean(in.Finding)
	switch n := utf8.RuneCountInString(in.Finding); {
	case n == 0:
		bad.Add("finding", "inspection.error.finding")
	case n > MaxText:
		bad.Add("finding", "inspection.error.too_long")
	}
	for i := range items {
		item, seen := &items[i], in.Seen[items[i].ID]
		item.Answer, item.Note = seen.Answer, persian.Clean(seen.Note)
		if !slices.Contains(Answers(), item.Answer) {
			bad.Add(Field("answer", item.ID), "inspection.error.answer")
		}
		if utf8.RuneCountInString(item.Note) > MaxText {
			bad.Add(Field("note", item.ID), "inspection.error.too_long")
		}
	}
	return bad.Err()
}

// Cancel calls a planned visit off, with a reason.
func Cancel(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	v, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if v.State != Planned {
		return errState()
	}
	if v.Reason, err = words("reason", reason); err != nil {
		return err
	}
	v.State = Cancelled
	if err := v.forget(ctx, tx); err != nil {
		return err
	}
	return v.write(ctx, tx, "cancel", "state", "reason")
}

// Respond takes the answer of the inspected unit to the report of an open visit,
// once and in time.
func Respond(ctx context.Context, tx *tenants.Tx, id int64, text string) error {
	v, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if v.UnitID != tx.Actor().UnitID {
		return fault.New(fault.Forbidden, "inspection.error.other_unit")
	}
	if !v.Answerable(tx.Now()) {
		return fault.New(fault.Conflict, "inspection.conflict.answer")
	}
	if v.Answer, err = words("answer", text); err != nil {
		return err
	}
	now, who := tx.Now(), tx.Actor().ID
	v.AnsweredAt, v.AnsweredBy = &now, &who
	if err := v.write(ctx, tx, "answer", "answer", "answered_at", "answered_by"); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindAnswered, Told{InspectionID: v.ID})
}

// Opened notes in the audit that somebody read a confidential visit; Openings
// lists it.
func Opened(ctx context.Context, tx *tenants.Tx, v *Visit) error {
	return audit.Record(ctx, tx, opening, "inspection", v.ID, "")
}

const opening = "inspection:open"

// Openings lists who opened a confidential visit and when, the last first.
func Openings(ctx context.Context, r tenants.Reader, id int64) ([]audit.Entry, error) {
	list, err := audit.Of(ctx, r, "inspection", id, 100)
	return slices.DeleteFunc(list, func(e audit.Entry) bool { return e.Act != opening }), err
}

// write saves the columns with the new version and the audit line.
func (v *Visit) write(ctx context.Context, tx *tenants.Tx, act string, columns ...string) error {
	v.Version++
	if err := tx.Update(ctx, v, append(columns, "version")...); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "inspection:"+act, "inspection", v.ID, "")
}
