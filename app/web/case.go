package web

import (
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// trackForm asks for the tracking code and what goes with it.
func (w *web) trackForm(r *req) error {
	p := r.frame("track.title")
	return r.page(parts.Citizen, p, views.TrackPage(p, views.Track{Code: shownCode(r.query("code"))}))
}

// shownCode is a code as people read it; what is none stays as it is.
func shownCode(typed string) string {
	if code, ok := persian.ParseCode(typed); ok {
		return persian.ShowCode(code)
	}
	return typed
}

// trackingCreate opens the page of the case or meeting that the code names.
func (w *web) trackingCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	code, secret := f.text("code"), f.text("secret")
	canonical, _ := persian.ParseCode(code)
	if err := r.limited(limitMisses, r.ip()); err != nil {
		return err
	}
	if err := r.limited(limitMissesCode, canonical); err != nil {
		return err
	}
	subject, err := r.find(code, secret)
	if fault.Is(err, fault.NotFound) {
		return w.trackMissed(r, canonical, views.Track{Code: code, Secret: secret})
	}
	if err != nil {
		return err
	}
	if err := r.track(subject); err != nil {
		return err
	}
	return r.done(pageOf(subject))
}

// trackMissed counts a look-up that found nothing and asks again.
func (w *web) trackMissed(r *req, code string, m views.Track) error {
	if err := r.count(limitMisses, r.ip()); err != nil {
		return err
	}
	if code != "" {
		if err := r.count(limitMissesCode, code); err != nil {
			return err
		}
	}
	m.Errors = views.Errors{"code": "complaint.error.track"}
	p := r.frame("track.title")
	return r.again(fault.Field("code", "complaint.error.track"), parts.Citizen, p, views.TrackPage(p, m))
}

// find looks among the cases first, then among the meetings.
func (r *req) find(code, secret string) (timeline.Subject, error) {
	c, err := complaints.Track(r.ctx, r.db, code, secret)
	if err == nil {
		return c.Subject(), nil
	}
	if !fault.Is(err, fault.NotFound) {
		return timeline.Subject{}, err
	}
	return r.findMeeting(code, secret)
}

// pageOf is where the tracker of a subject reads.
func pageOf(s timeline.Subject) string {
	if s.Kind == "meeting" {
		return "/meeting"
	}
	return "/case"
}

// tracked is the case that this browser's code opened.
func (r *req) tracked() (*complaints.Complaint, error) {
	if r.principal.subject.Kind != "complaint" {
		return nil, errSignIn
	}
	c, err := complaints.Plain(r.ctx, r.db, r.principal.subject.ID)
	if err == nil && c.CitizenID != nil {
		r.principal.actor.ID = *c.CitizenID
	}
	return c, err
}

// myCase opens one of the signed-in citizen's cases.
func (w *web) myCase(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	c, err := complaints.Plain(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	if c.CitizenID == nil {
		return fault.New(fault.NotFound, "error.not_found")
	}
	owner, err := citizens.ByID(r.ctx, r.db, *c.CitizenID)
	if err != nil {
		return err
	}
	if owner.Mobile != r.principal.mobile {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if err := r.track(c.Subject()); err != nil {
		return err
	}
	return r.done("/case")
}

// caseShow is the citizen's page of a case: where it stands, what comes next,
// and everything that happened.
func (w *web) caseShow(r *req) error { return w.casePage(r, views.CaseForms{}, nil) }

func (w *web) casePage(r *req, forms views.CaseForms, cause error) error {
	m, err := r.caseView()
	if err != nil {
		return err
	}
	forms.Errors = views.ErrorsOf(cause)
	m.Forms = forms
	p := r.frame("case.title")
	if cause == nil {
		return r.page(parts.Citizen, p, views.CasePage(p, *m))
	}
	if fault.Is(cause, fault.Conflict) || fault.Is(cause, fault.TooMany) {
		r.c.Status(409)
		return r.page(parts.Citizen, p, views.CasePage(p, *m))
	}
	return r.again(cause, parts.Citizen, p, views.CasePage(p, *m))
}

// caseView reads all that the page shows, the same number of statements
// whatever has happened.
func (r *req) caseView() (*views.Case, error) {
	c, err := r.tracked()
	if err != nil {
		return nil, err
	}
	m := &views.Case{Complaint: c, Now: r.now()}
	if m.Topic, err = tenants.TopicByID(r.ctx, r.db, c.TopicID); err != nil {
		return nil, err
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	m.Units = views.UnitsByID(units)
	if m.District, err = r.districtName(c.DistrictID); err != nil {
		return nil, err
	}
	all, err := timeline.Of(r.ctx, r.db, c.Subject(), false)
	if err != nil {
		return nil, err
	}
	if m.Promises, err = complaints.PromisesOf(r.ctx, r.db, c, all); err != nil {
		return nil, err
	}
	m.Events = timeline.Public(all)
	orders, err := directives.EventsOf(r.ctx, r.db, directives.OnComplaint, c.ID, true)
	if err != nil {
		return nil, err
	}
	m.Events = views.Merged(m.Events, orders)
	if m.Orders, err = r.publicDirectives(directives.OnComplaint, c.ID, orders); err != nil {
		return nil, err
	}
	m.MayObject, m.ObjectUntil = c.MayObject(r.tenant.Settings, r.now()), c.ObjectUntil(r.tenant.Settings)
	if m.Files, err = files.Of(r.ctx, r.db, files.Subject{Kind: "complaint", ID: c.ID}, true); err != nil {
		return nil, err
	}
	calls, err := complaints.Calls(r.ctx, r.db, c.ID)
	m.CanRate = complaints.Unrated(calls, c) != nil
	if err != nil {
		return nil, err
	}
	return m, r.caseRelations(m, all)
}

// caseFile streams one of the case's files that the citizen may see.
func (w *web) caseFile(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := files.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	s := r.principal.subject
	own := f.SubjectKind == s.Kind && f.SubjectID == s.ID
	if !own && f.SubjectKind == "directive" && s.Kind == "complaint" {
		_, err := r.orderOfCase(r.db, s.ID, f.SubjectID)
		if own = err == nil; err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if !f.Public || !own {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return r.sendFile(f)
}
