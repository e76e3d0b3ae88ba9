package tenants_test

import (
	"testing"

	"pasokh/tenants"
)

// What is not known is left out, and the others keep their proportion.
func TestWhole(t *testing.T) {
	w := tenants.Settings{}.Defaults().Ranking
	parts := []tenants.Weighed{{Percent: 90, Weight: w.Deadlines, Known: true}, {Percent: 50, Weight: w.Inspection, Known: true}, {Percent: 70, Weight: w.Conduct, Known: true}}
	if got, ok := tenants.Whole(parts...); !ok || got != 78 {
		t.Errorf("%d, want 78", got)
	}
	parts[0].Known = false
	if got, _ := tenants.Whole(parts...); got != 60 {
		t.Errorf("%d, want 60", got)
	}
	if _, ok := tenants.Whole(); ok {
		t.Error("nothing makes a whole")
	}
}
