package tenants

import "context"

// Unsealed makes the organization as an older program left it: to be sealed.
func Unsealed(ctx context.Context, tx *Tx) error {
	_, err := tx.Set(ctx, (*dataKey)(nil), "sealed_at = NULL", nil, "number = ?", indexKey)
	return err
}

// Unopened reads rows as they lie.
func Unopened(ctx context.Context, db *DB, rows any) error {
	return db.root.write.NewSelect().Conn(db.conn).Model((*dataKey)(nil)).ModelTableExpr("citizens AS tenant_key").
		ColumnExpr("*").Where("tenant_id = ?", db.tenant.ID).Scan(ctx, rows)
}
