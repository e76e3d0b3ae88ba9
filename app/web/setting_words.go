package web

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// settingWords puts values of settings into words; what ids name was read once.
type settingWords struct {
	r     *req
	named map[int64]string
}

func (r *req) settingWords(people []auditName) (*settingWords, error) {
	s := &settingWords{r: r, named: map[int64]string{}}
	for _, p := range people {
		s.named[p.id] = p.name
	}
	units, err := tenants.AllUnits(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	for i := range units {
		s.named[units[i].ID] = r.in(units[i].NameFA, units[i].NameEN)
	}
	topics, err := complaints.AllTopics(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	for i := range topics {
		s.named[topics[i].ID] = r.in(topics[i].NameFA, topics[i].NameEN)
	}
	return s, s.others()
}

// others reads the rest of what ids name.
func (s *settingWords) others() error {
	r := s.r
	districts, err := tenants.AllDistricts(r.ctx, r.db)
	if err != nil {
		return err
	}
	for i := range districts {
		s.named[districts[i].ID] = r.in(districts[i].NameFA, districts[i].NameEN)
	}
	classes, err := tenants.AllClasses(r.ctx, r.db)
	if err != nil {
		return err
	}
	for id, c := range classes {
		s.named[id] = r.in(c.NameFA, c.NameEN) + " (" + r.t("desk.organization.version", "n", c.Version) + ")"
	}
	posts, err := directives.Posts(r.ctx, r.db)
	if err != nil {
		return err
	}
	for i := range posts {
		s.named[posts[i].ID] = r.in(posts[i].PostFA, posts[i].PostEN)
	}
	sites, err := meetings.Sites(r.ctx, r.db)
	if err != nil {
		return err
	}
	for i := range sites {
		s.named[sites[i].ID] = r.in(sites[i].NameFA, sites[i].NameEN)
	}
	sitting, err := committees.List(r.ctx, r.db, committees.Viewer{All: true})
	for i := range sitting {
		s.named[sitting[i].ID] = r.in(sitting[i].NameFA, sitting[i].NameEN)
	}
	return err
}

func (s *settingWords) who(c *tenants.SettingChange) string {
	if c.ActorKind != tenants.Staff {
		return s.r.t("audit." + string(c.ActorKind))
	}
	if name := s.named[c.ActorID]; name != "" {
		return name
	}
	return s.r.t("audit.gone")
}

// nameOf says what the thing is called: by its own name, or by what its key names.
func (s *settingWords) nameOf(c *tenants.SettingChange) string {
	r := s.r
	if c.Thing == tenants.SettingsThing {
		return ""
	}
	if name := r.in(c.NameFA, c.NameEN); name != "" {
		return name
	}
	var words []string
	for i, part := range strings.Split(c.ThingKey, "|") {
		field := keyFields[c.Thing]
		raw, _ := json.Marshal(part)
		if i < len(field) {
			words = append(words, s.value(c.Thing, field[i], raw))
		}
	}
	return strings.Join(words, r.t("change.list"))
}

// keyFields say what the parts of a thing's key are.
var keyFields = map[string][]string{
	"policy_rules": {"role", "permission"}, "role_scopes": {"role"}, "message_rules": {"event", "audience", "channel"},
	"message_texts": {"event", "channel", "language"}, "topic_forms": {"topic_id"}, "executive_districts": {"district_id"},
	"calendar_weeks": {"from_day"}, "committee_members": {"committee_id", "staff_id"}, "sign_in_services": {"kind"},
}

// label says what a field is.
func (s *settingWords) label(field string) string {
	if key := "change.field." + field; messages.Has(s.r.lang, key) {
		return s.r.t(key)
	}
	if name, ok := strings.CutPrefix(field, "warnings."); ok && messages.Has(s.r.lang, "warning.rules."+name) {
		return s.r.t("change.field.warnings_of", "name", s.r.t("warning.rules."+name))
	}
	return s.r.t("change.field.other")
}

// value says a value in words; nothing is a dash.
func (s *settingWords) value(thing, field string, raw json.RawMessage) string {
	if len(raw) == 0 && field == "second_factor" {
		return s.r.t("factor_rule.some")
	}
	if len(raw) == 0 {
		return s.r.t("change.nothing")
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return s.r.t("change.nothing")
	}
	return s.say(thing, field, v)
}

func (s *settingWords) say(thing, field string, v any) string {
	r := s.r
	switch v := v.(type) {
	case bool:
		if v {
			return r.t("change.yes")
		}
		return r.t("change.no")
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return messages.Digits(r.ctx, v.String())
		}
		return s.number(field, n)
	case string:
		return s.text(thing, field, v)
	case []any:
		return s.list(thing, field, v)
	case map[string]any:
		return s.group(thing, v)
	}
	return r.t("change.nothing")
}

func (s *settingWords) list(thing, field string, list []any) string {
	r := s.r
	var words []string
	for i, item := range list {
		word := s.say(thing, field, item)
		if field == "week" && len(list) == 7 {
			word = r.weekday(i) + ": " + word
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		return r.t("change.nothing")
	}
	return strings.Join(words, r.t("change.list"))
}

func (s *settingWords) group(thing string, v map[string]any) string {
	if from, ok := v["from"].(json.Number); ok && len(v) == 2 {
		if until, ok := v["until"].(json.Number); ok {
			return s.say(thing, "from_minute", from) + "–" + s.say(thing, "until_minute", until)
		}
	}
	if fa, ok := v["fa"].(string); ok && v["key"] != nil { // a criterion of reviews
		en, _ := v["en"].(string)
		return s.r.in(fa, en) + " (" + s.say(thing, "weight", v["weight"]) + ")"
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if v[name] == nil || v[name] == "" || v[name] == false {
			continue
		}
		word := s.say(thing, name, v[name])
		if key := "change.field." + name; messages.Has(s.r.lang, key) {
			word = s.r.t(key) + ": " + word
		}
		words = append(words, word)
	}
	return "(" + strings.Join(words, s.r.t("change.list")) + ")"
}

// number says a number by what it counts.
func (s *settingWords) number(field string, n int64) string {
	r := s.r
	switch {
	case field == "weekday":
		return r.weekday(int(n))
	case slices.Contains([]string{"from_minute", "until_minute", "messages.quiet_from", "messages.quiet_until"}, field):
		return messages.Digits(r.ctx, hourOf(n))
	case strings.HasSuffix(field, "_minutes"):
		return r.minutes(int(n))
	case strings.HasSuffix(field, "_id"), field == "warnings.people":
		if name := s.named[n]; name != "" {
			return name
		}
		return r.t("change.gone")
	}
	return messages.Number(r.ctx, int(n))
}

func hourOf(n int64) string {
	two := func(n int64) string {
		return strings.Repeat("0", 2-len(strconv.FormatInt(n, 10))) + strconv.FormatInt(n, 10)
	}
	return two(n/60) + ":" + two(n%60)
}

// wordsOf are the beginnings of the keys of what is chosen from a list.
var wordsOf = map[string]string{
	"units.kind": "unit.kind.", "districts.kind": "org.kind.", "contacts.kind": "desk.organization.contact.", "accent": "accent.",
	"hours": "desk.organization.hours.", "second_factor": "factor_rule.", "channel": "gateway.channel.", "provider": "gateway.provider.",
	"event": "message.event.", "closures.kind": "change.closure.", "audience": "message.audience.", "language": "change.language.",
	"meeting_sites.kind": "planning.site.", "executive_terms.kind": "change.term.", "place_fields": "complaint.place.", "scope": "roles.scope.",
	"text_templates.kind": "template.kind.", "routing_rules.kind": "complaint.kind.", "routing_rules.channel": "complaint.channel.", "based_on": "role.",
	"inbound_doors.kind": "change.door.", "sign_in_services.kind": "service.", "committee_members.role": "committee.role.", "training_courses.effect": "training.effect.",
}

func (s *settingWords) text(thing, field, v string) string {
	r := s.r
	if v == "" {
		return r.t("change.nothing")
	}
	if day, err := time.ParseInLocation(time.DateOnly, v, persian.Tehran); err == nil {
		return messages.ShortDate(r.ctx, day)
	}
	if at, err := time.Parse(time.RFC3339, v); err == nil {
		return messages.DateTime(r.ctx, at)
	}
	if strings.HasSuffix(field, "_id") {
		return s.number(field, number(v))
	}
	switch {
	case field == "role" && thing != "committee_members", field == "warnings.roles":
		return r.roleWord(v)
	case field == "permission":
		return r.t("permission." + strings.Replace(v, ":", ".", 1))
	}
	for _, prefix := range []string{wordsOf[thing+"."+field], wordsOf[field]} {
		if key := prefix + v; prefix != "" && messages.Has(r.lang, key) {
			return r.t(key)
		}
	}
	return messages.Digits(r.ctx, v)
}

// weekday names a day of the week counted from Saturday.
func (r *req) weekday(n int) string {
	day := time.Weekday((n + 6) % 7)
	return r.in(persian.WeekdayName(day), day.String())
}
