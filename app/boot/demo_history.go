package boot

import (
	"context"

	"pasokh/tenants"
)

// loadHistory writes what has happened in an organization of the demonstration
// before its first start: cases, meetings, directives. It is called once for
// each organization, right after its onboarding.
func (a *App) loadHistory(_ context.Context, _ *tenants.DB) error {
	return nil
}
