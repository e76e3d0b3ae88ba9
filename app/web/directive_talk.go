package web

import (
	"strconv"

	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
)

// directiveAcknowledgementCreate notes that the unit's head has seen the order.
func (w *web) directiveAcknowledgementCreate(r *req) error {
	return w.directiveOffice(r, "acknowledgement", func(tx *tenants.Tx, id int64, _ form) error { return directives.Acknowledge(r.ctx, tx, id) })
}

// directiveNoteCreate is a word about the work under way.
func (w *web) directiveNoteCreate(r *req) error {
	return w.directiveOffice(r, "progress", func(tx *tenants.Tx, id int64, f form) error {
		return directives.Note(r.ctx, tx, id, f.text("text"), f.yes("public"))
	})
}

// directiveExtensionCreate asks for more time.
func (w *web) directiveExtensionCreate(r *req) error {
	return w.directiveOffice(r, "extension", func(tx *tenants.Tx, id int64, f form) error {
		due, err := f.moment("due")
		if err != nil {
			return err
		}
		return directives.AskExtension(r.ctx, tx, id, due, f.text("reason"))
	})
}

// directiveExtensionGrantCreate gives the time that was asked for.
func (w *web) directiveExtensionGrantCreate(r *req) error {
	return w.directiveOffice(r, "extension_grant", func(tx *tenants.Tx, id int64, f form) error {
		return directives.GrantExtension(r.ctx, tx, id, f.text("reason"))
	})
}

// directiveExtensionRefusalCreate leaves the due time as it is.
func (w *web) directiveExtensionRefusalCreate(r *req) error {
	return w.directiveOffice(r, "extension_refusal", func(tx *tenants.Tx, id int64, f form) error {
		return directives.RefuseExtension(r.ctx, tx, id, f.text("reason"))
	})
}

// directiveShowingCreate and directiveHidingCreate let the citizen see the order,
// or no longer.
func (w *web) directiveShowingCreate(r *req) error {
	return w.directiveOffice(r, "showing", func(tx *tenants.Tx, id int64, f form) error {
		return directives.Show(r.ctx, tx, id, true, f.text("reason"))
	})
}

func (w *web) directiveHidingCreate(r *req) error {
	return w.directiveOffice(r, "hiding", func(tx *tenants.Tx, id int64, f form) error {
		return directives.Show(r.ctx, tx, id, false, f.text("reason"))
	})
}

// unitActs are what a unit that carries the directive out can do beside its
// report: m.Parts is read already.
func (r *req) unitActs(m *views.DirectiveFile) []views.OfficeAct {
	a, path := r.principal.actor, directivePath(m.ID)
	seen, share := m.SeenAt != nil, a.UnitID == m.UnitID
	for i := range m.Parts {
		if m.Parts[i].UnitID == a.UnitID && !share {
			seen, share = m.Parts[i].SeenAt != nil, true
		}
	}
	if !share || !m.Directive.Open() || !r.can("directive:report") {
		return nil
	}
	var acts []views.OfficeAct
	if !seen && a.Has("unit_head") {
		acts = append(acts, views.OfficeAct{Name: "acknowledgement", Path: path + "/acknowledgement", Icon: "eye", Plain: true})
	}
	acts = append(acts, views.OfficeAct{Name: "progress", Path: path + "/notes", Icon: "pencil", Files: true, Aside: true})
	if a.UnitID == m.UnitID && m.Waiting() && m.Asked == nil {
		acts = append(acts, views.OfficeAct{Name: "extension", Path: path + "/extension", Icon: "calendar-clock", Aside: true})
	}
	return acts
}

// issuerActs are what the issuer or a delegate decides beside the report.
func (r *req) issuerActs(m *views.DirectiveFile, e *directives.Executive) []views.OfficeAct {
	if !r.mayJudge(m.Directive, e, r.helping(m)) {
		return nil
	}
	var acts []views.OfficeAct
	path := directivePath(m.ID)
	if m.Asked != nil && m.Directive.Open() {
		acts = append(acts,
			views.OfficeAct{Name: "extension_grant", Path: path + "/extension-grant", Icon: "calendar-check"},
			views.OfficeAct{Name: "extension_refusal", Path: path + "/extension-refusal", Icon: "x"})
	}
	switch {
	case m.Confidential:
	case m.Public:
		acts = append(acts, views.OfficeAct{Name: "hiding", Path: path + "/hiding", Icon: "eye-off", Aside: true})
	default:
		acts = append(acts, views.OfficeAct{Name: "showing", Path: path + "/showing", Icon: "eye", Aside: true})
	}
	return acts
}

// directiveClaims reads the requests for more time and who has seen the order.
func (r *req) directiveClaims(m *views.DirectiveFile) error {
	list, err := directives.Extensions(r.ctx, r.db, m.ID)
	if err != nil {
		return err
	}
	m.Extensions = list
	for i := range list {
		if list[i].State == directives.ExtensionAsked {
			m.Asked = &list[i]
		}
	}
	var ids []int64
	if m.SeenBy != nil {
		ids = append(ids, *m.SeenBy)
	}
	for i := range m.Parts {
		if m.Parts[i].SeenBy != nil {
			ids = append(ids, *m.Parts[i].SeenBy)
		}
	}
	people, err := staff.Colleagues(r.ctx, r.db, ids)
	if m.SeenBy != nil {
		m.Seen = r.in(people[*m.SeenBy].NameFA, people[*m.SeenBy].NameEN)
	}
	for i := range m.Parts {
		if by := m.Parts[i].SeenBy; by != nil {
			m.Parts[i].Seen = r.in(people[*by].NameFA, people[*by].NameEN)
		}
	}
	return err
}

// partOrders reads the parts of a form that issues a directive; rows left empty
// are none. rows tells which row of the form each part came from.
func (f form) partOrders() (list []directives.PartOrder, rows []int, err error) {
	for i := range views.PartRows {
		at := "_" + strconv.Itoa(i)
		unit, text := f.id("part_unit"+at), f.text("part_text"+at)
		if unit == 0 && text == "" {
			continue
		}
		due, err := f.moment("part_due" + at)
		if err != nil {
			return nil, nil, err
		}
		list, rows = append(list, directives.PartOrder{UnitID: unit, Text: text, DueAt: due}), append(rows, i)
	}
	return list, rows, nil
}
