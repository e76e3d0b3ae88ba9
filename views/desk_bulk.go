package views

import (
	"context"
	"net/url"
	"strconv"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// DeskBulk is one act on several cases: what is chosen, then what became of
// each.
type DeskBulk struct {
	Act   complaints.Action // ActRefer, ActAnswer or ActRecall
	Path  string
	Back  string // address of the list
	Query string
	Cases []BulkCase
	Typed url.Values
	Errors
	Units     []parts.Option
	Templates []Ready
	Preview   string // the chosen template for the first case
	Title     string // of the template
	Done      int
	Failed    int
}

// BulkCase is one of the chosen cases.
type BulkCase struct {
	Value             string // id and version, as the form carries them
	Code, Href, Topic string
	Citizen, Unit     string
	Route             string // where routing would send it
	OK                bool
	Note              string // what became of it, or why not
}

func (m *DeskBulk) value(field string) string { return m.Typed.Get(field) }

// bulkValue is what the checkbox of a row sends; empty leaves it out.
func bulkValue(m *DeskInbox, row *DeskRow) string {
	if !m.bulk() {
		return ""
	}
	return strconv.FormatInt(row.ID, 10) + "." + strconv.Itoa(row.Version)
}

func bulkColumns(ctx context.Context, m *DeskBulk, asking bool) []parts.Column {
	list := []parts.Column{{Label: messages.T(ctx, "desk.column.case")}, {Label: messages.T(ctx, "desk.column.citizen")}, {Label: messages.T(ctx, "desk.unit")}}
	switch {
	case !asking:
		list = append(list, parts.Column{Label: messages.T(ctx, "bulk.outcome")})
	case m.Act == complaints.ActRefer:
		list = append(list, parts.Column{Label: messages.T(ctx, "bulk.route")})
	}
	return list
}
