package parts

import (
	"strconv"
	"strings"

	"pasokh/views/messages"
)

// Charts are drawn by the server. The words and numbers around a drawing are
// HTML, so they keep their size on every screen; the drawing itself is an SVG
// stretched to the room it gets, in a box of 1000×1000. Time runs with the
// line of writing: from right to left on Persian pages.

const box = 1000.0

// scale is the axis of a chart: a round top and the labels of its grid.
type scale struct {
	top   int
	ticks []int // from top to 0
}

// newScale finds the smallest 1, 2 or 5 × 10ⁿ step with at most five lines.
func newScale(largest int) scale {
	step := 1
	for i := 0; step*5 < largest; i++ {
		step = step * []int{2, 5, 10}[i%3] / []int{1, 2, 5}[i%3]
	}
	lines := max(1, (largest+step-1)/step)
	s := scale{top: step * lines}
	for i := lines; i >= 0; i-- {
		s.ticks = append(s.ticks, i*step)
	}
	return s
}

// y is the height of a value in the box, counted from the top.
func (s scale) y(v int) string { return num(box - box*float64(v)/float64(s.top)) }

// across is the middle of slot i of n, mirrored for right-to-left pages.
func across(i, n int, lang messages.Lang) float64 {
	at := box * (float64(i) + 0.5) / float64(n)
	if lang.Dir() == "rtl" {
		return box - at
	}
	return at
}

func num(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// percent is the share of v in whole as an SVG length.
func percent(v, whole int) string {
	if whole == 0 {
		return "0%"
	}
	return num(100*float64(v)/float64(whole)) + "%"
}

// fromStart is the place of a bar that begins after start of whole and is v
// wide, counted along the line of writing.
func fromStart(start, v, whole int, lang messages.Lang) string {
	if lang.Dir() == "rtl" {
		start = whole - start - v
	}
	return percent(start, whole)
}

func largest(series []Series) int {
	top := 0
	for _, s := range series {
		for _, v := range s.Values {
			top = max(top, v)
		}
	}
	return top
}

func sum(values []int) int {
	total := 0
	for _, v := range values {
		total += v
	}
	return total
}

// valuesAt is the values of all series at place i.
func valuesAt(series []Series, i int) []int {
	values := make([]int, len(series))
	for k, s := range series {
		if i < len(s.Values) {
			values[k] = s.Values[i]
		}
	}
	return values
}

func linePoints(values []int, s scale, lang messages.Lang) string {
	points := make([]string, len(values))
	for i, v := range values {
		points[i] = num(across(i, len(values), lang)) + "," + s.y(v)
	}
	return strings.Join(points, " ")
}

// sparkPoints fills a box of 100×30 from edge to edge.
func sparkPoints(values []int, lang messages.Lang) string {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	points := make([]string, len(values))
	for i, v := range values {
		at := 100 * float64(i) / float64(len(values)-1)
		if lang.Dir() == "rtl" {
			at = 100 - at
		}
		points[i] = num(at) + "," + num(27-24*float64(v-low)/float64(max(1, high-low)))
	}
	return strings.Join(points, " ")
}
