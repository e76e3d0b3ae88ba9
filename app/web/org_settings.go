package web

import (
	"strconv"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/settings"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	identityPath   = "/desk/organization/identity"
	weightsPath    = "/desk/organization/ranking"
	factorRulePath = "/desk/organization/second-factor"
	setupPath      = "/desk/organization/setup"
)

// answered ends the save of a form of settings: again with what was wrong, or
// back to where it leads.
func (r *req) answered(err error, again func(error) error, to string) error {
	if fault.Is(err, fault.Invalid) {
		return again(err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(to)
}

// orgIdentity is the form of the organization's names and colour.
func (w *web) orgIdentity(r *req) error { return r.identityForm(r.tenant.Identity(), nil) }

func (r *req) identityForm(in tenants.Identity, cause error) error {
	m := &views.OrgIdentity{Identity: in, Action: identityPath, Errors: views.ErrorsOf(cause), Logo: r.logoShown(cause)}
	for _, c := range settings.Accents {
		m.Colours = append(m.Colours, parts.Choice{Value: c, Label: r.t("accent." + c), Accent: c, Checked: c == in.Accent})
	}
	p := r.frame("identity.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgIdentityPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgIdentityPage(p, m))
}

func (w *web) orgIdentitySave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := tenants.Identity{
		NameFA: f.text("name_fa"), NameEN: f.text("name_en"), ShortFA: f.text("short_fa"), ShortEN: f.text("short_en"),
		AboutFA: f.text("about_fa"), AboutEN: f.text("about_en"), Accent: f.text("accent"),
	}
	err = r.write(func(tx *tenants.Tx) error { return settings.SaveIdentity(r.ctx, tx, in) })
	return r.answered(err, func(err error) error { return r.identityForm(in, err) }, identityPath)
}

func (r *req) numbersPage(title string, m *views.OrgNumbers, cause error) error {
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgNumbersPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgNumbersPage(p, m))
}

// weightNames are the parts of the ranking, as the form names them.
var weightNames = []string{"deadlines", "inspection", "conduct"}

// orgWeights is the form of the weights of the ranking.
func (w *web) orgWeights(r *req) error {
	now := r.tenant.Settings.Ranking
	typed := map[string]string{}
	for i, n := range []int{now.Deadlines, now.Inspection, now.Conduct} {
		typed[weightNames[i]] = strconv.Itoa(n)
	}
	return r.weightsForm(typed, nil)
}

func (r *req) weightsForm(typed map[string]string, cause error) error {
	m := &views.OrgNumbers{Action: weightsPath, Text: r.t("weights.text"), Names: weightNames, Errors: views.ErrorsOf(cause)}
	for _, name := range weightNames {
		m.Fields = append(m.Fields, views.OrgNumber{Name: name, Label: r.t("change.field.ranking." + name), Value: typed[name]})
	}
	return r.numbersPage("weights.title", m, cause)
}

func (w *web) orgWeightsSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in, typed := tenants.RankingWeights{}, map[string]string{}
	for i, n := range []*int{&in.Deadlines, &in.Inspection, &in.Conduct} {
		var ok bool
		if *n, ok = f.number(weightNames[i]); !ok {
			*n = -1 // no weight: the room refuses it
		}
		typed[weightNames[i]] = f.text(weightNames[i])
	}
	err = r.write(func(tx *tenants.Tx) error { return settings.SaveRankingWeights(r.ctx, tx, in) })
	return r.answered(err, func(err error) error { return r.weightsForm(typed, err) }, weightsPath)
}

// orgFactor is the rule of who needs a second factor.
func (w *web) orgFactor(r *req) error { return r.factorRule(r.tenant.Settings.SecondFactor, nil) }

func (r *req) factorRule(chosen string, cause error) error {
	m := &views.OrgFactor{Action: factorRulePath, Errors: views.ErrorsOf(cause)}
	people, err := staff.Roster(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.DisabledAt == nil {
			m.All++
			if p.FactorAt != nil {
				m.Ready++
			}
		}
	}
	for _, rule := range settings.FactorRules() {
		word := rule
		if rule == "" {
			word = "some"
		}
		m.Choices = append(m.Choices, parts.Choice{Value: word, Label: r.t("factor_rule." + word), Hint: r.t("factor_rule." + word + "_text"), Checked: rule == chosen})
	}
	p := r.frame("factor_rule.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgFactorPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgFactorPage(p, m))
}

func (w *web) orgFactorSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	rule := f.text("second_factor")
	if rule == "some" {
		rule = ""
	} else if rule == "" {
		rule = "-" // nothing was chosen
	}
	err = r.write(func(tx *tenants.Tx) error { return settings.SaveSecondFactor(r.ctx, tx, rule) })
	return r.answered(err, func(err error) error { return r.factorRule(rule, err) }, factorRulePath)
}

// mendedAt are the pages where the lines of the checklist are mended.
var mendedAt = map[string]string{
	"contacts": contactsPath, "units": unitsPath, "staff": "/desk/organization/staff", "factor": "/desk/organization/staff", "topics": topicsPath, "classes": "/desk/organization/classes",
	"calendar": "/desk/organization/holidays", "gateway": channelsPath, "texts": "/desk/templates", "executive": windowsPath, "site": sitesPath,
	"retention": retentionPath,
}

// orgSetup is the set-up checklist.
func (w *web) orgSetup(r *req) error {
	list, err := settings.Checklist(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgSetup{Done: settings.Progress(list)}
	for _, i := range list {
		var names []string
		for _, n := range i.Missing {
			names = append(names, r.in(n[0], n[1]))
		}
		line := views.OrgSetupItem{Title: r.t("setup.item." + i.Key), Why: r.t("setup.why." + i.Key), Href: mendedAt[i.Key], Done: i.Done}
		if i.Key == "gateway" && !r.can("organization:secure") {
			line.Href = setupPath
		}
		switch {
		case len(names) == 0:
		case i.Key == "factor":
			line.Missing = r.t("setup.factor_left", "n", len(names))
		case i.Key == "units":
			line.Missing = r.t("setup.heads_left", "names", strings.Join(names, r.t("change.list")))
		default:
			line.Missing = r.t("setup.staff_left", "names", strings.Join(names, r.t("change.list")))
		}
		m.Items = append(m.Items, line)
	}
	p := r.frame("setup.title")
	return r.page(parts.Desk, p, views.OrgSetupPage(p, m))
}
