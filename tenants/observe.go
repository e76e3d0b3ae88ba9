package tenants

import (
	"context"
	"database/sql"
	"time"
)

// unwatched is what watch gives when nobody watches: nothing is allocated.
func unwatched(error) {}

// watch tells OnQuery that a statement begins; what it gives is told how the
// statement ended.
func (r *Root) watch(ctx context.Context, query string) func(error) {
	if r.OnQuery == nil {
		return unwatched
	}
	return r.OnQuery(ctx, query)
}

// Pools are the connections of this process, by what they are for.
func (r *Root) Pools() map[string]sql.DBStats {
	if r.postgres {
		return map[string]sql.DBStats{"postgres": r.writePool.Stats()}
	}
	return map[string]sql.DBStats{"sqlite_read": r.readPool.Stats(), "sqlite_write": r.writePool.Stats()}
}

// OutboxState is how the outbox stands, all organizations together.
type OutboxState struct {
	Due    int        // due and not done, counted up to mostDue
	Oldest *time.Time // when the oldest of them was due
	Dead   int        // given up
}

// mostDue bounds what a look at a long outbox costs.
const mostDue = 10000

// UnscopedOutboxState reads it in one statement, along partial indexes.
func (r *Root) UnscopedOutboxState(ctx context.Context, now time.Time) (OutboxState, error) {
	var s OutboxState
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		due := r.write.NewSelect().Conn(c).TableExpr("outbox").ColumnExpr("coalesce(retry_at, run_at) AS since").
			Where("done_at IS NULL AND dead = FALSE AND run_at <= ?", now).Where("retry_at IS NULL OR retry_at <= ?", now).
			Order("run_at").Limit(mostDue)
		dead := r.write.NewSelect().Conn(c).TableExpr("outbox").ColumnExpr("count(*)").Where("dead = TRUE")
		return r.write.NewSelect().Conn(c).TableExpr("(?) AS due", due).
			ColumnExpr("count(*) AS due, min(since) AS oldest, (?) AS dead", dead).Scan(ctx, &s)
	})
	return s, err
}

// UnscopedMigrated is Migrated, from memory once it was true: nothing takes
// migrations away.
func (r *Root) UnscopedMigrated(ctx context.Context) (bool, error) {
	if r.migrated.Load() {
		return true, nil
	}
	done, err := Migrated(ctx, r)
	if done && err == nil {
		r.migrated.Store(true)
	}
	return done, err
}
