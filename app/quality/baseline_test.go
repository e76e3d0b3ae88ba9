package quality_test

import (
	"testing"

	"pgregory.net/rapid"

	"pasokh/app/quality"
)

// A rise is never seen in little, in what lies at or below the usual, or without
// enough days; one wild day of the past changes little; more is never less.
func TestBaseline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(0, 200), 4, 8).Draw(t, "days")
		b := quality.BaselineOf(days)
		n, least := rapid.IntRange(0, 400).Draw(t, "n"), rapid.IntRange(3, 50).Draw(t, "least")
		rise, strong := b.Rise(n, least, 35)
		if rise && (n < least || float64(n) <= b.Median) || strong && !rise {
			t.Fatalf("%d against %+v: %v, %v", n, b, rise, strong)
		}
		if more, _ := b.Rise(n+1, least, 35); rise && !more {
			t.Fatal("more is less")
		}
		if rise, _ := quality.BaselineOf(days[:3]).Rise(n, least, 35); rise {
			t.Fatal("judged by three days")
		}
	})
	calm := quality.BaselineOf([]int{4, 5, 4, 5, 4, 5, 4, 90})
	if rise, strong := calm.Rise(30, 6, 35); !rise || !strong {
		t.Errorf("one wild day hides a rise: %+v", calm)
	}
	if rise, _ := calm.Rise(8, 6, 35); rise {
		t.Errorf("chance is a rise: %+v", calm)
	}
}
