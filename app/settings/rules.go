package settings

import (
	"context"
	"slices"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// FactorRules lists who can be asked for a second factor: the roles that can do
// most harm, all staff, nobody.
func FactorRules() []string { return []string{"", tenants.FactorAll, tenants.FactorOff} }

// SaveSecondFactor says who must sign in with a second factor. Field errors:
// second_factor.
func SaveSecondFactor(ctx context.Context, tx *tenants.Tx, rule string) error {
	if !slices.Contains(FactorRules(), rule) {
		return fault.Field("second_factor", "factor_rule.error")
	}
	was := rule
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { was, s.SecondFactor = s.SecondFactor, rule })
	if err != nil || was == rule {
		return err
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, "second_factor "+word(was)+" > "+word(rule))
}

func word(rule string) string {
	if rule == "" {
		return "some"
	}
	return rule
}

// RetentionFields are the kinds of what is kept, in the order of the form.
var RetentionFields = []string{"cases", "confidential", "meetings", "messages", "files", "audit"}

// RetentionBounds are the years that each may be kept. The record and the cases
// must outlive the three months of the law and the objections by far.
var RetentionBounds = map[string]struct{ Least, Most int }{
	"cases": {2, 30}, "confidential": {2, 30}, "meetings": {2, 30}, "messages": {1, 10}, "files": {1, 30}, "audit": {5, 50},
}

// RetentionYears are the numbers by field.
func RetentionYears(r *tenants.Retention) map[string]*int {
	return map[string]*int{
		"cases": &r.Cases, "confidential": &r.Confidential, "meetings": &r.Meetings, "messages": &r.Messages, "files": &r.Files, "audit": &r.Audit,
	}
}

// checkRetention finds what is wrong with numbers that are chosen; files never
// outlive their cases.
func checkRetention(in tenants.Retention) error {
	wrong := fault.Fields{}
	for field, n := range RetentionYears(&in) {
		if b := RetentionBounds[field]; *n != 0 && (*n < b.Least || *n > b.Most) {
			wrong.Add(field, "retention.error")
		}
	}
	if in.Cases != 0 && in.Files > in.Cases {
		wrong.Add("files", "retention.error_files")
	}
	return wrong.Err()
}

// SaveRetention writes for how many years each kind is kept. Field errors: the
// fields.
func SaveRetention(ctx context.Context, tx *tenants.Tx, in tenants.Retention) error {
	wrong := fault.Fields{}
	for field, n := range RetentionYears(&in) {
		if *n == 0 {
			wrong.Add(field, "retention.error")
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if err := checkRetention(in); err != nil {
		return err
	}
	was := in
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { was, s.Retention = s.Retention, in })
	if err != nil || was == in {
		return err
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, "retention")
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
