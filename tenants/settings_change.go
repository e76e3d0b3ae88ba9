package tenants

import (
	"context"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
)

// ChangeSettings lets change write on the organization's settings as they stand
// now, and keeps them. Other processes see them within a few seconds of the
// commit; transactions that run keep those they began with.
func (tx *Tx) ChangeSettings(ctx context.Context, change func(*Settings)) error {
	row := new(Tenant)
	q := tx.root.write.NewSelect().Conn(tx.conn).Model(row).Column("id", "settings").Where("tenant.id = ?", tx.tenant.ID)
	if tx.root.postgres {
		q = q.For("NO KEY UPDATE OF ?", bun.Ident("tenant"))
	}
	if err := q.Scan(ctx); err != nil {
		return fault.Wrap(Err(err), "tenants.ChangeSettings")
	}
	change(&row.Settings)
	tx.conn.settings = true
	res, err := tx.root.write.NewUpdate().Conn(tx.conn).Model(row).Column("settings").Where("id = ?", tx.tenant.ID).Exec(ctx)
	return fault.Wrap(one(res, err), "tenants.ChangeSettings")
}
