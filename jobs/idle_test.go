package jobs_test

import (
	"testing"

	"pasokh/app/notify"
	"pasokh/jobs"
)

// A clock costs an organization that has nothing due one look into an index, and
// all of them together one statement.
func TestClocksLeaveIdleOrganizationsAlone(t *testing.T) {
	w := newWorld(t)
	w.Deps.Post.Gateways, w.Deps.Post.Sender = &notify.Opener{}, nil
	for _, slug := range []string{"gamma", "delta", "epsilon"} {
		w.Onboard(t, slug)
	}
	for _, name := range []string{"notify.deliveries", "notify.inbound", "notify.credit", "meetings.busy", "complaints.sources", "boxes", "meetings.booking", "meetings.invitations", "emergency.over"} {
		statements := 0
		w.Root.OnStatement = func(string) { statements++ }
		if err := jobs.RunClock(t.Context(), w.Deps, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		w.Root.OnStatement = nil
		if statements > 1 {
			t.Errorf("%s: %d statements for five organizations with nothing due", name, statements)
		}
	}
}
