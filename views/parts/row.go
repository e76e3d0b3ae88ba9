package parts

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"pasokh/views/messages"
)

// Row is one line of a Table. The row's own link is in its Primary cell.
func Row(o RowOpts) templ.Component {
	return around(func(m *Markup) { m.rowOpen(o) }, func(m *Markup) { m.Raw("</tr>") })
}

// Cell is one cell of a Row.
func Cell(o CellOpts) templ.Component {
	return around(func(m *Markup) { m.cellOpen(o) }, func(m *Markup) { m.cellClose(o) })
}

// Badge is the state of a thing.
func Badge(o BadgeOpts) templ.Component { return piece(func(m *Markup) { m.Badge(o) }) }

// ClockChip says how long is left: quiet above half of the time, amber below
// a quarter, red when over, always in words. The exact moment is its tooltip.
func ClockChip(o ClockOpts) templ.Component { return piece(func(m *Markup) { m.ClockChip(o) }) }

// words say how long is left, or why that no longer counts.
func (o ClockOpts) words(ctx context.Context) string {
	switch {
	case o.Done:
		return messages.T(ctx, "parts.clock_done")
	case o.Paused:
		return messages.T(ctx, "parts.clock_paused")
	}
	return messages.Remaining(ctx, o.Due, o.Now)
}

// Icon draws one icon of static/vendor/icons.txt at the size of the text around
// it. It is decoration: give the words beside it or an aria-label on its owner.
func Icon(name string) templ.Component { return piece(func(m *Markup) { m.Icon(name) }) }

// WhenAgo shows how long ago an instant was; the full date is its tooltip.
func WhenAgo(t, now time.Time) templ.Component { return piece(func(m *Markup) { m.WhenAgo(t, now) }) }

// WhenAhead is a moment to come, as how far it is from now.
func WhenAhead(t, now time.Time) templ.Component {
	return piece(func(m *Markup) { m.moment(t, messages.Ahead(m.ctx, t, now)) })
}
