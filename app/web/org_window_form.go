package web

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// windowTexts are the one-valued fields of a window's form.
var windowTexts = []string{
	"executive", "site", "pattern", "weekday", "every", "anchor", "nth", "dates", "first_day", "last_day", "from", "until", "slot", "buffer", "seats",
	"quota_web", "quota_phone", "quota_in_person", "quota_urgent", "walk_ins", "open_days", "open_at", "horizon_days", "lead_hours", "approval", "companions", "questions", "documents",
}

func itoa(n int) string { return strconv.Itoa(n) }

// some writes a number, and nothing for none.
func some(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func someOf(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func someDay(day string) string {
	if day == "" {
		return ""
	}
	return typedDay(day)
}

func minuteTyped(m int) string { return itoa(m/60) + ":" + itoa(100 + m%60)[1:] }

// windowTyped is a window as its form shows it.
func windowTyped(w *meetings.Window) map[string]string {
	p, rules := &w.Pattern, &w.Rules
	t := map[string]string{
		"every": some(p.Every), "anchor": someDay(p.Anchor), "first_day": someDay(p.FirstDay), "last_day": someDay(p.LastDay),
		"from": minuteTyped(w.FromMinute), "until": minuteTyped(w.UntilMinute), "slot": itoa(w.SlotMinutes), "buffer": some(rules.Buffer), "seats": itoa(w.Seats),
		"quota_web": some(rules.Quotas.Web), "quota_phone": some(rules.Quotas.Phone), "quota_in_person": some(rules.Quotas.InPerson), "quota_urgent": some(rules.Quotas.Urgent), "walk_ins": someOf(rules.WalkIns),
		"open_days": some(rules.OpenDays), "horizon_days": some(rules.HorizonDays), "lead_hours": someOf(rules.LeadHours), "companions": someOf(rules.Companions),
	}
	if rules.OpenDays > 0 {
		t["open_at"] = minuteTyped(rules.OpenMinute)
	}
	var days []string
	for _, d := range p.Dates {
		days = append(days, typedDay(d))
	}
	t["dates"] = strings.Join(days, "\n")
	t["questions"], t["documents"] = strings.Join(rules.Questions, "\n"), strings.Join(rules.Documents, "\n")
	return t
}

// windowIn writes the form over the window.
func windowIn(f form, w *meetings.Window) (map[string]string, error) {
	typed, wrong := map[string]string{}, fault.Fields{}
	for _, field := range windowTexts {
		typed[field] = f.text(field)
	}
	if w.ID == 0 {
		w.ExecutiveID = f.id("executive")
	}
	w.SiteID = idOrNil(f.id("site"))
	number := func(field string) int {
		n, ok := f.number(field)
		if !ok && typed[field] != "" {
			wrong.Add(field, "planning.error.number")
		}
		return n
	}
	minute := func(field string) int {
		m := tenants.ParseMinute(typed[field])
		if m < 0 {
			wrong.Add(field, "desk.error.time")
		}
		return m
	}
	maybe := func(field string) *int {
		if typed[field] == "" {
			return nil
		}
		n := number(field)
		return &n
	}
	w.Weekday, w.FromMinute, w.UntilMinute, w.SlotMinutes, w.Seats = number("weekday"), minute("from"), minute("until"), number("slot"), number("seats")
	w.Pattern = patternIn(typed, number)
	w.Rules = meetings.Rules{
		Buffer: number("buffer"), OpenDays: number("open_days"), HorizonDays: number("horizon_days"), LeadHours: maybe("lead_hours"), Companions: maybe("companions"), WalkIns: maybe("walk_ins"),
		Quotas: meetings.Quotas{Web: number("quota_web"), Phone: number("quota_phone"), InPerson: number("quota_in_person"), Urgent: number("quota_urgent")},
		Topics: f.ids("topics"), Districts: f.ids("districts"), Questions: linesOf(typed["questions"]), Documents: linesOf(typed["documents"]),
	}
	if typed["open_at"] != "" {
		w.Rules.OpenMinute = minute("open_at")
	}
	if typed["approval"] != "" {
		yes := typed["approval"] == "yes"
		w.Rules.Approval = &yes
	}
	return typed, wrong.Err()
}

func patternIn(typed map[string]string, number func(string) int) meetings.Pattern {
	p := meetings.Pattern{Kind: meetings.PatternKind(typed["pattern"]), FirstDay: dayIn(typed["first_day"]), LastDay: dayIn(typed["last_day"])}
	switch p.Kind {
	case meetings.Weeks:
		p.Every, p.Anchor = number("every"), dayIn(typed["anchor"])
	case meetings.Monthly:
		p.Nth = number("nth")
	case meetings.Dates:
		for _, line := range linesOf(typed["dates"]) {
			p.Dates = append(p.Dates, dayIn(line))
		}
	}
	return p
}

// dayIn is a typed day as it is kept; what is none stays what it is, so that the
// room refuses it.
func dayIn(text string) string {
	if day := tenants.ParseDay(text); day != "" || text == "" {
		return day
	}
	return "?"
}

func linesOf(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
}

// windowForm shows the form of a window.
func (r *req) windowForm(w *meetings.Window, typed map[string]string, preview *views.PlanPreview, cause error) error {
	m := &views.PlanWindowForm{Typed: typed, Preview: preview, Action: windowsPath, Errors: views.ErrorsOf(cause)}
	title := "planning.new_window"
	if w.ID != 0 {
		m.Action, title = windowsPath+"/"+idText(w.ID), "planning.edit_window"
		m.Retire = m.Action + "/retirement"
	}
	if err := r.fillWindowForm(m, w); err != nil {
		return err
	}
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.PlanWindowPage(p, m))
	}
	return r.page(parts.Desk, p, views.PlanWindowPage(p, m))
}

func (r *req) fillWindowForm(m *views.PlanWindowForm, w *meetings.Window) (err error) {
	if w.ID == 0 {
		if m.Executives, err = r.executiveOptions(idText(w.ExecutiveID)); err != nil {
			return err
		}
	} else {
		e, err := directives.ExecutiveByID(r.ctx, r.db, w.ExecutiveID)
		if err != nil {
			return err
		}
		m.Executive = r.in(e.PostFA, e.PostEN) + " — " + r.in(e.NameFA, e.NameEN)
	}
	if m.Sites, err = r.siteOptions(idOf(w.SiteID)); err != nil {
		return err
	}
	m.Weekdays = choose([]int{0, 1, 2, 3, 4, 5, 6}, itoa(w.Weekday), func(d int) (string, string) { return itoa(d), r.t("meeting.weekday." + itoa(d)) })
	m.Nth = choose([]int{1, 2, 3, 4, meetings.LastOfMonth}, itoa(max(w.Pattern.Nth, 1)), func(n int) (string, string) { return itoa(n), r.t("planning.nth." + itoa(n)) })
	m.Approval = choose([]string{"", "yes", "no"}, approvalText(w.Rules.Approval), func(v string) (string, string) { return v, r.t("planning.approval." + orWord(v, "default")) })
	for _, k := range meetings.PatternKinds() {
		m.Patterns = append(m.Patterns, parts.Choice{Value: string(k), Label: r.t("planning.pattern." + string(k)), Checked: k == w.Pattern.Kind || w.Pattern.Kind == "" && k == meetings.Weekly})
	}
	return r.fillServed(m, w)
}

// fillServed offers the topics and districts that a window may be kept for.
func (r *req) fillServed(m *views.PlanWindowForm, w *meetings.Window) error {
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, t := range topics {
		m.Topics = append(m.Topics, parts.Choice{Value: idText(t.ID), Label: r.in(t.NameFA, t.NameEN), Checked: slices.Contains(w.Rules.Topics, t.ID)})
	}
	districts, err := tenants.Districts(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, d := range districts {
		m.Districts = append(m.Districts, parts.Choice{Value: idText(d.ID), Label: r.in(d.NameFA, d.NameEN), Checked: slices.Contains(w.Rules.Districts, d.ID)})
	}
	return nil
}

func approvalText(yes *bool) string {
	switch {
	case yes == nil:
		return ""
	case *yes:
		return "yes"
	}
	return "no"
}

func orWord(s, empty string) string {
	if s == "" {
		return empty
	}
	return s
}

// siteOptions offers the active sites, and the chosen one.
func (r *req) siteOptions(chosen int64) ([]parts.Option, error) {
	list, err := meetings.Sites(r.ctx, r.db)
	list = slices.DeleteFunc(list, func(s meetings.Site) bool { return !s.Active && s.ID != chosen })
	return choose(list, idText(chosen), func(s meetings.Site) (string, string) {
		return idText(s.ID), r.in(s.NameFA, s.NameEN) + " (" + messages.T(r.ctx, "planning.site."+string(s.Kind)) + ")"
	}), err
}
