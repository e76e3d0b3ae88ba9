package directives

import (
	"context"

	"pasokh/tenants"
)

// lockPart reads a part for update, with its directive.
func lockPart(ctx context.Context, tx *tenants.Tx, id int64) (*Directive, *Part, error) {
	p, err := PartByID(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	d, err := lock(ctx, tx, p.DirectiveID) // always first, so that two never wait for each other
	if err != nil {
		return nil, nil, err
	}
	p = new(Part)
	return d, p, tx.Lock(ctx, p, "part.id = ?", id)
}

// partOfUnit is lockPart for commands of the part's unit, and partOfLead for
// those of the unit that leads; others see no such part.
func partOfUnit(ctx context.Context, tx *tenants.Tx, id int64) (*Directive, *Part, error) {
	d, p, err := lockPart(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	return d, p, d.of(tx.Actor(), p.UnitID)
}

func partOfLead(ctx context.Context, tx *tenants.Tx, id int64) (*Directive, *Part, error) {
	d, p, err := lockPart(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	return d, p, d.of(tx.Actor(), d.UnitID)
}

// of is NotFound unless the actor works for the unit and may see the directive.
func (d *Directive) of(a tenants.Actor, unit int64) error {
	if a.Kind != tenants.Staff || a.UnitID != unit || d.Confidential && !a.Leads {
		return errUnknown()
	}
	return nil
}

func (p *Part) write(ctx context.Context, tx *tenants.Tx, d *Directive, s partStep, columns ...string) error {
	p.Version++
	if err := tx.Update(ctx, p, append(columns, "version")...); err != nil {
		return err
	}
	return p.leave(ctx, tx, d, s)
}

// StartPart notes that the unit takes its part up. Only staff of the unit;
// NotFound for others.
func StartPart(ctx context.Context, tx *tenants.Tx, id int64) error {
	d, p, err := partOfUnit(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Open() || p.In() || p.State == PartInProgress {
		return errState()
	}
	p.State = PartInProgress
	return p.write(ctx, tx, d, partStep{act: "start"}, "state")
}

// ReportPart hands the unit's part to the lead unit and stops its clock. Only
// staff of the unit; NotFound for others. Field error: text. Fact:
// directive.part_reported.
func ReportPart(ctx context.Context, tx *tenants.Tx, id int64, text string) error {
	d, p, err := partOfUnit(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Open() || p.In() {
		return errState()
	}
	if text, err = words(text, "text", "directive.error.report", MaxText); err != nil {
		return err
	}
	p.State, p.Report, p.NextClockAt = PartReported, text, nil
	return p.write(ctx, tx, d, partStep{act: "report", fact: true, text: text}, "state", "report", "next_clock_at")
}

// AcceptPart takes a part as done. Only staff of the lead unit; NotFound for
// others.
func AcceptPart(ctx context.Context, tx *tenants.Tx, id int64) error {
	d, p, err := partOfLead(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Open() || p.State != PartReported {
		return errState()
	}
	now := tx.Now()
	p.State, p.AcceptedAt, p.NextClockAt = PartAccepted, &now, nil
	return p.write(ctx, tx, d, partStep{act: "accept"}, "state", "accepted_at", "next_clock_at")
}

// ReturnPart sends a part back with a reason; its clock goes on with the same
// due time. Only staff of the lead unit, while the directive is theirs. Field
// error: reason. Fact: directive.part_returned.
func ReturnPart(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	d, p, err := partOfLead(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Waiting() || !p.In() {
		return errState()
	}
	if reason, err = words(reason, "reason", "directive.error.reason", MaxReason); err != nil {
		return err
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	p.State, p.AcceptedAt, p.Returns = PartReturned, nil, p.Returns+1
	p.NextClockAt = resumeAt(Level(p.RemindedLevel), LevelManager, p.DueAt, working)
	return p.write(ctx, tx, d, partStep{act: "return", fact: true, text: reason}, "state", "accepted_at", "returns", "next_clock_at")
}

// SweepPart sends the notices of one part that have come due, as Sweep does for
// the directive. Facts: directive.part_reminder, directive.part_overdue.
func SweepPart(ctx context.Context, tx *tenants.Tx, id int64) error {
	d, p, err := lockPart(ctx, tx, id)
	if err != nil {
		return err
	}
	if p.NextClockAt == nil || p.NextClockAt.After(tx.Now()) {
		return nil
	}
	if !d.Open() || p.In() {
		p.NextClockAt = nil
		return tx.Update(ctx, p, "next_clock_at")
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	fire, level, next := Notices(Level(p.RemindedLevel), LevelManager, p.DueAt, tx.Now(), working)
	p.RemindedLevel, p.NextClockAt = int(level), next
	if err := tx.Update(ctx, p, "reminded_level", "next_clock_at"); err != nil {
		return err
	}
	for _, l := range fire {
		s := partStep{act: "overdue", fact: true, level: l}
		if l == LevelReminder {
			s.act = "reminder"
		}
		if err := p.leave(ctx, tx, d, s); err != nil {
			return err
		}
	}
	return nil
}
