package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"pasokh/app/committees"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

func committeePath(id int64) string { return "/desk/committees/" + idText(id) }

// committeeViewer is who asks: members see their own committees.
func (r *req) committeeViewer() committees.Viewer {
	return committees.Viewer{StaffID: r.principal.actor.ID, All: r.can("committee:read_all")}
}

// committeeList lists the committees that the person may see.
func (w *web) committeeList(r *req) error {
	list, err := committees.List(r.ctx, r.db, r.committeeViewer())
	if err != nil {
		return err
	}
	next, err := committees.Next(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.CommitteeList{Manage: r.can("committee:manage")}
	for i := range list {
		row := views.CommitteeRow{Committee: list[i]}
		if at, ok := next[list[i].ID]; ok {
			row.Next = &at
		}
		m.Rows = append(m.Rows, row)
	}
	p := r.frame("committee.title")
	return r.page(parts.Desk, p, views.CommitteesPage(p, m))
}

// committeeOf reads the committee of the address, when it is shown to the
// person.
func (r *req) committeeOf() (*committees.Committee, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	c, err := committees.ByID(r.ctx, r.db, id)
	if err != nil {
		return nil, err
	}
	return c, committees.Sees(r.ctx, r.db, r.committeeViewer(), id)
}

// committeeShow is the page of one committee.
func (w *web) committeeShow(r *req) error {
	c, err := r.committeeOf()
	if err != nil {
		return err
	}
	m := &views.CommitteePage{Committee: *c, Manage: r.can("committee:manage"), Now: r.now()}
	before := r.now()
	if q := r.officeQuery("before"); q["before"] != "" {
		before = instant(q.number("before"))
	}
	more := false
	if m.Earlier, more, err = committees.Earlier(r.ctx, r.db, r.principal.actor, c.ID, before); err != nil {
		return err
	}
	if more {
		m.More = committeePath(c.ID) + "?before=" + strconv.FormatInt(m.Earlier[len(m.Earlier)-1].StartsAt.UnixMicro(), 10)
	}
	if m.Coming, err = committees.Coming(r.ctx, r.db, r.principal.actor, c.ID); err != nil {
		return err
	}
	if err := r.committeeNames(m); err != nil {
		return err
	}
	p := r.frame("committee.one", "name", r.in(c.NameFA, c.NameEN))
	return r.page(parts.Desk, p, views.CommitteeShowPage(p, m))
}

func (r *req) committeeNames(m *views.CommitteePage) error {
	e, err := directives.ExecutiveByID(r.ctx, r.db, m.ExecutiveID)
	if err != nil {
		return err
	}
	m.Executive = r.in(e.PostFA, e.PostEN)
	members, err := committees.MembersOf(r.ctx, r.db, m.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(members))
	for i := range members {
		ids[i] = members[i].StaffID
	}
	people, err := staff.Colleagues(r.ctx, r.db, ids)
	for _, member := range members {
		who := people[member.StaffID]
		m.Members = append(m.Members, views.MemberName{Name: r.in(who.NameFA, who.NameEN), Role: member.Role})
	}
	return err
}

func (w *web) committeeNew(r *req) error {
	typed := url.Values{"weekday": {"0"}, "from": {"10:00"}, "long": {"90"}, "active": {"1"}}
	return w.committeeFormPage(r, 0, typed, nil)
}

func (w *web) committeeEdit(r *req) error {
	c, err := r.committeeOf()
	if err != nil {
		return err
	}
	members, err := committees.MembersOf(r.ctx, r.db, c.ID)
	if err != nil {
		return err
	}
	clock := time.Date(2000, 1, 1, 0, c.FromMinute, 0, 0, time.UTC).Format("15:04")
	typed := url.Values{
		"name_fa": {c.NameFA}, "name_en": {c.NameEN}, "place": {c.Place}, "weekday": {strconv.Itoa(c.Weekday)}, "from": {clock},
		"long": {strconv.Itoa(c.MinutesLong)}, "executive": {idText(c.ExecutiveID)},
	}
	if c.Active {
		typed.Set("active", "1")
	}
	for _, m := range members {
		typed.Set("role_"+idText(m.StaffID), string(m.Role))
	}
	return w.committeeFormPage(r, c.ID, typed, nil)
}

// committeeFormPage is the form of a committee, new or not.
func (w *web) committeeFormPage(r *req, id int64, typed url.Values, cause error) error {
	m := &views.CommitteeForm{ID: id, Action: "/desk/committees", Typed: typed, Errors: views.ErrorsOf(cause)}
	title := "committee.new"
	if id != 0 {
		m.Action, title = committeePath(id), "committee.edit"
	}
	for day := range 7 {
		value := strconv.Itoa(day)
		m.Weekdays = append(m.Weekdays, parts.Option{Value: value, Label: views.WeekdayName(r.ctx, day), Selected: typed.Get("weekday") == value})
	}
	var err error
	if m.Executives, err = r.executiveOptions(typed.Get("executive")); err != nil {
		return err
	}
	if err := r.memberRows(m); err != nil {
		return err
	}
	p := r.frame(title)
	body := views.CommitteeFormPage(p, m, r.t(title))
	if cause != nil {
		return r.again(cause, parts.Desk, p, body)
	}
	return r.page(parts.Desk, p, body)
}

// memberRows offers every active account a role.
func (r *req) memberRows(m *views.CommitteeForm) error {
	list, err := staff.Roster(r.ctx, r.db)
	if err != nil {
		return err
	}
	units, err := tenants.Units(r.ctx, r.db)
	names := views.UnitsByID(units)
	for i := range list {
		if list[i].DisabledAt != nil {
			continue
		}
		row := views.MemberRow{Field: "role_" + idText(list[i].ID), Name: r.in(list[i].NameFA, list[i].NameEN)}
		if unit := list[i].UnitID; unit != nil {
			row.Unit = r.in(names[*unit].NameFA, names[*unit].NameEN)
		}
		for _, role := range committees.Roles() {
			row.Roles = append(row.Roles, parts.Option{Value: string(role), Label: r.t("committee.role." + string(role)), Selected: m.Typed.Get(row.Field) == string(role)})
		}
		m.Members = append(m.Members, row)
	}
	return err
}

func (w *web) committeeCreate(r *req) error { return w.committeeWrite(r, 0) }

func (w *web) committeeSave(r *req) error {
	c, err := r.committeeOf()
	if err != nil {
		return err
	}
	return w.committeeWrite(r, c.ID)
}

func (w *web) committeeWrite(r *req, id int64) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	c := &committees.Committee{
		ID: id, NameFA: f.text("name_fa"), NameEN: f.text("name_en"), Place: f.text("place"), FromMinute: clockMinute(f.text("from")),
		ExecutiveID: f.id("executive"), Active: f.yes("active"), Weekday: -1,
	}
	if day, ok := f.number("weekday"); ok {
		c.Weekday = day
	}
	c.MinutesLong, _ = f.number("long")
	err = r.write(func(tx *tenants.Tx) error { return committees.Save(r.ctx, tx, c, f.members()) })
	if fault.Is(err, fault.Invalid) {
		return w.committeeFormPage(r, id, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "committee.saved")
	return r.done(committeePath(c.ID))
}

// members are the accounts of the form that were given a role, in the order of
// their ids.
func (f form) members() []committees.Member {
	var list []committees.Member
	for field := range f.values {
		id, ok := idAfter(field, "role_")
		if role := f.text(field); ok && role != "" {
			list = append(list, committees.Member{StaffID: id, Role: committees.Role(role)})
		}
	}
	slices.SortFunc(list, func(a, b committees.Member) int { return int(min(1, max(-1, a.StaffID-b.StaffID))) })
	return list
}

// idAfter reads the id behind a prefix of a field's name.
func idAfter(field, prefix string) (int64, bool) {
	if len(field) <= len(prefix) || field[:len(prefix)] != prefix {
		return 0, false
	}
	id, err := strconv.ParseInt(field[len(prefix):], 10, 64)
	return id, err == nil && id > 0
}

// clockMinute is the minute of the day of a typed hour; -1 when it is none.
func clockMinute(typed string) int {
	match := clockShape.FindStringSubmatch(persian.ToASCII(typed))
	if match == nil {
		return -1
	}
	hour, _ := strconv.Atoi(match[1])
	minute, _ := strconv.Atoi(match[2]) // none is zero
	if hour > 23 || minute > 59 {
		return -1
	}
	return hour*60 + minute
}
