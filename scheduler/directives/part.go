package directives

import (
	"context"
	"strconv"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// PartState is how far a unit is with its part of a directive.
type PartState string

// The states of a part. Reported waits for the lead unit.
const (
	PartNotified   PartState = "notified"
	PartInProgress PartState = "in_progress"
	PartReported   PartState = "reported"
	PartReturned   PartState = "returned"
	PartAccepted   PartState = "accepted"
)

// MaxParts is how many units may help the lead unit.
const MaxParts = 8

// PartOrder is what one more unit has to do. A zero DueAt means the lead's.
type PartOrder struct {
	UnitID int64
	Text   string
	DueAt  time.Time
}

// Part is what one more unit has to do for a directive, with its own clock.
type Part struct {
	tenants.BaseModel `bun:"table:directive_parts,alias:part"`
	tenants.Owned
	ID            int64 `bun:",pk"`
	DirectiveID   int64
	UnitID        int64
	Text          string
	State         PartState
	Report        string
	Returns       int
	DueAt         time.Time // never after the directive's
	NextClockAt   *time.Time
	RemindedLevel int
	SeenBy        *int64
	SeenAt        *time.Time
	AcceptedAt    *time.Time
	Version       int
}

// In tells whether the part's report is with the lead unit.
func (p *Part) In() bool { return p.State == PartReported || p.State == PartAccepted }

// Overdue tells whether the unit is late with its part.
func (p *Part) Overdue(now time.Time) bool { return !p.In() && !now.Before(p.DueAt) }

// ListedPart is a part with the name of its unit.
type ListedPart struct {
	Part   `bun:",extend"`
	UnitFA string `bun:"unit_fa,scanonly"`
	UnitEN string `bun:"unit_en,scanonly"`
}

// Parts lists the parts of a directive in the order they were given. unitID
// narrows to one unit's; 0 = all.
func Parts(ctx context.Context, r tenants.Reader, id, unitID int64) ([]ListedPart, error) {
	var list []ListedPart
	q := r.Select(&list).ColumnExpr("part.*").ColumnExpr("unit.name_fa AS unit_fa, unit.name_en AS unit_en").
		Join("JOIN ? ON unit.id = part.unit_id", r.From((*tenants.Unit)(nil))).
		Where("part.directive_id = ?", id).Order("part.id")
	if unitID != 0 {
		q.Where("part.unit_id = ?", unitID)
	}
	return list, tenants.Err(q.Scan(ctx))
}

// Helping tells of which directives a unit has a part.
func Helping(ctx context.Context, r tenants.Reader, unitID int64, ids []int64) (map[int64]bool, error) {
	helping := map[int64]bool{}
	if unitID == 0 || len(ids) == 0 {
		return helping, nil
	}
	var list []int64
	err := r.Select((*Part)(nil)).Column("directive_id").
		Where("part.directive_id IN (?) AND part.unit_id = ?", tenants.In(ids), unitID).Scan(ctx, &list)
	for _, id := range list {
		helping[id] = true
	}
	return helping, tenants.Err(err)
}

// PartByID reads one part.
func PartByID(ctx context.Context, r tenants.Reader, id int64) (*Part, error) {
	p := new(Part)
	return p, tenants.Err(r.Select(p).Where("part.id = ?", id).Scan(ctx))
}

// checkParts collects what is wrong with the parts, each under its number.
func (in *Issuance) checkParts(ctx context.Context, r tenants.Reader, bad fault.Fields) error {
	if len(in.Parts) > MaxParts {
		bad.Add("parts", "order.error.parts")
		return nil
	}
	units := map[int64]bool{in.UnitID: true}
	for i := range in.Parts {
		p, at := &in.Parts[i], "_"+strconv.Itoa(i)
		text, err := words(p.Text, "text", "order.error.part_text", MaxText)
		if err != nil {
			bad.Add("part_text"+at, fault.As(err).Fields["text"])
		}
		p.Text = text
		if p.DueAt.IsZero() {
			p.DueAt = in.DueAt
		}
		if !p.DueAt.After(r.Now()) || p.DueAt.After(in.DueAt) {
			bad.Add("part_due"+at, "order.error.part_due")
		}
		unit, err := tenants.UnitByID(ctx, r, p.UnitID)
		switch {
		case fault.Is(err, fault.NotFound), err == nil && !unit.Active:
			bad.Add("part_unit"+at, "directive.error.unit")
		case err != nil:
			return err
		case units[p.UnitID]:
			bad.Add("part_unit"+at, "order.error.part_twice")
		}
		units[p.UnitID] = true
	}
	return nil
}

// giveParts writes the parts of a directive that is being issued.
func (d *Directive) giveParts(ctx context.Context, tx *tenants.Tx, list []PartOrder, working tenants.WorkingTime) error {
	for _, in := range list {
		p := &Part{ID: tenants.NewID(), DirectiveID: d.ID, UnitID: in.UnitID, Text: in.Text, State: PartNotified, Version: 1}
		p.wind(in.DueAt.UTC(), tx.Now(), working)
		if err := tx.Insert(ctx, p); err != nil {
			return err
		}
		if err := p.leave(ctx, tx, d, partStep{act: "issue", fact: true, text: p.Text}); err != nil {
			return err
		}
	}
	return nil
}

// wind sets the part's clock, as Directive.wind does.
func (p *Part) wind(due, now time.Time, working tenants.WorkingTime) {
	p.DueAt = due
	_, level, next := Notices(LevelNone, LevelManager, due, now, working)
	p.RemindedLevel, p.NextClockAt = int(level), next
}

// withoutParts is why a report does not wait for the parts that are not in;
// empty when all are.
func (d *Directive) withoutParts(ctx context.Context, tx *tenants.Tx, why string) (string, error) {
	list, err := Parts(ctx, tx, d.ID, 0)
	if err != nil {
		return "", err
	}
	for i := range list {
		if !list[i].In() {
			return words(why, "without", "order.error.without", MaxReason)
		}
	}
	return "", nil
}

// pullParts keeps no part's due time after the directive's own.
func (d *Directive) pullParts(ctx context.Context, tx *tenants.Tx, working tenants.WorkingTime) error {
	var list []Part
	if err := tx.LockAll(ctx, &list, "part.directive_id = ? AND part.due_at > ?", d.ID, d.DueAt); err != nil {
		return err
	}
	for i := range list {
		p := &list[i]
		old := p.DueAt
		p.wind(d.DueAt, tx.Now(), working)
		if p.In() {
			p.NextClockAt = nil
		}
		if err := tx.Update(ctx, p, "due_at", "next_clock_at", "reminded_level"); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, "directive:part_due", "directive", d.ID, moved(old, p.DueAt)); err != nil {
			return err
		}
	}
	return nil
}

// partStep is what a command on a part leaves behind: directive:part_<act>,
// directive.part_<act>.
type partStep struct {
	act   string
	fact  bool
	level Level
	text  string
}

var partEvents = map[string]string{"issue": "issued", "start": "started", "report": "reported", "accept": "accepted", "return": "returned"}

func (p *Part) leave(ctx context.Context, tx *tenants.Tx, d *Directive, s partStep) error {
	kind := s.act
	if named, ok := partEvents[s.act]; ok {
		kind = named
	}
	kind = "directive.part_" + kind
	due := p.DueAt
	e := timeline.Event{
		SubjectKind: "directive", SubjectID: d.ID, Kind: kind, Cycle: d.Returns, UnitID: &p.UnitID, RefID: &p.ID,
		FromState: string(d.State), ToState: string(d.State), Text: s.text, DueAt: &due,
	}
	if err := timeline.Append(ctx, tx, &e); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, "directive:part_"+s.act, "directive", d.ID, strconv.FormatInt(p.ID, 10)); err != nil {
		return err
	}
	if !s.fact {
		return nil
	}
	return tx.Enqueue(ctx, kind, Fact{DirectiveID: d.ID, EventID: e.ID, Level: s.level, PartID: p.ID})
}
