package web

import (
	"path/filepath"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// The page of one field visit, made for a phone on a bad line.

func (w *web) deskVisit(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return w.visitPage(r, id, views.VisitForm{}, nil)
}

func (w *web) visitPage(r *req, id int64, typed views.VisitForm, cause error) error {
	m, err := r.visitOf(id)
	if err != nil {
		return err
	}
	m.Form = typed
	if fault.Is(cause, fault.Conflict) {
		e := fault.As(cause)
		m.Moved = r.t(e.Key, e.Args...)
	} else {
		m.Form.Errors = r.deskWords(views.ErrorsOf(cause))
	}
	p := r.frame("visit.task_title", "code", m.Code)
	switch {
	case cause == nil:
		return r.page(parts.Desk, p, views.VisitPage(p, *m))
	case m.Moved != "":
		r.c.Status(409)
		return r.page(parts.Desk, p, views.VisitPage(p, *m))
	}
	return r.again(cause, parts.Desk, p, views.VisitPage(p, *m))
}

// visitOf reads what the agent has to know at the door.
func (r *req) visitOf(id int64) (*views.Visit, error) {
	f, err := complaints.FolderByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return nil, err
	}
	m := &views.Visit{
		ID: f.ID, Code: persian.ShowCode(f.Code), Path: visitPath(f.ID), CaseHref: casePath(f.ID), Now: r.now(), State: f.State, Cycle: f.Cycle,
		Topic: r.in(f.TopicFA, f.TopicEN), Name: f.Name, Text: f.Text, Claim: f.Result, Place: r.placeFacts(f.Place), DueAt: f.DueAt,
		DraftKey: "visit-" + idText(f.ID) + "-" + idText(int64(f.Cycle)) + "-" + idText(r.principal.actor.ID), KeepsPlace: r.tenant.Settings.KeepPhotoPlace,
	}
	if f.Masked() {
		m.Name = r.t("confidential.masked")
	}
	if f.Mobile != "" {
		if f.ShownTo(r.can).Mobile {
			m.Mobile, m.Dial = persian.ShowMobile(f.Mobile), f.Mobile
		}
		m.Masked = isolated(persian.MaskMobile(f.Mobile))
	}
	if f.Place.Lat != 0 || f.Place.Lng != 0 {
		m.Lat, m.Lng = degreeText(f.Place.Lat), degreeText(f.Place.Lng)
	}
	return m, r.visitStory(f, m)
}

// visitStory adds what happened: why the citizen is not satisfied, the plan,
// what was found, and the pictures.
func (r *req) visitStory(f *complaints.Folder, m *views.Visit) error {
	events, err := timeline.Of(r.ctx, r.db, f.Subject(), false)
	if err != nil {
		return err
	}
	for i := range events {
		switch e := &events[i]; e.Kind {
		case "complaint.dissatisfied":
			m.Reason = e.Text
		case "complaint.visit_planned":
			m.Planned = e.DueAt
		case "complaint.visit_unplanned", "complaint.reopened":
			m.Planned = nil
		}
	}
	all, err := files.Of(r.ctx, r.db, files.Subject{Kind: "complaint", ID: f.ID}, false)
	if err != nil {
		return err
	}
	for i := range all {
		m.Files = append(m.Files, fileItem(f.ID, &all[i]))
	}
	made, err := complaints.Visits(r.ctx, r.db, f.ID)
	if err != nil {
		return err
	}
	for i := range made {
		v := &made[i]
		m.Visits = append(m.Visits, views.VisitMade{When: r.visitTime(v.VisitedAt), Finding: v.Finding, Resolved: v.Resolved})
		if v.Cycle == f.Cycle {
			m.Sent = v.StaffID == r.principal.actor.ID
		}
		if v.Lat != nil && v.Lng != nil {
			m.Visits[i].Lat, m.Visits[i].Lng = degreeText(*v.Lat), degreeText(*v.Lng)
		}
	}
	return nil
}

// deskFindingCreate records a visit with its photos of before and after. The
// phone may send the same again when the answer was lost on the way: what is
// recorded already is then simply shown.
func (w *web) deskFindingCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.VisitForm{Act: "finding", Finding: f.text("finding"), Resolved: f.text("resolved")}
	p, point, err := r.photos(f)
	if err == nil {
		err = r.found(id, f, p, point)
	}
	switch {
	case err == nil:
		r.flash(parts.Success, "visit.sent")
		return r.done(visitPath(id))
	case fault.Is(err, fault.Conflict) && r.sentBefore(id):
		r.flash(parts.Success, "visit.sent_before")
		return r.done(visitPath(id))
	case !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict):
		return err
	}
	if _, gone := complaints.ByID(r.ctx, r.db, r.principal.actor, id); gone != nil {
		return gone
	}
	if shelved := r.shelve(p); shelved != nil {
		return shelved
	}
	typed.Shelf, typed.Shelved = p.shelf, p.items
	return w.visitPage(r, id, typed, err)
}

// photos takes in the pictures, named by what they show, and the place of the
// first one that says it, where the organization keeps that.
func (r *req) photos(f form) (*parcel, *files.Point, error) {
	p := &parcel{shelf: f.id("shelf"), remove: f.list("remove")}
	var point *files.Point
	for _, field := range []string{"before", "after"} {
		for i, h := range f.uploads(field) {
			h.Filename = r.t("visit.photo_"+field, "n", i+1) + filepath.Ext(h.Filename)
		}
		got, refused := r.receiveAs(f, field, files.Upload{Accept: files.Pictures, ReadPlace: r.tenant.Settings.KeepPhotoPlace})
		p.got = append(p.got, got...)
		for _, one := range got {
			if point == nil {
				point = one.Point()
			}
		}
		if refused != nil {
			return p, nil, refused
		}
	}
	return p, point, nil
}

// found records the visit; what is missing is said all at once.
func (r *req) found(id int64, f form, p *parcel, point *files.Point) error {
	wrong := fault.Fields{}
	if f.text("finding") == "" {
		wrong.Add("finding", "complaint.error.finding")
	}
	if f.text("resolved") != "yes" && f.text("resolved") != "no" {
		wrong.Add("resolved", "desk.error.resolved")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return r.write(func(tx *tenants.Tx) error {
		in := complaints.Finding{Text: f.text("finding"), Resolved: f.text("resolved") == "yes"}
		if point != nil {
			in.Lat, in.Lng = &point.Lat, &point.Lng
		}
		e, err := complaints.VisitMade(r.ctx, tx, id, in)
		if err != nil {
			return err
		}
		return renamed(r.deliver(tx, p, e), files.Field, "after")
	})
}

// sentBefore tells whether the person recorded this very visit before.
func (r *req) sentBefore(id int64) bool {
	m, err := r.visitOf(id)
	return err == nil && m.Sent
}

// deskVisitCodeCreate has the citizen's code sent.
func (w *web) deskVisitCodeCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.count(limitVisitCodes, idText(r.principal.actor.ID)); err != nil {
		return err
	}
	if err := r.countBudget(); err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return complaints.AskForConfirmation(r.ctx, tx, id, r.holder()) })
	if fault.Is(err, fault.TooMany) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return w.visitPage(r, id, views.VisitForm{Act: "code"}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "visit.code_sent")
	return r.done(visitPath(id))
}

// deskVisitConfirmationCreate takes the code that the citizen reads out.
func (w *web) deskVisitConfirmationCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.count(limitCodeChecks, r.ip()); err != nil {
		return err
	}
	right := false
	err = r.write(func(tx *tenants.Tx) (err error) {
		_, right, err = complaints.ConfirmByCode(r.ctx, tx, id, r.holder(), f.text("code"))
		return err
	})
	if err == nil && !right { // the wrong guess is committed first: it counts
		err = fault.Field("code", "code.wrong")
	}
	return w.confirmed(r, id, views.VisitForm{Act: "confirmation"}, "visit.confirmed", err)
}

// deskVisitDenialCreate records that the citizen does not agree.
func (w *web) deskVisitDenialCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	typed := views.VisitForm{Act: "denial", Reason: f.text("reason")}
	err = r.write(func(tx *tenants.Tx) error { return eventless(complaints.Confirm(r.ctx, tx, id, false, typed.Reason)) })
	return w.confirmed(r, id, typed, "visit.denied", err)
}

func (w *web) confirmed(r *req, id int64, typed views.VisitForm, done string, err error) error {
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return w.visitPage(r, id, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done(visitPath(id))
}
