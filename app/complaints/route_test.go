package complaints_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
)

func TestTheFirstRuleThatFitsDecides(t *testing.T) {
	topic, group, district, county := int64(1), int64(2), int64(3), int64(4)
	m := complaints.Matter{Topics: []int64{topic, group}, Districts: []int64{district, county}, Kind: complaints.KindReport, Channel: "phone", Working: true}
	other := int64(99)
	rule := func(change func(*complaints.Rule)) complaints.Rule {
		r := complaints.Rule{ID: 1, Name: "r", UnitID: 7, Active: true}
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		rule complaints.Rule
		fits bool
	}{
		"no condition":     {rule(func(*complaints.Rule) {}), true},
		"the topic":        {rule(func(r *complaints.Rule) { r.TopicID = &topic }), true},
		"its group":        {rule(func(r *complaints.Rule) { r.TopicID = &group }), true},
		"another topic":    {rule(func(r *complaints.Rule) { r.TopicID = &other }), false},
		"the district":     {rule(func(r *complaints.Rule) { r.DistrictID = &district }), true},
		"the county":       {rule(func(r *complaints.Rule) { r.DistrictID = &county }), true},
		"another district": {rule(func(r *complaints.Rule) { r.DistrictID = &other }), false},
		"the kind":         {rule(func(r *complaints.Rule) { r.Kind = complaints.KindReport }), true},
		"another kind":     {rule(func(r *complaints.Rule) { r.Kind = complaints.KindDemand }), false},
		"the channel":      {rule(func(r *complaints.Rule) { r.Channel = "phone" }), true},
		"another channel":  {rule(func(r *complaints.Rule) { r.Channel = "web" }), false},
		"working hours":    {rule(func(r *complaints.Rule) { r.Hours = complaints.HoursWorking }), true},
		"off hours":        {rule(func(r *complaints.Rule) { r.Hours = complaints.HoursOff }), false},
		"switched off":     {rule(func(r *complaints.Rule) { r.Active = false }), false},
	} {
		got := complaints.Decide([]complaints.Rule{c.rule}, m, complaints.Fallback{Office: 5})
		if fits := got.UnitID == 7; fits != c.fits {
			t.Errorf("%s: %+v", name, got)
		}
	}
	two := []complaints.Rule{{ID: 1, Name: "a", UnitID: 7, Active: true}, {ID: 2, Name: "b", UnitID: 8, Active: true}}
	if got := complaints.Decide(two, m, complaints.Fallback{}); got.RuleID != 1 || got.Why != "rule:a" {
		t.Errorf("not the first: %+v", got)
	}
}

func TestACaseAlwaysHasAnOwner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rules []complaints.Rule
		for i := range rapid.IntRange(0, 6).Draw(t, "rules") {
			topic := int64(rapid.IntRange(1, 3).Draw(t, "topic"))
			rules = append(rules, complaints.Rule{
				ID: int64(i + 1), Name: "r", TopicID: &topic, UnitID: int64(10 + i), Active: rapid.Bool().Draw(t, "active"),
				Hours: rapid.SampledFrom([]string{"", complaints.HoursWorking, complaints.HoursOff}).Draw(t, "hours"),
			})
		}
		m := complaints.Matter{Topics: []int64{int64(rapid.IntRange(1, 4).Draw(t, "of"))}, Working: rapid.Bool().Draw(t, "working")}
		f := complaints.Fallback{Topic: int64(rapid.IntRange(0, 1).Draw(t, "usual")) * 50, Office: 60}
		got := complaints.Decide(rules, m, f)
		if got.UnitID == 0 || got.Why == "" {
			t.Fatalf("nobody has it: %+v", got)
		}
		for _, r := range rules { // whatever stands before the rule that decided does not fit
			if r.ID == got.RuleID {
				break
			}
			if r.Fits(m) {
				t.Fatalf("rule %d came first", r.ID)
			}
		}
	})
}

// rule adds one as the PR manager.
func (o *office) rule(change func(*complaints.Rule)) *complaints.Rule {
	o.t.Helper()
	rule := complaints.Rule{Name: "شبانه به امداد", UnitID: o.units["safety"].ID}
	change(&rule)
	var got *complaints.Rule
	o.Write(o.t, o.as("pr", "pr_manager"), func(tx *tenants.Tx) (err error) {
		got, err = complaints.AddRule(o.t.Context(), tx, rule)
		return err
	})
	return got
}

func TestARegisteredCaseKnowsWhereItShouldGo(t *testing.T) {
	o := newOffice(t)
	if c := o.register(); c.RouteWhy != complaints.WhyTopic || c.UnitID != o.units["pr"].ID {
		t.Fatalf("without rules: %q at %d", c.RouteWhy, c.UnitID)
	}
	o.rule(func(r *complaints.Rule) { r.Hours = complaints.HoursOff })
	if c := o.register(); c.RouteWhy != complaints.WhyTopic {
		t.Errorf("in working hours: %q", c.RouteWhy)
	}
	o.Clock.Advance(12 * time.Hour)
	c := o.register()
	if c.RouteWhy != "rule:شبانه به امداد" {
		t.Errorf("at night: %q", c.RouteWhy)
	}
	o.Clock.Advance(12 * time.Hour) // judged by when it came, not by when it is read
	o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "safety"))
	if c := o.want(c.ID, complaints.Referred); c.RouteWhy != "rule:شبانه به امداد" {
		t.Errorf("as routed: %q", c.RouteWhy)
	}
	by := o.register()
	o.do(o.as("pr", "pr_officer"), o.refer(by.ID, "safety"))
	if c := o.read(by.ID); c.RouteWhy != complaints.WhyStaff {
		t.Errorf("otherwise than routed: %q", c.RouteWhy)
	}
}

func TestAnUrgentCaseFollowsTheRulesAtOnce(t *testing.T) {
	o := newOffice(t)
	urgent := o.topic["safety"]
	if !urgent.Urgent {
		t.Fatal("the template's safety topic is not urgent")
	}
	o.rule(func(r *complaints.Rule) { r.TopicID, r.UnitID = &urgent.ID, o.units["network"].ID })
	c := o.register(func(in *complaints.Registration) { in.TopicID = urgent.ID })
	if c = o.want(c.ID, complaints.Referred); c.UnitID != o.units["network"].ID {
		t.Errorf("went to %d", c.UnitID)
	}
}

func TestRulesAreKeptInOrderAndChecked(t *testing.T) {
	o := newOffice(t)
	ctx, who := t.Context(), o.as("pr", "pr_manager")
	a := o.rule(func(r *complaints.Rule) { r.Name = "a" })
	b := o.rule(func(r *complaints.Rule) { r.Name = "b" })
	o.rule(func(r *complaints.Rule) { r.Name = "c" })
	order := func() (names string) {
		list, err := complaints.Rules(ctx, o.DB(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			names += r.Name
		}
		return names
	}
	move := func(id int64, up bool) {
		o.Write(t, who, func(tx *tenants.Tx) error { return complaints.MoveRule(ctx, tx, id, up) })
	}
	if move(a.ID, true); order() != "abc" {
		t.Errorf("the first went up: %s", order())
	}
	if move(b.ID, true); order() != "bac" {
		t.Errorf("%s", order())
	}
	if move(b.ID, false); order() != "abc" {
		t.Errorf("%s", order())
	}
	o.Write(t, who, func(tx *tenants.Tx) error { return complaints.SwitchRule(ctx, tx, a.ID, false) })
	if c := o.register(); c.RouteWhy != "rule:b" {
		t.Errorf("a rule that is off decides: %s", c.RouteWhy)
	}
	gone := tenants.NewID()
	for name, change := range map[string]func(*complaints.Rule){
		"name": func(r *complaints.Rule) { r.Name = " " }, "unit": func(r *complaints.Rule) { r.UnitID = o.units["pr"].ID },
		"topic": func(r *complaints.Rule) { r.TopicID = &gone }, "district": func(r *complaints.Rule) { r.DistrictID = &gone },
		"kind": func(r *complaints.Rule) { r.Kind = "x" }, "channel": func(r *complaints.Rule) { r.Channel = "x" }, "hours": func(r *complaints.Rule) { r.Hours = "x" },
	} {
		rule := complaints.Rule{Name: "r", UnitID: o.units["network"].ID}
		change(&rule)
		err := o.Try(t, who, func(tx *tenants.Tx) error { _, err := complaints.AddRule(ctx, tx, rule); return err })
		if e := fault.As(err); e.Fields[name] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := o.Try(t, who, func(tx *tenants.Tx) error { return complaints.ChangeRule(ctx, tx, gone, *b) }); !fault.Is(err, fault.NotFound) {
		t.Errorf("a rule that is not: %v", err)
	}
}

func TestATrialChangesNothingAndCountsEveryCase(t *testing.T) {
	o := newOffice(t)
	for range 3 {
		c := o.register()
		o.do(o.as("pr", "pr_officer"), o.refer(c.ID, "network"))
	}
	o.register() // nobody has it yet: no unit to compare with
	network := o.topic["network"].ID
	draft := complaints.Rule{Name: "تازه", TopicID: &network, UnitID: o.units["safety"].ID}
	db := o.DB(t)
	got, err := complaints.Try(t.Context(), db, &draft, o.Clock.Now().Add(-time.Hour), o.Clock.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if got.Cases != 4 || got.Changed != 3 || len(got.Samples) != 3 || got.Cut {
		t.Errorf("%+v", got)
	}
	if l := got.Lines[0]; l.Cases != 4 || l.Changed != 3 || l.UnitID != o.units["safety"].ID {
		t.Errorf("%+v", l)
	}
	now, err := complaints.Try(t.Context(), db, nil, o.Clock.Now().Add(-time.Hour), o.Clock.Now().Add(time.Hour))
	if err != nil || now.Changed != 0 || now.Cases != 4 {
		t.Errorf("as things are: %+v, %v", now, err)
	}
	if rules, err := complaints.Rules(t.Context(), db); err != nil || len(rules) != 0 {
		t.Errorf("%d rules, %v", len(rules), err)
	}
	late, err := complaints.Try(t.Context(), db, nil, o.Clock.Now().Add(time.Minute), o.Clock.Now().Add(time.Hour))
	if err != nil || late.Cases != 0 {
		t.Errorf("cases of another time: %+v, %v", late, err)
	}
}
