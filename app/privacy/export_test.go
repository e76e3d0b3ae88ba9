package privacy

import (
	"context"

	"pasokh/tenants"
)

// TakeCases takes cases away that a run has chosen, and tells how many.
func TakeCases(ctx context.Context, tx *tenants.Tx, ids []int64) (int64, error) {
	t, err := takeCases(ctx, tx, ids)
	return t.rows, err
}
