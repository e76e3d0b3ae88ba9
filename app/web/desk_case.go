package web

import (
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// deskCase is the page of one case. Beside the list (htmx, the pane as target)
// the address becomes that of the list with this case.
func (w *web) deskCase(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	q := r.deskQuery()
	m, err := r.caseOf(id, q, views.DeskForms{Act: complaints.Action(r.query("act"))})
	if err != nil {
		return err
	}
	if r.c.Get("HX-Target") == "case-pane" {
		r.c.Set("HX-Push-Url", q.with("after", q["after"], "case", idText(id)).to("/desk"))
	}
	if m.Secret {
		if err := r.sawSecret(id); err != nil {
			return err
		}
	}
	return r.showCase(m)
}

// showCase answers with the page of a case, or with the case alone.
func (r *req) showCase(m *views.DeskCase) error {
	var counts map[complaints.Tab]int
	if !r.fragment() {
		var err error
		if counts, err = r.counts(complaints.TabUnit); err != nil {
			return err
		}
	}
	p := r.frame("desk.case.title", "code", m.Code)
	markUnit(&p, counts)
	return r.page(parts.Desk, p, views.DeskCasePage(p, m), views.DeskCaseCard(p, m))
}

// dossier is all that is read for the page of a case.
type dossier struct {
	*complaints.Folder
	complaints.Known
	events     []timeline.Event
	files      []files.File
	visits     []complaints.Visit
	scores     []complaints.Score
	others     []complaints.Complaint
	directives []directives.Listed
	messages   []notify.Message   // that were sent about it
	source     tenants.Source     // where the case came from, if from elsewhere
	districts  []tenants.District // where the case names one
	units      map[int64]tenants.Unit
	unitList   []tenants.Unit
	people     map[int64]staff.Staff

	corrections []complaints.Reclassification
	topics      map[int64]string // by name, where there were corrections
}

// dossierOf reads it: at most thirteen statements, however long the story.
func (r *req) dossierOf(id int64) (*dossier, error) {
	folder, err := complaints.FolderByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return nil, err
	}
	d := &dossier{Folder: folder}
	if d.Known, err = complaints.KnownOf(r.ctx, r.db, &d.Complaint); err != nil {
		return nil, err
	}
	if d.events, err = timeline.Of(r.ctx, r.db, d.Subject(), false); err != nil {
		return nil, err
	}
	if d.files, err = files.Of(r.ctx, r.db, files.Subject{Kind: "complaint", ID: d.ID}, false); err != nil {
		return nil, err
	}
	if d.related() {
		if err := d.Relate(r.ctx, r.db, r.principal.actor, &d.Complaint); err != nil {
			return nil, err
		}
	}
	if err := r.readHistory(d); err != nil {
		return nil, err
	}
	return d, r.readAround(d)
}

// readHistory reads what the events say there is to read.
func (r *req) readHistory(d *dossier) (err error) {
	if d.happened("complaint.visited") {
		if d.visits, err = complaints.Visits(r.ctx, r.db, d.ID); err != nil {
			return err
		}
	}
	if d.happened("complaint.escalated") {
		if d.scores, err = complaints.ScoresOf(r.ctx, r.db, d.ID); err != nil {
			return err
		}
	}
	if err = r.readCorrections(d); err != nil {
		return err
	}
	var ids []int64
	for i := range d.events {
		if d.events[i].ActorKind == tenants.Staff {
			ids = append(ids, d.events[i].ActorID)
		}
	}
	d.people, err = staff.Colleagues(r.ctx, r.db, ids)
	return err
}

// readAround reads what stands beside the case.
func (r *req) readAround(d *dossier) (err error) {
	if d.Mobile != "" {
		if d.others, err = complaints.OpenAbout(r.ctx, r.db, d.Mobile, 0); err != nil {
			return err
		}
	}
	if d.directives, err = directives.Of(r.ctx, r.db, r.principal.actor, directives.OnComplaint, d.ID); err != nil {
		return err
	}
	if d.messages, err = notify.Of(r.ctx, r.db, d.Subject()); err != nil {
		return err
	}
	if err = r.readLists(d); err != nil {
		return err
	}
	d.unitList, err = tenants.Units(r.ctx, r.db)
	d.units = make(map[int64]tenants.Unit, len(d.unitList))
	for _, u := range d.unitList {
		d.units[u.ID] = u
	}
	return err
}

func (d *dossier) happened(kind string) bool {
	for i := range d.events {
		if d.events[i].Kind == kind {
			return true
		}
	}
	return false
}

// unit is a unit's name; a unit that is no longer active has the dash.
func (r *req) unitName(d *dossier, id int64) string {
	if u, ok := d.units[id]; ok {
		return r.in(u.NameFA, u.NameEN)
	}
	return "—"
}

// caseOf makes the page of a case that the person may see.
func (r *req) caseOf(id int64, q deskQuery, forms views.DeskForms) (*views.DeskCase, error) {
	d, err := r.dossierOf(id)
	if err != nil {
		return nil, err
	}
	m := &views.DeskCase{
		ID: d.ID, Code: persian.ShowCode(d.Code), Title: r.in(d.TopicFA, d.TopicEN), Kind: d.Kind, State: d.State, Cycle: d.Cycle,
		Text: d.Text, Back: q.with("after", q["after"]).to("/desk"), Now: r.now(), Open: d.Open(), Nameless: d.Anonymous(),
		Next: r.t("desk.next."+string(d.State), "unit", r.in(d.UnitFA, d.UnitEN)), Clocks: r.clocks(d),
		Result: d.Result, Fact: d.Fact, ClosedAt: d.ClosedAt, Place: r.whereFacts(d), Point: views.PointOf(d.Place, r.w.MapTiles),
	}
	r.fillTimeline(d, m)
	m.Deliveries, m.MayResend = d.messages, !d.Confidential && r.can("delivery:resend")
	m.PaperLinks = r.paperLinks(d)
	if m.Came, err = r.cameIn(d); err != nil {
		return nil, err
	}
	m.Since = r.since(d, number(forms.Typed.Get("seen")))
	r.fillFacts(d, m)
	if err := r.fillConfidential(d, m); err != nil {
		return nil, err
	}
	if d.Elsewhere {
		if m.Elsewhere, err = r.elsewhere(citizens.Identity{Mobile: d.Mobile, NationalID: d.NationalID, Name: d.Name}); err != nil {
			return nil, err
		}
	}
	if err := r.fillPromises(d, m); err != nil {
		return nil, err
	}
	if err := r.fillRelations(d, m); err != nil {
		return nil, err
	}
	if m.Forms, err = r.forms(d, q, forms); err != nil {
		return nil, err
	}
	m.RouteWhy = r.whyHere(d, m.Forms)
	if err := r.fillInvitation(d, m); err != nil {
		return nil, err
	}
	return m, r.sawIdentity(d.Folder)
}

// clocks are the deadlines of an open case: of whoever has it, the citizen's
// promise, the definitive written answer of the law.
func (r *req) clocks(d *dossier) []parts.ClockOpts {
	if !d.Open() {
		return nil
	}
	stage, cycle := d.RegisteredAt, d.RegisteredAt
	for i := range d.events {
		e := &d.events[i]
		if e.FromState != e.ToState {
			stage = e.At
		}
		if e.Kind == "complaint.reopened" {
			cycle = e.At
		}
	}
	for _, leg := range d.Legs {
		if leg.Lead && leg.Running() {
			stage = leg.ReferredAt
		}
	}
	now := r.now()
	return []parts.ClockOpts{
		{Label: r.t("desk.clock." + string(d.State)), Due: d.DueAt, Start: stage, Now: now, Paused: d.State == complaints.WaitingCitizen},
		{Label: r.t("desk.clock.promise"), Due: d.PromisedAt, Start: cycle, Now: now},
		{Label: r.t("desk.clock.legal"), Due: d.LegalDueAt, Start: d.RegisteredAt, Now: now},
	}
}

// deskFile sends a file of a case that the person may see.
func (w *web) deskFile(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	fileID, err := r.id("file")
	if err != nil {
		return err
	}
	c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return err
	}
	f, err := files.ByID(r.ctx, r.db, fileID)
	if err != nil {
		return err
	}
	if f.Subject() != (files.Subject{Kind: "complaint", ID: c.ID}) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if err := r.sawFile(f); err != nil {
		return err
	}
	return r.sendFile(f)
}
