package web

import (
	"net/url"
	"path/filepath"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/inspection"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// inspectionShow is the page of one visit: the checklist to fill in on a phone,
// later the report.
func (w *web) inspectionShow(r *req) error {
	v, err := r.inspectionOpened()
	if err != nil {
		return err
	}
	return w.inspectionPage(r, v, nil, nil)
}

// inspectionOpened reads the visit of the address; reading a confidential one is
// noted in the audit.
func (r *req) inspectionOpened() (*inspection.Visit, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	v, err := inspection.ByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil || !v.Confidential {
		return v, err
	}
	return v, r.write(func(tx *tenants.Tx) error { return inspection.Opened(r.ctx, tx, v) })
}

func (w *web) inspectionPage(r *req, v *inspection.Visit, typed url.Values, cause error) error {
	m, err := r.inspectionModel(v)
	if err != nil {
		return err
	}
	m.Typed = typed
	p := r.frame("inspection.one", "unit", m.Unit)
	if fault.Is(cause, fault.Conflict) {
		e := fault.As(cause)
		m.Moved = r.t(e.Key, e.Args...)
		r.c.Status(409)
		return r.page(parts.Desk, p, views.InspectionPage(p, m))
	}
	if m.Errors = views.ErrorsOf(cause); cause != nil {
		return r.again(cause, parts.Desk, p, views.InspectionPage(p, m))
	}
	return r.page(parts.Desk, p, views.InspectionPage(p, m))
}

// inspectionModel reads what the page of a visit shows.
func (r *req) inspectionModel(v *inspection.Visit) (*views.Inspection, error) {
	rows, err := r.inspectionRows([]inspection.Visit{*v})
	if err != nil {
		return nil, err
	}
	a := r.principal.actor
	m := &views.Inspection{
		InspectionRow: rows[0], Now: r.now(), DraftKey: "inspection-" + idText(v.ID) + "-" + idText(a.ID),
		CanCarry:  v.Due(r.now()) && v.InspectorID == a.ID && r.can("inspection:visit"),
		CanCancel: v.State == inspection.Planned && r.can("inspection:plan"),
		CanAnswer: v.UnitID == a.UnitID && v.Answerable(r.now()) && r.can("inspection:answer"),
		CanReport: r.can("inspection:violation"),
	}
	if v.State == inspection.Done {
		if m.Actions, err = r.improvementsOf(quality.Source{Kind: quality.FromInspection, ID: v.ID}); err != nil {
			return nil, err
		}
	}
	if m.Items, err = inspection.Items(r.ctx, r.db, v.ID); err != nil {
		return nil, err
	}
	ids := make([]int64, len(m.Items))
	for i := range m.Items {
		ids[i] = m.Items[i].ID
	}
	all, err := files.OfEach(r.ctx, r.db, inspection.FileKind, ids, false)
	if err != nil {
		return nil, err
	}
	m.Photos = map[int64][]parts.FileItem{}
	for i := range all {
		m.Photos[all[i].SubjectID] = append(m.Photos[all[i].SubjectID], views.FileItems("/desk/files/", all[i:i+1])...)
	}
	if v.Confidential && r.can("inspection:plan") {
		m.Openings, err = r.inspectionOpenings(v)
	}
	return m, err
}

// inspectionOpenings is the log of who read a confidential visit. Who makes the
// visit is not named to whom that is kept from.
func (r *req) inspectionOpenings(v *inspection.Visit) ([]views.Opening, error) {
	list, err := inspection.Openings(r.ctx, r.db, v.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ActorID
	}
	people, err := staff.Colleagues(r.ctx, r.db, ids)
	var log []views.Opening
	for i := range list {
		who := people[list[i].ActorID]
		line := views.Opening{At: list[i].At, Who: r.in(who.NameFA, who.NameEN)}
		if list[i].ActorID == v.InspectorID && v.Masks(r.principal.actor) {
			line.Who = r.t("inspection.masked")
		}
		log = append(log, line)
	}
	return log, err
}

// inspectionSheet is the report on paper.
func (w *web) inspectionSheet(r *req) error {
	v, err := r.inspectionOpened()
	if err != nil {
		return err
	}
	if v.State != inspection.Done {
		return fault.New(fault.NotFound, "error.not_found")
	}
	m, err := r.inspectionModel(v)
	if err != nil {
		return err
	}
	p := r.frame("inspection.report")
	p.Paths.Home = m.Href
	return r.page(parts.Print, p, views.InspectionSheet(p, m))
}

// inspectionReportCreate takes the filled checklist with its photos. The phone
// may send it again when the answer was lost on the way.
func (w *web) inspectionReportCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	in := inspection.Report{Finding: f.text("finding"), Seen: map[int64]inspection.Seen{}}
	for field := range f.values {
		if item, ok := idAfter(field, "answer_"); ok {
			in.Seen[item] = inspection.Seen{Answer: f.text(field), Note: f.text(inspection.Field("note", item))}
		}
	}
	v, err := inspection.ByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return err
	}
	photos, err := r.itemPhotos(f, v)
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error { return r.carry(tx, id, in, photos) })
	}
	return w.inspectionAfter(r, v, f, "inspection.sent", err)
}

// itemPhotos takes in the photos by the item that they belong to.
func (r *req) itemPhotos(f form, v *inspection.Visit) (map[int64][]*files.Received, error) {
	items, err := inspection.Items(r.ctx, r.db, v.ID)
	if err != nil {
		return nil, err
	}
	photos, sent := map[int64][]*files.Received{}, 0
	for i := range items {
		field := inspection.Field("photo", items[i].ID)
		for n, h := range f.uploads(field) {
			h.Filename = r.t("inspection.photo", "item", items[i].Position, "n", n+1) + filepath.Ext(h.Filename)
			sent++
		}
		if sent > maxUploads {
			return nil, fault.Field(field, "file.many")
		}
		got, refused := r.receiveAs(f, field, files.Upload{Accept: files.Pictures})
		if refused != nil {
			return nil, refused
		}
		photos[items[i].ID] = got
	}
	return photos, nil
}

func (r *req) carry(tx *tenants.Tx, id int64, in inspection.Report, photos map[int64][]*files.Received) error {
	if _, err := inspection.Carry(r.ctx, tx, id, in); err != nil {
		return err
	}
	for item, got := range photos {
		if err := r.saveFiles(tx, got, files.Place{Subject: files.Subject{Kind: inspection.FileKind, ID: item}, Held: true}); err != nil {
			return err
		}
	}
	return nil
}

// inspectionAfter answers an act on a visit.
func (w *web) inspectionAfter(r *req, v *inspection.Visit, f form, told string, err error) error {
	now, gone := inspection.ByID(r.ctx, r.db, r.principal.actor, v.ID)
	switch {
	case err == nil:
	case gone != nil:
		return gone
	case fault.Is(err, fault.Conflict) && told == "inspection.sent" && now.State == inspection.Done && now.InspectorID == r.principal.actor.ID:
		told = "visit.sent_before"
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict):
		return w.inspectionPage(r, now, f.values, err)
	default:
		return err
	}
	r.flash(parts.Success, told)
	return r.done(inspectionPath(v.ID))
}

// inspectionAct runs a small command on the visit of the address.
func (w *web) inspectionAct(r *req, told string, do func(tx *tenants.Tx, id int64, f form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	v, err := inspection.ByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return do(tx, id, f) })
	return w.inspectionAfter(r, v, f, told, err)
}

func (w *web) inspectionCancellationCreate(r *req) error {
	return w.inspectionAct(r, "inspection.cancelled_now", func(tx *tenants.Tx, id int64, f form) error {
		return inspection.Cancel(r.ctx, tx, id, f.text("reason"))
	})
}

// inspectionAnswerCreate takes what the inspected unit says to the report.
func (w *web) inspectionAnswerCreate(r *req) error {
	return w.inspectionAct(r, "inspection.answered_now", func(tx *tenants.Tx, id int64, f form) error {
		return inspection.Respond(r.ctx, tx, id, f.text("answer"))
	})
}
