package inspection

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// maxPart is the largest weight of a part of the ranking.
const maxPart = 100

// SaveWeights writes how much each part of the ranking counts. Field errors:
// deadlines, inspection, conduct.
func SaveWeights(ctx context.Context, tx *tenants.Tx, in tenants.RankingWeights) error {
	bad := fault.Fields{}
	for field, n := range map[string]int{"deadlines": in.Deadlines, "inspection": in.Inspection, "conduct": in.Conduct} {
		if n < 0 || n > maxPart {
			bad.Add(field, "ranking.weights.error")
		}
	}
	if len(bad) == 0 && in.Deadlines+in.Inspection+in.Conduct == 0 {
		bad.Add("deadlines", "ranking.weights.error_none")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { s.Ranking = in }); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "ranking:weights", "ranking", tx.Tenant().ID, "")
}
