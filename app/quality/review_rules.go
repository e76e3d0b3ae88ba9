package quality

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Limits of the form of reviews.
const (
	MaxCriteria  = 12
	MaxCriterion = 120 // characters
	maxWeight    = 10
	maxPerMonth  = 30
)

// SaveReviewRules writes the criteria by which calls are reviewed, as a new
// version; reviews keep those of their day. A criterion without a key is a new
// one. Field errors: per_month, criteria, fa_<place>, weight_<place>.
func SaveReviewRules(ctx context.Context, tx *tenants.Tx, in tenants.ReviewRules) error {
	bad := fault.Fields{}
	if in.PerMonth < 1 || in.PerMonth > maxPerMonth {
		bad.Add("per_month", "review.error.per_month")
	}
	if n := len(in.Criteria); n == 0 || n > MaxCriteria {
		bad.Add("criteria", "review.error.criteria")
	}
	was := tx.Tenant().Settings.Defaults().Reviews
	for i := range in.Criteria {
		c, place := &in.Criteria[i], strconv.Itoa(i)
		c.FA, c.EN = persian.CleanLine(c.FA), persian.CleanLine(c.EN)
		if n := utf8.RuneCountInString(c.FA); n == 0 || n > MaxCriterion || utf8.RuneCountInString(c.EN) > MaxCriterion {
			bad.Add("fa_"+place, "review.error.criterion")
		}
		if c.Weight < 1 || c.Weight > maxWeight {
			bad.Add("weight_"+place, "review.error.weight")
		}
		if !slices.ContainsFunc(was.Criteria, func(k tenants.ReviewCriterion) bool { return k.Key == c.Key }) {
			c.Key = "c" + strconv.FormatInt(tenants.NewID(), 36)
		}
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if in.PerMonth == was.PerMonth && slices.Equal(in.Criteria, was.Criteria) {
		return nil
	}
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) {
		in.Version = s.Defaults().Reviews.Version + 1
		s.Reviews = in
	})
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, "review:rules", "organization", tx.Tenant().ID, "")
}
