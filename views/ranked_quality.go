package views

import (
	"context"
	"strconv"

	"pasokh/views/messages"
	"pasokh/views/parts"
)

// RankedQuality is what stands beside the deadlines of a unit: what inspection
// found, how people were treated, and the whole by the weights; in percent.
type RankedQuality struct {
	Inspection, Visits int
	Inspected          bool
	Conduct, Calls     int
	Asked              bool
	Lost               int // points by upheld violations
	Whole, Change      int
	Has, Moved         bool
}

// cell is a percentage with how much stands behind it.
func qualityCell(ctx context.Context, label string, percent int, known bool, sub string, n int) parts.CellOpts {
	cell := parts.CellOpts{Label: messages.T(ctx, label), Kind: parts.NumCell, Text: "—"}
	if known {
		cell.Text, cell.Sub = messages.Percent(ctx, percent), messages.T(ctx, sub, "n", n)
	}
	return cell
}

// wholeCell is the whole with where it is going.
func (q RankedQuality) wholeCell(ctx context.Context) parts.CellOpts {
	cell := parts.CellOpts{Label: messages.T(ctx, "ranking.all"), Kind: parts.NumCell, Text: "—"}
	if !q.Has {
		return cell
	}
	cell.Text = messages.Percent(ctx, q.Whole)
	switch {
	case q.Moved && q.Change > 0:
		cell.Sub = messages.T(ctx, "ranking.better", "n", messages.Number(ctx, q.Change))
	case q.Moved && q.Change < 0:
		cell.Sub = messages.T(ctx, "ranking.worse", "n", messages.Number(ctx, -q.Change))
	case q.Moved:
		cell.Sub = messages.T(ctx, "ranking.same")
	}
	return cell
}

// qualityText is a percentage on paper.
func qualityText(ctx context.Context, percent int, known bool) string {
	if !known {
		return "—"
	}
	return messages.Percent(ctx, percent)
}

// Cells are the unit as a line of a table for other programs: plain numbers.
func (u RankedUnit) Cells() []string {
	number := func(n int, known bool) string {
		if !known {
			return ""
		}
		return strconv.Itoa(n)
	}
	q := u.Quality
	index := ""
	if u.Ranked {
		index = strconv.Itoa(u.Value/10) + "." + strconv.Itoa(u.Value%10)
	}
	return []string{
		number(u.Place, u.Ranked), u.Name, index, strconv.Itoa(u.Parts), strconv.Itoa(u.Lost), strconv.Itoa(u.Stake),
		number(q.Inspection, q.Inspected), strconv.Itoa(q.Visits), number(q.Conduct, q.Asked), strconv.Itoa(q.Calls), strconv.Itoa(q.Lost), number(q.Whole, q.Has),
	}
}
