package complaints

import (
	"context"
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

// Sweep climbs the rungs whose time has come for one case: each is an event, a
// message and, where the rung says so, a negative score of the unit that has
// the case. Running it again, or late, changes nothing more.
func Sweep(ctx context.Context, tx *tenants.Tx, id ID) error {
	c := new(Complaint)
	if err := tx.Lock(ctx, c, "c.id = ?", id); err != nil {
		return err
	}
	if !c.Open() || c.NextClockAt == nil || c.NextClockAt.After(tx.Now()) {
		return nil
	}
	class, err := tenants.SLAClassByID(ctx, tx, c.SLAClassID)
	if err != nil {
		return err
	}
	leg, err := c.clockLeg(ctx, tx, class)
	if err != nil {
		return err
	}
	for _, rung := range class.Rungs {
		if c.DueAt.Add(minutes(rung.AfterMinutes)).After(tx.Now()) {
			continue
		}
		if err := climb(ctx, tx, c, class, leg, rung); err != nil {
			return err
		}
	}
	return wound(ctx, tx, c)
}

// climb takes one rung unless it was taken before.
func climb(ctx context.Context, tx *tenants.Tx, c *Complaint, class *tenants.SLAClass, leg int64, rung tenants.Rung) error {
	fresh, err := tx.InsertNew(ctx, &Escalation{ID: tenants.NewID(), ComplaintID: c.ID, Cycle: c.Cycle, LegID: leg, Level: rung.Level, At: tx.Now()})
	if err != nil || !fresh {
		return err
	}
	e := c.event("escalated", strconv.Itoa(rung.Level), false)
	e.SubjectKind, e.SubjectID, e.Cycle, e.ToState, e.UnitID = "complaint", c.ID, c.Cycle, string(c.State), &c.UnitID
	if err := timeline.Append(ctx, tx, e); err != nil {
		return err
	}
	if rung.Points > 0 {
		if err := blame(ctx, tx, c, class, leg, rung, e.ID); err != nil {
			return err
		}
	}
	return tx.Enqueue(ctx, "complaint.escalated", fact{ComplaintID: c.ID, EventID: e.ID, Level: rung.Level})
}

// clockLeg is what the running clock belongs to: a stage, or the lead's leg.
func (c *Complaint) clockLeg(ctx context.Context, tx *tenants.Tx, class *tenants.SLAClass) (int64, error) {
	events, err := timeline.Of(ctx, tx, c.Subject(), false)
	if err != nil {
		return 0, err
	}
	hours, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return 0, err
	}
	return c.legOfClock(ctx, tx, Wind(events, class, hours, tx.Tenant().Settings))
}

func (c *Complaint) legOfClock(ctx context.Context, r tenants.Reader, clocks Clocks) (int64, error) {
	if clocks.Stage != 0 {
		return clocks.Stage, nil
	}
	legs, err := runningLegs(ctx, r, c)
	if err != nil || len(legs) == 0 {
		return 0, err
	}
	return legs[0].ID, nil
}

// wound writes the case's next clock event after its events have been added.
func wound(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	if err := wind(ctx, tx, c); err != nil {
		return err
	}
	return fault.Wrap(tx.Update(ctx, c, "promised_at", "unit_due_at", "due_at", "next_clock_at"), "complaints.Sweep")
}

// nextRung is when the next rung that was not yet climbed comes; nil when the
// case is closed or at the top of its ladder.
func nextRung(ctx context.Context, tx *tenants.Tx, c *Complaint, class *tenants.SLAClass, clocks Clocks) (*time.Time, error) {
	if clocks.Stopped || len(class.Rungs) == 0 {
		return nil, nil
	}
	leg, err := c.legOfClock(ctx, tx, clocks)
	if err != nil {
		return nil, err
	}
	var climbed []int
	err = tx.Select((*Escalation)(nil)).Column("level").
		Where("escalation.complaint_id = ? AND escalation.cycle = ? AND escalation.leg_id = ?", c.ID, c.Cycle, leg).Scan(ctx, &climbed)
	if err != nil {
		return nil, tenants.Err(err)
	}
	var next *time.Time
	for _, rung := range class.Rungs {
		at := clocks.Due.Add(minutes(rung.AfterMinutes))
		if !contains(climbed, rung.Level) && (next == nil || at.Before(*next)) {
			next = &at
		}
	}
	return next, nil
}

func contains(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}
