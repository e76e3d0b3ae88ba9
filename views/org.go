package views

import (
	"context"
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// heads are the columns of the table.
func (m *OrgList) heads(ctx context.Context) []parts.Column {
	columns := []parts.Column{{Label: messages.T(ctx, "org.name")}}
	for _, c := range m.Columns {
		columns = append(columns, parts.Column{Label: c})
	}
	columns = append(columns, parts.Column{Label: messages.T(ctx, "org.state")})
	if m.Moves {
		columns = append(columns, parts.Column{Label: messages.T(ctx, "org.order")})
	}
	return columns
}

// MarkEnds says of each row whether it is the first or last of its siblings;
// parent names the row that one stands below.
func (m *OrgList) MarkEnds(parent func(i int) int64) {
	last := map[int64]int{}
	for i := range m.Rows {
		before, seen := last[parent(i)]
		m.Rows[i].First, m.Rows[i].End = !seen, true
		if seen {
			m.Rows[before].End = false
		}
		last[parent(i)] = i
	}
}

// OrgQuestions is the builder of a topic's questions.
type OrgQuestions struct {
	Topic   string
	Back    string // the topic's form
	Action  string
	Base    int // version that is changed
	Since   string
	List    []OrgQuestion
	Preview []AskedQuestion
	Focus   int // the question just added or moved; -1 = none
	Errors  Errors
}

// OrgQuestion is a question while it is built; its answers to choose are typed
// one a line, the English words behind a bar.
type OrgQuestion struct {
	complaints.Question
	ChoicesText string
}

// ChoiceLines writes answers to choose as the builder takes them.
func ChoiceLines(list []complaints.Choice) string {
	lines := make([]string, len(list))
	for i, c := range list {
		if lines[i] = c.FA; c.EN != "" {
			lines[i] += " | " + c.EN
		}
	}
	return strings.Join(lines, "\n")
}

// ChoicesOf reads what was typed: one answer a line.
func ChoicesOf(text string) []complaints.Choice {
	var list []complaints.Choice
	for line := range strings.Lines(text) {
		fa, en, _ := strings.Cut(line, "|")
		if fa = strings.TrimSpace(fa); fa != "" {
			list = append(list, complaints.Choice{FA: fa, EN: strings.TrimSpace(en)})
		}
	}
	return list
}

// name is the name and id of a field of the question at i.
func (m *OrgQuestions) name(field string, i int) string { return field + "-" + strconv.Itoa(i) }

func (m *OrgQuestions) types(ctx context.Context, i int) []parts.Option {
	list := make([]parts.Option, 0, len(complaints.QuestionTypes()))
	for _, t := range complaints.QuestionTypes() {
		list = append(list, parts.Option{Value: string(t), Label: messages.T(ctx, "intake.type."+string(t)), Selected: m.List[i].Type == t})
	}
	return list
}

func (m *OrgQuestions) summary(ctx context.Context) parts.ErrorSummaryOpts {
	var fields []string
	for i := range m.List {
		for _, f := range []string{"label_fa", "label_en", "type", "hint_fa", "hint_en", "choices"} {
			fields = append(fields, m.name(f, i))
		}
	}
	return m.Errors.Summary(ctx, fields...)
}
