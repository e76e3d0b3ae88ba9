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
	if err != nil {
		return err
	}
	asked, err := r.partExtensions(list)
	for i := range list {
		p := views.PartRow{ListedPart: list[i], Extensions: asked[list[i].ID], Form: views.OfficeForm{Of: idText(list[i].ID)}}
		p.Acts = r.partActs(m.Directive, &p)
		if form.Of == p.Form.Of {
			p.Form = form
		}
		m.Parts = append(m.Parts, p)
		m.PartsOpen = m.PartsOpen || !list[i].In()
	}
	return err
}

// partActs are what the person can do with a part now.
func (r *req) partActs(d *directives.Directive, p *views.PartRow) []views.OfficeAct {
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
	return append(acts, r.partExtensionActs(d, p, path)...)
}

// partExtensions reads the requests for more time about parts, by part.
func (r *req) partExtensions(list []directives.ListedPart) (map[int64][]directives.PartExtension, error) {
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	asked, err := directives.PartExtensions(r.ctx, r.db, ids)
	of := map[int64][]directives.PartExtension{}
	for i := range asked {
		of[asked[i].PartID] = append(of[asked[i].PartID], asked[i])
	}
	return of, err
}

// partExtensionActs: the part's unit asks for more time, the one that leads
// decides.
func (r *req) partExtensionActs(d *directives.Directive, p *views.PartRow, path string) []views.OfficeAct {
	unit, waits := r.principal.actor.UnitID, p.Asked() != nil
	switch {
	case unit == p.UnitID && !p.In() && !waits:
		return []views.OfficeAct{{Name: "part_extension", Path: path + "/extension", Icon: "calendar-clock", Aside: true}}
	case unit == d.UnitID && waits:
		return []views.OfficeAct{
			{Name: "part_extension_grant", Path: path + "/extension-grant", Icon: "calendar-check"},
			{Name: "part_extension_refusal", Path: path + "/extension-refusal", Icon: "x"},
		}
	}
	return nil
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

// directivePartExtensionCreate asks the lead unit for more time for a part.
func (w *web) directivePartExtensionCreate(r *req) error {
	return w.partOffice(r, "part_extension", func(tx *tenants.Tx, id int64, f form) error {
		due, err := f.moment("due")
		if err != nil {
			return err
		}
		return directives.AskPartExtension(r.ctx, tx, id, due, f.text("reason"))
	})
}

// directivePartExtensionGrantCreate and directivePartExtensionRefusalCreate decide
// on it.
func (w *web) directivePartExtensionGrantCreate(r *req) error {
	return w.partOffice(r, "part_extension_grant", func(tx *tenants.Tx, id int64, f form) error {
		return directives.GrantPartExtension(r.ctx, tx, id, f.text("reason"))
	})
}

func (w *web) directivePartExtensionRefusalCreate(r *req) error {
	return w.partOffice(r, "part_extension_refusal", func(tx *tenants.Tx, id int64, f form) error {
		return directives.RefusePartExtension(r.ctx, tx, id, f.text("reason"))
	})
}
