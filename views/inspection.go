package views

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"pasokh/app/inspection"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Inspections is the list of visits.
type Inspections struct {
	Rows    []InspectionRow
	Tabs    []parts.Tab
	Units   []parts.Option
	State   inspection.State
	Mine    bool
	Whole   bool // all units are shown
	Visits  bool // the person goes on visits
	CanPlan bool
	Next    string
	Now     time.Time
}

// InspectionRow is one visit with its names.
type InspectionRow struct {
	inspection.Visit
	Href      string
	Unit      string
	Inspector string
}

// InspectionForm plans a visit.
type InspectionForm struct {
	Typed                         url.Values
	Errors                        Errors
	Units, Inspectors, Checklists []parts.Option
}

// Inspection is the page of one visit.
type Inspection struct {
	InspectionRow
	Items     []inspection.Item
	Photos    map[int64][]parts.FileItem
	Openings  []Opening
	Typed     url.Values // nil until a form came back
	Errors    Errors
	Moved     string // what changed under the person's hands
	DraftKey  string
	CanCarry  bool
	CanCancel bool
	CanAnswer bool
	CanReport bool // a violation
	Actions   SourceActions
	Now       time.Time
}

// Opening is a line of the log of a confidential visit.
type Opening struct {
	At  time.Time
	Who string
}

// section lists the items below one heading.
func (m *Inspection) section(s inspection.Section) (list []inspection.Item) {
	for i := range m.Items {
		if m.Items[i].Section == s {
			list = append(list, m.Items[i])
		}
	}
	return list
}

// answerOf is what the form has for an item.
func (m *Inspection) answerOf(id int64, name string) string {
	return m.Typed.Get(inspection.Field(name, id))
}

// fields are the fields of the report in the order of the page.
func (m *Inspection) fields() []string {
	var list []string
	for i := range m.Items {
		list = append(list, inspection.Field("answer", m.Items[i].ID), inspection.Field("note", m.Items[i].ID))
	}
	return append(list, "finding", "answer", "reason")
}

func (m *Inspection) choices(ctx context.Context, id int64) []parts.Choice {
	list := make([]parts.Choice, 0, 4)
	for _, a := range inspection.Answers() {
		list = append(list, parts.Choice{Value: a, Label: messages.T(ctx, "inspection.answer."+a), Checked: m.answerOf(id, "answer") == a})
	}
	return list
}

// facts are what is known of a visit.
func (m *Inspection) facts(ctx context.Context) []parts.Fact {
	list := []parts.Fact{
		{Label: messages.T(ctx, "inspection.day"), Value: messages.Date(ctx, m.Noon())},
		{Label: messages.T(ctx, "inspection.inspector"), Value: m.Inspector},
	}
	if m.Place != "" {
		list = append(list, parts.Fact{Label: messages.T(ctx, "inspection.place"), Value: m.Place})
	}
	if m.Purpose != "" {
		list = append(list, parts.Fact{Label: messages.T(ctx, "inspection.purpose"), Value: m.Purpose})
	}
	if m.DoneAt != nil {
		list = append(list, parts.Fact{Label: messages.T(ctx, "inspection.done_at"), Value: messages.DateTime(ctx, *m.DoneAt)})
	}
	if m.Reason != "" {
		list = append(list, parts.Fact{Label: messages.T(ctx, "inspection.reason"), Value: m.Reason})
	}
	return list
}

// resultText is the percentage of a report.
func resultText(ctx context.Context, v *inspection.Visit) string {
	if v.Result == nil {
		return "—"
	}
	return messages.Percent(ctx, *v.Result)
}

// resultTone colours a percentage: good from 80, poor below 50.
func resultTone(percent int) parts.Tone {
	switch {
	case percent >= 80:
		return parts.Success
	case percent < 50:
		return parts.Danger
	}
	return parts.Warning
}

func inspectionLook(ctx context.Context, v *inspection.Visit, now time.Time) parts.BadgeOpts {
	look := parts.BadgeOpts{Label: messages.T(ctx, "inspection.state."+string(v.State))}
	switch {
	case v.Late(now):
		look.Tone, look.Label = parts.Danger, messages.T(ctx, "inspection.late")
	case v.State == inspection.Done:
		look.Tone, look.Icon = parts.Success, "check"
	}
	return look
}

func answerLook(ctx context.Context, answer string) parts.BadgeOpts {
	look := parts.BadgeOpts{Label: messages.T(ctx, "inspection.answer."+answer)}
	switch answer {
	case "yes":
		look.Tone, look.Icon = parts.Success, "check"
	case "partly":
		look.Tone, look.Icon = parts.Warning, "minus"
	case "no":
		look.Tone, look.Icon = parts.Danger, "x"
	}
	return look
}

// ChecklistRows is how many lines the form of a checklist has below a heading.
const ChecklistRows = 8

// ChecklistForm changes a checklist.
type ChecklistForm struct {
	Action string
	Typed  url.Values
	Errors Errors
}

// line names the fields of one line.
func (m *ChecklistForm) line(s inspection.Section, i int) string {
	return string(s) + "_" + strconv.Itoa(i)
}

// shown is how many lines are open below a heading: the filled ones and two more.
func (m *ChecklistForm) shown(s inspection.Section) int {
	n := 0
	for i := range ChecklistRows {
		if m.Typed.Get("fa_"+m.line(s, i)) != "" {
			n = i + 1
		}
	}
	return min(n+2, ChecklistRows)
}
