package tenants

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
)

// TaskLife is how many tries a task has at most before it is given up; each life
// after a replay begins at a multiple of it.
const TaskLife = 16

// DeadFilter chooses among the tasks that were given up; what is empty does not
// choose.
type DeadFilter struct {
	TenantID int64
	Kind     string
	Failure  string // class of the last error
	Before   int64  // those with a smaller id only: the next page
	only     int64  // this one
}

func (f DeadFilter) where(q bun.QueryBuilder) bun.QueryBuilder {
	q = q.Where("dead = TRUE")
	if f.TenantID != 0 {
		q = q.Where("tenant_id = ?", f.TenantID)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Failure != "" {
		q = q.Where("failure = ?", f.Failure)
	}
	if f.Before != 0 {
		q = q.Where("id < ?", f.Before)
	}
	if f.only != 0 {
		q = q.Where("id = ?", f.only)
	}
	return q
}

// UnscopedDeadTasks lists the tasks that were given up, newest first.
func (r *Root) UnscopedDeadTasks(ctx context.Context, f DeadFilter, limit int) ([]Task, error) {
	var list []Task
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		q := r.write.NewSelect().Conn(c).Model(&list).Order("id DESC").Limit(int64(limit))
		f.where(q.QueryBuilder())
		return q.Scan(ctx)
	})
	return list, err
}

// DeadCount is how many tasks of an organization, a kind and a class of errors
// were given up.
type DeadCount struct {
	TenantID int64
	Kind     string
	Failure  string
	Tasks    int
}

// UnscopedDeadCounts counts the tasks that were given up; nothing but them is read.
func (r *Root) UnscopedDeadCounts(ctx context.Context) ([]DeadCount, error) {
	var list []DeadCount
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).TableExpr("outbox").Column("tenant_id", "kind", "failure").ColumnExpr("COUNT(*) AS tasks").
			Where("dead = TRUE").Group("tenant_id", "kind", "failure").Order("tenant_id", "kind", "failure").Scan(ctx, &list)
	})
	return list, err
}

// UnscopedDeadTask reads one task that was given up; NotFound when it is none
// any more.
func (r *Root) UnscopedDeadTask(ctx context.Context, id int64) (*Task, error) {
	t := new(Task)
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(t).Where("dead = TRUE AND id = ?", id).Scan(ctx)
	})
	return t, err
}

// UnscopedReplayTasks gives at most limit of the dead tasks another life with all
// its tries, gap after gap from now on, so that a thousand of them are no storm;
// it tells how many.
func (r *Root) UnscopedReplayTasks(ctx context.Context, f DeadFilter, now time.Time, gap time.Duration, limit int) (int, error) {
	revived := 0
	err := unscopedly(r.unscopedWriter(), func(c *conn) error {
		var list []Task
		q := r.write.NewSelect().Conn(c).Model(&list).Column("tenant_id", "id").Order("id").Limit(int64(limit))
		f.where(q.QueryBuilder())
		if r.postgres {
			q = q.For("NO KEY UPDATE SKIP LOCKED")
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		for i, t := range list {
			var at *time.Time
			if i > 0 {
				later := now.Add(time.Duration(i) * gap)
				at = &later
			}
			// attempts goes on counting, because its number names the try in the queue.
			_, err := r.write.NewUpdate().Conn(c).Model((*Task)(nil)).
				Set("dead = FALSE, dead_at = NULL, failure = '', attempts = (attempts / ? + 1) * ?, retry_at = ?", TaskLife, TaskLife, at).
				Where("tenant_id = ? AND id = ? AND dead = TRUE", t.TenantID, t.ID).Exec(ctx)
			if err != nil {
				return err
			}
			revived++
		}
		return nil
	})
	if err == nil && revived > 0 && r.OnEnqueue != nil {
		r.OnEnqueue()
	}
	return revived, err
}

// UnscopedReplayTask gives one dead task another life; NotFound when it is not
// dead any more.
func (r *Root) UnscopedReplayTask(ctx context.Context, id int64, now time.Time) error {
	n, err := r.UnscopedReplayTasks(ctx, DeadFilter{only: id}, now, 0, 1)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return err
}

// UnscopedDropTask ends a dead task for good, keeping why; NotFound when it is
// not dead any more.
func (r *Root) UnscopedDropTask(ctx context.Context, id int64, now time.Time, why string) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		res, err := r.write.NewUpdate().Conn(c).Model((*Task)(nil)).
			Set("dead = FALSE, done_at = ?, result = ?", now, why).Where("id = ? AND dead = TRUE", id).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return fault.New(fault.NotFound, "error.not_found")
	})
}
