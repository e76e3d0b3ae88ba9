package boot

import "context"

// The tests load the demonstration several times, without its past; the tests
// of the past itself write it directly.
func init() { withHistory = false }

// FollowPolicies is what serve does to keep its decisions in step.
func (a *App) FollowPolicies(ctx context.Context) (stop func(), err error) {
	return a.followPolicies(ctx)
}
