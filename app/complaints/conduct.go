package complaints

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Conducts lists how staff can have behaved, the best first.
func Conducts() []string { return []string{"good", "fair", "poor"} }

// Unrated is the verdict of the case's last cycle whose conduct question was
// not answered, nil when there is none: result and conduct are asked apart.
func Unrated(calls []Call, c *Complaint) *Call {
	for i := range calls {
		call := &calls[i]
		if call.Cycle == c.Cycle && call.Conduct == "" && (call.Outcome == "satisfied" || call.Outcome == "not_satisfied") {
			return call
		}
	}
	return nil
}

// Rate takes the citizen's answer to the conduct question after the verdict;
// only the citizen's, and only once.
func Rate(ctx context.Context, tx *tenants.Tx, id ID, conduct string) (*timeline.Event, error) {
	if tx.Actor().Kind != tenants.Citizen {
		return nil, fault.New(fault.Forbidden, "complaint.error.citizen_only")
	}
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(Conducts(), conduct) {
		return nil, fault.Field("conduct", "complaint.error.conduct")
	}
	calls, err := Calls(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	verdict := Unrated(calls, c)
	if verdict == nil {
		return nil, fault.New(fault.Conflict, "complaint.conflict.state")
	}
	verdict.Conduct = conduct
	if err := tx.Update(ctx, verdict, "conduct"); err != nil {
		return nil, err
	}
	return record(ctx, tx, c, c.event("rated", "", false), false)
}
