package web

import (
	"net/url"
	"slices"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/inspection"
	"pasokh/app/persian"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const violationsPath = "/desk/violations"

func violationPath(id int64) string { return violationsPath + "/" + idText(id) }

// violationList lists the files that are shown to the person.
func (w *web) violationList(r *req) error {
	states := []string{inspection.Reported, inspection.Heard, inspection.Decided}
	f := inspection.ViolationFilter{State: r.query("state"), Before: number(r.query("before"))}
	if !slices.Contains(states, f.State) {
		f.State = ""
	}
	list, more, err := inspection.Violations(r.ctx, r.db, r.principal.actor, f)
	if err != nil {
		return err
	}
	m := &views.Violations{Now: r.now(), CanReport: r.can("inspection:violation")}
	if m.Rows, err = r.violationRows(list); err != nil {
		return err
	}
	to := func(state string, before int64) string {
		v := url.Values{}
		if state != "" {
			v.Set("state", state)
		}
		if before != 0 {
			v.Set("before", idText(before))
		}
		return violationsPath + "?" + v.Encode()
	}
	m.Tabs = []parts.Tab{{Label: r.t("violation.state.all"), Href: violationsPath, Current: f.State == ""}}
	for _, s := range states {
		if s != inspection.Reported || m.CanReport {
			m.Tabs = append(m.Tabs, parts.Tab{Label: r.t("violation.state." + s), Href: to(s, 0), Current: s == f.State})
		}
	}
	if more {
		m.Next = to(f.State, list[len(list)-1].ID)
	}
	return r.page(parts.Desk, r.frame("violation.title"), views.ViolationsPage(m))
}

func (r *req) violationRows(list []inspection.Violation) ([]views.ViolationRow, error) {
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	names := views.UnitsByID(units)
	var ids []int64
	for i := range list {
		if list[i].StaffID != nil {
			ids = append(ids, *list[i].StaffID)
		}
	}
	people, err := staff.Colleagues(r.ctx, r.db, ids)
	rows := make([]views.ViolationRow, len(list))
	for i := range list {
		u := names[list[i].UnitID]
		rows[i] = views.ViolationRow{Violation: list[i], Href: violationPath(list[i].ID), Unit: r.in(u.NameFA, u.NameEN)}
		if id := list[i].StaffID; id != nil {
			rows[i].Person = r.in(people[*id].NameFA, people[*id].NameEN)
		}
	}
	return rows, err
}

// violationNew begins a file, from a visit when the address names one.
func (w *web) violationNew(r *req) error {
	typed := url.Values{"severity": {"minor"}}
	if id := number(r.query("visit")); id != 0 {
		v, err := inspection.ByID(r.ctx, r.db, r.principal.actor, id)
		if err != nil {
			return err
		}
		typed.Set("visit", idText(v.ID))
		typed.Set("unit", idText(v.UnitID))
	}
	return w.violationForm(r, typed, nil)
}

func (w *web) violationForm(r *req, typed url.Values, cause error) error {
	m := &views.ViolationForm{Typed: typed, Errors: views.ErrorsOf(cause)}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	names := views.UnitsByID(units)
	m.Units = choose(units, typed.Get("unit"), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	people, err := staff.Roster(r.ctx, r.db)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(s staff.Member) bool { return s.UnitID == nil || s.DisabledAt != nil })
	m.People = choose(people, typed.Get("person"), func(s staff.Member) (string, string) { return idText(s.ID), r.in(s.NameFA, s.NameEN) })
	for i := range people {
		u := names[*people[i].UnitID]
		m.People[i].Group = r.in(u.NameFA, u.NameEN)
	}
	m.Kinds = choose(inspection.Kinds(), typed.Get("kind"), func(k string) (string, string) { return k, r.t("violation.kind." + k) })
	for _, s := range inspection.Severities() {
		m.Severities = append(m.Severities, parts.Choice{
			Value: s, Label: r.t("violation.severity." + s), Note: r.t("desk.points", "n", inspection.Points(s)), Checked: typed.Get("severity") == s,
		})
	}
	p := r.frame("violation.new")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.ViolationFormPage(p, m))
	}
	return r.page(parts.Desk, p, views.ViolationFormPage(p, m))
}

// violationCreate opens the file of a violation with its evidence.
func (w *web) violationCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := inspection.Finding{UnitID: f.id("unit"), StaffID: f.id("person"), Kind: f.text("kind"), Severity: f.text("severity"), Text: f.text("text"), InspectionID: f.id("visit")}
	if in.ComplaintID, err = r.violationCase(f.text("case")); err != nil {
		return w.violationRefused(r, f, err)
	}
	got, err := r.receive(f, files.Field)
	if err != nil {
		return w.violationRefused(r, f, err)
	}
	var v *inspection.Violation
	err = r.write(func(tx *tenants.Tx) (err error) {
		if v, err = inspection.ReportViolation(r.ctx, tx, in); err != nil {
			return err
		}
		return r.saveFiles(tx, got, files.Place{Subject: files.Subject{Kind: inspection.FileKind, ID: v.ID}, Held: true})
	})
	if err != nil {
		return w.violationRefused(r, f, err)
	}
	r.flash(parts.Success, "violation.reported_now")
	return r.done(violationPath(v.ID))
}

func (w *web) violationRefused(r *req, f form, err error) error {
	if fault.Is(err, fault.Invalid) {
		return w.violationForm(r, f.values, err)
	}
	return err
}

// violationCase finds the case of a code, when it is shown to the person.
func (r *req) violationCase(code string) (int64, error) {
	if code == "" {
		return 0, nil
	}
	code, _ = persian.ParseCode(code)
	c, err := complaints.ByCode(r.ctx, r.db, code)
	if err == nil {
		c, err = complaints.ByID(r.ctx, r.db, r.principal.actor, c.ID)
	}
	if fault.Is(err, fault.NotFound) {
		return 0, fault.Field("case", "violation.error.case")
	}
	if err != nil {
		return 0, err
	}
	return c.ID, nil
}

// violationShow is one file.
func (w *web) violationShow(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.violationPage(r, id, "", nil, nil)
}

func (w *web) violationPage(r *req, id int64, act string, typed url.Values, cause error) error {
	v, err := inspection.ViolationByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return err
	}
	m, err := r.violationModel(v)
	if err != nil {
		return err
	}
	m.Act, m.Typed = act, typed
	p := r.frame("violation.one", "unit", m.Unit)
	if fault.Is(cause, fault.Conflict) {
		e := fault.As(cause)
		m.Moved = r.t(e.Key, e.Args...)
		r.c.Status(409)
		return r.page(parts.Desk, p, views.ViolationPage(p, m))
	}
	if m.Errors = views.ErrorsOf(cause); cause != nil {
		return r.again(cause, parts.Desk, p, views.ViolationPage(p, m))
	}
	return r.page(parts.Desk, p, views.ViolationPage(p, m))
}

func (r *req) violationModel(v *inspection.Violation) (*views.Violation, error) {
	rows, err := r.violationRows([]inspection.Violation{*v})
	if err != nil {
		return nil, err
	}
	m := &views.Violation{ViolationRow: rows[0], Now: r.now(), CanAct: r.can("inspection:violation")}
	if m.Actions, err = r.improvementsOf(quality.Source{Kind: quality.FromViolation, ID: v.ID}); err != nil {
		return nil, err
	}
	if m.Costs, err = inspection.CostsOf(r.ctx, r.db, v.ID); err != nil {
		return nil, err
	}
	all, err := files.Of(r.ctx, r.db, files.Subject{Kind: inspection.FileKind, ID: v.ID}, false)
	if err != nil {
		return nil, err
	}
	m.Files = views.FileItems("/desk/files/", all)
	if v.InspectionID != nil {
		if _, gone := inspection.ByID(r.ctx, r.db, r.principal.actor, *v.InspectionID); gone == nil {
			m.Visit = inspectionPath(*v.InspectionID)
		}
	}
	if v.ComplaintID != nil && r.can("complaint:read") {
		if c, gone := complaints.ByID(r.ctx, r.db, r.principal.actor, *v.ComplaintID); gone == nil {
			m.Case, m.CaseCode = casePath(c.ID), persian.ShowCode(c.Code)
		}
	}
	return m, nil
}

// violationAct runs a command on the file of the address.
func (w *web) violationAct(r *req, act string, do func(tx *tenants.Tx, id int64, f form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return do(tx, id, f) })
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.violationPage(r, id, act, f.values, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "violation.done."+act)
	return r.done(violationPath(id))
}

func (w *web) violationHearingCreate(r *req) error {
	return w.violationAct(r, "hearing", func(tx *tenants.Tx, id int64, f form) error {
		return inspection.Hear(r.ctx, tx, id, f.text("hearing"))
	})
}

func (w *web) violationDecisionCreate(r *req) error {
	return w.violationAct(r, "decision", func(tx *tenants.Tx, id int64, f form) error {
		return inspection.Decide(r.ctx, tx, id, f.text("decision"), f.text("measure"))
	})
}

func (w *web) violationOverturningCreate(r *req) error {
	return w.violationAct(r, "overturning", func(tx *tenants.Tx, id int64, f form) error {
		return inspection.Overturn(r.ctx, tx, id, f.text("reason"))
	})
}
