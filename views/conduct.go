package views

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"pasokh/app/quality"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// ConductRow is the conduct of one unit or person in words.
type ConductRow struct {
	quality.Conduct
	Name, Unit, Href string
	Score            int
	Has              bool
	Selected         bool
	Least            int
}

// ConductList is the conduct of units and persons over a period.
type ConductList struct {
	Bar           PeriodBar
	Units, People []ConductRow
	Trend         parts.LineOpts
	Formula       string
	Least         int
	Table         string
	Rules         string // address of the weights, for who may change them
}

// MyQuality is what a member of staff sees of the own conduct.
type MyQuality struct {
	OperatorReviews
	Conduct      ConductRow // without a StaffID when there is nothing to see
	Formula      string
	Least        int
	ConductTrend parts.LineOpts
}

// SortConduct puts rows in order: the lowest score first, for there is
// something to do; those without one last.
func SortConduct(list []ConductRow) {
	place := func(r ConductRow) int {
		if !r.Has {
			return 101
		}
		return r.Score
	}
	slices.SortFunc(list, func(a, b ConductRow) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.StaffID, b.StaffID))
	})
}

// bars are the scores of the units.
func (m *ConductList) bars(ctx context.Context) parts.BarChartOpts {
	o := parts.BarChartOpts{Title: messages.T(ctx, "conduct.chart"), Note: m.Bar.Name, What: messages.T(ctx, "desk.unit"), Unit: messages.T(ctx, "conduct.score"), Max: 100}
	for i := range m.Units {
		if u := &m.Units[i]; u.Has {
			o.Bars = append(o.Bars, parts.Bar{Label: u.Name, Value: u.Score, Text: messages.Percent(ctx, u.Score), Href: u.Href})
		}
	}
	return o
}

// scoreCell is the score, or why there is none.
func (r *ConductRow) scoreCell(ctx context.Context) parts.CellOpts {
	cell := parts.CellOpts{Label: messages.T(ctx, "conduct.score"), Kind: parts.NumCell, Text: "—", Sub: messages.T(ctx, "conduct.too_few", "n", r.N(), "least", r.Least)}
	if r.Has {
		cell.Text, cell.Sub = messages.Percent(ctx, r.Score), messages.T(ctx, "conduct.rests_on", "n", r.N())
	}
	return cell
}

// enough tells whether so many answers of citizens may be said: a person's few
// would tell who gave them.
func (r *ConductRow) enough(n int) bool { return r.StaffID == 0 || n >= r.Least }

// partCell is one part with how much stands behind it.
func (r *ConductRow) partCell(ctx context.Context, label string, percent int, known bool, n int, word string) parts.CellOpts {
	cell := parts.CellOpts{Label: messages.T(ctx, label), Kind: parts.NumCell, Text: "—"}
	if known && r.Has {
		cell.Text, cell.Sub = messages.Percent(ctx, percent), messages.T(ctx, word, "n", n)
	}
	return cell
}

func (r *ConductRow) cells(ctx context.Context) []parts.CellOpts {
	survey, asked := r.Survey()
	calls, heard := r.Calls()
	seen, visited := r.Seen()
	result, known := r.Result()
	return []parts.CellOpts{
		r.scoreCell(ctx),
		r.partCell(ctx, "conduct.survey", survey, asked && r.enough(r.Answers), r.Answers, "conduct.n_answers"),
		r.partCell(ctx, "conduct.calls", calls, heard, r.Reviews, "conduct.n_reviews"),
		r.partCell(ctx, "conduct.seen", seen, visited, r.Visits, "conduct.n_visits"),
		{Label: messages.T(ctx, "conduct.justified"), Kind: parts.NumCell, Text: messages.Number(ctx, r.Justified)},
		r.partCell(ctx, "conduct.result", result, known && r.enough(r.Verdicts), r.Verdicts, "conduct.n_verdicts"),
	}
}

// Cells are the row for other programs: plain numbers, none where there are too
// few.
func (r *ConductRow) Cells() []string {
	number := func(n int, known bool) string {
		if !known || !r.Has {
			return ""
		}
		return strconv.Itoa(n)
	}
	survey, asked := r.Survey()
	result, judged := r.Result()
	answers, verdicts := r.enough(r.Answers), r.enough(r.Verdicts)
	unit, person := r.Name, ""
	if r.StaffID != 0 {
		unit, person = r.Unit, r.Name
	}
	return []string{
		unit, person, number(r.Score, true), number(survey, asked && answers), number(r.Answers, answers), number(r.Calls()), number(r.Reviews, true), number(r.Seen()), number(r.Visits, true),
		strconv.Itoa(r.Justified), number(result, judged && verdicts), number(r.Verdicts, verdicts),
	}
}

// facts are the parts of the own score.
func (m *MyQuality) facts(ctx context.Context) []parts.Fact {
	var list []parts.Fact
	for _, cell := range m.Conduct.cells(ctx)[1:] {
		value := cell.Text
		if cell.Sub != "" {
			value += " · " + cell.Sub
		}
		list = append(list, parts.Fact{Label: cell.Label, Value: value})
	}
	return slices.Delete(list, 2, 3) // inspection sees units
}
