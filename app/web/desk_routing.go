package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// trialDays is how far back a trial of the routing rules looks.
const trialDays = 30

// gazetteer is the names that rules refer to: few, read once for a page.
type gazetteer struct {
	surroundings
	districts []tenants.District
}

func (r *req) gazetteer() (g gazetteer, err error) {
	if g.surroundings, err = r.surroundings(); err != nil {
		return g, err
	}
	g.districts, err = tenants.Districts(r.ctx, r.db)
	return g, err
}

func (g gazetteer) district(r *req, id int64) string {
	var names []string
	for _, d := range tenants.DistrictPath(g.districts, id) {
		names = append(names, r.in(d.NameFA, d.NameEN))
	}
	return strings.Join(names, " › ")
}

// deskRouting lists the rules; with dry in the address it says what they would
// have done with the cases of the last month.
func (w *web) deskRouting(r *req) error {
	g, err := r.gazetteer()
	if err != nil {
		return err
	}
	rules, err := complaints.Rules(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.DeskRouting{Office: r.t("routing.office")}
	for i := range rules {
		m.Rules = append(m.Rules, r.routingRule(g, &rules[i], i, len(rules)))
	}
	if at := slices.IndexFunc(g.units, func(u tenants.Unit) bool { return u.Kind == tenants.UnitPROffice }); at >= 0 {
		m.Office = r.in(g.units[at].NameFA, g.units[at].NameEN)
	}
	if r.query("dry") != "" {
		if m.Trial, err = r.tryRouting(g, nil); err != nil {
			return err
		}
	}
	p := r.frame("routing.title")
	return r.page(parts.Desk, p, views.DeskRoutingPage(p, m))
}

func (r *req) routingRule(g gazetteer, rule *complaints.Rule, i, n int) views.RoutingRule {
	line := views.RoutingRule{ID: rule.ID, Number: i + 1, Name: rule.Name, Unit: g.unitNames[rule.UnitID], Active: rule.Active, First: i == 0, Last: i == n-1}
	at := slices.IndexFunc(g.units, func(u tenants.Unit) bool { return u.ID == rule.UnitID && u.Kind == tenants.UnitExecutive })
	line.Broken = rule.Active && at < 0
	add := func(key, value string) {
		line.Conditions = append(line.Conditions, parts.Fact{Label: r.t(key), Value: value})
	}
	if rule.TopicID != nil {
		add("desk.topic", cmp.Or(g.topicNames[*rule.TopicID], "—"))
	}
	if rule.DistrictID != nil {
		add("routing.district", cmp.Or(g.district(r, *rule.DistrictID), "—"))
	}
	if rule.Kind != "" {
		add("desk.kind", r.t("complaint.kind."+string(rule.Kind)))
	}
	if rule.Channel != "" {
		add("desk.channel", r.t("complaint.channel."+rule.Channel))
	}
	if rule.Hours != "" {
		add("routing.hours", r.t("routing.hours."+rule.Hours))
	}
	return line
}

// why says in words what stands in complaints.route_why.
func (r *req) why(why string) string {
	if name, ok := complaints.RuleOfWhy(why); ok {
		return r.t("routing.why.rule", "name", name)
	}
	if why == "" {
		return ""
	}
	return r.t("routing.why." + why)
}

// whyHere says why a unit has the case; before it is referred, which unit it
// should go to, to those who decide.
func (r *req) whyHere(d *dossier, forms views.DeskForms) string {
	switch d.State {
	case complaints.Registered, complaints.Triage:
		if forms.RouteUnit == "" {
			return ""
		}
		return r.t("routing.proposed", "unit", forms.RouteUnit, "why", forms.RouteWhy)
	case complaints.Referred, complaints.InProgress, complaints.WaitingCitizen:
		if d.RouteWhy != "" {
			return r.t("routing.why_here", "why", r.why(d.RouteWhy))
		}
	}
	return ""
}

// tryRouting asks where the cases of the last month would have gone.
func (r *req) tryRouting(g gazetteer, draft *complaints.Rule) (*views.RoutingTrial, error) {
	t, err := complaints.Try(r.ctx, r.db, draft, r.now().AddDate(0, 0, -trialDays), r.now().Add(time.Second))
	if err != nil {
		return nil, err
	}
	v := &views.RoutingTrial{Cases: t.Cases, Changed: t.Changed, Days: trialDays, Cut: t.Cut, Draft: draft != nil, Now: r.now()}
	for _, l := range t.Lines {
		line := views.TrialLine{Name: r.why(l.Why), Unit: r.t("routing.several"), Cases: l.Cases, Changed: l.Changed, Rule: l.RuleID != 0}
		if name, ok := complaints.RuleOfWhy(l.Why); ok {
			line.Name = name
		}
		if l.UnitID != 0 {
			line.Unit = g.unitNames[l.UnitID]
		}
		line.Draft = draft != nil && (l.RuleID == draft.ID || draft.ID == 0 && l.RuleID < 0)
		v.Lines = append(v.Lines, line)
	}
	for _, s := range t.Samples {
		c := views.TrialSample{Code: persian.ShowCode(s.Code), Topic: g.topicNames[s.TopicID], Went: g.unitNames[s.Went], To: g.unitNames[s.To], Why: r.why(s.Why), RegisteredAt: s.RegisteredAt}
		if name, ok := complaints.RuleOfWhy(s.Why); ok {
			c.Why = name
		}
		if r.can("complaint:read") {
			c.Href = casePath(s.ID)
		}
		v.Samples = append(v.Samples, c)
	}
	return v, nil
}

// deskRuleNew is the form of a new rule.
func (w *web) deskRuleNew(r *req) error { return r.ruleForm(0, url.Values{}, nil, nil) }

// deskRule is the form of a rule that stands.
func (w *web) deskRule(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	rule, err := complaints.RuleByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	typed := url.Values{"name": {rule.Name}, "kind": {string(rule.Kind)}, "channel": {rule.Channel}, "hours": {rule.Hours}, "unit": {idText(rule.UnitID)}}
	if rule.TopicID != nil {
		typed.Set("topic", idText(*rule.TopicID))
	}
	if rule.DistrictID != nil {
		typed.Set("district", idText(*rule.DistrictID))
	}
	return r.ruleForm(id, typed, nil, nil)
}

// ruleForm shows the form, with what was wrong or with a trial of the draft.
func (r *req) ruleForm(id int64, typed url.Values, wrong error, draft *complaints.Rule) error {
	g, err := r.gazetteer()
	if err != nil {
		return err
	}
	f := &views.RoutingForm{ID: id, Action: "/desk/routing/rules", Typed: typed}
	if id != 0 {
		f.Action += "/" + idText(id)
	}
	r.ruleOptions(g, f)
	if draft != nil {
		if f.Trial, err = r.tryRouting(g, draft); err != nil {
			return err
		}
	}
	p := r.frame("routing.title")
	if wrong != nil {
		f.Errors = views.ErrorsOf(wrong)
		return r.again(wrong, parts.Desk, p, views.DeskRoutingForm(p, f))
	}
	return r.page(parts.Desk, p, views.DeskRoutingForm(p, f))
}

func (r *req) ruleOptions(g gazetteer, f *views.RoutingForm) {
	f.Topics = choose(g.topics, f.Typed.Get("topic"), func(t tenants.Topic) (string, string) { return idText(t.ID), r.in(t.NameFA, t.NameEN) })
	f.Districts = choose(g.districts, f.Typed.Get("district"), func(d tenants.District) (string, string) { return idText(d.ID), g.district(r, d.ID) })
	f.Kinds = choose(complaints.Kinds(), f.Typed.Get("kind"), func(k complaints.Kind) (string, string) {
		return string(k), r.t("complaint.kind." + string(k))
	})
	f.Channels = choose(complaints.Channels(), f.Typed.Get("channel"), func(c string) (string, string) { return c, r.t("complaint.channel." + c) })
	f.Hours = choose([]string{complaints.HoursWorking, complaints.HoursOff}, f.Typed.Get("hours"), func(h string) (string, string) { return h, r.t("routing.hours." + h) })
	executing := slices.DeleteFunc(slices.Clone(g.units), func(u tenants.Unit) bool { return u.Kind != tenants.UnitExecutive })
	f.Units = choose(executing, f.Typed.Get("unit"), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
}

// rule is what the form says.
func (f form) rule(id int64) complaints.Rule {
	rule := complaints.Rule{ID: id, Name: f.text("name"), Kind: complaints.Kind(f.text("kind")), Channel: f.text("channel"), Hours: f.text("hours"), UnitID: f.id("unit")}
	if topic := f.id("topic"); topic != 0 {
		rule.TopicID = &topic
	}
	if district := f.id("district"); district != 0 {
		rule.DistrictID = &district
	}
	return rule
}

// deskRuleCreate saves a new rule, or tries it.
func (w *web) deskRuleCreate(r *req) error { return r.saveRule(0) }

// deskRuleChange saves a rule that stands, or tries it.
func (w *web) deskRuleChange(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if _, err := complaints.RuleByID(r.ctx, r.db, id); err != nil {
		return err
	}
	return r.saveRule(id)
}

func (r *req) saveRule(id int64) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	rule := f.rule(id)
	if f.text("do") == "try" {
		if err := complaints.CheckRule(r.ctx, r.db, &rule); err != nil {
			return r.ruleForm(id, f.values, err, nil)
		}
		return r.ruleForm(id, f.values, nil, &rule)
	}
	err = r.write(func(tx *tenants.Tx) error {
		if id != 0 {
			return complaints.ChangeRule(r.ctx, tx, id, rule)
		}
		_, err := complaints.AddRule(r.ctx, tx, rule)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return r.ruleForm(id, f.values, err, nil)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "routing.saved")
	return r.done("/desk/routing")
}

// deskRulePlace moves a rule up or down.
func (w *web) deskRulePlace(r *req) error {
	return r.onRule("routing.moved", func(tx *tenants.Tx, id int64, f form) error {
		return complaints.MoveRule(r.ctx, tx, id, f.text("to") == "up")
	})
}

// deskRuleActivity puts a rule in force or out of it.
func (w *web) deskRuleActivity(r *req) error {
	return r.onRule("routing.switched", func(tx *tenants.Tx, id int64, f form) error {
		return complaints.SwitchRule(r.ctx, tx, id, f.yes("active"))
	})
}

func (r *req) onRule(done string, do func(*tenants.Tx, int64, form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return do(tx, id, f) }); err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done("/desk/routing")
}
