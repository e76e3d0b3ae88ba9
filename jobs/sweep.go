package jobs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

const (
	// sweepPage is how many due rows are read at once: enough that those of one
	// organization stand together among those of all.
	sweepPage = 10_000
	// sweepTogether is how many rows of one organization share a transaction.
	sweepTogether = 100
	// sweepers is how many transactions go on at the same time.
	sweepers = 2
)

// sweep lets the room work off every row whose clock has come, each in its own
// organization. A row that fails keeps none of the others waiting; it stays due
// and is tried again at the next sweep.
func sweep(ctx context.Context, d *Deps, dueRows func(context.Context, time.Time, int) ([]tenants.Due, error),
	each func(context.Context, *tenants.Tx, []int64) error) error {
	seen := map[int64]error{} // every row of this sweep, with what went wrong
	limit := sweepPage
	for {
		rows, err := dueRows(ctx, d.Root.Clock()(), limit)
		if err != nil {
			return fault.Wrap(err, "jobs.sweep")
		}
		fresh := slices.DeleteFunc(slices.Clone(rows), func(row tenants.Due) bool {
			_, ok := seen[row.ID]
			return ok
		})
		sweepGroups(ctx, d, together(fresh), each, seen)
		if ctx.Err() != nil || (len(fresh) == 0 && len(rows) < limit) {
			return errors.Join(ctx.Err(), joined(seen))
		}
		limit = sweepPage + len(rows) - len(fresh) // look past those that stay due
	}
}

// together groups rows by organization, in their order and in parts small
// enough for one transaction.
func together(rows []tenants.Due) [][]tenants.Due {
	var groups [][]tenants.Due
	open := map[int64]int{} // organization → its group that is not full
	for _, row := range rows {
		at, ok := open[row.TenantID]
		if !ok || len(groups[at]) == sweepTogether {
			at = len(groups)
			open[row.TenantID] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], row)
	}
	return groups
}

// sweepGroups works off all groups and notes in seen what became of each row.
func sweepGroups(ctx context.Context, d *Deps, groups [][]tenants.Due,
	each func(context.Context, *tenants.Tx, []int64) error, seen map[int64]error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	next := make(chan []tenants.Due)
	for range min(sweepers, len(groups)) {
		all.Go(func() {
			for group := range next {
				done := sweepGroup(ctx, d, group, each)
				mu.Lock()
				maps.Copy(seen, done)
				mu.Unlock()
			}
		})
	}
	for _, group := range groups {
		next <- group
	}
	close(next)
	all.Wait()
}

// sweepGroup works off rows of one organization in one transaction, and one by
// one when that fails.
func sweepGroup(ctx context.Context, d *Deps, group []tenants.Due, each func(context.Context, *tenants.Tx, []int64) error) map[int64]error {
	done := make(map[int64]error, len(group))
	whole := sweepRows(ctx, d, group, each)
	for _, row := range group {
		if done[row.ID] = whole; whole != nil && len(group) > 1 {
			done[row.ID] = sweepRows(ctx, d, []tenants.Due{row}, each)
		}
	}
	return done
}

func sweepRows(ctx context.Context, d *Deps, rows []tenants.Due, each func(context.Context, *tenants.Tx, []int64) error) error {
	tenant, err := d.tenant(ctx, rows[0].TenantID)
	if err != nil {
		return err
	}
	db := d.Root.For(tenant)
	defer db.Release()
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return each(ctx, tx, ids) })
}

// free gives each those rows that nobody holds; the others stay due, and have
// their turn at the next sweep.
func free(row tenants.Row, each func(context.Context, *tenants.Tx, []int64) error) func(context.Context, *tenants.Tx, []int64) error {
	return func(ctx context.Context, tx *tenants.Tx, ids []int64) error {
		ids, err := tx.Free(ctx, row, ids)
		if err != nil || len(ids) == 0 {
			return err
		}
		return each(ctx, tx, ids)
	}
}

// oneByOne works off the rows of a transaction in their order.
func oneByOne(one func(context.Context, *tenants.Tx, int64) error) func(context.Context, *tenants.Tx, []int64) error {
	return func(ctx context.Context, tx *tenants.Tx, ids []int64) error {
		for _, id := range ids {
			if err := one(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	}
}

func joined(seen map[int64]error) error {
	var list []error
	for id, err := range seen {
		if err != nil {
			list = append(list, fmt.Errorf("row %d: %w", id, err))
		}
	}
	return errors.Join(list...)
}
