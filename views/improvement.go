package views

import (
	"context"
	"net/url"
	"time"

	"pasokh/app/quality"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Improvements is the list of actions.
type Improvements struct {
	Rows    []ImprovementRow
	Tabs    []parts.Tab
	Units   []parts.Option
	State   string
	Next    string
	Whole   bool // all units are shown
	CanPlan bool
	Now     time.Time
}

// ImprovementRow is one action in words.
type ImprovementRow struct {
	quality.Improvement
	Href, Unit, Owner string
	Now               time.Time
}

func (i *ImprovementRow) look(ctx context.Context) parts.BadgeOpts {
	look := parts.BadgeOpts{Label: messages.T(ctx, "improvement.state."+i.State), Tone: parts.Info}
	switch {
	case i.Late(i.Now):
		return parts.BadgeOpts{Label: messages.T(ctx, "improvement.late"), Tone: parts.Danger, Icon: "triangle-alert"}
	case i.State == quality.ActionVerified:
		look.Tone, look.Icon = parts.Success, "check-check"
	case i.State == quality.ActionDone:
		look.Tone, look.Icon = parts.Warning, "clipboard-check"
	case i.State == quality.ActionDropped:
		look.Tone = parts.Neutral
	}
	return look
}

func (i *ImprovementRow) who() string {
	if i.Owner == "" {
		return i.Unit
	}
	return i.Unit + " · " + i.Owner
}

// SourceActions are the actions that stand at what they come from.
type SourceActions struct {
	Rows  []ImprovementRow
	Plan  string // address of the form, for who may plan one
	Shown bool
}

// ImprovementForm plans an action.
type ImprovementForm struct {
	Typed                 url.Values
	Errors                Errors
	Source                string // in words; empty without a finding
	Units, Owners, Topics []parts.Option
}

// Improvement is the page of one action.
type Improvement struct {
	ImprovementRow
	Source, SourceHref          string
	Lines                       []WarningAct
	Effect                      *quality.Effect
	Chart                       parts.BarChartOpts
	CanWork, CanVerify, CanDrop bool
	Act                         string // whose form came back
	Typed                       url.Values
	Errors                      Errors
	Moved                       string
}

func (m *Improvement) facts(ctx context.Context) []parts.Fact {
	return []parts.Fact{
		{Label: messages.T(ctx, "improvement.source"), Value: m.Source},
		{Label: messages.T(ctx, "improvement.owner"), Value: m.who()},
		{Label: messages.T(ctx, "improvement.due"), Value: messages.Date(ctx, m.DueAt)},
	}
}

// typed and err are for the form that came back only.
func (m *Improvement) typed(act, field string) string {
	if m.Act != act {
		return ""
	}
	return m.Typed.Get(field)
}

func (m *Improvement) err(ctx context.Context, act, field string) string {
	if m.Act != act {
		return ""
	}
	return m.Errors.Of(ctx, field)
}
