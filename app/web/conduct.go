package web

import (
	"net/url"
	"slices"
	"strconv"

	"pasokh/app/fault"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	conductPath      = "/desk/conduct"
	conductRulesPath = conductPath + "/rules"
)

// conduct is what the pages of conduct are made of.
type conduct struct {
	period        solarPeriod
	rules         tenants.ConductRules
	units, people []quality.Conduct
}

func (r *req) conduct(p solarPeriod) (k *conduct, err error) {
	k = &conduct{period: p, rules: r.tenant.Settings.Defaults().Conduct}
	k.units, k.people, err = quality.ConductOf(r.ctx, r.db, p.from(), p.until())
	return k, err
}

// conductOf finds a unit, or a person of any unit.
func conductOf(list []quality.Conduct, unit, person int64) *quality.Conduct {
	at := slices.IndexFunc(list, func(c quality.Conduct) bool {
		return person != 0 && c.StaffID == person || person == 0 && c.UnitID == unit
	})
	if at < 0 {
		return nil
	}
	return &list[at]
}

// conductFormula says how the score comes about.
func (r *req) conductFormula(c tenants.ConductRules) string {
	return r.t("conduct.formula", "survey", c.Survey, "reviews", c.Reviews, "inspection", c.Inspection, "justified", c.Justified)
}

// conductRow is one line in words.
func (r *req) conductRow(c *quality.Conduct, rules tenants.ConductRules) views.ConductRow {
	row := views.ConductRow{Conduct: *c, Least: rules.Least}
	row.Score, row.Has = c.Score(rules)
	return row
}

// conductList is the conduct of units and persons over a period. Who is not
// shown the whole organization sees the own unit.
func (w *web) conductList(r *req) error {
	m, k, err := r.conductModel()
	if err != nil {
		return err
	}
	unit := number(r.query("unit"))
	name := ""
	for i := range m.Units {
		if m.Units[i].UnitID == unit {
			name, m.Units[i].Selected = m.Units[i].Name, true
		}
	}
	pick := func(units, _ []quality.Conduct) *quality.Conduct { return conductOf(units, unit, 0) }
	if name == "" {
		name = r.t("conduct.all")
		pick = func(units, _ []quality.Conduct) *quality.Conduct {
			all := quality.Whole(slices.DeleteFunc(slices.Clone(units), func(c quality.Conduct) bool { return !r.sees(c.UnitID) }))
			return &all
		}
	}
	if m.Trend, err = r.conductTrend(k, pick, name); err != nil {
		return err
	}
	return r.page(parts.Desk, r.frame("conduct.title"), views.ConductPage(m))
}

// sees tells whether the numbers of a unit are shown to the person.
func (r *req) sees(unit int64) bool {
	return r.principal.actor.SeesAll || r.principal.actor.Covers(unit)
}

func (r *req) conductModel() (*views.ConductList, *conduct, error) {
	p, err := r.askedPeriod("month")
	if err != nil {
		return nil, nil, err
	}
	k, err := r.conduct(p)
	if err != nil {
		return nil, nil, err
	}
	unit := number(r.query("unit"))
	to := func(at solarPeriod) string { return conductTo(at, unit) }
	m := &views.ConductList{Bar: r.periodBar(p, to, periodKinds...), Formula: r.conductFormula(k.rules), Least: k.rules.Least, Table: conductTablePath(p, unit)}
	if r.can("organization:edit") {
		m.Rules = conductRulesPath
	}
	return m, k, r.conductRows(m, k, unit)
}

// conductRows names the units and people that are shown to the person; unit
// narrows the people to its own.
func (r *req) conductRows(m *views.ConductList, k *conduct, unit int64) error {
	units, err := tenants.AllUnits(r.ctx, r.db)
	if err != nil {
		return err
	}
	names := views.UnitsByID(units)
	var ids []int64
	for i := range k.people {
		ids = append(ids, k.people[i].StaffID)
	}
	people, err := staff.Names(r.ctx, r.db, ids)
	for i := range k.units {
		if c := &k.units[i]; r.sees(c.UnitID) {
			row := r.conductRow(c, k.rules)
			row.Name, row.Href = r.in(names[c.UnitID].NameFA, names[c.UnitID].NameEN), conductTo(k.period, c.UnitID)
			m.Units = append(m.Units, row)
		}
	}
	for i := range k.people {
		if c := &k.people[i]; r.sees(c.UnitID) && (unit == 0 || unit == c.UnitID) {
			row := r.conductRow(c, k.rules)
			row.Name, row.Unit = r.in(people[c.StaffID].FA, people[c.StaffID].EN), r.in(names[c.UnitID].NameFA, names[c.UnitID].NameEN)
			m.People = append(m.People, row)
		}
	}
	views.SortConduct(m.Units)
	views.SortConduct(m.People)
	return err
}

func conductTo(p solarPeriod, unit int64) string { return conductPath + conductQuery(p, unit) }

// conductTablePath is the address of the same as a table.
func conductTablePath(p solarPeriod, unit int64) string {
	return conductPath + "/table" + conductQuery(p, unit)
}

func conductQuery(p solarPeriod, unit int64) string {
	v := url.Values{"period": {p.String()}}
	if unit != 0 {
		v.Set("unit", idText(unit))
	}
	return "?" + v.Encode()
}

// conductTrend draws the score of the last periods, and beside it the result;
// periods without a score are left out.
func (r *req) conductTrend(k *conduct, pick func(units, people []quality.Conduct) *quality.Conduct, name string) (parts.LineOpts, error) {
	o := parts.LineOpts{Title: r.t("conduct.trend_of", "name", name), Note: r.t("conduct.trend_note"), What: r.t("period." + k.period.kind)}
	score, result := parts.Series{Label: r.t("conduct.score")}, parts.Series{Label: r.t("conduct.result")}
	known := true
	for back := 1 - qualityTrend; back <= 0; back++ {
		at := k.period.add(back)
		units, people := k.units, k.people
		if back != 0 {
			var err error
			if units, people, err = quality.ConductOf(r.ctx, r.db, at.from(), at.until()); err != nil {
				return o, err
			}
		}
		c := pick(units, people)
		if c == nil {
			continue
		}
		n, ok := c.Score(k.rules)
		if !ok {
			continue
		}
		satisfied, has := c.Result()
		known = known && has
		o.Labels, score.Values, result.Values = append(o.Labels, r.periodShort(at)), append(score.Values, n), append(result.Values, satisfied)
	}
	if o.Series = []parts.Series{score}; known {
		o.Series = append(o.Series, result)
	}
	return o, nil
}

// conductTable is the page as a table for other programs.
func (w *web) conductTable(r *req) error {
	m, k, err := r.conductModel()
	if err != nil {
		return err
	}
	rows := [][]string{{
		r.t("desk.unit"), r.t("conduct.person"), r.t("conduct.score"), r.t("conduct.survey"), r.t("conduct.answers"), r.t("conduct.calls"), r.t("conduct.reviews"),
		r.t("conduct.seen"), r.t("conduct.visits"), r.t("conduct.justified"), r.t("conduct.result"), r.t("conduct.verdicts"),
	}}
	for _, list := range [][]views.ConductRow{m.Units, m.People} {
		for i := range list {
			rows = append(rows, list[i].Cells())
		}
	}
	return r.csv("conduct-"+k.period.String()+".csv", rows)
}

// conductRules is the form of the weights.
func (w *web) conductRules(r *req) error {
	return r.conductRulesForm(r.tenant.Settings.Defaults().Conduct, nil)
}

func (r *req) conductRulesForm(in tenants.ConductRules, cause error) error {
	m := &views.OrgNumbers{Action: conductRulesPath, Text: r.t("conduct.rules.text"), Names: []string{"survey", "reviews", "inspection", "justified", "least"}, Errors: views.ErrorsOf(cause)}
	numbers := quality.ConductNumbers(&in)
	for _, name := range m.Names {
		m.Fields = append(m.Fields, views.OrgNumber{Name: name, Label: r.t("change.field.conduct." + name), Value: strconv.Itoa(*numbers[name])})
	}
	return r.numbersPage("conduct.rules.title", m, cause)
}

// conductRulesSave writes them.
func (w *web) conductRulesSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := tenants.ConductRules{}
	for field, n := range quality.ConductNumbers(&in) {
		var ok bool
		if *n, ok = f.number(field); !ok {
			*n = -1
		}
	}
	err = r.write(func(tx *tenants.Tx) error { return quality.SaveConductRules(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return r.conductRulesForm(in, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(conductRulesPath)
}
