package parts

import (
	"context"

	"pasokh/views/messages"
)

func (o BarChartOpts) whole() int {
	whole := o.Max
	if whole == 0 {
		for _, b := range o.Bars {
			whole = max(whole, b.Value)
		}
	}
	return max(1, whole)
}

func (o BarChartOpts) rows(ctx context.Context) [][]string {
	rows := make([][]string, len(o.Bars))
	for i, b := range o.Bars {
		rows[i] = []string{b.Label, or(b.Text, messages.Number(ctx, b.Value))}
	}
	return rows
}

// top is the sum of the longest bar.
func (o StackedOpts) top() int {
	top := 1
	for i := range o.Labels {
		top = max(top, sum(valuesAt(o.Series, i)))
	}
	return top
}

func (o StackedOpts) whole(values []int, top int) int {
	if o.Share {
		return max(1, sum(values))
	}
	return top
}

func (o LineOpts) tallest() int {
	return StackedOpts{Labels: o.Labels, Series: o.Series}.top()
}

func names(series []Series) []string {
	list := make([]string, len(series))
	for i, s := range series {
		list[i] = s.Label
	}
	return list
}

func seriesRows(ctx context.Context, labels []string, series []Series) [][]string {
	rows := make([][]string, len(labels))
	for i, label := range labels {
		rows[i] = []string{label}
		for _, v := range valuesAt(series, i) {
			rows[i] = append(rows[i], messages.Number(ctx, v))
		}
	}
	return rows
}

// labelled tells whether a place on the time has room for its label: of many,
// every so manieth, counted from the latest.
func (o LineOpts) labelled(i int) bool {
	const many, shown = 16, 5
	n := len(o.Labels)
	return n <= many || (n-1-i)%((n+shown-1)/shown) == 0
}
