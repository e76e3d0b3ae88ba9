package views

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskRows are the cases of the list.
func deskRows(m DeskInbox) templ.Component {
	return parts.Rows(func(ctx context.Context, to *parts.Markup) {
		head := deskHead{
			citizen: messages.T(ctx, "desk.column.citizen"), unit: messages.T(ctx, "desk.unit"), state: messages.T(ctx, "desk.column.state"),
			clock: m.clockHead(ctx), registered: messages.T(ctx, "desk.column.registered"),
		}
		for i := range m.Rows {
			head.row(ctx, to, &m, &m.Rows[i])
		}
	})
}

// deskHead is what a row's cells are called where there is no table head.
type deskHead struct{ citizen, unit, state, clock, registered string }

func (head *deskHead) row(ctx context.Context, to *parts.Markup, m *DeskInbox, row *DeskRow) {
	id := strconv.FormatInt(row.ID, 10)
	to.Row(parts.RowOpts{
		ID: "case-" + id, Tone: lateTone(row.late(m.Now)), Unread: row.State == complaints.Registered, Current: row.ID == m.Selected,
		Select: bulkValue(m, row), Label: row.Code, Form: "bulk", Attrs: templ.Attributes{"data-case": id},
	}, func() {
		to.Cell(parts.CellOpts{Primary: true, Text: row.Topic, Href: row.Href, Sub: row.Snippet}, nil)
		to.Cell(parts.CellOpts{Label: head.citizen}, func() { head.who(to, row) })
		to.Cell(parts.CellOpts{Label: head.unit, Text: row.Unit, Sub: row.Holder}, nil)
		to.Cell(parts.CellOpts{Label: head.state, Kind: parts.StateCell}, func() { head.marks(ctx, to, row, m.Now) })
		to.Cell(parts.CellOpts{Label: head.clock, Kind: parts.StateCell}, func() { head.until(ctx, to, m, row) })
		to.Cell(parts.CellOpts{Label: head.registered, Kind: parts.DateCell}, func() { to.WhenAgo(row.RegisteredAt, m.Now) })
	})
}

func (head *deskHead) who(to *parts.Markup, row *DeskRow) {
	to.Raw(`<span class="inbox-name">`)
	to.Text(row.Citizen)
	to.Raw(`</span> <span class="cell-sub">`)
	to.Code(row.Code)
	to.Raw("</span>")
}

// marks are the state of the case and what else tells it from others.
func (head *deskHead) marks(ctx context.Context, to *parts.Markup, row *DeskRow, now time.Time) {
	writeState(ctx, to, row.State, row.Cycle)
	if row.Secret {
		to.Badge(secretLook(ctx))
	}
	if row.Complainants > 0 {
		to.Badge(parts.BadgeOpts{Label: messages.T(ctx, "relations.complainants", "n", row.Complainants), Tone: parts.Accent, Icon: "users"})
	}
	if row.Follows {
		to.Badge(parts.BadgeOpts{Label: messages.T(ctx, "relations.member"), Icon: "git-merge"})
	}
	if row.SourceDue != nil && row.ClosedAt == nil {
		to.Badge(sourceLook(ctx, *row.SourceDue, now))
	}
	if row.Part {
		to.Badge(parts.BadgeOpts{Label: messages.T(ctx, "relations.part"), Icon: "split"})
	}
}

// until is the due time, or the day on which the case was closed.
func (head *deskHead) until(ctx context.Context, to *parts.Markup, m *DeskInbox, row *DeskRow) {
	if row.ClosedAt == nil {
		to.ClockChip(parts.ClockOpts{Due: row.DueAt, Now: m.Now})
		return
	}
	to.Raw(`<span class="muted small">`)
	to.Text(messages.T(ctx, "desk.closed_on", "date", messages.ShortDate(ctx, *row.ClosedAt)))
	to.Raw("</span>")
}

// stateBadge is the state of a case, and which round it is in when not in the
// first.
func stateBadge(state complaints.State, cycle int) templ.Component {
	return parts.Rows(func(ctx context.Context, to *parts.Markup) { writeState(ctx, to, state, cycle) })
}

func writeState(ctx context.Context, to *parts.Markup, state complaints.State, cycle int) {
	look := stateLook(state)
	look.Label = messages.T(ctx, "desk.state."+string(state))
	to.Badge(look)
	if cycle > 1 {
		to.Badge(parts.BadgeOpts{Label: messages.T(ctx, "desk.cycle", "n", cycle), Tone: parts.Warning, Icon: "refresh-cw"})
	}
}
