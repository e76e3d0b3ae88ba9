package tenants

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
)

// PeriodicClock is one line of the clock table: what runs how often.
type PeriodicClock struct {
	bun.BaseModel `bun:"table:clocks,alias:clock"`
	Name          string `bun:",pk"`
	EverySeconds  int64
	NextRunAt     time.Time
	LastRunAt     *time.Time
	LastMS        int64 `bun:"last_ms"`
	LastError     string
	RunningSince  *time.Time // of the run that goes on
}

// Late tells by how much the clock's next run is overdue; a run that goes on is
// not late before its claim ends.
func (c *PeriodicClock) Late(now time.Time) time.Duration {
	if c.Running(now) {
		return 0
	}
	return max(0, now.Sub(c.NextRunAt))
}

// Running tells whether a run goes on.
func (c *PeriodicClock) Running(now time.Time) bool {
	return c.RunningSince != nil && now.Before(c.RunningSince.Add(claimFor))
}

// UnscopedClocks lists the periodic clocks.
func (r *Root) UnscopedClocks(ctx context.Context) ([]PeriodicClock, error) {
	var list []PeriodicClock
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(&list).Order("name").Scan(ctx)
	})
	return list, err
}

// claimFor is how long the claim on a clock holds: when nothing has been heard
// of the run by then, its worker is dead, and the clock is due again.
const claimFor = 10 * time.Minute

// UnscopedClaimClock tells whether the clock is due and this caller, of all
// workers, is the one to run it; UnscopedClockRan must follow. A clock that
// slept through several periods fires once.
func (r *Root) UnscopedClaimClock(ctx context.Context, name string, every time.Duration, now time.Time) (bool, error) {
	var won bool
	err := unscopedly(r.unscopedWriter(), func(c *conn) error {
		line := PeriodicClock{Name: name, EverySeconds: int64(every / time.Second), NextRunAt: now}
		if _, err := r.write.NewInsert().Conn(c).Model(&line).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
		res, err := r.write.NewUpdate().Conn(c).Model((*PeriodicClock)(nil)).
			Set("next_run_at = ?, last_run_at = ?, every_seconds = ?, running_since = ?", now.Add(min(every, claimFor)), now, line.EverySeconds, now).
			Where("name = ? AND next_run_at <= ?", name, now).Exec(ctx)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		won = n == 1
		return err
	})
	return won, err
}

// UnscopedHoldClock renews the claim on a clock whose run goes on, as long as one
// who claims it now would hold it.
func (r *Root) UnscopedHoldClock(ctx context.Context, name string, every time.Duration, now time.Time) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewUpdate().Conn(c).Model((*PeriodicClock)(nil)).Set("next_run_at = ?", now.Add(min(every, claimFor))).
			Where("name = ? AND running_since IS NOT NULL", name).Exec(ctx)
		return err
	})
}

// UnscopedClockRan notes how a run of the clock went, and when the next one is
// due. A run that failed is tried again when the claim on it ends.
func (r *Root) UnscopedClockRan(ctx context.Context, name string, next time.Time, took time.Duration, failure string) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		q := r.write.NewUpdate().Conn(c).Model((*PeriodicClock)(nil)).
			Set("last_ms = ?, last_error = ?, running_since = NULL", took.Milliseconds(), failure).Where("name = ?", name)
		if failure == "" {
			q = q.Set("next_run_at = CASE WHEN next_run_at < ? THEN ? ELSE next_run_at END", next, next)
		}
		_, err := q.Exec(ctx)
		return err
	})
}

// UnscopedRunClockNow makes the clock due at once, whoever runs it; Conflict when
// a run of it goes on, NotFound when there is no such clock.
func (r *Root) UnscopedRunClockNow(ctx context.Context, name string, now time.Time) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		line := new(PeriodicClock)
		if err := r.write.NewSelect().Conn(c).Model(line).Where("name = ?", name).Scan(ctx); err != nil {
			return err
		}
		if line.Running(now) {
			return fault.New(fault.Conflict, "clocks.running")
		}
		_, err := r.write.NewUpdate().Conn(c).Model((*PeriodicClock)(nil)).Set("next_run_at = ?", now).
			Where("name = ? AND next_run_at > ?", name, now).Exec(ctx)
		return err
	})
}
