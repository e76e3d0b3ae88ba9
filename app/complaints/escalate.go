package complaints

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Escalation is one rung climbed; each (case, cycle, leg or stage, level) once.
type Escalation struct {
	tenants.BaseModel `bun:"table:escalations,alias:escalation"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	Cycle       int
	LegID       int64
	Level       int
	At          time.Time
}

// part is who answers for the clock that runs: a unit with its leg, or with the
// stage of the case.
type part struct{ leg, unit int64 }

// mark writes the event of something that happens once in a cycle to one leg or
// stage; nil when it has happened before.
func (c *Complaint) mark(ctx context.Context, tx *tenants.Tx, kind string, p part, level int) (*timeline.Event, error) {
	row := c.rung(p, level, tx.Now())
	fresh, err := tx.InsertNew(ctx, &row)
	if err != nil || !fresh {
		return nil, err
	}
	e := c.happened(kind, p, level)
	return e, timeline.Append(ctx, tx, e)
}

// rung is the row of something that happens once to a part.
func (c *Complaint) rung(p part, level int, at time.Time) Escalation {
	return Escalation{ID: tenants.NewID(), ComplaintID: c.ID, Cycle: c.Cycle, LegID: p.leg, Level: level, At: at}
}

// happened is its event.
func (c *Complaint) happened(kind string, p part, level int) *timeline.Event {
	e := c.event(kind, strconv.Itoa(level), false)
	e.SubjectKind, e.SubjectID, e.Cycle, e.ToState, e.UnitID, e.RefID = "complaint", c.ID, c.Cycle, string(c.State), &p.unit, &p.leg
	return e
}

// clocksNow winds the case from its events.
func (c *Complaint) clocksNow(ctx context.Context, r tenants.Reader, class *tenants.SLAClass) (Clocks, error) {
	events, err := timeline.Of(ctx, r, c.Subject(), false)
	if err != nil {
		return Clocks{}, err
	}
	changes, err := c.classChanges(ctx, r, events)
	if err != nil {
		return Clocks{}, err
	}
	hours, err := tenants.WorkingTimeOf(ctx, r)
	return Wind(events, class, hours, r.Tenant().Settings, changes...), err
}

// partsOfClock is who answers for the running clock, the lead first; never
// nobody.
func (c *Complaint) partsOfClock(ctx context.Context, r tenants.Reader, clocks Clocks) ([]part, error) {
	if clocks.Stage != 0 {
		return c.partsOf(clocks, nil), nil
	}
	legs, err := runningLegs(ctx, r, c)
	return c.partsOf(clocks, legs), err
}

// partsOf is partsOfClock with the running legs at hand.
func (c *Complaint) partsOf(clocks Clocks, legs []Referral) []part {
	if clocks.Stage != 0 || len(legs) == 0 {
		return []part{{leg: clocks.Stage, unit: c.UnitID}}
	}
	parts := make([]part, len(legs))
	for i, l := range legs {
		if parts[i] = (part{leg: l.ID, unit: l.UnitID}); l.Lead && c.TakenOverBy != nil {
			parts[i].unit = *c.TakenOverBy
		}
	}
	return parts
}

// wound writes the case's next clock event after its events have been added.
func wound(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	if err := wind(ctx, tx, c); err != nil {
		return err
	}
	return fault.Wrap(tx.Update(ctx, c, "promised_at", "unit_due_at", "due_at", "asked_until", "next_clock_at"), "complaints.wound")
}

// nextClock is when the clock event after those that have happened comes: the
// next rung of whoever answers first (parts[0]), or the end of the pause for
// the citizen, so that the sweep ends it whatever became of its task; nil when
// the case is closed or at the top of its ladder.
func (c *Complaint) nextClock(class *tenants.SLAClass, clocks Clocks, climbed []int) *time.Time {
	next := clocks.next(class, climbed)
	if over := clocks.AskedUntil; over != nil && (next == nil || over.Before(*next)) {
		return over
	}
	return next
}

// climbed reads which rungs of its present ladder the case has taken.
func (c *Complaint) climbed(ctx context.Context, r tenants.Reader, clocks Clocks) (levels []int, err error) {
	if clocks.Stopped {
		return nil, nil
	}
	parts, err := c.partsOfClock(ctx, r, clocks)
	if err != nil {
		return nil, err
	}
	err = r.Select((*Escalation)(nil)).Column("level").
		Where("escalation.complaint_id = ? AND escalation.cycle = ? AND escalation.leg_id = ?", c.ID, c.Cycle, parts[0].leg).Scan(ctx, &levels)
	return levels, fault.Wrap(tenants.Err(err), "complaints.climbed")
}

// next is when the first rung that was not climbed comes; nil when the clock is
// stopped or none is left.
func (clocks Clocks) next(class *tenants.SLAClass, climbed []int) *time.Time {
	if clocks.Stopped {
		return nil
	}
	var next *time.Time
	for _, rung := range class.Rungs {
		at := clocks.Due.Add(minutes(rung.AfterMinutes))
		if !slices.Contains(climbed, rung.Level) && (next == nil || at.Before(*next)) {
			next = &at
		}
	}
	return next
}
