package roles_test

import (
	"context"
	"testing"

	"pasokh/app/staff"
)

// Whoever guards confidential cases and identities hears who may look now.
func TestWhatIsGuardedIsGivenInTheOpen(t *testing.T) {
	h := open(t)
	told := 0
	h.Root.OnTask = func(_ context.Context, kind string, _ int64) {
		if kind == staff.KindSecurityChanged {
			told++
		}
	}
	for _, step := range []struct {
		change string
		want   int
	}{{"+complaint:triage", 0}, {"+citizen:identify", 1}, {"-citizen:identify", 1}, {"+complaint:inspect", 2}} {
		if _, err := h.change(h.as("admin"), "operator", "", step.change); err != nil || told != step.want {
			t.Errorf("%s: told %d times, %v", step.change, told, err)
		}
	}
}
