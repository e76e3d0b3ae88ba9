package complaints

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Sweep does what SweepEach does, for one case.
func Sweep(ctx context.Context, tx *tenants.Tx, id ID) error { return SweepEach(ctx, tx, []ID{id}) }

// SweepEach climbs the rungs whose time has come, for some hundred cases of the
// organization together: the number of statements does not depend on how many
// there are. Each rung is an event, a message and, where it says so, a negative
// score of the unit that has the case. In a joint referral every unit that is
// still waited for climbs its own ladder. The clocks are wound anew first, so
// that a change of the calendar is never answered with a rung. Running it again,
// or late, changes nothing more.
func SweepEach(ctx context.Context, tx *tenants.Tx, ids []ID) error {
	due, err := lockDue(ctx, tx, ids)
	if err != nil || len(due) == 0 {
		return err
	}
	l, err := ladderOf(ctx, tx, due)
	if err != nil {
		return err
	}
	for i := range due {
		if err := l.climb(ctx, tx, &due[i]); err != nil {
			return err
		}
	}
	if err := l.write(ctx, tx); err != nil {
		return err
	}
	clocks := make([]hands, len(due))
	for i := range due {
		clocks[i] = due[i].hands()
	}
	return fault.Wrap(tx.UpdateEach(ctx, &clocks, "promised_at", "unit_due_at", "due_at", "asked_until", "next_clock_at"), "complaints.SweepEach")
}

// hands are the cached clocks of a case, all that a sweep writes of its row.
type hands struct {
	tenants.BaseModel `bun:"table:complaints,alias:c"`
	tenants.Owned
	ID          ID `bun:",pk"`
	PromisedAt  time.Time
	UnitDueAt   *time.Time
	DueAt       time.Time
	AskedUntil  *time.Time
	NextClockAt *time.Time
}

func (c *Complaint) hands() hands {
	return hands{ID: c.ID, PromisedAt: c.PromisedAt, UnitDueAt: c.UnitDueAt, DueAt: c.DueAt, AskedUntil: c.AskedUntil, NextClockAt: c.NextClockAt}
}

// lockDue locks the cases among them whose clock event has come. Those whose
// event is no rung are dealt with on the way: a pause that is over, a
// confidential case that nobody answers for.
func lockDue(ctx context.Context, tx *tenants.Tx, ids []ID) ([]Complaint, error) {
	var all []Complaint
	if err := tx.LockAll(ctx, &all, "c.id IN (?)", tenants.In(ids)); err != nil {
		return nil, fault.Wrap(err, "complaints.SweepEach")
	}
	due := all[:0]
	for i := range all {
		c := &all[i]
		if !c.Open() || c.NextClockAt == nil || c.NextClockAt.After(tx.Now()) {
			continue
		}
		if over, err := goOn(ctx, tx, c); err != nil {
			return nil, err
		} else if over {
			continue
		}
		if moved, err := rehouse(ctx, tx, c); err != nil {
			return nil, err
		} else if moved {
			continue
		}
		due = append(due, *c)
	}
	return due, nil
}

// ladder is what was read for many cases at once, and what their climbing is to
// write.
type ladder struct {
	hours   tenants.WorkingTime
	classes map[int64]*tenants.SLAClass
	events  map[ID][]timeline.Event
	legs    map[ID][]Referral // running, the lead first
	taken   map[rungOf][]int  // levels

	rungs  []Escalation
	told   []timeline.Event
	points []Score // of the events told, zero points where there are none
	facts  []any
}

// rungOf names the ladder of one part in one cycle.
type rungOf struct {
	id    ID
	cycle int
	leg   int64
}

func ladderOf(ctx context.Context, tx *tenants.Tx, due []Complaint) (*ladder, error) {
	l := &ladder{legs: map[ID][]Referral{}, taken: map[rungOf][]int{}}
	ids := make([]ID, len(due))
	for i := range due {
		ids[i] = due[i].ID
	}
	var err error
	if l.hours, err = tenants.WorkingTimeOf(ctx, tx); err != nil {
		return nil, err
	}
	if l.classes, err = tenants.SLAClassVersions(ctx, tx); err != nil {
		return nil, err
	}
	if l.events, err = timeline.OfEach(ctx, tx, "complaint", ids); err != nil {
		return nil, err
	}
	var legs []Referral
	if err := tx.Select(&legs).Where("leg.complaint_id IN (?) AND leg.ended_at IS NULL", tenants.In(ids)).OrderExpr("leg.lead DESC, leg.id").Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "complaints.SweepEach")
	}
	for _, leg := range legs {
		l.legs[leg.ComplaintID] = append(l.legs[leg.ComplaintID], leg)
	}
	var taken []Escalation
	if err := tx.Select(&taken).Where("escalation.complaint_id IN (?)", tenants.In(ids)).Scan(ctx); err != nil {
		return nil, fault.Wrap(tenants.Err(err), "complaints.SweepEach")
	}
	for _, e := range taken {
		at := rungOf{e.ComplaintID, e.Cycle, e.LegID}
		l.taken[at] = append(l.taken[at], e.Level)
	}
	return l, nil
}

// climb takes the rungs of one case whose time has come and that were not taken
// before, and winds its clocks.
func (l *ladder) climb(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	class := l.classes[c.SLAClassID]
	clocks := Wind(l.events[c.ID], class, l.hours, tx.Tenant().Settings)
	parts := c.partsOf(clocks, l.legs[c.ID])
	for _, rung := range class.Rungs {
		if clocks.Due.Add(minutes(rung.AfterMinutes)).After(tx.Now()) {
			continue
		}
		for _, p := range parts {
			l.rung(tx, c, class, p, rung)
		}
	}
	c.keep(clocks)
	watched, err := c.watched(ctx, tx)
	if c.NextClockAt = nil; !watched {
		c.NextClockAt = c.nextClock(class, clocks, l.taken[rungOf{c.ID, c.Cycle, parts[0].leg}])
	}
	return err
}

// rung takes one rung unless it was taken before.
func (l *ladder) rung(tx *tenants.Tx, c *Complaint, class *tenants.SLAClass, p part, rung tenants.Rung) {
	at := rungOf{c.ID, c.Cycle, p.leg}
	if slices.Contains(l.taken[at], rung.Level) {
		return
	}
	l.taken[at] = append(l.taken[at], rung.Level)
	l.rungs = append(l.rungs, c.rung(p, rung.Level, tx.Now()))
	l.told = append(l.told, *c.happened("escalated", p, rung.Level))
	l.points = append(l.points, Score{
		UnitID: p.unit, ComplaintID: c.ID, Cycle: c.Cycle, LegID: p.leg, Level: rung.Level,
		Points: -rung.Points, RuleVersion: class.Version, At: tx.Now(),
	})
}

// write writes what was climbed: the rungs, their events, the scores that the
// events caused, and the facts.
func (l *ladder) write(ctx context.Context, tx *tenants.Tx) error {
	if len(l.rungs) == 0 {
		return nil
	}
	if err := tx.Insert(ctx, &l.rungs); err != nil {
		return fault.Wrap(err, "complaints.SweepEach")
	}
	if err := timeline.AppendEach(ctx, tx, l.told); err != nil {
		return err
	}
	var scores []Score
	for i := range l.told {
		e, s := &l.told[i], l.points[i]
		if s.Points != 0 {
			s.ID, s.EventID = tenants.NewID(), e.ID
			scores = append(scores, s)
		}
		l.facts = append(l.facts, fact{ComplaintID: e.SubjectID, EventID: e.ID, Level: s.Level})
	}
	if len(scores) > 0 {
		if err := tx.Insert(ctx, &scores); err != nil {
			return fault.Wrap(err, "complaints.SweepEach")
		}
	}
	return tx.EnqueueEach(ctx, "complaint.escalated", 0, l.facts)
}
