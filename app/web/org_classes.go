package web

import (
	"strconv"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// orgClasses lists the service levels in force.
func (w *web) orgClasses(r *req) error {
	classes, err := tenants.SLAClasses(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgClasses{Tabs: r.clockTabs(classesPath)}
	for i := range classes {
		line := r.orgClass(&classes[i])
		line.Href = classesPath + "/" + idText(classes[i].ID)
		m.Classes = append(m.Classes, line)
	}
	p := r.frame("calendar.classes")
	return r.page(parts.Desk, p, views.OrgClassesPage(m))
}

// orgClass is the form of a class, with its earlier versions.
func (w *web) orgClassForm(r *req) error {
	c, err := r.classOfPath()
	if err != nil {
		return err
	}
	return r.classPage(c, classFields(c), nil)
}

func (r *req) classOfPath() (*tenants.SLAClass, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return tenants.SLAClassByID(r.ctx, r.db, id)
}

// classRungs is how many rungs the form offers.
const classRungs = 6

// lengths are the fields that hold a length of time: number and unit.
var lengths = []string{"respond", "first_action", "pause"}

// classFields are the values of the form for a class.
func classFields(c *tenants.SLAClass) map[string]string {
	typed := map[string]string{"name_fa": c.NameFA, "name_en": c.NameEN, "hours": c.Hours, "interims": strconv.Itoa(c.InterimLimit)}
	set := func(field string, minutes int) {
		n, unit := tenants.Amount(minutes)
		if c.Working() && unit == "day" && !strings.HasPrefix(field, "rung_") {
			n, unit = 24*n, "hour" // a working day has not 24 hours
		}
		typed[field], typed[field+"_unit"] = strconv.Itoa(n), unit
	}
	set("respond", c.RespondMinutes)
	set("first_action", c.FirstActionMinutes)
	set("pause", c.PauseCapMinutes)
	for i, rung := range c.Rungs {
		at := "rung_" + strconv.Itoa(i)
		set(at, rung.AfterMinutes)
		typed[at+"_role"], typed[at+"_points"], typed[at+"_channel"] = rung.Role, strconv.Itoa(rung.Points), rung.Channel
	}
	return typed
}

// classOf reads the form of a class.
func classOf(f form) (tenants.SLAClass, map[string]string, error) {
	typed, wrong := map[string]string{}, fault.Fields{}
	keep := func(fields ...string) {
		for _, field := range fields {
			typed[field] = f.text(field)
		}
	}
	length := func(field string) int {
		keep(field, field+"_unit")
		if typed[field] == "" {
			return 0
		}
		n, ok := f.number(field)
		minutes := tenants.MinutesOf(n, typed[field+"_unit"])
		if !ok || minutes < 0 {
			wrong.Add(fieldOfLength(field), "class.error.number")
		}
		return minutes
	}
	count := func(field, beside string) int {
		keep(field)
		n, ok := f.number(field)
		if !ok && typed[field] != "" {
			wrong.Add(beside, "class.error.number")
		}
		return n
	}
	keep("name_fa", "name_en", "hours")
	c := tenants.SLAClass{NameFA: typed["name_fa"], NameEN: typed["name_en"], Hours: typed["hours"]}
	c.RespondMinutes, c.FirstActionMinutes, c.PauseCapMinutes = length("respond"), length("first_action"), length("pause")
	c.InterimLimit = count("interims", "interims")
	for i := range classRungs {
		at := "rung_" + strconv.Itoa(i)
		keep(at, at+"_unit", at+"_role", at+"_points", at+"_channel")
		if typed[at+"_role"] == "" {
			continue // an empty line, or one that was taken out
		}
		c.Rungs = append(c.Rungs, tenants.Rung{AfterMinutes: length(at), Role: typed[at+"_role"], Points: count(at+"_points", "rungs"), Channel: typed[at+"_channel"]})
	}
	return c, typed, wrong.Err()
}

// fieldOfLength is where the error of a length stands: rungs have one place.
func fieldOfLength(field string) string {
	for _, own := range lengths {
		if field == own {
			return field
		}
	}
	return "rungs"
}

func (r *req) classPage(c *tenants.SLAClass, typed map[string]string, cause error) error {
	versions, err := tenants.ClassVersions(r.ctx, r.db, c.Code)
	if err != nil {
		return err
	}
	own, err := tenants.OwnRoles(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgClassForm{
		Title: r.in(c.NameFA, c.NameEN), Back: classesPath, Action: classesPath + "/" + idText(c.ID) + "/revision",
		Current: c.Current, Next: versions[0].Version + 1, Typed: typed, Errors: views.ErrorsOf(cause),
	}
	option := func(prefix, chosen string) func(string) (string, string) {
		return func(v string) (string, string) { return v, r.t(prefix + v) }
	}
	for _, field := range append([]string{"respond", "first_action", "pause"}, rungFields()...) {
		m.AddUnits(field, choose([]string{"minute", "hour", "day"}, typed[field+"_unit"], option("class.unit.", "")))
	}
	for _, field := range rungFields() {
		m.Rungs = append(m.Rungs, views.OrgRungForm{
			Field: field, Roles: choose(append(tenants.RungRoles(), own...), typed[field+"_role"], func(role string) (string, string) { return role, r.roleWord(role) }),
			Channels: choose(tenants.RungChannels(), typed[field+"_channel"], option("class.channel.", "")),
		})
	}
	for i := range versions {
		line := r.orgClass(&versions[i])
		line.Since = messages.Date(r.ctx, versions[i].CreatedAt)
		m.Versions = append(m.Versions, line)
	}
	p := r.frame("class.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgClassPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgClassPage(p, m))
}

func rungFields() []string {
	list := make([]string, classRungs)
	for i := range list {
		list[i] = "rung_" + strconv.Itoa(i)
	}
	return list
}

// orgClassRevisionCreate puts a new version of a class in force.
func (w *web) orgClassRevisionCreate(r *req) error {
	c, err := r.classOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	next, typed, err := classOf(f)
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error {
			made, err := tenants.Revise(r.ctx, tx, c.ID, next)
			if err != nil {
				return err
			}
			return audit.Record(r.ctx, tx, "class.revised", "sla_class", made.ID, made.Code+" "+strconv.Itoa(made.Version))
		})
	}
	if fault.Is(err, fault.Invalid) {
		return r.classPage(c, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "class.saved")
	return r.done(classesPath)
}
