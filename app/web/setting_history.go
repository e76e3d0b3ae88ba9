package web

import (
	"net/url"
	"slices"
	"strconv"

	"pasokh/app/fault"
	"pasokh/app/settings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const historyPath = "/desk/organization/history"

// historyQuery is what the address of the history says.
type historyQuery struct{ area, who string }

func (q historyQuery) to(before int64) string {
	v := url.Values{}
	if q.area != "" {
		v.Set("area", q.area)
	}
	if q.who != "" {
		v.Set("who", q.who)
	}
	if before != 0 {
		v.Set("before", strconv.FormatInt(before, 10))
	}
	if len(v) == 0 {
		return historyPath
	}
	return historyPath + "?" + v.Encode()
}

// orgHistory lists what was changed of the settings, newest first.
func (w *web) orgHistory(r *req) error {
	q := historyQuery{r.query("area"), r.query("who")}
	if !slices.Contains(tenants.Areas(), q.area) {
		q.area = ""
	}
	f := settings.Filter{Area: q.area, Before: number(r.query("before"))}
	if q.who == string(tenants.System) {
		f.Kind = tenants.System
	} else if q.who != "" {
		f.Kind, f.ActorID = tenants.Staff, max(number(q.who), 1)
	}
	list, more, err := settings.History(r.ctx, r.db, f)
	if err != nil {
		return err
	}
	m := &views.SettingHistory{Base: historyPath, Edit: r.can("organization:edit")}
	if more {
		m.Next = q.to(list[len(list)-1].ID)
	}
	if f.Before != 0 {
		m.Previous = q.to(0)
	}
	if err := r.historyWords(m, q, list); err != nil {
		return err
	}
	p := r.frame("change.title")
	return r.page(parts.Desk, p, views.SettingHistoryPage(p, m))
}

// historyWords puts changes and the choices of the filter into words.
func (r *req) historyWords(m *views.SettingHistory, q historyQuery, list []tenants.SettingChange) error {
	names, err := r.auditNames()
	if err != nil {
		return err
	}
	m.Areas = choose(tenants.Areas(), q.area, func(a string) (string, string) { return a, r.t("change.area." + a) })
	m.People = []parts.Option{{Value: string(tenants.System), Label: r.t("audit.system"), Selected: q.who == string(tenants.System)}}
	for _, n := range names {
		m.People = append(m.People, parts.Option{Value: idText(n.id), Label: n.name, Selected: q.who == idText(n.id)})
	}
	if q.area != "" {
		m.Chips = append(m.Chips, parts.Chip{Label: r.t("change.area"), Value: chosen(m.Areas), Remove: historyQuery{"", q.who}.to(0)})
	}
	if q.who != "" {
		m.Chips = append(m.Chips, parts.Chip{Label: r.t("change.who"), Value: chosen(m.People), Remove: historyQuery{q.area, ""}.to(0)})
	}
	s, err := r.settingWords(names)
	if err != nil {
		return err
	}
	for i := range list {
		m.Changes = append(m.Changes, s.change(&list[i]))
	}
	return nil
}

// change is one change in words.
func (s *settingWords) change(c *tenants.SettingChange) views.SettingChange {
	r := s.r
	v := views.SettingChange{
		ID: c.ID, Area: r.t("change.area." + c.Area), Thing: r.t("change.thing." + c.Thing), Name: s.nameOf(c), Act: c.Act,
		ActWord: r.t("change.act." + c.Act), Who: s.who(c), When: messages.DateTime(r.ctx, c.At), Restores: c.RestoresID != nil,
		Path: historyPath + "/" + idText(c.ID) + "/restoration",
	}
	for _, f := range c.Fields {
		if f.Field == "logo_id" {
			v.Fields = append(v.Fields, s.picture(f, c))
			continue
		}
		v.Fields = append(v.Fields, views.SettingField{
			Field: f.Field, Label: s.label(f.Field), Before: s.value(c.Thing, f.Field, f.Before), After: s.value(c.Thing, f.Field, f.After),
			Secret: f.Secret, Restorable: c.Act == tenants.SettingChanged && c.Restorable(f.Field) && r.restores(c),
		})
	}
	return v
}

// mayRestore refuses what is changed under a permission of its own.
func (r *req) mayRestore(id int64) error {
	c, err := settings.ChangeByID(r.ctx, r.db, id)
	if err == nil && !r.restores(c) {
		err = fault.New(fault.Forbidden, "error.forbidden")
	}
	return err
}

// restores tells whether the person may put back what a change took away.
func (r *req) restores(c *tenants.SettingChange) bool {
	return c.Area != tenants.AreaSecurity || r.can("organization:secure")
}

// orgRestorationCreate puts one value back.
func (w *web) orgRestorationCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.mayRestore(id); err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return settings.Restore(r.ctx, tx, id, f.text("field")) })
	if fault.Is(err, fault.Conflict) {
		r.flash(parts.Danger, "change.conflict.value")
		return r.done(historyPath)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "change.restored")
	return r.done(historyPath)
}
