package web

import (
	"net/url"
	"slices"

	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const inspectionsPath = "/desk/inspections"

func inspectionPath(id int64) string { return inspectionsPath + "/" + idText(id) }

// inspectionQuery is what the address of the list says.
type inspectionQuery struct {
	state inspection.State
	unit  int64
	mine  bool
}

func (q inspectionQuery) to(after inspection.Cursor) string {
	v := url.Values{"view": {string(q.state)}}
	if q.unit != 0 {
		v.Set("unit", idText(q.unit))
	}
	if q.mine {
		v.Set("mine", "1")
	}
	if after.Day != "" {
		v.Set("day", after.Day)
		v.Set("after", idText(after.ID))
	}
	return inspectionsPath + "?" + v.Encode()
}

// inspectionList lists the visits that are shown to the person. A unit has the
// reports on itself only.
func (w *web) inspectionList(r *req) error {
	q := inspectionQuery{state: inspection.State(r.query("view")), unit: number(r.query("unit")), mine: r.query("mine") != ""}
	states := []inspection.State{inspection.Planned, inspection.Done, inspection.Cancelled}
	if !slices.Contains(states, q.state) {
		q.state = inspection.Planned
		if !r.can("inspection:visit") {
			q.state = inspection.Done
		}
	}
	after := inspection.Cursor{Day: r.query("day"), ID: number(r.query("after"))}
	list, more, err := inspection.Visits(r.ctx, r.db, r.principal.actor, inspection.Filter{State: q.state, UnitID: q.unit, Mine: q.mine, After: after})
	if err != nil {
		return err
	}
	m := &views.Inspections{Now: r.now(), CanPlan: r.can("inspection:plan"), Whole: r.principal.actor.SeesAll, Visits: r.can("inspection:visit"), Mine: q.mine, State: q.state}
	if m.Rows, err = r.inspectionRows(list); err != nil {
		return err
	}
	if more {
		last := list[len(list)-1]
		m.Next = q.to(inspection.Cursor{Day: last.Day, ID: last.ID})
	}
	for _, s := range states {
		m.Tabs = append(m.Tabs, parts.Tab{Label: r.t("inspection.view." + string(s)), Href: inspectionQuery{s, q.unit, q.mine}.to(inspection.Cursor{}), Current: s == q.state})
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Units = choose(units, idText(q.unit), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	return r.page(parts.Desk, r.frame("inspection.title"), views.InspectionsPage(m))
}

// inspectionRows names units and inspectors; masked ones stay without a name.
func (r *req) inspectionRows(list []inspection.Visit) ([]views.InspectionRow, error) {
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	names := views.UnitsByID(units)
	var ids []int64
	for i := range list {
		ids = append(ids, list[i].InspectorID)
	}
	people, err := staff.Colleagues(r.ctx, r.db, ids)
	rows := make([]views.InspectionRow, len(list))
	for i := range list {
		v := &list[i]
		u, who := names[v.UnitID], people[v.InspectorID]
		rows[i] = views.InspectionRow{Visit: *v, Href: inspectionPath(v.ID), Unit: r.in(u.NameFA, u.NameEN), Inspector: r.in(who.NameFA, who.NameEN)}
		if v.Masks(r.principal.actor) {
			rows[i].Inspector = r.t("inspection.masked")
		}
	}
	return rows, err
}

func (w *web) inspectionNew(r *req) error {
	return w.inspectionForm(r, url.Values{"inspector": {idText(r.principal.actor.ID)}, "kind": {"open"}, "checklist": {"-"}}, nil)
}

func (w *web) inspectionForm(r *req, typed url.Values, cause error) error {
	m := &views.InspectionForm{Typed: typed, Errors: views.ErrorsOf(cause)}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Units = choose(units, typed.Get("unit"), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	people, err := inspection.Inspectors(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Inspectors = choose(people, typed.Get("inspector"), func(s staff.Staff) (string, string) { return idText(s.ID), r.in(s.NameFA, s.NameEN) })
	lists, err := inspection.Checklists(r.ctx, r.db)
	if err != nil {
		return err
	}
	lists = slices.DeleteFunc(lists, func(c inspection.Checklist) bool { return !c.Active })
	m.Checklists = choose(lists, typed.Get("checklist"), func(c inspection.Checklist) (string, string) { return idText(c.ID), r.in(c.NameFA, c.NameEN) })
	p := r.frame("inspection.new")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.InspectionFormPage(p, m))
	}
	return r.page(parts.Desk, p, views.InspectionFormPage(p, m))
}

// inspectionCreate plans a visit.
func (w *web) inspectionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := inspection.Plan{
		UnitID: f.id("unit"), Place: f.text("place"), Confidential: f.text("kind") == "confidential", Purpose: f.text("purpose"),
		InspectorID: f.id("inspector"), ChecklistID: f.id("checklist"),
	}
	if day, err := persian.ParseDate(f.text("day")); err == nil {
		in.Day = day
	} else {
		return w.inspectionForm(r, f.values, fault.Field("day", "complaint.error.due_unreadable"))
	}
	var v *inspection.Visit
	err = r.write(func(tx *tenants.Tx) (err error) {
		v, err = inspection.Order(r.ctx, tx, in)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return w.inspectionForm(r, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "inspection.planned_now")
	return r.done(inspectionPath(v.ID))
}
