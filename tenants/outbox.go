package tenants

import (
	"context"
	"encoding/json"
	"time"

	"pasokh/app/fault"
)

// Task is one thing that must happen, written in the same transaction as its
// cause: the source of truth for what and when. The queue only carries it.
// Payload holds identifiers only, never personal data.
type Task struct {
	BaseModel `bun:"table:outbox,alias:task"`
	Owned
	ID        int64 `bun:",pk"`
	Kind      string
	Payload   json.RawMessage `bun:"type:jsonb"`
	Ref       string
	Urgency   Urgency
	RunAt     time.Time
	Attempts  int
	RetryAt   *time.Time
	DoneAt    *time.Time
	Dead      bool
	DeadAt    *time.Time
	Failure   string // class of the last error
	Result    string
	CreatedAt time.Time

	later time.Time
}

// PutOff asks that the task be run again at a later time, with what is then
// left of it, although nothing failed; the earliest of several asked for. It
// stays the same task: what it has done counts as done.
func (t *Task) PutOff(at time.Time) {
	if t.later.IsZero() || at.Before(t.later) {
		t.later = at
	}
}

// Later is when the task asked to be run again; zero when it did not.
func (t *Task) Later() time.Time { return t.later }

// WasPutOff tells whether the task has waited for a later time before.
func (t *Task) WasPutOff() bool { return t.RetryAt != nil && t.Failure == "" }

// Enqueue notes a task for as soon as the transaction is committed. payload is
// a small struct of identifiers.
func (tx *Tx) Enqueue(ctx context.Context, kind string, payload any) error {
	return tx.enqueue(ctx, kind, "", tx.now, payload)
}

// EnqueueEach notes one task for each payload, gap after gap, so that many of
// one cause do not stand before everybody else's.
func (tx *Tx) EnqueueEach(ctx context.Context, kind string, gap time.Duration, payloads []any) error {
	const together = 500
	for from := 0; from < len(payloads); from += together {
		part := payloads[from:min(from+together, len(payloads))]
		list := make([]Task, len(part))
		for i, payload := range part {
			raw, err := json.Marshal(payload)
			if err != nil {
				return fault.Wrap(err, "tenants.EnqueueEach")
			}
			at := tx.now.Add(time.Duration(from+i) * gap)
			list[i] = Task{ID: NewID(), Kind: kind, Payload: raw, Urgency: tx.root.urgency(kind), RunAt: at, CreatedAt: tx.now}
		}
		if err := tx.Insert(ctx, &list); err != nil {
			return err
		}
		tx.conn.enqueued = true
		tx.tell(ctx, list...)
	}
	return nil
}

// Schedule notes the task that ref names for a time, moving it when it stands
// already: rescheduling a reminder is an update of its row.
func (tx *Tx) Schedule(ctx context.Context, kind, ref string, at time.Time, payload any) error {
	moved, err := tx.Set(ctx, (*Task)(nil),
		"run_at = ?, done_at = NULL, dead = FALSE, dead_at = NULL, failure = '', attempts = 0, retry_at = NULL, result = ''", []any{at}, "ref = ?", ref)
	if err != nil || moved > 0 {
		return err
	}
	return tx.enqueue(ctx, kind, ref, at, payload)
}

// Unschedule drops the pending tasks that the refs name, keeping why.
func (tx *Tx) Unschedule(ctx context.Context, why string, refs ...string) error {
	_, err := tx.Set(ctx, (*Task)(nil), "done_at = ?, result = ?", []any{tx.now, why},
		"ref IN (?) AND done_at IS NULL", In(refs))
	return err
}

func (tx *Tx) enqueue(ctx context.Context, kind, ref string, at time.Time, payload any) error {
	raw, err := json.Marshal(payload)
	if err != nil {
		return fault.Wrap(err, "tenants.Enqueue")
	}
	tx.conn.enqueued = true
	task := &Task{ID: NewID(), Kind: kind, Payload: raw, Ref: ref, Urgency: tx.root.urgency(kind), RunAt: at, CreatedAt: tx.now}
	if err := tx.Insert(ctx, task); err != nil {
		return err
	}
	tx.tell(ctx, *task)
	return nil
}

// tell tells OnTask of tasks that were written.
func (tx *Tx) tell(ctx context.Context, list ...Task) {
	if tx.root.OnTask == nil {
		return
	}
	for i := range list {
		tx.root.OnTask(ctx, list[i].Kind, list[i].ID)
	}
}

// TaskByID reads one task of the tenant.
func TaskByID(ctx context.Context, r Reader, id int64) (*Task, error) {
	t := new(Task)
	return t, Err(r.Select(t).Where("task.id = ?", id).Scan(ctx))
}

// Finish marks the task done with what became of it.
func (tx *Tx) Finish(ctx context.Context, id int64, result string) error {
	_, err := tx.Set(ctx, (*Task)(nil), "done_at = ?, result = ?", []any{tx.now, result}, "id = ? AND done_at IS NULL", id)
	return err
}

// Delay lets the task be run again at a later time, which is no failure; why is
// ours, for the record.
func (tx *Tx) Delay(ctx context.Context, id int64, at time.Time, why string) error {
	_, err := tx.Set(ctx, (*Task)(nil), "retry_at = ?, failure = '', result = ?", []any{at, why}, "id = ? AND done_at IS NULL", id)
	return err
}

// Fail counts a failed try; the task is tried again at retry, or is dead when
// retry is zero. class groups errors that are alike; reason is ours, without
// personal data.
func (tx *Tx) Fail(ctx context.Context, id int64, retry time.Time, class, reason string) error {
	var deadAt *time.Time
	if retry.IsZero() {
		deadAt = &tx.now
	}
	_, err := tx.Set(ctx, (*Task)(nil), "attempts = attempts + 1, retry_at = ?, dead = ?, dead_at = ?, failure = ?, result = ?",
		[]any{nullTime(retry), deadAt != nil, deadAt, class, reason}, "id = ? AND done_at IS NULL", id)
	return err
}

// PurgeTasks removes at most limit of the tasks that were done before a time, the
// oldest first, and tells how many. Those that were given up stay until somebody
// has seen to them.
func (tx *Tx) PurgeTasks(ctx context.Context, before time.Time, limit int) (int64, error) {
	var list []Task
	err := tx.Select(&list).Column("id").Where("task.done_at IS NOT NULL AND task.done_at < ?", before).Order("task.done_at").Limit(int64(limit)).Scan(ctx)
	if err != nil || len(list) == 0 {
		return 0, fault.Wrap(Err(err), "tenants.PurgeTasks")
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	n, err := tx.Delete(ctx, (*Task)(nil), "id IN (?) AND done_at IS NOT NULL", In(ids))
	return n, fault.Wrap(err, "tenants.PurgeTasks")
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// IDs decodes the payload of the task.
func (t *Task) IDs(into any) error { return json.Unmarshal(t.Payload, into) }
