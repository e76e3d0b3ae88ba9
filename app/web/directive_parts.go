package web

import (
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// helps tells whether the person sees the directive for the part of the own
// unit only: the order, that part, and what concerns it.
func (r *req) helps(d *directives.Directive) (bool, error) {
	a := r.principal.actor
	if r.can("directive:read_all") || a.UnitID == d.UnitID {
		return false, nil
	}
	acts, err := r.actsFor(d.ExecutiveID)
	return err == nil && !acts, err
}

// directiveParts reads the parts that the person may see, with what can be done
// about each.
func (r *req) directiveParts(m *views.DirectiveFile, helps bool, form views.OfficeForm) error {
	unit := int64(0)
	if helps {
		unit = r.principal.actor.UnitID
	}
	list, err := directives.Parts(r.ctx, r.db, m.ID, unit)
	for i := range list {
		p := views.PartRow{ListedPart: list[i], Acts: r.partActs(m.Directive, &list[i]), Form: views.OfficeForm{Of: idText(list[i].ID)}}
		if form.Of == p.Form.Of {
			p.Form = form
		}
		m.Parts = append(m.Parts, p)
		m.PartsOpen = m.PartsOpen || !list[i].In()
	}
	return err
}

// partActs are what the person can do with a part now.
func (r *req) partActs(d *directives.Directive, p *directives.ListedPart) []views.OfficeAct {
	var acts []views.OfficeAct
	path, unit := directivePath(d.ID)+"/parts/"+idText(p.ID), r.principal.actor.UnitID
	if !r.can("directive:report") || !d.Open() {
		return nil
	}
	if unit == p.UnitID && !p.In() {
		acts = append(acts, views.OfficeAct{Name: "part_report", Path: path + "/report", Icon: "message-square", Files: true})
		if p.State != directives.PartInProgress {
			acts = append(acts, views.OfficeAct{Name: "part_start", Path: path + "/start", Icon: "play", Plain: true})
		}
	}
	if unit == d.UnitID && p.State == directives.PartReported {
		acts = append(acts, views.OfficeAct{Name: "part_acceptance", Path: path + "/acceptance", Icon: "check", Plain: true})
	}
	if unit == d.UnitID && p.In() && d.Waiting() {
		acts = append(acts, views.OfficeAct{Name: "part_return", Path: path + "/return", Icon: "undo-2"})
	}
	return acts
}

// concerning leaves only what a helping unit may read: its own part and what the
// order itself went through.
func concerning(events []timeline.Event, unit int64) []timeline.Event {
	var list []timeline.Event
	for i := range events {
		switch e := &events[i]; e.Kind {
		case "directive.issued", "directive.due_changed", "directive.accepted":
			list = append(list, *e)
		default:
			if e.UnitID != nil && *e.UnitID == unit {
				list = append(list, *e)
			}
		}
	}
	return list
}

// partOffice runs a command on a part of the directive of the address.
func (w *web) partOffice(r *req, act string, do officeAct) error {
	d, err := r.directiveOf()
	if err != nil {
		return err
	}
	id, err := r.id("part")
	if err != nil {
		return err
	}
	part, err := directives.PartByID(r.ctx, r.db, id)
	if err == nil && part.DirectiveID != d.ID {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	p, err := r.parcel(f)
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error {
			if err := do(tx, id, f); err != nil {
				return err
			}
			return r.deliverLast(tx, p, d.ID)
		})
	}
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.directiveRefused(r, d.ID, f, p, views.OfficeForm{Act: act, Of: idText(id), Typed: f.values}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "meeting_desk.done."+act)
	return r.done(directivePath(d.ID))
}

// directivePartStartCreate notes that a helping unit takes its part up.
func (w *web) directivePartStartCreate(r *req) error {
	return w.partOffice(r, "part_start", func(tx *tenants.Tx, id int64, _ form) error { return directives.StartPart(r.ctx, tx, id) })
}

// directivePartReportCreate hands a part to the lead unit.
func (w *web) directivePartReportCreate(r *req) error {
	return w.partOffice(r, "part_report", func(tx *tenants.Tx, id int64, f form) error {
		return directives.ReportPart(r.ctx, tx, id, f.text("text"))
	})
}

// directivePartAcceptanceCreate takes a part as done.
func (w *web) directivePartAcceptanceCreate(r *req) error {
	return w.partOffice(r, "part_acceptance", func(tx *tenants.Tx, id int64, _ form) error { return directives.AcceptPart(r.ctx, tx, id) })
}

// directivePartReturnCreate sends a part back to its unit.
func (w *web) directivePartReturnCreate(r *req) error {
	return w.partOffice(r, "part_return", func(tx *tenants.Tx, id int64, f form) error {
		return directives.ReturnPart(r.ctx, tx, id, f.text("reason"))
	})
}
