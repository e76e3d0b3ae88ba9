package views

import (
	"context"
	"net/url"
	"time"

	"pasokh/app/inspection"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Violations is the list of files.
type Violations struct {
	Rows      []ViolationRow
	Tabs      []parts.Tab
	Next      string
	CanReport bool
	Now       time.Time
}

// ViolationRow is one file with its names.
type ViolationRow struct {
	inspection.Violation
	Href, Unit, Person string
}

// ViolationForm opens a file.
type ViolationForm struct {
	Typed                url.Values
	Errors               Errors
	Units, People, Kinds []parts.Option
	Severities           []parts.Choice
}

// Violation is the page of one file.
type Violation struct {
	ViolationRow
	Files                 []parts.FileItem
	Costs                 []inspection.Cost
	Visit, Case, CaseCode string // addresses, when they may be opened
	CanAct                bool
	Act                   string // the form that came back
	Typed                 url.Values
	Errors                Errors
	Moved                 string
	Now                   time.Time
	// Actions follow from the file.
	Actions SourceActions
}

func violationLook(ctx context.Context, v *inspection.Violation, now time.Time) parts.BadgeOpts {
	look := parts.BadgeOpts{Label: messages.T(ctx, "violation.state."+v.State)}
	switch {
	case v.OverturnedAt != nil:
		look.Label = messages.T(ctx, "violation.overturned")
	case v.Decision != "":
		look.Label = messages.T(ctx, "violation.decision."+v.Decision)
		if v.Decision == inspection.Upheld {
			look.Tone = parts.Danger
		}
	case v.Late(now):
		look.Tone = parts.Danger
	case v.State == inspection.Heard:
		look.Tone = parts.Info
	default:
		look.Tone = parts.Warning
	}
	return look
}

func severityLook(ctx context.Context, severity string) parts.BadgeOpts {
	tone := map[string]parts.Tone{"serious": parts.Warning, "grave": parts.Danger}[severity]
	return parts.BadgeOpts{Label: messages.T(ctx, "violation.severity."+severity), Tone: tone, Icon: "flag"}
}

// facts are what is known of a violation.
func (m *Violation) facts(ctx context.Context) []parts.Fact {
	list := []parts.Fact{
		{Label: messages.T(ctx, "desk.unit"), Value: m.Unit},
		{Label: messages.T(ctx, "violation.person"), Value: or(m.Person, messages.T(ctx, "violation.nobody"))},
		{Label: messages.T(ctx, "violation.kind"), Value: messages.T(ctx, "violation.kind."+m.Kind)},
		{Label: messages.T(ctx, "violation.severity"), Body: parts.Badge(severityLook(ctx, m.Severity))},
		{Label: messages.T(ctx, "violation.reported_at"), Value: messages.DateTime(ctx, m.ReportedAt)},
	}
	if m.Visit != "" {
		list = append(list, parts.Fact{Label: messages.T(ctx, "violation.source"), Body: parts.Link(parts.LinkOpts{Label: messages.T(ctx, "inspection.report"), Href: m.Visit})})
	}
	if m.Case != "" {
		list = append(list, parts.Fact{Label: messages.T(ctx, "violation.case"), Body: parts.Link(parts.LinkOpts{Label: m.CaseCode, Href: m.Case})})
	}
	return list
}

// value is what was typed into the form of an act.
func (m *Violation) value(act, field string) string {
	if m.Act != act {
		return ""
	}
	return m.Typed.Get(field)
}
