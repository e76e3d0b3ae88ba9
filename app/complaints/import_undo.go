package complaints

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// touched narrows a batch to the cases that somebody has done something with
// since they were registered: an act of a person in the timeline, a directive on
// it or that it waits for, a case that hangs on it. What the clocks did is nobody's act.
func touched(r tenants.Reader, b *Batch, q *tenants.Query) *tenants.Query {
	acts := r.Select((*timeline.Event)(nil)).ColumnExpr("1").
		Where("event.subject_kind = 'complaint' AND event.subject_id = c.id AND event.actor_kind <> 'system' AND event.at <> ?", b.EndedAt)
	orders := r.Select((*directives.Directive)(nil)).ColumnExpr("1").
		Where("directive.origin_kind = ? AND directive.origin_id = c.id", directives.OnComplaint)
	follows := r.Select((*related)(nil)).ColumnExpr("1").Where("other.lead_id = c.id")
	waits := r.Select((*related)(nil)).ColumnExpr("1").Where("other.parent_id = c.id")
	return q.Where("c.batch_id = ?", b.ID).
		Where("(c.state NOT IN ('registered', 'referred') OR c.holder_id IS NOT NULL OR c.lead_id IS NOT NULL OR c.parent_id IS NOT NULL"+
			" OR EXISTS (?) OR EXISTS (?) OR EXISTS (?) OR EXISTS (?) OR EXISTS (?))", acts, orders, directives.Holding(r), follows, waits)
}

// related is a case seen from another one.
type related struct {
	tenants.BaseModel `bun:"table:complaints,alias:other"`
	tenants.Owned
	ID int64 `bun:",pk"`
}

// Touched lists the cases that keep an import from being undone, oldest first, as
// far as the actor is shown them.
func Touched(ctx context.Context, r tenants.Reader, actor tenants.Actor, b *Batch, limit int) ([]Complaint, error) {
	var list []Complaint
	q := discreet(r, touched(r, b, r.Select(&list)), actor).Column("id", "code", "state").Order("c.id").Limit(int64(limit))
	return list, tenants.Err(q.Scan(ctx))
}

// BatchCases lists a page of the cases of an import, after the one with that
// ID. Whoever imports is not shown the confidential ones for that.
func BatchCases(ctx context.Context, r tenants.Reader, actor tenants.Actor, batch, after int64, limit int) (list []Complaint, more bool, err error) {
	err = discreet(r, r.Select(&list), actor).Column("id", "code", "kind", "state", "topic_id", "unit_id", "source", "external_number", "registered_at").
		Where("c.batch_id = ? AND c.id > ?", batch, after).Order("c.id").Limit(int64(limit) + 1).Scan(ctx)
	if err != nil {
		return nil, false, fault.Wrap(err, "complaints.BatchCases")
	}
	if len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}

// UndoBatch takes an import back while nobody has touched one of its cases: all
// of them are closed as entered by mistake, with the reason, or none. They leave
// inbox, lists and ranking; their codes say what became of them, and what the
// timeline and the audit hold stays. Their numbers in the source become free,
// so that the file can be mended and imported again.
func UndoBatch(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	b, err := lockBatch(ctx, tx, id)
	if err != nil {
		return err
	}
	if b.State != BatchApplied {
		return fault.New(fault.Conflict, "import.conflict.not_applied")
	}
	if reason, err = needText("reason", reason, "complaint.error.reason"); err != nil {
		return err
	}
	var cases []Complaint
	if err := tx.LockAll(ctx, &cases, "c.batch_id = ?", b.ID); err != nil {
		return err
	}
	hands, err := Touched(ctx, tx, tenants.SystemActor(), b, 1) // after the lock: who acts now waits for us
	if err != nil {
		return err
	}
	if len(hands) > 0 {
		return fault.New(fault.Conflict, "import.conflict.touched")
	}
	if err := giveBack(ctx, tx, reason, "c.batch_id = ?", b.ID); err != nil {
		return err
	}
	if err := closeMistaken(ctx, tx, b, cases, reason); err != nil {
		return err
	}
	b.State = BatchUndone
	if err := b.write(ctx, tx, "state"); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "import:undo", "import_batch", b.ID, "")
}

// giveBack reverses what the clocks took from units for the cases (alias c) that
// never were, confidential ones among them.
func giveBack(ctx context.Context, tx *tenants.Tx, reason, where string, arg any) error {
	back := tx.Select((*reversal)(nil)).ColumnExpr("1").Where("back.reverses_id = score.id")
	var lines []Score
	err := tx.Select(&lines).Join("JOIN ? ON c.id = score.complaint_id", tx.From((*Complaint)(nil))).
		Where(where, arg).Where("score.reverses_id IS NULL AND NOT EXISTS (?)", back).Order("score.id").Scan(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	for i := range lines {
		if err := lines[i].reverse(ctx, tx, reason); err != nil {
			return err
		}
	}
	return nil
}

// closeMistaken is finish for all cases of a batch at once.
func closeMistaken(ctx context.Context, tx *tenants.Tx, b *Batch, cases []Complaint, reason string) error {
	now := tx.Now()
	events, ids := make([]timeline.Event, len(cases)), make([]int64, len(cases))
	for i := range cases {
		c := &cases[i]
		e := c.event("closed", reason, true)
		e.SubjectKind, e.SubjectID, e.Cycle, e.ToState = "complaint", c.ID, c.Cycle, string(Closed)
		events[i], ids[i] = *e, c.ID
	}
	legs := tx.Select((*Complaint)(nil)).Column("id").Where("c.batch_id = ?", b.ID)
	if _, err := tx.Set(ctx, (*Referral)(nil), "state = 'withdrawn', ended_at = ?", []any{now}, "ended_at IS NULL AND complaint_id IN (?)", legs); err != nil {
		return fault.Wrap(err, "complaints.UndoBatch")
	}
	n, err := tx.Set(ctx, (*Complaint)(nil),
		"state = ?, fact = ?, result = ?, closed_at = ?, due_at = promised_at, unit_due_at = NULL, next_clock_at = NULL, version = version + 1, external_number = ''",
		[]any{Closed, EnteredByMistake, reason, now}, "batch_id = ? AND state <> 'closed'", b.ID)
	if err != nil || int(n) != len(cases) {
		return fault.Wrap(both(err, fault.New(fault.Conflict, "import.conflict.touched")), "complaints.UndoBatch")
	}
	if err := timeline.AppendEach(ctx, tx, events); err != nil {
		return err
	}
	if err := audit.RecordEach(ctx, tx, "complaint.closed", "complaint", ids); err != nil {
		return err
	}
	if !b.Tell { // nobody was told of these cases, so nobody is told of their end
		return nil
	}
	told := make([]any, len(events))
	for i := range events {
		told[i] = fact{ComplaintID: events[i].SubjectID, EventID: events[i].ID}
	}
	return tx.EnqueueEach(ctx, "complaint.closed", tellGap, told)
}

func both(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// KeepImports is how long the file of an import is kept.
const KeepImports = 30 * 24 * time.Hour

// PurgeImports drops the files of old imports, with what is kept of their lines;
// the bytes go with the next sweep of the files. It tells how many.
func PurgeImports(ctx context.Context, tx *tenants.Tx) (int, error) {
	var list []Batch
	err := tx.LockAll(ctx, &list, "batch.purged_at IS NULL AND batch.created_at <= ? AND batch.state NOT IN ('checking', 'applying')", tx.Now().Add(-KeepImports))
	if err != nil {
		return 0, err
	}
	now := tx.Now()
	for i := range list {
		b := &list[i]
		b.Blob, b.PurgedAt, b.Mapping.Sample = "", &now, nil
		if err := b.write(ctx, tx, "blob", "purged_at", "mapping"); err != nil {
			return 0, err
		}
		if _, err := tx.Set(ctx, (*Problem)(nil), "value = ''", nil, "batch_id = ? AND value <> ''", b.ID); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
