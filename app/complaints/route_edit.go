package complaints

import (
	"context"
	"slices"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

const (
	maxRuleName = 120
	// maxRules keeps routing a thing that people can read.
	maxRules = 200
)

// CheckRule normalises a rule and finds what is wrong with its fields name,
// topic, district, kind, channel, hours and unit.
func CheckRule(ctx context.Context, r tenants.Reader, rule *Rule) error {
	rule.Name = persian.CleanLine(rule.Name)
	wrong := fault.Fields{}
	if n := utf8.RuneCountInString(rule.Name); n == 0 {
		wrong.Add("name", "routing.error.name")
	} else if n > maxRuleName {
		wrong.Add("name", "routing.error.name_long")
	}
	if rule.Kind != "" && !slices.Contains(Kinds(), rule.Kind) {
		wrong.Add("kind", "complaint.error.kind")
	}
	if rule.Channel != "" && !slices.Contains(Channels(), rule.Channel) {
		wrong.Add("channel", "complaint.error.channel")
	}
	if !slices.Contains([]string{"", HoursWorking, HoursOff}, rule.Hours) {
		wrong.Add("hours", "routing.error.hours")
	}
	if err := rule.checkPlaces(ctx, r, wrong); err != nil {
		return err
	}
	return wrong.Err()
}

// checkPlaces asks whether what the rule names is there.
func (rule *Rule) checkPlaces(ctx context.Context, r tenants.Reader, wrong fault.Fields) error {
	unit, err := tenants.UnitByID(ctx, r, rule.UnitID)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && (unit.Kind != tenants.UnitExecutive || !unit.Active):
		wrong.Add("unit", "complaint.error.unit")
	case err != nil:
		return err
	}
	if rule.TopicID != nil {
		if _, err := tenants.TopicByID(ctx, r, *rule.TopicID); fault.Is(err, fault.NotFound) {
			wrong.Add("topic", "complaint.error.topic")
		} else if err != nil {
			return err
		}
	}
	if rule.DistrictID != nil {
		if _, err := tenants.DistrictByID(ctx, r, *rule.DistrictID); fault.Is(err, fault.NotFound) {
			wrong.Add("district", "routing.error.district")
		} else if err != nil {
			return err
		}
	}
	return nil
}

// AddRule puts a new rule behind all others, in force.
func AddRule(ctx context.Context, tx *tenants.Tx, rule Rule) (*Rule, error) {
	if err := CheckRule(ctx, tx, &rule); err != nil {
		return nil, err
	}
	rules, err := Rules(ctx, tx)
	if err != nil {
		return nil, err
	}
	if len(rules) >= maxRules {
		return nil, fault.New(fault.Conflict, "routing.error.too_many", "n", maxRules)
	}
	rule.ID, rule.Active, rule.Position = tenants.NewID(), true, 1
	if len(rules) > 0 {
		rule.Position = rules[len(rules)-1].Position + 1
	}
	if err := tx.Insert(ctx, &rule); err != nil {
		return nil, fault.Wrap(err, "complaints.AddRule")
	}
	return &rule, audit.Record(ctx, tx, "routing:add", "routing_rule", rule.ID, "")
}

// ChangeRule rewrites a rule; its place and whether it is in force stay.
func ChangeRule(ctx context.Context, tx *tenants.Tx, id int64, to Rule) error {
	rule, err := lockRule(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := CheckRule(ctx, tx, &to); err != nil {
		return err
	}
	rule.Name, rule.TopicID, rule.DistrictID, rule.Kind = to.Name, to.TopicID, to.DistrictID, to.Kind
	rule.Channel, rule.Hours, rule.UnitID = to.Channel, to.Hours, to.UnitID
	if err := tx.Update(ctx, rule); err != nil {
		return fault.Wrap(err, "complaints.ChangeRule")
	}
	return audit.Record(ctx, tx, "routing:change", "routing_rule", id, "")
}

// MoveRule moves a rule one place up or down and numbers all of them anew.
func MoveRule(ctx context.Context, tx *tenants.Tx, id int64, up bool) error {
	if _, err := lockRule(ctx, tx, id); err != nil {
		return err
	}
	rules, err := Rules(ctx, tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(rules, func(rule Rule) bool { return rule.ID == id })
	to := at + 1
	if up {
		to = at - 1
	}
	if to < 0 || to >= len(rules) {
		return nil // the first cannot go up, nor the last down
	}
	rules[at], rules[to] = rules[to], rules[at]
	for i := range rules {
		if rules[i].Position == i+1 {
			continue
		}
		rules[i].Position = i + 1
		if err := tx.Update(ctx, &rules[i], "position"); err != nil {
			return fault.Wrap(err, "complaints.MoveRule")
		}
	}
	return audit.Record(ctx, tx, "routing:move", "routing_rule", id, "")
}

// SwitchRule puts a rule in force or out of it; rules are never deleted, so
// that the reason of an old case can still be read.
func SwitchRule(ctx context.Context, tx *tenants.Tx, id int64, on bool) error {
	rule, err := lockRule(ctx, tx, id)
	if err != nil || rule.Active == on {
		return err
	}
	rule.Active = on
	if err := tx.Update(ctx, rule, "active"); err != nil {
		return fault.Wrap(err, "complaints.SwitchRule")
	}
	act := "routing:off"
	if on {
		act = "routing:on"
	}
	return audit.Record(ctx, tx, act, "routing_rule", id, "")
}

// RuleByID reads one rule.
func RuleByID(ctx context.Context, r tenants.Reader, id int64) (*Rule, error) {
	rule := new(Rule)
	return rule, tenants.Err(r.Select(rule).Where("rule.id = ?", id).Scan(ctx))
}

func lockRule(ctx context.Context, tx *tenants.Tx, id int64) (*Rule, error) {
	rule := new(Rule)
	return rule, tx.Lock(ctx, rule, "rule.id = ?", id)
}
