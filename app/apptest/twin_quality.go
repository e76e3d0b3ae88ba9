package apptest

import (
	"context"

	"pasokh/app/quality"
	"pasokh/tenants"
)

// watch leaves a warning that somebody looked at.
func (a *App) watch(tenant *tenants.Tenant, w *Twin) {
	a.T.Helper()
	a.Do(tenant, a.Staff(tenant, "manager"), func(ctx context.Context, tx *tenants.Tx) error {
		now := tx.Now()
		row := &quality.Warning{
			ID: tenants.NewID(), Kind: quality.Spike, Dimension: quality.All, Observed: 30, Expected: 40, FromAt: now.AddDate(0, 0, -1), UntilAt: now.AddDate(0, 0, 1),
			Series: quality.Series{Days: []string{}}, State: quality.Open, RaisedAt: now, SeenAt: now, Version: 1,
		}
		if err := tx.Insert(ctx, row); err != nil {
			return err
		}
		w.Warning = row.ID
		return quality.Acknowledge(ctx, tx, row.ID, w.Canary)
	})
}
