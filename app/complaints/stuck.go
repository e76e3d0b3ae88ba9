package complaints

import (
	"context"
	"time"

	"pasokh/tenants"
)

// levelStuck is the level under which a case is given to the PR manager, beyond
// all rungs of a ladder.
const levelStuck = 1000

// StageLegal is the stage of the legal clock in the ladder's keys.
const StageLegal Stage = 5

// The levels of the legal clock.
const (
	legalNear   = 1 // LegalNotice before the definitive answer is due by law
	legalPassed = 2
)

// LegalNotice is how long before the legal due time the PR manager is told.
const LegalNotice = 14 * 24 * time.Hour

// Stuck lists open cases after the cursor that no clock will wake: the top of their
// ladder is reached, or it has no rungs; what rests with an open lead or parent is
// not among them, what rests with one that has ended is. They stand in the list TabStuck until
// somebody acts; HandOver tells the PR manager.
func Stuck(ctx context.Context, r tenants.Reader, after Cursor, limit int) (ids []ID, last Cursor, err error) {
	var list []Cursor
	q := r.Select((*Complaint)(nil)).ColumnExpr("c.due_at AS due, c.id").Where("c.state <> 'closed' AND c.next_clock_at IS NULL").
		Where(unwatched, r.From((*head)(nil)), r.From((*head)(nil))).
		Order("c.due_at", "c.id").Limit(int64(limit))
	if after.ID != 0 {
		q = q.Where("(c.due_at, c.id) > (?, ?)", after.Due, after.ID)
	}
	if err := q.Scan(ctx, &list); err != nil || len(list) == 0 {
		return nil, last, tenants.Err(err)
	}
	for _, at := range list {
		ids = append(ids, at.ID)
	}
	return ids, list[len(list)-1], nil
}

// LegalDue lists open cases whose definitive written answer is due by law soon
// or was due already, and of which the PR manager was not told.
func LegalDue(ctx context.Context, r tenants.Reader, limit int) ([]ID, error) {
	told := func(level int) *tenants.Query {
		return r.Select((*Escalation)(nil)).ColumnExpr("1").
			Where("escalation.complaint_id = c.id AND escalation.cycle = 0 AND escalation.leg_id = ? AND escalation.level >= ?", StageLegal, level)
	}
	var list []ID
	err := r.Select((*Complaint)(nil)).Column("id").Where("c.state <> 'closed' AND c.parent_id IS NULL AND c.legal_due_at <= ?", r.Now().Add(LegalNotice)).
		Where("(NOT EXISTS (?) OR c.legal_due_at <= ? AND NOT EXISTS (?))", told(legalNear), r.Now(), told(legalPassed)).
		Order("c.legal_due_at").Limit(int64(limit)).Scan(ctx, &list)
	return list, tenants.Err(err)
}

// HandOver gives a case without a future clock event to the PR manager: an
// event of its own and a message, once for each leg or stage of a cycle. A case
// that has a clock again, or is closed, is left alone.
func HandOver(ctx context.Context, tx *tenants.Tx, id ID) error {
	c := new(Complaint)
	if err := tx.Lock(ctx, c, "c.id = ?", id); err != nil {
		return err
	}
	if !c.Open() {
		return nil
	}
	class, err := tenants.SLAClassByID(ctx, tx, c.SLAClassID)
	if err != nil {
		return err
	}
	if err := wound(ctx, tx, c); err != nil || c.NextClockAt != nil {
		return err // wound: a cached nil that is not true any more is mended
	}
	clocks, err := c.clocksNow(ctx, tx, class)
	if err != nil {
		return err
	}
	parts, err := c.partsOfClock(ctx, tx, clocks)
	if err != nil {
		return err
	}
	return c.notify(ctx, tx, "stuck", parts[0], levelStuck)
}

// WarnLegal tells the PR manager that the definitive written answer is due by
// law in LegalNotice or less, and once more when the time has passed; over all
// cycles of a case, because the law knows only one answer.
func WarnLegal(ctx context.Context, tx *tenants.Tx, id ID) error {
	c := new(Complaint)
	if err := tx.Lock(ctx, c, "c.id = ?", id); err != nil {
		return err
	}
	switch {
	case !c.Open() || c.LegalDueAt.After(tx.Now().Add(LegalNotice)):
		return nil
	case c.LegalDueAt.After(tx.Now()):
		return c.notify(ctx, tx, "legal_near", part{leg: StageLegal, unit: c.UnitID}, legalNear)
	}
	return c.notify(ctx, tx, "legal_passed", part{leg: StageLegal, unit: c.UnitID}, legalPassed)
}

// notify marks the case and tells of it.
func (c *Complaint) notify(ctx context.Context, tx *tenants.Tx, kind string, p part, level int) error {
	cycle := c.Cycle
	if p.leg == StageLegal {
		c.Cycle = 0
	}
	e, err := c.mark(ctx, tx, kind, p, level)
	c.Cycle = cycle
	if e == nil {
		return err
	}
	return tx.Enqueue(ctx, e.Kind, fact{ComplaintID: c.ID, EventID: e.ID})
}
