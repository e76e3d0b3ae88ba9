package web

import (
	"net/url"
	"slices"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/roles"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const peoplePath = "/desk/organization/staff"

// people lists the accounts of the organization.
func (w *web) people(r *req) error {
	f := r.peopleFilter()
	list, more, err := staff.Directory(r.ctx, r.db, f)
	if err != nil {
		return err
	}
	units, err := r.unitNames()
	if err != nil {
		return err
	}
	m := &views.People{Search: f.Search, Clear: peoplePath, Edit: r.can("staff:edit"), Now: r.now()}
	for i := range list {
		m.Rows = append(m.Rows, r.personRow(&list[i], units))
	}
	if more {
		m.Next = peopleAddress(f, list[len(list)-1].UserName)
	}
	if f.After != "" {
		m.Previous = peopleAddress(f, "")
	}
	if err := r.peopleChoices(m, f); err != nil {
		return err
	}
	p := r.frame("people.title")
	return r.page(parts.Desk, p, views.PeoplePage(p, m))
}

func (r *req) peopleFilter() staff.Filter {
	f := staff.Filter{Search: r.query("q"), UnitID: number(r.query("unit")), Role: r.query("role"), State: r.query("state"), After: staff.UserName(r.query("after"))}
	if !r.w.Book.HasRole(r.tenant.ID, f.Role) {
		f.Role = ""
	}
	if !slices.Contains(staff.States(), f.State) {
		f.State = ""
	}
	return f
}

func peopleAddress(f staff.Filter, after string) string {
	v := url.Values{}
	unit := ""
	if f.UnitID != 0 {
		unit = idText(f.UnitID)
	}
	for key, value := range map[string]string{"q": f.Search, "unit": unit, "role": f.Role, "state": f.State, "after": after} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if len(v) == 0 {
		return peoplePath
	}
	return peoplePath + "?" + v.Encode()
}

// peopleChoices offers what the list can be narrowed to, and shows what it is.
func (r *req) peopleChoices(m *views.People, f staff.Filter) error {
	var err error
	if m.Units, err = r.unitOptions(&f.UnitID); err != nil {
		return err
	}
	m.Roles = choose(r.roles(), f.Role, func(role string) (string, string) { return role, r.roleWord(role) })
	m.States = choose(staff.States(), f.State, func(s string) (string, string) { return s, r.t("people.state." + s) })
	for _, c := range []struct {
		key  string
		from []parts.Option
		less func(*staff.Filter)
	}{
		{"unit", m.Units, func(f *staff.Filter) { f.UnitID = 0 }}, {"role", m.Roles, func(f *staff.Filter) { f.Role = "" }}, {"state", m.States, func(f *staff.Filter) { f.State = "" }},
	} {
		if i := slices.IndexFunc(c.from, func(o parts.Option) bool { return o.Selected }); i >= 0 {
			rest := f
			c.less(&rest)
			m.Chips = append(m.Chips, parts.Chip{Label: r.t("people." + c.key), Value: c.from[i].Label, Remove: peopleAddress(rest, "")})
		}
	}
	return nil
}

// roles are those that an organization knows.
func (r *req) roles() []string {
	return slices.DeleteFunc(r.w.Book.Of(r.tenant.ID).Roles(), roles.OfPlatform)
}

func (r *req) unitOptions(chosen *int64) ([]parts.Option, error) {
	units, err := tenants.Units(r.ctx, r.db)
	at := ""
	if chosen != nil {
		at = idText(*chosen)
	}
	return choose(units, at, func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) }), err
}

func (r *req) personRow(m *staff.Member, units map[int64]string) views.PersonRow {
	row := views.PersonRow{Member: *m, Href: peoplePath + "/" + idText(m.ID), Name: r.in(m.NameFA, m.NameEN), Roles: r.roleNames(m.Roles)}
	if m.UnitID != nil {
		row.Unit = units[*m.UnitID]
	}
	if m.Mobile != "" {
		row.Mobile = messages.Digits(r.ctx, persian.MaskMobile(m.Mobile))
	}
	return row
}

func (r *req) roleNames(roles []string) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = r.roleWord(role)
	}
	return strings.Join(names, r.t("desk.and"))
}

// roleChoices offers the roles with what each may do; those that the person
// cannot give are shown and closed.
func (r *req) roleChoices(held []string) []parts.Choice {
	grants := r.w.Book.Grantable(r.tenant.ID, r.principal.actor.Roles)
	var list []parts.Choice
	for _, role := range r.roles() {
		list = append(list, parts.Choice{
			Value: role, Label: r.roleWord(role), Hint: r.roleHint(role),
			Checked: slices.Contains(held, role), Disabled: !slices.Contains(grants, role),
		})
	}
	return list
}

func (w *web) personNew(r *req) error { return r.personNewPage(views.PersonTyped{}, nil) }

func (r *req) personNewPage(typed views.PersonTyped, cause error) error {
	m := &views.PersonNew{Typed: typed, Roles: r.roleChoices(typed.Roles), Errors: views.ErrorsOf(cause)}
	var err error
	if m.Units, err = r.unitOptions(typed.UnitID); err != nil {
		return err
	}
	p := r.frame("people.new")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.PersonNewPage(p, m))
	}
	return r.page(parts.Desk, p, views.PersonNewPage(p, m))
}

func (f form) person() views.PersonTyped {
	typed := views.PersonTyped{
		UserName: f.text("user_name"), NameFA: f.text("name_fa"), NameEN: f.text("name_en"),
		Mobile: f.text("mobile"), Email: f.text("email"), Roles: f.list("roles"),
	}
	if id := f.id("unit"); id != 0 {
		typed.UnitID = &id
	}
	return typed
}

// personCreate invites somebody.
func (w *web) personCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	t := f.person()
	t.Roles = slices.DeleteFunc(t.Roles, func(role string) bool { return !w.Book.HasRole(r.tenant.ID, role) })
	var s *staff.Staff
	r.empowerGrants()
	err = r.write(func(tx *tenants.Tx) (err error) {
		s, err = staff.Invite(r.ctx, tx, staff.Invitation{UserName: t.UserName, NameFA: t.NameFA, NameEN: t.NameEN, Mobile: t.Mobile, Email: t.Email, UnitID: t.UnitID, Roles: t.Roles})
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return r.personNewPage(t, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "people.invited")
	return r.done(peoplePath + "/" + idText(s.ID))
}

// empowerGrants notes on the actor which roles the policy lets it give.
func (r *req) empowerGrants() {
	r.principal.actor.Grants = r.w.Book.Grantable(r.tenant.ID, r.principal.actor.Roles)
}
