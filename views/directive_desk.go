package views

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pasokh/app/citizens"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// DirectiveDesk is one page of a list of directives.
type DirectiveDesk struct {
	Key         string // of the current tab
	Tabs        []parts.Tab
	Rows        []directives.Listed
	Executives  []parts.Option // empty for units: the list is their own
	Units       []parts.Option // empty for units, too
	States      []parts.Option
	Ages        []parts.Option
	Chips       []parts.Chip
	Clear       string
	Next, First string
	Empty       parts.EmptyOpts
	OwnUnit     bool
	Now         time.Time
}

// DirectiveFile is one directive as staff see it.
type DirectiveFile struct {
	*directives.Directive
	Unit, Issuer string
	Holder       string // of the post when the directive was issued
	Citizen      *citizens.Citizen
	Phones       bool             // the reader is shown the whole number
	Origin       *parts.LinkOpts  // the meeting or case, for who may open it
	Scan         []parts.FileItem // files of no event; the handwritten order is Hand
	Hand         *directives.Scan
	Redact       string // address of the page where the public copy is made
	Timeline     []parts.TimelineItem
	Acts         []OfficeAct
	Form         OfficeForm
	Now          time.Time
	Helps        bool // the reader has a part only
	Parts        []PartRow
	PartsOpen    bool // some are not in
	Extensions   []directives.Extension
	Asked        *directives.Extension // the one that waits
	Seen         string                // who of the lead unit confirmed having seen it
}

// PartRow is one unit's part, with what can be done about it.
type PartRow struct {
	directives.ListedPart
	Acts       []OfficeAct
	Form       OfficeForm
	Seen       string
	Extensions []directives.PartExtension
}

// Asked is the request for more time that waits; nil when none does.
func (p *PartRow) Asked() *directives.PartExtension {
	for i := range p.Extensions {
		if p.Extensions[i].State == directives.ExtensionAsked {
			return &p.Extensions[i]
		}
	}
	return nil
}

// PartRows is how many units the form offers beside the lead.
const PartRows = 3

// DirectiveNew is the form with which a directive is issued.
type DirectiveNew struct {
	Action, Back string
	Item         int64  // of a committee's agenda; 0 = none
	Origin       string // what it is about
	Person       string
	Issuer       string         // fixed
	Executives   []parts.Option // to choose from, when it is not
	Units        []parts.Option
	PartUnits    [][]parts.Option // of each row for a unit that helps
	UsualDue     string
	Form         OfficeForm
}

// value is what was typed, on a form that came back.
func (m *DirectiveNew) value(field string) string { return m.Form.Typed.Get(field) }

// helped tells whether the form names other units.
func (m *DirectiveNew) helped() bool {
	for i := range PartRows {
		at := "_" + strconv.Itoa(i)
		if m.value("part_unit"+at)+m.value("part_text"+at) != "" {
			return true
		}
	}
	return false
}

// public tells whether the citizen may see the directive: yes, unless taken
// away.
func (m *DirectiveNew) public() bool { return m.Form.Typed == nil || m.Form.Typed.Get("public") != "" }

func priorityChoices(ctx context.Context, typed url.Values) []parts.Choice {
	chosen := typed.Get("priority")
	var list []parts.Choice
	for i, p := range directives.Priorities() {
		list = append(list, parts.Choice{Value: string(p), Label: messages.T(ctx, "directive.priority."+string(p)), Checked: chosen == string(p) || chosen == "" && i == 0})
	}
	return list
}

// priorityBadge names a priority that is more than the usual.
func priorityBadge(ctx context.Context, p directives.Priority) parts.BadgeOpts {
	tone := parts.Warning
	if p == directives.Urgent {
		tone = parts.Danger
	}
	return parts.BadgeOpts{Label: messages.T(ctx, "directive.priority."+string(p)), Tone: tone, Icon: "flag"}
}

// Executive is the page of one executive: today, what waits, what is late.
type Executive struct {
	Post, Name string
	Executives []parts.Option // for an office of several
	Chosen     int64
	Today      []meetings.Listed
	Judge      []JudgeRow
	MoreJudge  bool
	Late       []directives.Listed
	MoreLate   bool
	Tally      directives.Tally
	Ages       []directives.AgeCount
	Met        meetings.Met
	Now        time.Time
	Notice     string
	Asking     []AskingRow
	Units      []directives.UnitTally
	Rating     directives.Rating
}

// JudgeRow is a report that waits for the executive, with its form.
type JudgeRow struct {
	directives.Listed
	Files []parts.FileItem
	May   bool
	Form  OfficeForm
}

// keptRate is how many of the directives done were done in time, as words.
func keptRate(ctx context.Context, t directives.Tally) string {
	if t.Done == 0 {
		return "—"
	}
	return messages.Percent(ctx, t.Kept*100/t.Done)
}

func keptNote(ctx context.Context, t directives.Tally) string {
	if t.Done == 0 {
		return ""
	}
	return messages.T(ctx, "executive.kept_note", "n", t.Kept, "of", t.Done)
}

// ageChart shows the open directives by age, each bar made up by state.
func ageChart(ctx context.Context, list []directives.AgeCount) parts.StackedOpts {
	o := parts.StackedOpts{What: messages.T(ctx, "executive.age")}
	for i := range len(directives.AgeDays) + 1 {
		o.Labels = append(o.Labels, ageLabel(ctx, i))
	}
	for _, s := range directives.States() {
		if s == directives.Done {
			continue
		}
		series := parts.Series{Label: messages.T(ctx, "directive.state."+string(s)), Values: make([]int, len(o.Labels))}
		for _, c := range list {
			if c.State == s {
				series.Values[c.Age] += c.N
			}
		}
		o.Series = append(o.Series, series)
	}
	return o
}

func ageLabel(ctx context.Context, i int) string {
	if i == len(directives.AgeDays) {
		return messages.T(ctx, "executive.age_over", "n", directives.AgeDays[i-1])
	}
	return messages.T(ctx, "executive.age_until", "n", directives.AgeDays[i])
}

// Snippet is the beginning of a text on one line, for the web's own lists.
func Snippet(text string) string { return snippet(text) }

// DirectiveBadge is the badge of a directive's state.
func DirectiveBadge(ctx context.Context, s directives.State) parts.BadgeOpts {
	return directiveLook(ctx, s)
}

// snippet is the beginning of a text on one line.
func snippet(text string) string {
	const most = 140
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) <= most {
		return string(line)
	}
	return string(line[:most]) + "…"
}

// newText says what the directive will be about.
func newText(m *DirectiveNew) string {
	text := m.Origin
	if m.Person != "" {
		text = m.Person + " — " + text
	}
	if m.Issuer != "" {
		text = m.Issuer + " — " + text
	}
	return text
}
