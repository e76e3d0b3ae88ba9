package web

import (
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// directiveOffice runs a command on the directive of the address, with the
// files of its form, and goes back to the page that it was done on.
func (w *web) directiveOffice(r *req, act string, do officeAct) error {
	d, err := r.directiveOf()
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
			if err := do(tx, d.ID, f); err != nil {
				return err
			}
			return r.deliverLast(tx, p, d.ID)
		})
	}
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.directiveRefused(r, d.ID, f, p, views.OfficeForm{Act: act, Typed: f.values}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "meeting_desk.done."+act)
	if f.text("from") == "executive" {
		return r.done("/executive")
	}
	return r.done(directivePath(d.ID))
}

// directiveRefused answers an act that was not done, on the page it came from;
// the files that were sent wait for the next try.
func (w *web) directiveRefused(r *req, id int64, f form, p *parcel, form views.OfficeForm, cause error) error {
	if err := r.shelve(p); err != nil {
		return err
	}
	form.Shelf, form.Shelved = p.shelf, p.items
	if f.text("from") == "executive" {
		form.Of = idText(id)
		return w.executivePage(r, 0, form, cause)
	}
	return w.directivePage(r, id, form, cause)
}

// deliverLast puts the files to the event that the act has just written.
func (r *req) deliverLast(tx *tenants.Tx, p *parcel, id int64) error {
	if len(p.got) == 0 && p.shelf == 0 {
		return nil
	}
	events, err := timeline.Of(r.ctx, tx, timeline.Subject{Kind: "directive", ID: id}, false)
	if err != nil {
		return err
	}
	return r.deliver(tx, p, &events[len(events)-1])
}

// settle brings the meeting in line on which the directive was issued.
func (r *req) settle(tx *tenants.Tx, id int64) error {
	d, err := directives.ByID(r.ctx, tx, id)
	if err != nil || d.OriginKind != directives.OnMeeting {
		return err
	}
	return meetings.SettleAfterDirective(r.ctx, tx, d.OriginID)
}

// directiveStartCreate notes that the unit takes the directive up.
func (w *web) directiveStartCreate(r *req) error {
	return w.directiveOffice(r, "start", func(tx *tenants.Tx, id int64, _ form) error { return directives.Start(r.ctx, tx, id) })
}

// directiveReportCreate says what the unit did, with its evidence.
func (w *web) directiveReportCreate(r *req) error {
	return w.directiveOffice(r, "report", func(tx *tenants.Tx, id int64, f form) error {
		return directives.ReportWithout(r.ctx, tx, id, f.text("text"), f.text("without"))
	})
}

// directiveAcceptanceCreate ends a reported directive.
func (w *web) directiveAcceptanceCreate(r *req) error {
	return w.directiveOffice(r, "acceptance", func(tx *tenants.Tx, id int64, f form) error {
		if err := directives.Accept(r.ctx, tx, id, f.text("note")); err != nil {
			return err
		}
		return r.settle(tx, id)
	})
}

// directiveReturnCreate sends a report back with a reason.
func (w *web) directiveReturnCreate(r *req) error {
	return w.directiveOffice(r, "return", func(tx *tenants.Tx, id int64, f form) error {
		if err := directives.Return(r.ctx, tx, id, f.text("reason")); err != nil {
			return err
		}
		return r.settle(tx, id)
	})
}

// directiveDueDateCreate moves the due time with a reason.
func (w *web) directiveDueDateCreate(r *req) error {
	return w.directiveOffice(r, "due_date", func(tx *tenants.Tx, id int64, f form) error {
		due, err := f.moment("due")
		if err != nil {
			return err
		}
		return directives.ChangeDue(r.ctx, tx, id, due, f.text("reason"))
	})
}
