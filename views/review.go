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

// PeriodBar leads to the periods before and after the shown one.
type PeriodBar struct {
	Name       string
	Prev, Next string
	Kinds      []parts.Tab
	Running    bool
}

// Reviews is every operator's calls and reviews of a month.
type Reviews struct {
	Bar        PeriodBar
	Rows       []ReviewedOperator
	Objections []ReviewRow
	Trend      parts.LineOpts
	Table      string
	Rules      string // address of the criteria, for who may change them
}

// ReviewedOperator is one operator's month.
type ReviewedOperator struct {
	quality.Mean
	Name, Unit, Href string
	Feedback, Intake int // calls
	Target           int // reviews there should be
}

// Add counts reviews.
func (o *ReviewedOperator) Add(m quality.Mean) { o.N, o.Sum = o.N+m.N, o.Sum+m.Sum }

// Calls is how many there were.
func (o *ReviewedOperator) Calls() int { return o.Feedback + o.Intake }

// Missing is how many reviews there should be yet: no more than there are calls.
func (o *ReviewedOperator) Missing() int { return max(0, min(o.Target, o.Calls())-o.N) }

func (o *ReviewedOperator) look(ctx context.Context) parts.BadgeOpts {
	switch {
	case o.Calls() == 0:
		return parts.BadgeOpts{Label: messages.T(ctx, "review.no_calls")}
	case o.Missing() > 0:
		return parts.BadgeOpts{Label: messages.T(ctx, "review.missing", "n", o.Missing()), Tone: parts.Warning, Icon: "triangle-alert"}
	}
	return parts.BadgeOpts{Label: messages.T(ctx, "review.enough"), Tone: parts.Success, Icon: "check"}
}

// bars are the means as a chart.
func (m *Reviews) bars(ctx context.Context) parts.BarChartOpts {
	o := parts.BarChartOpts{Title: messages.T(ctx, "review.chart"), Note: m.Bar.Name, What: messages.T(ctx, "review.operator"), Unit: messages.T(ctx, "review.mean"), Max: 100}
	for i := range m.Rows {
		if n, ok := m.Rows[i].Percent(); ok {
			o.Bars = append(o.Bars, parts.Bar{Label: m.Rows[i].Name, Value: n, Text: messages.Percent(ctx, n), Href: m.Rows[i].Href})
		}
	}
	return o
}

// ReviewRow is one review in words.
type ReviewRow struct {
	quality.Review
	Href, Operator, Reviewer string
}

func (v *ReviewRow) look(ctx context.Context) parts.BadgeOpts {
	switch {
	case v.Open():
		return parts.BadgeOpts{Label: messages.T(ctx, "review.state.objected"), Tone: parts.Warning, Icon: "message-square"}
	case v.Decision != "":
		return parts.BadgeOpts{Label: messages.T(ctx, "review.state."+v.Decision), Icon: "check"}
	}
	return parts.BadgeOpts{Label: messages.T(ctx, "review.state.written")}
}

// OperatorReviews is one operator's month.
type OperatorReviews struct {
	Name, Back string
	Bar        PeriodBar
	Own        bool   // whoever looks is the operator
	Note       string // of the list of reviews, when it is not that of the period
	Sample     []SampledCall
	Reviews    []ReviewRow
	Criteria   parts.BarChartOpts
	Trend      parts.LineOpts
}

// SampledCall is one call that chance has drawn.
type SampledCall struct {
	quality.Heard
	Code, Case, Review string
}

// ReviewedCall is what is known of a call.
type ReviewedCall struct {
	Kind, Operator, Reference, Outcome string
	Code, Case                         string
	At                                 time.Time
	Sounds                             []parts.FileItem
}

func (c *ReviewedCall) facts(ctx context.Context) []parts.Fact {
	list := []parts.Fact{
		{Label: messages.T(ctx, "review.operator"), Value: c.Operator},
		{Label: messages.T(ctx, "review.call"), Value: messages.T(ctx, "review.kind."+c.Kind)},
	}
	if !c.At.IsZero() {
		list = append(list, parts.Fact{Label: messages.T(ctx, "review.called_at"), Value: messages.DateTime(ctx, c.At)})
	}
	if c.Outcome != "" {
		list = append(list, parts.Fact{Label: messages.T(ctx, "review.outcome"), Value: messages.T(ctx, "review.outcome."+c.Outcome)})
	}
	if c.Reference != "" {
		list = append(list, parts.Fact{Label: messages.T(ctx, "review.call_reference"), Value: messages.Digits(ctx, c.Reference), Dir: "ltr"})
	}
	return list
}

// ReviewCriterion is one line of the form.
type ReviewCriterion struct {
	Key, Text string
	Weight    int
}

// ReviewForm reviews a call.
type ReviewForm struct {
	Call     ReviewedCall
	Criteria []ReviewCriterion
	Action   string
	Typed    url.Values
	Errors   Errors
	Own      bool
	Moved    string
}

func (m *ReviewForm) fields() []string {
	var list []string
	for _, c := range m.Criteria {
		list = append(list, "score_"+c.Key, "remark_"+c.Key)
	}
	return append(list, "remark")
}

// markChoices are the scores of one criterion.
func markChoices(ctx context.Context, chosen string, absent bool) []parts.Choice {
	var list []parts.Choice
	for n := quality.LeastScore; n <= quality.MostScore; n++ {
		value := itoa(int64(n))
		list = append(list, parts.Choice{Value: value, Label: messages.T(ctx, "review.score."+value), Checked: chosen == value})
	}
	if absent {
		list = append(list, parts.Choice{Value: "na", Label: messages.T(ctx, "review.score.na"), Checked: chosen == "na"})
	}
	return list
}

// Review is the page of one.
type Review struct {
	ReviewRow
	Call      ReviewedCall
	Marks     []ReviewMark
	Back      string
	CanRule   bool
	CanObject bool
	Typed     url.Values // nil until a form came back
	Errors    Errors
	Moved     string
}

// ReviewMark is one mark in words.
type ReviewMark struct {
	quality.Mark
	Text string
}

func (m *Review) fields() []string {
	list := []string{"decision"}
	for i := range m.Marks {
		list = append(list, "score_"+m.Marks[i].Criterion, "remark_"+m.Marks[i].Criterion)
	}
	return append(list, "note", "text")
}

// scoreOf is what the form of the decision has for a mark.
func (m *Review) scoreOf(k *ReviewMark) string {
	if m.Typed != nil {
		return m.Typed.Get("score_" + k.Criterion)
	}
	return itoa(int64(k.Score))
}

func (m *Review) remarkOf(k *ReviewMark) string {
	if m.Typed != nil {
		return m.Typed.Get("remark_" + k.Criterion)
	}
	return k.Remark
}

// ReviewRules is the form of the criteria.
type ReviewRules struct {
	Action, PerMonth string
	Version          int
	Criteria         []tenants.ReviewCriterion
	Errors           Errors
}

func (m *ReviewRules) fields() []string {
	list := []string{"per_month", "criteria"}
	for i := range m.Criteria {
		n := itoa(int64(i))
		list = append(list, "fa_"+n, "weight_"+n)
	}
	return list
}

func weightText(n int) string {
	if n == 0 {
		return ""
	}
	return itoa(int64(n))
}

func outcomeText(ctx context.Context, c *SampledCall) string {
	if c.Outcome == "" {
		return ""
	}
	return messages.T(ctx, "review.outcome."+c.Outcome)
}

// marks are the scores as facts.
func (m *Review) marks(ctx context.Context) []parts.Fact {
	var list []parts.Fact
	for i := range m.Marks {
		k := &m.Marks[i]
		value := messages.T(ctx, "review.score."+itoa(int64(k.Score)))
		if k.Remark != "" {
			value += " — " + k.Remark
		}
		list = append(list, parts.Fact{Label: k.Text, Value: value})
	}
	return list
}
