package complaints

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Box is a complaint box: where it hangs, which unit looks after it, and when
// it is opened next.
type Box struct {
	tenants.BaseModel `bun:"table:boxes,alias:box"`
	tenants.Owned
	ID         int64  `bun:",pk"`
	Code       string // the number on the box
	PlaceFA    string `bun:"place_fa"`
	PlaceEN    string `bun:"place_en"`
	UnitID     int64
	EveryDays  int    // 1 to 90; of a weekly schedule seven days for each week
	Weekdays   int    // bits from Saturday; 0 when only the days are counted
	NextOn     string // Gregorian, YYYY-MM-DD
	Active     bool
	RemindedOn string // the planned day of which the PR office was told last
}

// Day is the day of the next opening.
func (b *Box) Day() persian.Date { return dayOf(b.NextOn) }

// Due tells whether the box is to be opened today or was to be opened before.
func (b *Box) Due(now time.Time) bool { return b.Active && b.NextOn <= today(now) }

// Overdue tells whether the day of the opening has passed.
func (b *Box) Overdue(now time.Time) bool { return b.Active && b.NextOn < today(now) }

func today(now time.Time) string { return VisitDay(persian.DateOf(now.In(persian.Tehran))) }

// dayOf reads a day as it is kept; it was written by VisitDay.
func dayOf(day string) persian.Date {
	t, _ := time.ParseInLocation(time.DateOnly, day, persian.Tehran) // the zero day when it is none
	return persian.DateOf(t)
}

// BoxCursor is the place of a row in the order of the boxes: day, then ID.
type BoxCursor struct {
	Day string
	ID  int64
}

// ListedBox is a box with what waits in it.
type ListedBox struct {
	Box
	Unfinished int // minutes whose letters are not all entered
}

// Boxes reads one page of the boxes in use, those to be opened first on top; or
// with retired the others, by their number. Two statements.
func Boxes(ctx context.Context, r tenants.Reader, retired bool, after BoxCursor) (list []ListedBox, more bool, err error) {
	var rows []Box
	q := r.Select(&rows).Limit(pageSize + 1)
	switch {
	case retired:
		q = q.Where("NOT box.active").Order("box.code")
	case after.ID != 0:
		q = q.Where("box.active AND (box.next_on, box.id) > (?, ?)", after.Day, after.ID).Order("box.next_on", "box.id")
	default:
		q = q.Where("box.active").Order("box.next_on", "box.id")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, tenants.Err(err)
	}
	if more = len(rows) > pageSize; more {
		rows = rows[:pageSize]
	}
	open, err := unfinished(ctx, r, rows)
	for i := range rows {
		list = append(list, ListedBox{Box: rows[i], Unfinished: open[rows[i].ID]})
	}
	return list, more, err
}

func unfinished(ctx context.Context, r tenants.Reader, rows []Box) (map[int64]int, error) {
	counts := map[int64]int{}
	if len(rows) == 0 {
		return counts, nil
	}
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	var found []struct {
		BoxID int64
		N     int
	}
	err := r.Select((*BoxOpening)(nil)).ColumnExpr("opening.box_id, count(*) AS n").
		Where("opening.box_id IN (?) AND opening.finished_at IS NULL", tenants.In(ids)).GroupExpr("opening.box_id").Scan(ctx, &found)
	for _, f := range found {
		counts[f.BoxID] = f.N
	}
	return counts, tenants.Err(err)
}

// BoxByID reads one box, in use or not.
func BoxByID(ctx context.Context, r tenants.Reader, id int64) (*Box, error) {
	b := new(Box)
	return b, tenants.Err(r.Select(b).Where("box.id = ?", id).Scan(ctx))
}

// SaveBox writes a box: a new one when it has no ID, else a change of all but
// its number. An empty NextOn, or another schedule, plans the next opening anew.
func SaveBox(ctx context.Context, tx *tenants.Tx, b *Box) error {
	old := new(Box)
	if b.ID != 0 {
		if err := tx.Lock(ctx, old, "box.id = ?", b.ID); err != nil {
			return err
		}
		b.Code, b.RemindedOn = old.Code, old.RemindedOn
	}
	b.Code = strings.ToLower(persian.ToASCII(persian.CleanLine(b.Code)))
	b.PlaceFA, b.PlaceEN = persian.CleanLine(b.PlaceFA), persian.CleanLine(b.PlaceEN)
	if err := b.check(ctx, tx, old); err != nil {
		return err
	}
	hours, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	if b.NextOn == "" || b.NextOn == old.NextOn && b.Schedule() != old.Schedule() {
		b.NextOn = VisitDay(b.Schedule().First(persian.DateOf(tx.Now().In(persian.Tehran)), hours))
	}
	if b.ID != 0 {
		if err := tx.Update(ctx, b); err != nil {
			return fault.Wrap(err, "complaints.SaveBox")
		}
		return audit.Record(ctx, tx, "box:edit", "box", b.ID, b.Code)
	}
	b.ID = tenants.NewID()
	if err := tx.Insert(ctx, b); err != nil {
		return taken(err, "complaints.SaveBox")
	}
	return audit.Record(ctx, tx, "box:edit", "box", b.ID, "new "+b.Code)
}

// check finds what is wrong with the fields code, place_fa, place_en, unit,
// every, weekdays, next and active.
func (b *Box) check(ctx context.Context, r tenants.Reader, old *Box) error {
	wrong := fault.Fields{}
	if !codeShape.MatchString(b.Code) {
		wrong.Add("code", "paper.error.box_code")
	}
	for field, text := range map[string]string{"place_fa": b.PlaceFA, "place_en": b.PlaceEN} {
		if utf8.RuneCountInString(text) > maxLabel {
			wrong.Add(field, "intake.error.too_long")
		}
	}
	if b.PlaceFA == "" {
		wrong.Add("place_fa", "paper.error.place_missing")
	}
	b.Schedule().check(wrong)
	if b.NextOn != "" && b.NextOn != old.NextOn && b.NextOn < today(r.Now()) {
		wrong.Add("next", "paper.error.next_past")
	}
	if unit, err := tenants.UnitByID(ctx, r, b.UnitID); fault.Is(err, fault.NotFound) || err == nil && !unit.Active && b.UnitID != old.UnitID {
		wrong.Add("unit", "paper.error.unit")
	} else if err != nil {
		return err
	}
	if b.ID != 0 && old.Active && !b.Active {
		open, err := unfinished(ctx, r, []Box{*b})
		if err != nil {
			return err
		}
		if open[b.ID] > 0 {
			wrong.Add("active", "paper.error.box_unfinished")
		}
	}
	return wrong.Err()
}

// remindFrom is the hour in Tehran before which nobody is reminded of a box.
const remindFrom = 8

// RemindBoxes enqueues a reminder for every box whose opening is overdue, once
// for each planned day, and tells how many. At night it waits.
func RemindBoxes(ctx context.Context, tx *tenants.Tx) (int, error) {
	if tx.Now().In(persian.Tehran).Hour() < remindFrom {
		return 0, nil
	}
	var late []Box
	err := tx.Select(&late).Where("box.active AND box.next_on < ? AND box.reminded_on < box.next_on", today(tx.Now())).Order("box.next_on").Scan(ctx)
	if err != nil {
		return 0, tenants.Err(err)
	}
	for i := range late {
		b := &late[i]
		b.RemindedOn = b.NextOn
		if err := tx.Update(ctx, b, "reminded_on"); err != nil {
			return 0, fault.Wrap(err, "complaints.RemindBoxes")
		}
		if err := tx.Enqueue(ctx, KindBoxOverdue, BoxFact{BoxID: b.ID}); err != nil {
			return 0, err
		}
	}
	return len(late), nil
}

// KindBoxOverdue is the fact that the day of a box's opening has passed.
const KindBoxOverdue = "box.overdue"

// BoxFact is the payload of facts about a box.
type BoxFact struct {
	BoxID int64 `json:"box_id"`
}

// Setting implements tenants.Setting.
func (b *Box) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaIntake, NameFA: b.PlaceFA, NameEN: b.PlaceEN, Hidden: []string{"next_on", "reminded_on"}}
}
