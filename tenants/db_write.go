package tenants

import (
	"context"
	"fmt"
	"reflect"
)

// Lock reads one row for update; sql "no rows" means NotFound.
func (tx *Tx) Lock(ctx context.Context, row Row, where string, args ...any) error {
	q := tx.Select(row).Where(where, args...)
	if tx.root.postgres {
		q = q.For("NO KEY UPDATE") // rows that refer to this one need not wait
	}
	return Err(q.Scan(ctx))
}

// Free locks those of the rows with the ids that nobody else works on now, and
// gives their ids in order; whoever holds the others is waited for by nobody. A
// database with one writer has none that are held.
func (tx *Tx) Free(ctx context.Context, row Row, ids []int64) ([]int64, error) {
	if !tx.root.postgres || len(ids) == 0 {
		return ids, nil
	}
	var free []int64
	err := tx.Select(row).ColumnExpr("id").Where("id IN (?)", In(ids)).Order("next_clock_at", "id").
		For("NO KEY UPDATE SKIP LOCKED").Scan(ctx, &free)
	return free, Err(err)
}

// Insert writes rows (one row or a pointer to a slice of rows) of this tenant.
func (tx *Tx) Insert(ctx context.Context, row any) error {
	if err := tx.own(row); err != nil {
		return err
	}
	tx.wrote(row)
	row, _, err := tx.root.sealed(tx.tenant.ID, row, nil)
	if err != nil {
		return err
	}
	if _, err = tx.root.write.NewInsert().Conn(tx.conn).Model(row).Exec(ctx); err == nil {
		tx.laid(row)
	}
	return Err(err)
}

// LockAll reads rows (a pointer to a slice) for update, in the order of their
// ids.
func (tx *Tx) LockAll(ctx context.Context, rows any, where string, args ...any) error {
	q := tx.Select(rows).Where(where, args...).Order("id")
	if tx.root.postgres {
		q = q.For("NO KEY UPDATE")
	}
	return Err(q.Scan(ctx))
}

// InsertMissing writes those of the rows (a pointer to a slice) whose keys do
// not stand already.
func (tx *Tx) InsertMissing(ctx context.Context, rows any) error {
	if err := tx.own(rows); err != nil {
		return err
	}
	tx.wrote(rows)
	if _, ok := tx.settingOf(rows); ok {
		return fmt.Errorf("tenants: %T are settings, which are written one by one", rows)
	}
	rows, _, err := tx.root.sealed(tx.tenant.ID, rows, nil)
	if err != nil {
		return err
	}
	_, err = tx.root.write.NewInsert().Conn(tx.conn).Model(rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return Err(err)
}

// InsertNew writes the row unless one with the same key stands already, and
// tells whether it was written.
func (tx *Tx) InsertNew(ctx context.Context, row Row) (bool, error) {
	row.setTenant(tx.tenant.ID)
	tx.wrote(row)
	sealed, _, err := tx.root.sealed(tx.tenant.ID, row, nil)
	if err != nil {
		return false, err
	}
	res, err := tx.root.write.NewInsert().Conn(tx.conn).Model(sealed).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, Err(err)
	}
	n, err := res.RowsAffected()
	if n == 1 {
		tx.laid(row)
	}
	return n == 1, Err(err)
}

func (tx *Tx) own(row any) error {
	if r, ok := row.(Row); ok {
		r.setTenant(tx.tenant.ID)
		return nil
	}
	v := reflect.Indirect(reflect.ValueOf(row))
	if v.Kind() != reflect.Slice {
		return errNotOwned(row)
	}
	for i := range v.Len() {
		item := v.Index(i)
		if item.Kind() != reflect.Pointer {
			item = item.Addr()
		}
		r, ok := item.Interface().(Row)
		if !ok {
			return errNotOwned(row)
		}
		r.setTenant(tx.tenant.ID)
	}
	return nil
}

// Update writes the named columns of a row found by its primary key.
func (tx *Tx) Update(ctx context.Context, row Row, columns ...string) error {
	row.setTenant(tx.tenant.ID)
	tx.wrote(row)
	sealed, columns, err := tx.root.sealed(tx.tenant.ID, row, columns)
	if err != nil {
		return err
	}
	written, err := tx.updating(ctx, row, columns)
	if err != nil {
		return err
	}
	res, err := tx.root.write.NewUpdate().Conn(tx.conn).Model(sealed).Column(columns...).WherePK().Exec(ctx)
	if err = one(res, err); err == nil {
		written()
	}
	return err
}

// UpdateEach writes the named columns of rows (a pointer to a slice) found by
// their primary keys, in one statement. Rows that are gone are left out.
func (tx *Tx) UpdateEach(ctx context.Context, rows any, columns ...string) error {
	if err := tx.own(rows); err != nil {
		return err
	}
	tx.wrote(rows)
	rows, columns, err := tx.root.sealed(tx.tenant.ID, rows, columns)
	if err != nil {
		return err
	}
	written, err := tx.updating(ctx, rows, columns)
	if err != nil {
		return err
	}
	if _, err = tx.root.write.NewUpdate().Conn(tx.conn).Model(rows).Column(columns...).Bulk().Exec(ctx); err == nil {
		written()
	}
	return Err(err)
}

// Set changes rows of the model's table that match where, and tells how many.
// set and where are SQL over the bare column names.
func (tx *Tx) Set(ctx context.Context, model any, set string, setArgs []any, where string, args ...any) (int64, error) {
	tx.wrote(model)
	written, err := tx.setting(ctx, model, set, where, args)
	if err != nil {
		return 0, err
	}
	q := tx.root.write.NewUpdate().Conn(tx.conn).Model(model).Set(set, setArgs...).
		Where("tenant_id = ?", tx.tenant.ID).Where(where, args...)
	res, err := q.Exec(ctx)
	if err != nil {
		return 0, Err(err)
	}
	if err := written(); err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Delete removes rows of the model's table that match where, and tells how many.
func (tx *Tx) Delete(ctx context.Context, model any, where string, args ...any) (int64, error) {
	tx.wrote(model)
	if err := tx.removing(ctx, model, where, args); err != nil {
		return 0, err
	}
	res, err := tx.root.write.NewDelete().Conn(tx.conn).Model(model).
		Where("tenant_id = ?", tx.tenant.ID).Where(where, args...).Exec(ctx)
	if err != nil {
		return 0, Err(err)
	}
	return res.RowsAffected()
}
