package settings

import (
	"context"
	"slices"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// FactorRules lists who can be asked for a second factor: the roles that can do
// most harm, who are asked always, or all staff.
func FactorRules() []string { return []string{"", tenants.FactorAll} }

// SaveSecondFactor says who must sign in with a second factor; the administrators
// are told. Field errors: second_factor.
func SaveSecondFactor(ctx context.Context, tx *tenants.Tx, rule string) error {
	if !slices.Contains(FactorRules(), rule) {
		return fault.Field("second_factor", "factor_rule.error")
	}
	was := rule
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { was, s.SecondFactor = s.SecondFactor, rule })
	if err != nil || was == rule {
		return err
	}
	if err := audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, "second_factor "+word(was)+" > "+word(rule)); err != nil {
		return err
	}
	return staff.TellSecurity(ctx, tx, false)
}

func word(rule string) string {
	if rule == "" {
		return "some"
	}
	return rule
}

// SaveRankingWeights writes how much each part of the ranking counts; together
// they are a hundred. Field errors: deadlines, inspection, conduct.
func SaveRankingWeights(ctx context.Context, tx *tenants.Tx, in tenants.RankingWeights) error {
	wrong := fault.Fields{}
	for field, n := range map[string]int{"deadlines": in.Deadlines, "inspection": in.Inspection, "conduct": in.Conduct} {
		if n < 0 || n > 100 {
			wrong.Add(field, "weights.error")
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if in.Deadlines+in.Inspection+in.Conduct != 100 {
		return fault.Field("deadlines", "weights.error_sum")
	}
	was := in
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { was, s.Ranking = s.Ranking, in })
	if err != nil || was == in {
		return err
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, "ranking")
}
