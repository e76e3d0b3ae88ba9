package quality

import (
	"math"
	"slices"
)

// What a day is measured against: the same weekday of so many weeks before, and
// how many of them must be known.
const (
	baselineWeeks = 8
	baselineLeast = 4
)

// Baseline is what is usual, in cases a day.
type Baseline struct {
	Median float64
	Spread float64
	Days   int
}

// BaselineOf is the median of what was counted and how far days lie from it:
//
//	spread = max(1.4826 × median of |n − median|, √median, 1)
//
// 1.4826 makes the median deviation comparable to a standard deviation; the
// root is what chance alone does to counts; a spread is never below one case.
func BaselineOf(counted []int) Baseline {
	if len(counted) == 0 {
		return Baseline{}
	}
	values := make([]float64, len(counted))
	for i, n := range counted {
		values[i] = float64(n)
	}
	mid := median(values)
	for i := range values {
		values[i] = math.Abs(values[i] - mid)
	}
	return Baseline{Median: mid, Spread: max(1.4826*median(values), math.Sqrt(mid), 1), Days: len(counted)}
}

func median(values []float64) float64 {
	values = slices.Clone(values)
	slices.Sort(values)
	n := len(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}

// times is the baseline of a day that carries what people kept back on closed
// days before it.
func (b Baseline) times(n int) Baseline {
	b.Median *= float64(n)
	b.Spread *= math.Sqrt(float64(n))
	return b
}

// Rise tells whether a day's count is out of the ordinary, and whether it is so
// twice over: at least so many cases, and more than the usual by so many tenths
// of the spread. Without enough days behind it nothing is.
func (b Baseline) Rise(n, least, tenths int) (rise, strong bool) {
	if b.Days < baselineLeast || n < least {
		return false, false
	}
	far := (float64(n) - b.Median) / b.Spread
	return far >= float64(tenths)/10, far >= float64(2*tenths)/10
}
