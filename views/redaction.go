package views

import (
	"context"

	"pasokh/app/files"
	"pasokh/scheduler/directives"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Redaction is the page on which the public copy of a scan is made.
type Redaction struct {
	Scan          *directives.Scan
	Directive     *directives.Directive
	Path, Back    string
	Width, Height int // of the copy that staff look at, in pixels
	Boxes         []files.Box
	Preview       string // address of the picture as it would be published
	Past          []directives.ScanRedaction
	Errors        Errors
	Notice        string
	Issued        bool // just now
}

// spareBoxes are the empty rows for browsers without scripts.
const spareBoxes = 3

// rows are the boxes and some empty ones; the numbers as text.
func (m *Redaction) rows() [][4]string {
	rows := make([][4]string, 0, len(m.Boxes)+spareBoxes)
	for _, b := range m.Boxes {
		rows = append(rows, [4]string{itoa(int64(b.X)), itoa(int64(b.Y)), itoa(int64(b.W)), itoa(int64(b.H))})
	}
	return append(rows, make([][4]string, spareBoxes)...)
}

// scanFacts say what the original is, so that it can be proved.
func scanFacts(ctx context.Context, s *directives.Scan) []parts.Fact {
	state := "redaction.state.hidden"
	if s.Public != nil {
		state = "redaction.state.public"
	}
	return []parts.Fact{
		{Label: messages.T(ctx, "redaction.citizen_sees"), Value: messages.T(ctx, state)},
		{Label: messages.T(ctx, "redaction.original"), Body: parts.Link(parts.LinkOpts{Label: s.Original.Name, Href: "/desk/files/" + itoa(s.Original.ID)})},
		{Label: messages.T(ctx, "redaction.received"), Value: messages.DateTime(ctx, s.Original.CreatedAt)},
		{Label: messages.T(ctx, "redaction.sha256"), Body: hashOf(s.Original.SHA256)},
	}
}

func strippedItem(s *directives.Scan) []parts.FileItem {
	href := "/desk/files/" + itoa(s.Stripped.ID)
	return []parts.FileItem{{ID: itoa(s.Stripped.ID), Name: s.Stripped.Name, Size: s.Stripped.Size, Href: href, Thumb: href}}
}

func boxCount(ctx context.Context, boxes string) string {
	list, _ := directives.ParseBoxes(boxes)
	if len(list) == 0 {
		return messages.T(ctx, "redaction.nothing_covered")
	}
	return messages.T(ctx, "redaction.covered", "n", len(list))
}
