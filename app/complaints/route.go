package complaints

import (
	"context"
	"slices"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Rule sends new cases to a unit. Empty conditions fit every case; rules are
// asked in their order and the first that fits decides.
type Rule struct {
	tenants.BaseModel `bun:"table:routing_rules,alias:rule"`
	tenants.Owned
	ID         int64 `bun:",pk"`
	Position   int   // from 1
	Name       string
	TopicID    *int64 // this topic, or any topic of this group
	DistrictID *int64 // this district, or any within it
	Kind       Kind
	Channel    string
	Hours      string // working, off, or empty
	UnitID     int64
	Active     bool
}

// The hours a rule may ask for.
const (
	HoursWorking = "working"
	HoursOff     = "off"
)

// Matter is what routing asks of a case.
type Matter struct {
	Topics    []int64 // the topic and the groups it stands in
	Districts []int64 // the district and those around it; none when the place is not known
	Kind      Kind
	Channel   string
	Working   bool // it came in working hours
}

// Route is where a case goes, and why.
type Route struct {
	UnitID int64
	RuleID int64  // 0 when no rule decided
	Why    string // as complaints.route_why keeps it: see WhyRule
}

// How route_why begins; the name of the rule follows WhyRule.
const (
	WhyRule     = "rule:"    // a routing rule, by name
	WhyTopic    = "topic"    // the topic's usual unit
	WhyDistrict = "district" // the unit that answers for the district
	WhyOffice   = "office"   // nothing fits: the PR office decides
	WhyStaff    = "staff"    // a person chose another unit
)

// Fits tells whether the rule holds for the matter.
func (rule *Rule) Fits(m Matter) bool {
	switch {
	case !rule.Active,
		rule.TopicID != nil && !slices.Contains(m.Topics, *rule.TopicID),
		rule.DistrictID != nil && !slices.Contains(m.Districts, *rule.DistrictID),
		rule.Kind != "" && rule.Kind != m.Kind,
		rule.Channel != "" && rule.Channel != m.Channel,
		rule.Hours == HoursWorking && !m.Working,
		rule.Hours == HoursOff && m.Working:
		return false
	}
	return true
}

// Fallback is who has a case that no rule fits: the topic's usual unit, else
// the unit of the district, else the PR office. Zero means none.
type Fallback struct{ Topic, District, Office int64 }

// Decide is the whole of routing, a pure function: the first rule that fits,
// else the fallback. There is always an owner (product.md, rule 3 of a case).
func Decide(rules []Rule, m Matter, f Fallback) Route {
	for i := range rules {
		if rules[i].Fits(m) {
			return Route{UnitID: rules[i].UnitID, RuleID: rules[i].ID, Why: WhyRule + rules[i].Name}
		}
	}
	switch {
	case f.Topic != 0:
		return Route{UnitID: f.Topic, Why: WhyTopic}
	case f.District != 0:
		return Route{UnitID: f.District, Why: WhyDistrict}
	}
	return Route{UnitID: f.Office, Why: WhyOffice}
}

// RuleOfWhy is the name of the rule that decided; false when none did.
func RuleOfWhy(why string) (name string, ok bool) { return strings.CutPrefix(why, WhyRule) }

// Rules lists the routing rules in their order, those switched off too.
func Rules(ctx context.Context, r tenants.Reader) ([]Rule, error) {
	var list []Rule
	return list, tenants.Err(r.Select(&list).Order("rule.position", "rule.id").Scan(ctx))
}

// Atlas is what an organization's routing refers to, read once: rules, topics,
// districts, executing units, working hours.
type Atlas struct {
	rules     []Rule
	topics    map[int64]tenants.Topic
	districts []tenants.District
	executing map[int64]bool // units that take referrals
	office    int64
	hours     tenants.WorkingTime
}

// AtHand is what the reader of an atlas has at hand already, so that it is not
// read again; zero values are read.
type AtHand struct {
	Units   []tenants.Unit // all active ones
	Topic   *tenants.Topic // of the only case asked for; its groups are read
	Nowhere bool           // no case asked for names a district
}

// AtlasOf reads what routing refers to, in four statements at most.
func AtlasOf(ctx context.Context, r tenants.Reader, p AtHand) (a *Atlas, err error) {
	a = &Atlas{topics: map[int64]tenants.Topic{}, executing: map[int64]bool{}}
	if a.rules, err = Rules(ctx, r); err != nil {
		return nil, err
	}
	if err := a.readTopics(ctx, r, p.Topic); err != nil {
		return nil, err
	}
	units := p.Units
	if units == nil {
		if units, err = tenants.Units(ctx, r); err != nil {
			return nil, err
		}
	}
	for _, u := range units {
		if u.Kind == tenants.UnitExecutive {
			a.executing[u.ID] = true
		}
		if u.Kind == tenants.UnitPROffice && a.office == 0 {
			a.office = u.ID
		}
	}
	if !p.Nowhere {
		if a.districts, err = tenants.AllDistricts(ctx, r); err != nil {
			return nil, err
		}
	}
	a.hours, err = tenants.WorkingTimeOf(ctx, r)
	return a, err
}

func (a *Atlas) readTopics(ctx context.Context, r tenants.Reader, only *tenants.Topic) error {
	if only != nil && only.ParentID == nil {
		a.topics[only.ID] = *only
		return nil
	}
	var list []tenants.Topic
	if err := r.Select(&list).Scan(ctx); err != nil { // a case may be older than its topic's end
		return tenants.Err(err)
	}
	for _, t := range list {
		a.topics[t.ID] = t
	}
	return nil
}

// usable leaves out what cannot decide: rules that are off, and rules whose
// unit takes no referrals any more.
func (a *Atlas) usable(rules []Rule) []Rule {
	return slices.DeleteFunc(slices.Clone(rules), func(rule Rule) bool { return !rule.Active || !a.executing[rule.UnitID] })
}

// matter describes a case, or one that is being registered, to the rules.
func (a *Atlas) matter(topic int64, district *int64, kind Kind, channel string, at time.Time) (Matter, Fallback) {
	m := Matter{Kind: kind, Channel: channel, Working: a.hours.Between(at, at.Add(time.Minute)) > 0}
	f := Fallback{Office: a.office}
	for id, steps := topic, 0; id != 0 && steps < maxDepth; steps++ {
		t := a.topics[id]
		m.Topics = append(m.Topics, id)
		if f.Topic == 0 && t.UnitID != nil && a.executing[*t.UnitID] {
			f.Topic = *t.UnitID
		}
		if id = 0; t.ParentID != nil {
			id = *t.ParentID
		}
	}
	if district != nil {
		path := tenants.DistrictPath(a.districts, *district)
		for _, d := range slices.Backward(path) { // the narrowest answers first
			m.Districts = append(m.Districts, d.ID)
			if f.District == 0 && d.UnitID != nil && a.executing[*d.UnitID] {
				f.District = *d.UnitID
			}
		}
	}
	return m, f
}

// maxDepth bounds walks up a tree that somebody tied into a ring.
const maxDepth = 10

// Route is where the case would go by the rules of now, judged by when it came.
func (a *Atlas) Route(c *Complaint) Route {
	m, f := a.matter(c.TopicID, c.DistrictID, c.Kind, c.Channel, c.RegisteredAt)
	return Decide(a.usable(a.rules), m, f)
}

// RouteOf is where the case would go by the rules of now.
func RouteOf(ctx context.Context, r tenants.Reader, c *Complaint) (Route, error) {
	a, err := AtlasOf(ctx, r, AtHand{Nowhere: c.DistrictID == nil})
	if err != nil {
		return Route{}, fault.Wrap(err, "complaints.RouteOf")
	}
	return a.Route(c), nil
}

// routed notes in a new case where it should go, and gives the unit that an
// urgent one goes to at once; 0 when a person has to decide.
func routed(ctx context.Context, tx *tenants.Tx, c *Complaint) (int64, error) {
	if c.Confidential { // inspection has it; no rule sends it to a unit
		return 0, nil
	}
	route, err := RouteOf(ctx, tx, c)
	c.RouteWhy = route.Why
	if route.Why == WhyOffice {
		return 0, err
	}
	return route.UnitID, err
}

// chosen notes why the case goes to the unit: because routing said so, or
// because a person decided otherwise.
func (c *Complaint) chosen(ctx context.Context, tx *tenants.Tx, unit int64) error {
	route, err := RouteOf(ctx, tx, c)
	if c.RouteWhy = WhyStaff; route.UnitID == unit {
		c.RouteWhy = route.Why
	}
	return err
}

// Setting implements tenants.Setting.
func (rule *Rule) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaTopics, NameFA: rule.Name, NameEN: rule.Name}
}
