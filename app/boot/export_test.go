package boot

import (
	"context"
	"io"

	"pasokh/app/staff"
)

// The tests load the demonstration several times, without its past; the tests
// of the past itself write it directly.
func init() { withHistory = false }

// FollowPolicies is what serve does to keep its decisions in step.
func (a *App) FollowPolicies(ctx context.Context) (stop func(), err error) {
	return a.followPolicies(ctx)
}

// RelatedCases is relatedCases.
const RelatedCases = relatedCases

// WriteRelated writes the related cases of the demonstration, which its tests
// load without a history.
func WriteRelated(ctx context.Context, a *App) error {
	past, err := a.openPast(ctx)
	if err != nil {
		return err
	}
	defer past.Root.Close() //nolint:errcheck // everything is committed by then
	return past.writeRelated(ctx)
}

// ApplyForTest applies a file; the accounts of a new organization get cheap
// passwords.
func ApplyForTest(ctx context.Context, a *App, f TenantFile, out io.Writer) error {
	return a.ApplyTenant(ctx, f, onboarding{hasher: staff.Cheap(), password: func(string) string { return "a password of a test" }}, out)
}
