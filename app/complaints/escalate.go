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

// Sweep climbs the rungs whose time has come for one case: each is an event, a
// message and, where the rung says so, a negative score of the unit that has
// the case. In a joint referral every unit that is still waited for climbs its
// own ladder. The clocks are wound anew first, so that a change of the calendar
// is never answered with a rung. Running it again, or late, changes nothing
// more.
func Sweep(ctx context.Context, tx *tenants.Tx, id ID) error {
	c := new(Complaint)
	if err := tx.Lock(ctx, c, "c.id = ?", id); err != nil {
		return err
	}
	if !c.Open() || c.NextClockAt == nil || c.NextClockAt.After(tx.Now()) {
		return nil
	}
	if over, err := goOn(ctx, tx, c); err != nil || over {
		return err
	}
	if moved, err := rehouse(ctx, tx, c); err != nil || moved {
		return err
	}
	class, err := tenants.SLAClassByID(ctx, tx, c.SLAClassID)
	if err != nil {
		return err
	}
	clocks, err := c.clocksNow(ctx, tx, class)
	if err != nil {
		return err
	}
	parts, err := c.partsOfClock(ctx, tx, clocks)
	if err != nil {
		return err
	}
	for _, rung := range class.Rungs {
		if clocks.Due.Add(minutes(rung.AfterMinutes)).After(tx.Now()) {
			continue
		}
		for _, p := range parts {
			if err := climb(ctx, tx, c, class, p, rung); err != nil {
				return err
			}
		}
	}
	return wound(ctx, tx, c)
}

// climb takes one rung unless it was taken before.
func climb(ctx context.Context, tx *tenants.Tx, c *Complaint, class *tenants.SLAClass, p part, rung tenants.Rung) error {
	e, err := c.mark(ctx, tx, "escalated", p, rung.Level)
	if e == nil {
		return err
	}
	if rung.Points > 0 {
		if err := blame(ctx, tx, c, class, p, rung, e.ID); err != nil {
			return err
		}
	}
	return tx.Enqueue(ctx, e.Kind, fact{ComplaintID: c.ID, EventID: e.ID, Level: rung.Level})
}

// mark writes the event of something that happens once in a cycle to one leg or
// stage; nil when it has happened before.
func (c *Complaint) mark(ctx context.Context, tx *tenants.Tx, kind string, p part, level int) (*timeline.Event, error) {
	fresh, err := tx.InsertNew(ctx, &Escalation{ID: tenants.NewID(), ComplaintID: c.ID, Cycle: c.Cycle, LegID: p.leg, Level: level, At: tx.Now()})
	if err != nil || !fresh {
		return nil, err
	}
	e := c.event(kind, strconv.Itoa(level), false)
	e.SubjectKind, e.SubjectID, e.Cycle, e.ToState, e.UnitID, e.RefID = "complaint", c.ID, c.Cycle, string(c.State), &p.unit, &p.leg
	return e, timeline.Append(ctx, tx, e)
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
		return []part{{leg: clocks.Stage, unit: c.UnitID}}, nil
	}
	legs, err := runningLegs(ctx, r, c)
	if err != nil || len(legs) == 0 {
		return []part{{unit: c.UnitID}}, err
	}
	parts := make([]part, len(legs))
	for i, l := range legs {
		parts[i] = part{leg: l.ID, unit: l.UnitID}
	}
	return parts, nil
}

// wound writes the case's next clock event after its events have been added.
func wound(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	if err := wind(ctx, tx, c); err != nil {
		return err
	}
	return fault.Wrap(tx.Update(ctx, c, "promised_at", "unit_due_at", "due_at", "asked_until", "next_clock_at"), "complaints.wound")
}

// nextRung is when the next rung that was not yet climbed comes; nil when the
// case is closed or at the top of its ladder.
func nextRung(ctx context.Context, tx *tenants.Tx, c *Complaint, class *tenants.SLAClass, clocks Clocks) (*time.Time, error) {
	if clocks.Stopped || len(class.Rungs) == 0 {
		return nil, nil
	}
	parts, err := c.partsOfClock(ctx, tx, clocks)
	if err != nil {
		return nil, err
	}
	var climbed []int
	err = tx.Select((*Escalation)(nil)).Column("level").
		Where("escalation.complaint_id = ? AND escalation.cycle = ? AND escalation.leg_id = ?", c.ID, c.Cycle, parts[0].leg).Scan(ctx, &climbed)
	if err != nil {
		return nil, tenants.Err(err)
	}
	return clocks.next(class, climbed), nil
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
