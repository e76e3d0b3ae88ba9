package views

import (
	"context"
	"net/url"
	"time"

	"pasokh/app/quality"
	"pasokh/tenants"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Warnings is the list of early warnings.
type Warnings struct {
	Rows     []WarningRow
	Tabs     []parts.Tab
	State    string
	Next     string
	Settings string // address of the rules, for who may change them
	Rules    tenants.WarningRules
	Now      time.Time
}

// WarningRow is one warning in words.
type WarningRow struct {
	quality.Warning
	Href, About, Says string
	Assigned          string
}

// Warning is the page of one.
type Warning struct {
	WarningRow
	Chart  parts.LineOpts
	Cases  []DeskRow
	Next   string
	Acts   []WarningAct
	CanAct bool
	Staff  []parts.Option
	Act    string // whose form came back
	Typed  url.Values
	Errors Errors
	Moved  string
	Now    time.Time
	// Actions follow from the warning.
	Actions SourceActions
}

// WarningAct is one line of what was done.
type WarningAct struct {
	At              time.Time
	Who, What, Note string
}

// typed and err are for the form that came back only.
func (m *Warning) typed(act, field string) string {
	if m.Act != act {
		return ""
	}
	return m.Typed.Get(field)
}

func (m *Warning) err(ctx context.Context, act, field string) string {
	if m.Act != act {
		return ""
	}
	return m.Errors.Of(ctx, field)
}

func warningLook(ctx context.Context, w *quality.Warning) parts.BadgeOpts {
	look := parts.BadgeOpts{Label: messages.T(ctx, "warning.notable"), Tone: parts.Warning, Icon: "triangle-alert"}
	if w.Strong {
		look.Label, look.Tone = messages.T(ctx, "warning.strong"), parts.Danger
	}
	if w.State == quality.Closed {
		look = parts.BadgeOpts{Label: messages.T(ctx, "warning.state.closed"), Icon: "check"}
	}
	return look
}

// facts are what is known of a warning.
func (m *Warning) facts(ctx context.Context) []parts.Fact {
	list := []parts.Fact{
		{Label: messages.T(ctx, "warning.about"), Value: m.About},
		{Label: messages.T(ctx, "warning.seen"), Value: m.Says},
		{Label: messages.T(ctx, "warning.since"), Value: messages.DateTime(ctx, m.RaisedAt)},
	}
	if m.EndedAt != nil {
		list = append(list, parts.Fact{Label: messages.T(ctx, "warning.ended"), Value: messages.DateTime(ctx, *m.EndedAt)})
	} else {
		list = append(list, parts.Fact{Label: messages.T(ctx, "warning.last_seen"), Value: messages.DateTime(ctx, m.SeenAt)})
	}
	return list
}

// WarningRules is the form of the thresholds.
type WarningRules struct {
	Action        string
	Typed         map[string]string
	Off           bool
	Bounds        map[string]quality.Bound
	Roles, People []parts.Choice
	Errors        Errors
}

var warningFields = []string{"spike_least", "spike_spread", "repeat_cases", "repeat_days", "age_days", "age_share", "age_growth", "reopened_share", "satisfied_share", "rate_least"}

// warningNote is the id of a form's note; that of the form that came back is
// what error links lead to.
func warningNote(m *Warning, act string) string {
	if m.Act == act {
		return "note"
	}
	return act + "-note"
}
