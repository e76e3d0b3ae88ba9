package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// settingPrefixes are the addresses below which an organization sets itself up.
var settingPrefixes = []string{
	"/desk/organization/", "/desk/boxes", "/desk/notices", "/desk/committees", "/desk/templates", "/desk/routing", "/desk/warnings/rules",
	"/desk/inspections/checklists", "/desk/privacy/retention",
}

// noSettings are the routes below them that save no setting, with the reason.
var noSettings = map[string]string{
	"/desk/organization/staff":                                 "an account; the record tells who was given what",
	"/desk/organization/staff/:id":                             "an account",
	"/desk/organization/staff/:id/roles":                       "an account",
	"/desk/organization/staff/:id/state":                       "an account",
	"/desk/organization/staff/:id/invitations":                 "an account",
	"/desk/organization/staff/:id/resets":                      "an account",
	"/desk/organization/staff/:id/factors/removal":             "an account",
	"/desk/organization/staff/:id/trainings":                   "what somebody has learned",
	"/desk/organization/staff/:id/trainings/:training/removal": "what somebody has learned",
	"/desk/organization/roles/:role/changes":                   "shows what a change would do",
	"/desk/organization/holidays/trial":                        "shows what a file would do",
	"/desk/organization/sign-in/trials":                        "tries",
	"/desk/organization/sign-in/citizens/trials":               "tries",
	"/desk/organization/channels/:id/trials":                   "tries",
	"/desk/organization/channels/inbound/mailbox/trials":       "tries",
	"/desk/organization/messages/:event/trials":                "tries",
	"/desk/organization/emergency/:id/end":                     "ends somebody's look",
	"/desk/organization/export":                                "a package of all data",
	"/desk/organization/export/:id/confirmation":               "a package of all data",
	"/desk/organization/problems/:id/closure":                  "a report of the trial",
	"/desk/boxes/:id/opening":                                  "a box is opened",
	"/desk/boxes/openings/:id/letter":                          "a letter of a box",
	"/desk/boxes/openings/:id/completion":                      "a box is opened",
	"/desk/committees/sittings/:id/items":                      "a sitting",
	"/desk/committees/sittings/:id/items/:item/removal":        "a sitting",
	"/desk/committees/sittings/:id/items/:item/rise":           "a sitting",
	"/desk/committees/sittings/:id/items/:item/fall":           "a sitting",
	"/desk/committees/sittings/:id/invitation":                 "a sitting",
	"/desk/committees/sittings/:id/calling-off":                "a sitting",
	"/desk/committees/sittings/:id/attendance":                 "a sitting",
	"/desk/committees/sittings/:id/conclusion":                 "a sitting",
	"/desk/committees/sittings/:id/directives":                 "a sitting",
	"/desk/organization/channels/inbound/mailbox":              "needs a mail server to be there: app/inbound and org_mailbox_test.go",
}

// save is a valid change: the form of a page with some fields typed anew.
type save struct {
	route string // of the POST
	at    string // the page with the form; the route itself when empty
	set   string // field=value&…, with the names of things in braces
	of    string // the thing of the address, where it is not the twin's
	by    string // the admin when empty
}

// saves are in an order in which each is valid.
var saves = []save{
	{route: "/desk/organization/identity", set: "short_fa=گاز"},
	{route: "/desk/organization/identity/logo"},
	{route: "/desk/organization/identity/logo/removal", at: "/desk/organization/identity"},
	{route: "/desk/organization/contacts", at: "/desk/organization/contacts/new", set: "label_fa=نو&label_en=New&number=02112345"},
	{route: "/desk/organization/contacts/links", at: "/desk/organization/contacts"},
	{route: "/desk/organization/contacts/:id", set: "number=1595"},
	{route: "/desk/organization/contacts/:id/moves", at: "/desk/organization/contacts", set: "to=down"},
	{route: "/desk/organization/contacts/:id/removal", at: "/desk/organization/contacts/:id"},
	{route: "/desk/organization/units", at: "/desk/organization/units/new", set: "name_fa=نو&name_en=New&code=proof"},
	{route: "/desk/organization/units/:id", set: "phone=33146299"},
	{route: "/desk/organization/units/:id/archive", at: "/desk/organization/units/:id", of: "unit proof"},
	{route: "/desk/organization/units/:id/restoration", at: "/desk/organization/units/:id", of: "unit proof"},
	{route: "/desk/organization/ranking", set: "deadlines=50&inspection=30"},
	{route: "/desk/organization/rules", set: "bounces=4"},
	{route: "/desk/organization/history/:id/restoration", at: "/desk/organization/history", of: "change bounce_limit", set: "field=bounce_limit"},
	{route: "/desk/organization/training", at: "/desk/organization/training/new", set: "name_fa=نو&name_en=New"},
	{route: "/desk/organization/training/:id", set: "months=24"},
	{route: "/desk/organization/roles", at: "/desk/organization/roles/new", set: "name_fa=نو&name_en=New"},
	{route: "/desk/organization/roles/:role/name", at: "/desk/organization/roles/:role", set: "name_en=Renamed"},
	{route: "/desk/organization/roles/:role", set: "scope=unit&allow=complaint:read&reason=برای آزمون نسخه‌ها"},
	{route: "/desk/organization/roles/:role/retirement", at: "/desk/organization/roles/:role"},
	{route: "/desk/organization/sign-in", set: "label_fa=نو&label_en=New&issuer=https://id.example.ir&client_id=x&secret=not-to-be-kept"},
	{route: "/desk/organization/sign-in/citizens", set: "label_fa=نو&label_en=New&issuer=https://id.example.ir&client_id=x"},
	{route: "/desk/organization/channels/inbound/addresses", at: "/desk/organization/channels", set: "kind=calls"},
	{route: "/desk/organization/channels/inbound/state", at: "/desk/organization/channels", set: "kind=calls&on="},
	{route: "/desk/organization/channels", at: "/desk/organization/channels/new?provider=kavenegar", set: "provider=kavenegar&line=3001&api_key=secret"},
	{route: "/desk/organization/channels/:id", set: "line=3002&api_key=secret"},
	{route: "/desk/organization/channels/:id/state", at: "/desk/organization/channels", set: "on=1"},
	{route: "/desk/organization/channels/:id/moves", at: "/desk/organization/channels", set: "to=down"},
	{route: "/desk/organization/messages/quiet-hours", at: "/desk/organization/messages", set: "quiet_from=22:00"},
	{route: "/desk/organization/messages/:event", of: "complaint.registered", set: "channel=sms&language=fa&text={office}\nثبت شد. کد:\n{code}\n{link}"},
	{route: "/desk/organization/messages/:event/channels", at: "/desk/organization/messages/:event", of: "complaint.registered", set: "channel_sms=1&channel_mail=1"},
	{route: "/desk/organization/topics", at: "/desk/organization/topics/new", set: "name_fa=نو&name_en=New&code=proof&unit=UNIT&class=CLASS"},
	{route: "/desk/organization/topics/:id", set: "hint_fa=نو"},
	{route: "/desk/organization/topics/:id/moves", at: "/desk/organization/topics", set: "to=down"},
	{route: "/desk/organization/topics/:id/questions", set: "count=1&label_fa-0=از کی؟&type-0=date&do=save"},
	{route: "/desk/organization/districts", at: "/desk/organization/districts/new", set: "name_fa=نو&name_en=New&code=proof&kind=province"},
	{route: "/desk/organization/districts/:id", set: "name_en=Renamed"},
	{route: "/desk/organization/districts/:id/moves", at: "/desk/organization/districts", set: "to=up"},
	{route: "/desk/organization/sources", at: "/desk/organization/sources/new", set: "name_fa=نو&name_en=New&code=proof"},
	{route: "/desk/organization/sources/:id", set: "name_en=Renamed"},
	{route: "/desk/organization/calendar/weeks", at: "/desk/organization/calendar", set: "day_0=08:00-14:00"},
	{route: "/desk/organization/calendar/round-the-clock", at: "/desk/organization/calendar", set: "units=UNIT"},
	{route: "/desk/organization/closures", set: "day=1405/09/20&name_fa=برف"},
	{route: "/desk/organization/closures/:id/removal"},
	{route: "/desk/organization/holidays", set: "lines=1405/10/09,روز نمونه"},
	{route: "/desk/organization/classes/:id/revision", at: "/desk/organization/classes/:id", set: "respond=3"},
	{route: "/desk/organization/booking", set: "quota_days=31"},
	{route: "/desk/organization/minutes", set: "walk_in_room=7"},
	{route: "/desk/organization/meetings", at: "/desk/organization/meetings/new", set: "executive=EXECUTIVE&site=SITE&weekday=3"},
	{route: "/desk/organization/meetings/:id", set: "until=11:30"},
	{route: "/desk/organization/sites", at: "/desk/organization/sites/new", set: "name_fa=نو&name_en=New"},
	{route: "/desk/organization/sites/:id", set: "address=نشانی"},
	{route: "/desk/organization/executives", at: "/desk/organization/executives/new", set: "post_fa=نو&post_en=New&code=proof&name_fa=نو&name_en=New"},
	{route: "/desk/organization/executives/:id", set: "post_en=Renamed"},
	{route: "/desk/organization/executives/:id/moves", at: "/desk/organization/executives", set: "to=down"},
	{route: "/desk/organization/executives/:id/invitations", at: "/desk/organization/executives/:id", set: "invites="},
	{route: "/desk/organization/executives/:id/holders", at: "/desk/organization/executives/:id", set: "name_fa=نو&name_en=New"},
	{route: "/desk/organization/executives/:id/deputies", at: "/desk/organization/executives/:id", set: "staff=PERSON&until=1405/09/20"},
	{route: "/desk/organization/executives/:id/retirement", at: "/desk/organization/executives/:id", of: "post proof"},
	{route: "/desk/organization/executives/:id/restoration", at: "/desk/organization/executives/:id", of: "post proof"},
	{route: "/desk/organization/terms/:id/end", at: "/desk/organization/executives/:id"},
	{route: "/desk/organization/meetings/:id/retirement"},
	{route: "/desk/boxes", at: "/desk/boxes/new", set: "place_fa=نو&code=proof&unit=UNIT"},
	{route: "/desk/boxes/:id", at: "/desk/boxes/:id/edit", set: "place_en=Renamed"},
	{route: "/desk/notices", at: "/desk/notices/new", set: "text_fa=نو&topic=TOPIC&until=1405/09/05&until_time=10:00"},
	{route: "/desk/notices/:id", set: "text_en=Renamed"},
	{route: "/desk/notices/:id/end", at: "/desk/notices"},
	{route: "/desk/committees", at: "/desk/committees/new", set: "name_fa=نو&name_en=New&executive=EXECUTIVE&place=نو&role_PERSON=chair&role_MANAGER=secretary", by: "manager"},
	{route: "/desk/committees/:id", at: "/desk/committees/:id/edit", set: "place=نو", by: "manager"},
	{route: "/desk/templates", at: "/desk/templates/new", set: "kind=answer&title=نو&body=نو"},
	{route: "/desk/templates/:id", set: "title=نو دیگر"},
	{route: "/desk/templates/:id/activity", at: "/desk/templates", set: "active="},
	{route: "/desk/routing/rules", at: "/desk/routing/new", set: "name=نو&unit=UNIT&kind=request"},
	{route: "/desk/routing/rules/:id", set: "name=نو دیگر"},
	{route: "/desk/routing/rules/:id/place", at: "/desk/routing", set: "to=down"},
	{route: "/desk/routing/rules/:id/activity", at: "/desk/routing", set: "active="},
	{route: "/desk/warnings/rules", set: "spike_least=7"},
	{route: "/desk/inspections/checklists", at: "/desk/inspections/checklists/new", set: "name_fa=نو&active=1&fa_boards_0=تابلو هست&weight_boards_0=4", by: "inspector"},
	{route: "/desk/inspections/checklists/:id", set: "name_fa=نو دیگر", by: "inspector"},
	{route: "/desk/privacy/retention", set: "cases=72"},
	{route: "/desk/organization/second-factor", set: "second_factor=some"}, // the last: the admin has none
}

// Every route that saves a setting keeps who changed what, from what to what; a
// new one fails until it stands in one of the lists.
func TestEverySettingIsVersioned(t *testing.T) {
	listed := map[string]bool{}
	for _, s := range saves {
		listed[s.route] = true
	}
	for _, rt := range routes(t) {
		if rt.Method != http.MethodPost || !under(settingPrefixes, rt.Pattern) {
			continue
		}
		if listed[rt.Pattern] == (noSettings[rt.Pattern] != "") {
			t.Errorf("POST %s: say in saves how it saves a setting, or in noSettings why it saves none", rt.Pattern)
		}
		delete(listed, rt.Pattern)
	}
	for gone := range listed {
		t.Errorf("no route %s", gone)
	}
	p := &proof{T: t, app: apptest.New(t), who: map[string]*apptest.Client{}, hidden: map[string]bool{}}
	p.twin = p.app.Twin(p.app.A)
	p.words = strings.NewReplacer("UNIT", id(p.twin.Unit), "CLASS", id(p.twin.Class), "TOPIC", id(p.twin.Topic), "EXECUTIVE", id(p.twin.Executive), "SITE", id(p.twin.Site),
		"PERSON", id(p.app.Staff(p.app.A, "inspector").ID), "MANAGER", id(p.app.Staff(p.app.A, "manager").ID))
	for _, s := range saves {
		p.judge(s)
	}
	if len(p.hidden) != len(secretColumns) {
		t.Errorf("saves have changed the secrets %v only", p.hidden)
	}
	p.worded()
}

// worded looks whether the history has a word for each field that was changed.
func (p *proof) worded() {
	missing := map[string]bool{}
	for _, c := range p.since(0) {
		for _, f := range c.Fields {
			name, warns := strings.CutPrefix(f.Field, "warnings.")
			if !messages.Has("fa", "change.field."+f.Field) && !(warns && messages.Has("fa", "warning.rules."+name)) {
				missing[c.Thing+"."+f.Field] = true
			}
		}
	}
	if len(missing) > 0 {
		p.Errorf("fields without a word: %v", slices.Sorted(maps.Keys(missing)))
	}
}

func under(prefixes []string, pattern string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(pattern, prefix) {
			return true
		}
	}
	return false
}

type proof struct {
	*testing.T
	app   *apptest.App
	twin  *apptest.Twin
	words *strings.Replacer
	who   map[string]*apptest.Client
	// hidden are the columns with secrets that some save has changed.
	hidden map[string]bool
}

// secretColumns are those of which only that they changed is kept.
var secretColumns = []string{"secrets", "token_hash", "secret"}

// judge does one save and looks for its version.
func (p *proof) judge(s save) {
	user := s.by
	if user == "" {
		user = "admin"
	}
	if p.who[user] == nil {
		p.who[user] = p.app.As(user)
	}
	c, last := p.who[user], p.latest()
	path := p.address(s, s.route)
	page := p.send(c, s, path)
	if page.Status != http.StatusSeeOther && page.Status != http.StatusOK {
		p.Errorf("%s is not valid: %d %s", s.route, page.Status, page.Text())
		return
	}
	made := p.since(last)
	if len(made) == 0 {
		p.Errorf("POST %s keeps no version: %s", s.route, page.Text())
	}
	for i := range made {
		c := &made[i]
		if c.ActorKind != tenants.Staff || c.ActorID != p.app.Staff(p.app.A, user).ID || len(c.Fields) == 0 {
			p.Errorf("%s: the version does not say who changed what: %+v", s.route, c)
		}
		for _, f := range c.Fields {
			if slices.Contains(secretColumns, f.Field) {
				p.hidden[f.Field] = true
				if !f.Secret || f.Before != nil || f.After != nil {
					p.Errorf("%s: the version keeps what %s is", s.route, f.Field)
				}
			}
			if c.Act == tenants.SettingChanged && !f.Secret && bytes.Equal(f.Before, f.After) {
				p.Errorf("%s: %s is the same before and after", s.route, f.Field)
			}
		}
	}
}

// address is a pattern with the thing that the save is about.
func (p *proof) address(s save, pattern string) string {
	switch {
	case !strings.Contains(pattern, ":"):
		return pattern
	case s.of == "":
		return fill(pattern, objectOf(p.T, strings.Split(pattern, "?")[0])(p.twin), p.twin)
	}
	return param.ReplaceAllLiteralString(pattern, p.named(s.of))
}

// named finds a thing that an earlier save made.
func (p *proof) named(of string) string {
	kind, name, ok := strings.Cut(of, " ")
	if !ok {
		return of
	}
	db := p.app.Root.For(p.app.A)
	defer db.Release()
	switch kind {
	case "unit":
		list, _ := tenants.AllUnits(p.Context(), db)
		for i := range list {
			if list[i].Code == name {
				return id(list[i].ID)
			}
		}
	case "post":
		list, _ := directives.Posts(p.Context(), db)
		for i := range list {
			if list[i].Code == name {
				return id(list[i].ID)
			}
		}
	case "change":
		for _, c := range p.since(0) {
			for _, f := range c.Fields {
				if f.Field == name {
					return id(c.ID)
				}
			}
		}
	}
	p.Errorf("no %s", of)
	return "0"
}

// send posts the form of the page with what is typed; what only showed what it
// would do is sent once more, as the page asks.
func (p *proof) send(c *apptest.Client, s save, path string) *apptest.Page {
	at := path
	if s.at != "" {
		at = p.address(s, s.at)
	}
	if s.route == "/desk/organization/identity/logo" {
		c.Get(identityPage)
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 80, 80))); err != nil {
			p.Fatal(err)
		}
		return c.PostFile(path, nil, apptest.File{Field: "file", Name: "logo.png", Type: "image/png", Content: b.Bytes()})
	}
	form := typedForm(p.T, c.Get(at), path)
	typed, err := url.ParseQuery(strings.NewReplacer("+", "%2B", "\n", "%0A").Replace(p.words.Replace(s.set)))
	if err != nil {
		p.Fatal(s.route, err)
	}
	for name, values := range typed {
		form[name] = values
	}
	page := c.PostValues(path, form)
	if seal := page.Doc().Find("input[name=seal]").AttrOr("value", ""); page.Status == http.StatusOK && seal != "" {
		form.Set("seal", seal)
		return c.PostValues(path, form)
	}
	return page
}

const identityPage = "/desk/organization/identity"

func (p *proof) latest() int64 {
	list := p.since(0)
	if len(list) == 0 {
		return 0
	}
	return list[0].ID
}

// since lists the versions after one, the newest first.
func (p *proof) since(last int64) (list []tenants.SettingChange) {
	p.Helper()
	db := p.app.Root.For(p.app.A)
	defer db.Release()
	if err := db.Select(&list).Where("change.id > ?", last).Order("change.id DESC").Scan(p.Context()); err != nil {
		p.Fatal(fmt.Errorf("since: %w", err))
	}
	return list
}
