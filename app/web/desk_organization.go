package web

import (
	"slices"
	"strings"
	"time"

	"pasokh/app/persian"
	"pasokh/app/settings"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskOrganization shows how the organization is set up: units, topics, service
// levels, people, contacts, executives.
func (w *web) deskOrganization(r *req) error {
	m := &views.DeskOrganization{Groups: r.settingGroups()}
	if r.can("organization:edit") {
		m.Setup = setupPath
	}
	names, err := r.organizationUnits(m)
	if err != nil {
		return err
	}
	if err := r.organizationTopics(m, names); err != nil {
		return err
	}
	if err := r.organizationStaff(m, names); err != nil {
		return err
	}
	if err := r.organizationPublic(m); err != nil {
		return err
	}
	m.Rules = r.rules()
	return r.page(parts.Desk, r.frame("desk.organization.title"), views.DeskOrganizationPage(m))
}

// settingGroups are the pages of settings that the person may open, by what they
// are about.
func (r *req) settingGroups() []views.OrgGroup {
	link := func(key, href string) parts.LinkOpts { return parts.LinkOpts{Label: r.t(key), Href: href} }
	people, data := views.OrgGroup{Title: r.t("org.group.people"), Icon: "users", Links: r.roleList()}, views.OrgGroup{Title: r.t("org.group.data"), Icon: "archive"}
	var list []views.OrgGroup
	if r.can("organization:edit") {
		list = []views.OrgGroup{
			{Title: r.t("org.group.about"), Icon: "building-2", Links: []parts.LinkOpts{link("identity.title", identityPath), link("contact.title", contactsPath), link("org_unit.title", unitsPath), link("org.districts", districtsPath)}},
			{Title: r.t("org.group.cases"), Icon: "inbox", Links: []parts.LinkOpts{
				link("desk.organization.topics", topicsPath), link("calendar.classes", classesPath), link("calendar.title", calendarPath), link("org.rules.title", rulesPath), link("org.sources", sourcesPath), link("weights.title", weightsPath),
			}},
			{Title: r.t("org.group.meetings"), Icon: "calendar-days", Links: []parts.LinkOpts{
				link("planning.windows", windowsPath), link("planning.sites", sitesPath), link("posts.title", postsPath), link("booking_rules.title", bookingRulesPath), link("minutes.org.title", orgMinutesPath),
			}},
			{Title: r.t("org.group.messages"), Icon: "send", Links: []parts.LinkOpts{link("message.title", messagesPath)}},
		}
		data.Links = []parts.LinkOpts{link("change.title", historyPath), link("usage.title", usagePath)}
	}
	if r.can("organization:edit") && settings.OnTrial(r.tenant) {
		data.Links = append(data.Links, link("problem_report.list", problemsPath))
	}
	if r.can("organization:secure") {
		people.Links = append(people.Links, link("factor_rule.title", factorRulePath))
		list = append(list, views.OrgGroup{Title: r.t("gateway.title"), Icon: "send", Links: []parts.LinkOpts{link("gateway.title", channelsPath)}})
	}
	if r.can("privacy:retain") {
		data.Links = append(data.Links, link("retention.title", retentionPath))
	}
	if r.can("organization:export") {
		data.Links = append(data.Links, link("handover.title", exportPath))
	}
	return slices.DeleteFunc(append(list, people, data), func(g views.OrgGroup) bool { return len(g.Links) == 0 })
}

func (r *req) organizationUnits(m *views.DeskOrganization) (map[int64]string, error) {
	units, err := tenants.Units(r.ctx, r.db)
	names := make(map[int64]string, len(units))
	for _, u := range units {
		names[u.ID] = r.in(u.NameFA, u.NameEN)
		m.Units = append(m.Units, views.OrgUnit{Name: names[u.ID], Kind: r.t("unit.kind." + string(u.Kind)), Phone: u.Phone, ID: u.ID})
	}
	return names, err
}

func (r *req) organizationTopics(m *views.DeskOrganization, units map[int64]string) error {
	classes, err := tenants.SLAClasses(r.ctx, r.db)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for i := range classes {
		c := &classes[i]
		names[c.ID] = r.in(c.NameFA, c.NameEN)
		m.Classes = append(m.Classes, r.orgClass(c))
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	for _, t := range topics {
		line := views.OrgTopic{Name: r.in(t.NameFA, t.NameEN), Hint: r.in(t.HintFA, t.HintEN), Class: names[t.SLAClassID], Urgent: t.Urgent}
		if t.UnitID != nil {
			line.Unit = units[*t.UnitID]
		}
		m.Topics = append(m.Topics, line)
	}
	return err
}

func (r *req) orgClass(c *tenants.SLAClass) views.OrgClass {
	line := views.OrgClass{
		Name: r.in(c.NameFA, c.NameEN), Version: c.Version, Respond: r.length(c, c.RespondMinutes), FirstAction: r.minutes(c.FirstActionMinutes),
		Hours: r.t("desk.organization.hours." + c.Hours), PauseCap: r.length(c, c.PauseCapMinutes), Interims: c.InterimLimit,
	}
	for _, rung := range c.Rungs {
		after := r.t("desk.organization.at_once")
		if rung.AfterMinutes > 0 {
			after = r.t("desk.organization.after", "time", r.minutes(rung.AfterMinutes))
		}
		line.Ladder = append(line.Ladder, r.t("desk.organization.rung", "after", after, "role", r.roleWord(rung.Role), "n", rung.Points))
	}
	return line
}

// length says a length of time in the hours of a class: a working day has not 24
// of them, so working time is never said in days.
func (r *req) length(c *tenants.SLAClass, n int) string {
	if !c.Working() || n < 24*60 || n%60 != 0 {
		return r.minutes(n)
	}
	return r.t("class.hours_of", "n", n/60)
}

// minutes says a length of time in words; none is a dash.
func (r *req) minutes(n int) string {
	if n == 0 {
		return "—"
	}
	return messages.Duration(r.ctx, time.Duration(n)*time.Minute)
}

func (r *req) organizationStaff(m *views.DeskOrganization, units map[int64]string) error {
	people, err := staff.Roster(r.ctx, r.db)
	for _, p := range people {
		line := views.OrgPerson{Name: r.in(p.NameFA, p.NameEN), User: p.UserName, Disabled: p.DisabledAt != nil}
		if p.UnitID != nil {
			line.Unit = units[*p.UnitID]
			m.CountPerson(*p.UnitID)
		}
		var roles []string
		for _, role := range p.Roles {
			roles = append(roles, r.roleWord(role))
		}
		line.Roles = strings.Join(roles, r.t("desk.and"))
		if p.Mobile != "" {
			line.Mobile = messages.Digits(r.ctx, persian.MaskMobile(p.Mobile))
		}
		m.People = append(m.People, line)
	}
	return err
}

func (r *req) organizationPublic(m *views.DeskOrganization) error {
	contacts, err := tenants.Contacts(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, c := range contacts {
		m.Contacts = append(m.Contacts, views.OrgContact{Label: r.in(c.LabelFA, c.LabelEN), Number: c.Number, Hours: r.in(c.HoursFA, c.HoursEN), Kind: r.t("desk.organization.contact." + c.Kind), Link: c.Kind == "link"})
	}
	executives, err := directives.Executives(r.ctx, r.db)
	for _, e := range executives {
		m.Executives = append(m.Executives, views.OrgExecutive{Post: r.in(e.PostFA, e.PostEN), Name: r.in(e.NameFA, e.NameEN), Account: e.StaffID != nil})
	}
	return err
}

// rules are the settings that the organization chose for itself.
func (r *req) rules() []parts.Fact {
	s := r.tenant.Settings
	count := func(key string, n int) parts.Fact {
		return parts.Fact{Label: r.t("desk.organization.rule." + key), Value: messages.Number(r.ctx, n)}
	}
	length := func(key string, minutes int) parts.Fact {
		return parts.Fact{Label: r.t("desk.organization.rule." + key), Value: r.minutes(minutes)}
	}
	return []parts.Fact{
		length("triage", s.TriageMinutes), length("feedback", s.FeedbackMinutes), length("followup", s.FollowupMinutes),
		count("attempts", s.FeedbackAttempts), count("bounces", s.BounceLimit), count("legal", s.LegalMonths), count("objection", s.ObjectionDays),
		count("horizon", s.HorizonDays), count("lead", s.LeadHours), length("hold", s.HoldMinutes), count("directive", s.DirectiveDays),
	}
}
