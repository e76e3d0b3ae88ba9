package web

import (
	"slices"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// deskDirective is the page of one directive.
func (w *web) deskDirective(r *req) error {
	d, err := r.directiveOf()
	if err != nil {
		return err
	}
	return w.directivePage(r, d.ID, views.OfficeForm{}, nil)
}

// directiveOf reads the directive of the address, when the person may see it.
func (r *req) directiveOf() (*directives.Directive, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	d, err := directives.ByID(r.ctx, r.db, id)
	if err != nil {
		return nil, err
	}
	return d, r.maySee(d)
}

func (w *web) directivePage(r *req, id int64, form views.OfficeForm, cause error) error {
	form = r.cameBack(form, cause)
	m, err := r.directiveFile(id, form)
	if err != nil {
		return err
	}
	if m.Form = form; form.Of != "" { // it stands at its part
		m.Form = views.OfficeForm{Notice: form.Notice, Lost: form.Lost}
	}
	m.Form.Parts = m.PartsOpen
	p := r.frame("directive_desk.file_title", "unit", m.Unit)
	return r.page(parts.Desk, p, views.DirectiveFilePage(p, m))
}

func (r *req) directiveFile(id int64, form views.OfficeForm) (*views.DirectiveFile, error) {
	d, err := directives.ByID(r.ctx, r.db, id)
	if err != nil {
		return nil, err
	}
	executive, err := directives.ExecutiveByID(r.ctx, r.db, d.ExecutiveID)
	if err != nil {
		return nil, err
	}
	then, err := directives.InOfficeAt(r.ctx, r.db, d.ExecutiveID, d.IssuedAt)
	if err != nil {
		return nil, err
	}
	unit, err := tenants.UnitByID(r.ctx, r.db, d.UnitID)
	if err != nil {
		return nil, err
	}
	m := &views.DirectiveFile{Directive: d, Now: r.now(), Unit: r.in(unit.NameFA, unit.NameEN), Issuer: r.in(executive.PostFA, executive.PostEN), Holder: r.in(then.NameFA, then.NameEN)}
	helps, err := r.helps(d)
	if err != nil {
		return nil, err
	}
	if err := r.directiveParts(m, helps, form); err != nil {
		return nil, err
	}
	if m.Helps = helps; helps {
		return r.helperFile(m)
	}
	if d.CitizenID != nil {
		m.Phones = r.phones()
		if m.Citizen, err = citizens.ByID(r.ctx, r.db, *d.CitizenID); err != nil {
			return nil, err
		}
	}
	if err := r.directiveClaims(m); err != nil {
		return nil, err
	}
	if err := r.directiveStory(m); err != nil {
		return nil, err
	}
	m.Acts = slices.Concat(r.directiveActs(m, executive), r.unitActs(m), r.issuerActs(m, executive))
	return m, r.directiveOrigin(m)
}

// helperFile is the file for a unit that has a part: neither the citizen nor the
// others' work.
func (r *req) helperFile(m *views.DirectiveFile) (*views.DirectiveFile, error) {
	if err := r.directiveClaims(m); err != nil {
		return nil, err
	}
	m.Extensions, m.Asked, m.Acts = nil, nil, r.unitActs(m)
	return m, r.directiveStory(m)
}

// directiveStory reads the events with what they brought; the scan stands
// beside the order, not in the story.
func (r *req) directiveStory(m *views.DirectiveFile) error {
	events, err := timeline.Of(r.ctx, r.db, timeline.Subject{Kind: "directive", ID: m.ID}, false)
	if err != nil {
		return err
	}
	all, err := files.Of(r.ctx, r.db, files.Subject{Kind: "directive", ID: m.ID}, false)
	if err != nil {
		return err
	}
	if m.Helps {
		events = concerning(events, r.principal.actor.UnitID)
	}
	var evidence []files.File
	for i := range all {
		if m.ScanID != nil && all[i].ID == *m.ScanID {
			continue
		}
		if all[i].EventID == nil {
			m.Scan = append(m.Scan, views.FileItems("/desk/files/", all[i:i+1])...)
			continue
		}
		evidence = append(evidence, all[i])
	}
	if m.Timeline, err = r.officeStory(withoutPlain(events), evidence); err != nil {
		return err
	}
	if r.can("directive:issue") {
		m.Redact = redactionPath(m.ID)
	}
	m.Hand, err = directives.ScanOf(r.ctx, r.db, m.Directive)
	return err
}

// directiveOrigin is the way to the meeting or case, for who may open it.
func (r *req) directiveOrigin(m *views.DirectiveFile) error {
	kind := r.t("directive_desk.origin." + m.OriginKind)
	switch {
	case m.OriginKind == directives.OnMeeting && r.can("meeting:read"):
		meeting, err := meetings.ByID(r.ctx, r.db, m.OriginID)
		if err != nil {
			return err
		}
		m.Origin = &parts.LinkOpts{Label: kind + " " + persian.ShowCode(meeting.Code), Href: meetingPath(meeting.ID)}
	case m.OriginKind == directives.OnComplaint && r.can("complaint:read"):
		c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, m.OriginID)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		m.Origin = &parts.LinkOpts{Label: kind + " " + persian.ShowCode(c.Code), Href: casePath(c.ID)}
	}
	return nil
}

// mayJudge tells whether the person may accept or return reports, as the room
// has it: the holder of the post, a deputy, or the executive's office as delegate,
// whose unit has no part in the directive.
func (r *req) mayJudge(d *directives.Directive, e *directives.Executive, helps bool) bool {
	return r.can("directive:accept") && e.Issues(r.principal.actor, d.UnitID, helps)
}

// helping tells whether the own unit has a part; the parts are read already.
func (r *req) helping(m *views.DirectiveFile) bool {
	return slices.ContainsFunc(m.Parts, func(p views.PartRow) bool { return p.UnitID == r.principal.actor.UnitID })
}

// directiveActs are what the person can do with the directive now.
func (r *req) directiveActs(m *views.DirectiveFile, e *directives.Executive) []views.OfficeAct {
	d := m.Directive
	var acts []views.OfficeAct
	path := directivePath(d.ID)
	ownUnit := r.principal.actor.UnitID == d.UnitID
	if ownUnit && r.can("directive:report") && d.Waiting() {
		if d.State != directives.InProgress {
			acts = append(acts, views.OfficeAct{Name: "start", Path: path + "/start", Icon: "play", Plain: true})
		}
		acts = append(acts, views.OfficeAct{Name: "report", Path: path + "/report", Icon: "message-square", Files: true})
	}
	if d.State == directives.Reported && r.mayJudge(d, e, r.helping(m)) {
		acts = append(acts,
			views.OfficeAct{Name: "acceptance", Path: path + "/acceptance", Icon: "check"},
			views.OfficeAct{Name: "return", Path: path + "/return", Icon: "undo-2"})
	}
	if d.Open() && !ownUnit && r.can("directive:issue") {
		acts = append(acts, views.OfficeAct{Name: "due_date", Path: path + "/due-date", Icon: "calendar-clock", Aside: true})
	}
	return acts
}
