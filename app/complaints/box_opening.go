package complaints

import (
	"context"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Limits of the minutes of an opening.
const (
	maxLetters = 500
	maxNote    = 2000
)

// BoxOpening is the minutes of an opening, signed by two persons. Its letters
// are the cases that name it.
type BoxOpening struct {
	tenants.BaseModel `bun:"table:box_openings,alias:opening"`
	tenants.Owned
	ID         int64 `bun:",pk"`
	BoxID      int64
	Number     int // of the box's minutes, from 1
	OpenedAt   time.Time
	StaffID    int64
	WitnessID  int64
	Letters    int // found in the box
	Note       string
	Difference string     // why other letters were entered than were found
	FinishedAt *time.Time // from then on the minutes are locked
}

// Locked tells whether the minutes are finished.
func (o *BoxOpening) Locked() bool { return o.FinishedAt != nil }

// BoxOpened is what the minutes of an opening say.
type BoxOpened struct {
	At        time.Time // zero: unreadable or missing
	StaffID   int64
	WitnessID int64
	Letters   int // found; -1 when it was not said
	Note      string
}

// OpenBox keeps the minutes of an opening by two different persons and plans the
// next one. An empty box has minutes, too; they are finished at once.
func OpenBox(ctx context.Context, tx *tenants.Tx, boxID int64, in BoxOpened) (*BoxOpening, error) {
	b := new(Box)
	if err := tx.Lock(ctx, b, "box.id = ?", boxID); err != nil {
		return nil, err
	}
	if !b.Active {
		return nil, fault.New(fault.Conflict, "paper.conflict.box_retired")
	}
	last := new(BoxOpening)
	err := tx.Select(last).Where("opening.box_id = ?", b.ID).OrderExpr("opening.number DESC").Limit(1).Scan(ctx)
	if err = tenants.Err(err); err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if err := in.check(ctx, tx, last); err != nil {
		return nil, err
	}
	o := &BoxOpening{
		ID: tenants.NewID(), BoxID: b.ID, Number: last.Number + 1, OpenedAt: in.At, StaffID: in.StaffID, WitnessID: in.WitnessID,
		Letters: in.Letters, Note: in.Note,
	}
	if now := tx.Now(); o.Letters == 0 {
		o.FinishedAt = &now
	}
	if err := tx.Insert(ctx, o); err != nil {
		return nil, fault.Wrap(err, "complaints.OpenBox")
	}
	return o, b.opened(ctx, tx, o)
}

// opened plans the next opening of the box.
func (b *Box) opened(ctx context.Context, tx *tenants.Tx, o *BoxOpening) error {
	hours, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	b.NextOn = VisitDay(b.Schedule().Next(persian.DateOf(o.OpenedAt.In(persian.Tehran)), hours))
	if err := tx.Update(ctx, b, "next_on"); err != nil {
		return fault.Wrap(err, "complaints.OpenBox")
	}
	return audit.Record(ctx, tx, "box:open", "box_opening", o.ID, b.Code)
}

// check finds what is wrong with the fields opened, staff, witness, letters and
// note.
func (in *BoxOpened) check(ctx context.Context, r tenants.Reader, last *BoxOpening) error {
	in.Note = persian.Clean(in.Note)
	wrong := fault.Fields{}
	switch {
	case in.At.IsZero():
		wrong.Add("opened", "paper.error.opened_missing")
	case in.At.After(r.Now()):
		wrong.Add("opened", "paper.error.opened_ahead")
	case last.ID != 0 && !in.At.After(last.OpenedAt):
		wrong.Add("opened", "paper.error.opened_before")
	}
	if in.Letters < 0 || in.Letters > maxLetters {
		wrong.Add("letters", "paper.error.letters")
	}
	if utf8.RuneCountInString(in.Note) > maxNote {
		wrong.Add("note", "intake.error.too_long")
	}
	if in.StaffID != 0 && in.StaffID == in.WitnessID {
		wrong.Add("witness", "paper.error.same_person")
	}
	people, err := staff.Colleagues(ctx, r, []int64{in.StaffID, in.WitnessID})
	if err != nil {
		return err
	}
	for field, id := range map[string]int64{"staff": in.StaffID, "witness": in.WitnessID} {
		if who, known := people[id]; !known || who.DisabledAt != nil {
			wrong.Add(field, "paper.error.person")
		}
	}
	return wrong.Err()
}

// OpeningByID reads the minutes of one opening.
func OpeningByID(ctx context.Context, r tenants.Reader, id int64) (*BoxOpening, error) {
	o := new(BoxOpening)
	return o, tenants.Err(r.Select(o).Where("opening.id = ?", id).Scan(ctx))
}

// ListedOpening is the minutes of an opening with how many of its letters are
// entered.
type ListedOpening struct {
	BoxOpening
	Entered int
}

// BoxOpenings reads one page of a box's minutes, the newest first; before is
// the id of the last row of the page before, or 0. Two statements.
func BoxOpenings(ctx context.Context, r tenants.Reader, boxID, before int64) (list []ListedOpening, more bool, err error) {
	const page = 20
	var rows []BoxOpening
	q := r.Select(&rows).Where("opening.box_id = ?", boxID).OrderExpr("opening.id DESC").Limit(page + 1)
	if before != 0 {
		q = q.Where("opening.id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if more = len(rows) > page; more {
		rows = rows[:page]
	}
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	entered, err := Entered(ctx, r, ids...)
	for i := range rows {
		list = append(list, ListedOpening{BoxOpening: rows[i], Entered: entered[rows[i].ID]})
	}
	return list, more, err
}

// FinishOpening locks the minutes. Where other letters were entered than were
// found, it must be said why.
func FinishOpening(ctx context.Context, tx *tenants.Tx, id int64, difference string) error {
	o, err := lockOpening(ctx, tx, id)
	if err != nil {
		return err
	}
	entered, err := Entered(ctx, tx, id)
	if err != nil {
		return err
	}
	difference = persian.Clean(difference)
	switch {
	case entered[id] == o.Letters:
		difference = ""
	case difference == "":
		return fault.Field("difference", "paper.error.difference")
	case utf8.RuneCountInString(difference) > maxNote:
		return fault.Field("difference", "intake.error.too_long")
	}
	now := tx.Now()
	o.Difference, o.FinishedAt = difference, &now
	if err := tx.Update(ctx, o, "difference", "finished_at"); err != nil {
		return fault.Wrap(err, "complaints.FinishOpening")
	}
	return audit.Record(ctx, tx, "box:finish", "box_opening", id, "")
}

// lockOpening takes minutes that are not locked.
func lockOpening(ctx context.Context, tx *tenants.Tx, id int64) (*BoxOpening, error) {
	o := new(BoxOpening)
	if err := tx.Lock(ctx, o, "opening.id = ?", id); err != nil {
		return nil, err
	}
	if o.Locked() {
		return nil, fault.New(fault.Conflict, "paper.conflict.locked")
	}
	return o, nil
}
