package complaints_test

import (
	"testing"

	"pgregory.net/rapid"

	"pasokh/app/complaints"
)

// Few calls stay near the mean, many speak for themselves; a score lies between
// the unit's own mean and that of all.
func TestConductIsNormalisedByVolume(t *testing.T) {
	few, many := complaints.Manners{UnitID: 1, Calls: 1}, complaints.Manners{UnitID: 2, Calls: 100, Sum: 10000}
	all := []complaints.Manners{few, many}
	if got, ok := few.Score(all); !ok || got < 80 {
		t.Errorf("one poor call makes it %d", got)
	}
	if got, _ := many.Score(all); got != 100 {
		t.Errorf("a hundred good calls make it %d", got)
	}
	if _, ok := (complaints.Manners{}).Score(all); ok {
		t.Error("nobody was asked")
	}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) complaints.Manners {
			calls := rapid.IntRange(1, 200).Draw(t, "calls")
			return complaints.Manners{Calls: calls, Sum: 50 * rapid.IntRange(0, 2*calls).Draw(t, "sum")}
		}), 1, 8).Draw(t, "units")
		for _, m := range list {
			if got, ok := m.Score(list); !ok || got < 0 || got > 100 {
				t.Fatalf("%+v: %d", m, got)
			}
		}
	})
}
