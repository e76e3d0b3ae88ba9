package parts

import (
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"pasokh/views/messages"
)

// Markup writes the small parts that lists repeat for every row straight into
// memory: a page of fifty cases has a thousand of them, and a component, a set
// of classes and a context for each would take most of the page's time. The
// components of the same names are made of it, so there is one writing of each.
type Markup struct {
	ctx context.Context
	buf []byte
}

// blanks are the memory of pieces written before.
var blanks = sync.Pool{New: func() any { return new(Markup) }}

// keptMarkup is how much memory a piece may hand on, in bytes.
const keptMarkup = 256 << 10

func blank(ctx context.Context) *Markup {
	m := blanks.Get().(*Markup) //nolint:forcetypeassert // the pool holds nothing else
	m.ctx, m.buf = ctx, m.buf[:0]
	return m
}

func (m *Markup) put() {
	if m.ctx = nil; cap(m.buf) <= keptMarkup {
		blanks.Put(m)
	}
}

// Rows renders what write writes; write gets the context of the page.
func Rows(write func(ctx context.Context, m *Markup)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		m := blank(ctx)
		defer m.put()
		write(ctx, m)
		_, err := out.Write(m.buf)
		return err
	})
}

// piece is a component without children.
func piece(write func(m *Markup)) templ.Component {
	return Rows(func(_ context.Context, m *Markup) { write(m) })
}

// around is a component whose children stand between open and close.
func around(open, shut func(m *Markup)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		m := blank(ctx)
		defer m.put()
		open(m)
		if _, err := out.Write(m.buf); err != nil {
			return err
		}
		if err := templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), out); err != nil {
			return err
		}
		m.buf = m.buf[:0]
		shut(m)
		_, err := out.Write(m.buf)
		return err
	})
}

// Raw writes HTML of the program's own, never what anybody has typed.
func (m *Markup) Raw(pieces ...string) {
	for _, piece := range pieces {
		m.buf = append(m.buf, piece...)
	}
}

// Text writes text that may hold anything.
func (m *Markup) Text(text string) {
	if strings.ContainsAny(text, `<>&"'`) {
		text = templ.EscapeString(text)
	}
	m.buf = append(m.buf, text...)
}

// attribute writes name="value"; an empty value leaves it out.
func (m *Markup) attribute(name, value string) {
	if value == "" {
		return
	}
	m.Raw(` `, name, `="`)
	m.Text(value)
	m.Raw(`"`)
}

// attributes writes the free ones, in the order of their names.
func (m *Markup) attributes(list templ.Attributes) {
	for _, name := range slices.Sorted(maps.Keys(list)) {
		switch v := list[name].(type) {
		case string:
			m.Raw(` `, name, `="`)
			m.Text(v)
			m.Raw(`"`)
		case bool:
			if v {
				m.Raw(` `, name)
			}
		}
	}
}

// when adds a class that depends on something.
func when(on bool, class string) string {
	if on {
		return class
	}
	return ""
}

// Row writes a Row; write writes its cells.
func (m *Markup) Row(o RowOpts, write func()) {
	m.rowOpen(o)
	write()
	m.Raw("</tr>")
}

func (m *Markup) rowOpen(o RowOpts) {
	m.Raw(`<tr class="row `, o.Tone.class(), when(o.Unread, " row-unread"), when(o.Current, " row-current"), `" role="row" data-row`)
	m.attribute("id", o.ID)
	if o.Current {
		m.Raw(` aria-current="true"`)
	}
	m.attributes(o.Attrs)
	m.Raw(">")
	if o.Select == "" {
		return
	}
	m.Raw(`<td class="cell-check" role="cell"><label class="check-target"><input class="tick tick-checkbox" type="checkbox" data-select`)
	m.attribute("name", or(o.SelectAs, "ids"))
	m.attribute("value", o.Select)
	m.attribute("aria-label", messages.T(m.ctx, "parts.select_what", "what", o.Label))
	m.attribute("form", o.Form)
	m.Raw("></label></td>")
}

// Cell writes a Cell; write, if any, writes what is in it.
func (m *Markup) Cell(o CellOpts, write func()) {
	m.cellOpen(o)
	if write != nil {
		write()
	}
	m.cellClose(o)
}

func (m *Markup) cellOpen(o CellOpts) {
	m.Raw(`<td class="`, cellClass(o.Kind), when(o.Primary, " cell-primary"), when(o.Hide, " cell-hide"), when(o.Wide, " cell-wide"), `" role="cell"`)
	if !o.Primary {
		m.attribute("data-label", o.Label)
	}
	if len(o.Text) > longText {
		m.attribute("title", o.Text)
	}
	m.Raw(`><div class="cell-body">`)
	switch {
	case o.Href != "":
		m.Raw(`<a class="row-link" data-row-link`)
		m.attribute("href", string(templ.URL(o.Href)))
		m.Raw(">")
		m.cellText(o)
		m.Raw("</a>")
	case o.Text != "":
		m.cellText(o)
	}
}

func (m *Markup) cellText(o CellOpts) {
	if o.Kind == CodeCell {
		m.Code(o.Text)
		return
	}
	m.Text(o.Text)
}

func (m *Markup) cellClose(o CellOpts) {
	if o.Sub != "" {
		m.Raw(`<span class="cell-sub">`)
		m.Text(o.Sub)
		m.Raw("</span>")
	}
	m.Raw("</div></td>")
}

// Code writes a code in its own order and face.
func (m *Markup) Code(code string) {
	m.Raw(`<bdi class="code-text" dir="ltr">`)
	m.Text(code)
	m.Raw("</bdi>")
}

// Icon writes an Icon.
func (m *Markup) Icon(name string) {
	m.Raw(`<svg class="icon`, when(directional[name], " icon-flip"), `" width="20" height="20" aria-hidden="true"><use href="`, sprite, `#`)
	m.Text(name)
	m.Raw(`"></use></svg>`)
}

// Badge writes a Badge.
func (m *Markup) Badge(o BadgeOpts) {
	m.Raw(`<span class="badge `, o.Tone.class(), when(o.Solid, " badge-solid"), `">`)
	if o.Icon != "" {
		m.Icon(o.Icon)
	} else {
		m.Raw(`<span class="badge-dot" aria-hidden="true"></span>`)
	}
	m.Text(o.Label)
	m.Raw("</span>")
}

// ClockChip writes a ClockChip.
func (m *Markup) ClockChip(o ClockOpts) {
	due := messages.T(m.ctx, "parts.due_at", "date", messages.DateTime(m.ctx, o.Due))
	m.Raw(`<span class="clock clock-`, o.state(), `"`)
	m.attribute("title", due)
	m.Raw(">")
	m.Icon(o.icon())
	if o.Label != "" {
		m.Raw(`<span class="clock-label">`)
		m.Text(o.Label)
		m.Raw("</span>")
	}
	m.Raw(`<span class="clock-words">`)
	m.Text(o.words(m.ctx))
	m.Raw("</span></span>")
}

// WhenAgo writes a WhenAgo.
func (m *Markup) WhenAgo(t, now time.Time) { m.moment(t, messages.Ago(m.ctx, t, now)) }

// moment is an instant in words; the full date is its tooltip.
func (m *Markup) moment(t time.Time, words string) {
	m.Raw(`<time datetime="`)
	m.buf = t.UTC().AppendFormat(m.buf, time.RFC3339)
	m.Raw(`"`)
	m.attribute("title", messages.DateTime(m.ctx, t))
	m.Raw(">")
	m.Text(words)
	m.Raw("</time>")
}

// Number writes a whole number without grouping, for addresses and ids.
func (m *Markup) Number(n int64) { m.buf = strconv.AppendInt(m.buf, n, 10) }
