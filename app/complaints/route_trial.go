package complaints

import (
	"context"
	"strconv"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Trial says what a set of rules would have done with past cases.
type Trial struct {
	Cases   int  // that were looked at
	Cut     bool // there were more than TrialLimit
	Changed int  // went elsewhere than the rules say
	Lines   []TrialLine
	Samples []TrialCase // some of those that would go elsewhere, newest first
}

// TrialLine is what one rule, or what stands in for one, would have decided.
type TrialLine struct {
	RuleID  int64 // 0: no rule
	Why     string
	UnitID  int64 // 0 for a fallback line, whose cases go to several units
	Cases   int
	Changed int
}

// TrialCase is a case that would go elsewhere. It carries no text: whoever sets
// rules need not read cases.
type TrialCase struct {
	ID           ID
	Code         string
	TopicID      int64
	Went, To     int64 // units; Went is 0 for a case that no unit had yet
	Why          string
	RegisteredAt time.Time
}

const (
	// TrialLimit is how many cases, the newest first, a trial looks at.
	TrialLimit = 20_000
	trialPage  = 2_000
	trialShown = 20
)

// trialRow is what of a case a trial needs.
type trialRow struct {
	ID           ID
	Code         string
	TopicID      int64
	DistrictID   *int64
	Kind         Kind
	Channel      string
	RegisteredAt time.Time
	Went         *int64
}

// Try walks through the cases registered from one instant until another and
// asks where the rules would have sent each. draft, when given, stands in for
// the rule of its ID, or behind all others when it has none; nothing is written.
func Try(ctx context.Context, r tenants.Reader, draft *Rule, from, until time.Time) (*Trial, error) {
	a, err := AtlasOf(ctx, r, AtHand{})
	if err != nil {
		return nil, err
	}
	t := &trial{Trial: new(Trial), atlas: a, rules: a.usable(withDraft(a.rules, draft)), line: map[string]int{}}
	for i := range t.rules {
		t.at(Route{RuleID: t.rules[i].ID, UnitID: t.rules[i].UnitID, Why: WhyRule + t.rules[i].Name})
	}
	for before := (trialRow{RegisteredAt: until}); !t.Cut; {
		rows, err := trialRows(ctx, r, from, before)
		if err != nil {
			return nil, fault.Wrap(err, "complaints.Try")
		}
		for i := range rows {
			t.ask(&rows[i])
		}
		if len(rows) < trialPage {
			break
		}
		before = rows[len(rows)-1]
		t.Cut = t.Cases >= TrialLimit
	}
	return t.Trial, nil
}

// withDraft puts a rule that is being written among the others.
func withDraft(rules []Rule, draft *Rule) []Rule {
	if draft == nil {
		return rules
	}
	d := *draft
	d.Active = true
	list := make([]Rule, 0, len(rules)+1)
	found := false
	for _, rule := range rules {
		if d.ID != 0 && rule.ID == d.ID {
			rule, found = d, true
		}
		list = append(list, rule)
	}
	if !found {
		d.ID = draftID
		list = append(list, d)
	}
	return list
}

// draftID stands for a rule that was not saved yet.
const draftID = -1

// trialRows reads the page of cases behind a row, by the index of their
// registration, with the unit that the case was last referred to.
func trialRows(ctx context.Context, r tenants.Reader, from time.Time, before trialRow) ([]trialRow, error) {
	var rows []trialRow
	went := r.Select((*Referral)(nil)).Column("unit_id").Where("leg.complaint_id = c.id AND leg.lead").Order("leg.id DESC").Limit(1)
	err := r.Select((*Complaint)(nil)).
		ColumnExpr("c.id, c.code, c.topic_id, c.district_id, c.kind, c.channel, c.registered_at, (?) AS went", went).
		Where("NOT c.confidential"). // no rule is ever asked about them
		Where("c.registered_at >= ? AND c.registered_at <= ?", from, before.RegisteredAt).
		Where("(c.registered_at < ? OR c.id < ?)", before.RegisteredAt, before.ID).
		Order("c.registered_at DESC", "c.id DESC").Limit(trialPage).Scan(ctx, &rows)
	return rows, err
}

// trial adds up the answers of one Try.
type trial struct {
	*Trial
	atlas *Atlas
	rules []Rule
	line  map[string]int // RuleID or Why → place in Lines
}

func (t *trial) at(route Route) *TrialLine {
	key := route.Why
	if route.RuleID != 0 {
		key = strconv.FormatInt(route.RuleID, 10)
	}
	i, known := t.line[key]
	if !known {
		i = len(t.Lines)
		t.line[key] = i
		l := TrialLine{RuleID: route.RuleID, Why: route.Why}
		if route.RuleID != 0 || route.Why == WhyOffice {
			l.UnitID = route.UnitID
		}
		t.Lines = append(t.Lines, l)
	}
	return &t.Lines[i]
}

func (t *trial) ask(row *trialRow) {
	m, f := t.atlas.matter(row.TopicID, row.DistrictID, row.Kind, row.Channel, row.RegisteredAt)
	route := Decide(t.rules, m, f)
	line := t.at(route)
	t.Cases++
	line.Cases++
	if row.Went == nil || *row.Went == route.UnitID {
		return
	}
	t.Changed++
	line.Changed++
	if len(t.Samples) < trialShown {
		t.Samples = append(t.Samples, TrialCase{
			ID: row.ID, Code: row.Code, TopicID: row.TopicID, Went: *row.Went, To: route.UnitID, Why: route.Why, RegisteredAt: row.RegisteredAt,
		})
	}
}
