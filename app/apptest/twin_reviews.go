package apptest

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/tenants"
)

// judge leaves a call that was reviewed and objected to, and an action from the
// warning.
func (a *App) judge(tenant *tenants.Tenant, w *Twin) {
	a.T.Helper()
	operator := a.Staff(tenant, "operator")
	pr := a.Staff(tenant, "manager")
	pr.SeesAll = true
	a.Do(tenant, pr, func(ctx context.Context, tx *tenants.Tx) error {
		call := &complaints.Call{ID: tenants.NewID(), ComplaintID: w.Complaint, Cycle: 1, Outcome: "no_answer", StaffID: &operator.ID, At: tx.Now()}
		if err := tx.Insert(ctx, call); err != nil {
			return err
		}
		in := quality.Reviewing{Kind: quality.FeedbackCall, CallID: call.ID, Remark: w.Canary, Given: map[string]quality.Given{}}
		for _, c := range tenant.Settings.Defaults().Reviews.Criteria {
			in.Given[c.Key] = quality.Given{Score: 4, Remark: w.Canary}
		}
		v, err := quality.WriteReview(ctx, tx, in)
		if err != nil {
			return err
		}
		w.Review, w.Operator, w.Call = v.ID, operator.ID, call.ID
		i, err := quality.PlanImprovement(ctx, tx, quality.ActionPlan{
			Source: quality.Source{Kind: quality.FromWarning, ID: w.Warning}, UnitID: w.Unit, Title: w.Canary, Text: w.Canary,
			Due: persian.DateOf(tx.Now().In(persian.Tehran)).AddDays(3),
		})
		if err == nil {
			w.Improvement = i.ID
		}
		return err
	})
	a.Do(tenant, operator, func(ctx context.Context, tx *tenants.Tx) error {
		return quality.ObjectToReview(ctx, tx, w.Review, w.Canary)
	})
}
