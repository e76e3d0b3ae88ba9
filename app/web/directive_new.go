package web

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// orderOrigin is the meeting or case that a directive is issued on.
type orderOrigin struct {
	kind      string
	id        int64
	citizen   *int64
	executive int64 // 0: chosen in the form
	unit      int64 // offered first
	page      string
	complaint *int64 // a case that waits for it too
	item      int64  // of an agenda
	sitting   bool   // of a committee, which issues by itself
	title     string
	person    string
}

// orderOnMeeting is the meeting of the address as an origin; orders are given
// in a meeting or after it.
func (r *req) orderOnMeeting() (*orderOrigin, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	m, err := meetings.ByID(r.ctx, r.db, id)
	if err != nil {
		return nil, err
	}
	acts, err := r.actsFor(m.ExecutiveID)
	switch {
	case err != nil:
		return nil, err
	case !acts && !r.can("directive:read_all"): // an executive, of another post
		return nil, fault.New(fault.Forbidden, "directive.forbidden.issuer")
	case !slices.Contains([]meetings.State{meetings.Called, meetings.Held, meetings.FollowUp, meetings.Closed}, m.State):
		return nil, fault.New(fault.Conflict, "meeting.conflict.state")
	}
	return &orderOrigin{
		kind: directives.OnMeeting, id: id, citizen: &m.CitizenID, executive: m.ExecutiveID, page: meetingPath(id),
		title: m.Subject, person: m.CitizenName, complaint: m.ComplaintID,
	}, nil
}

// orderOnComplaint is the case of the address as an origin.
func (r *req) orderOnComplaint() (*orderOrigin, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return nil, err
	}
	if !c.Open() || c.Confidential { // a directive would tell its unit
		return nil, fault.New(fault.Conflict, "complaint.conflict.state")
	}
	own, err := directives.PostsOfStaff(r.ctx, r.db, r.principal.actor.ID)
	o := &orderOrigin{
		kind: directives.OnComplaint, id: id, citizen: c.CitizenID, unit: c.UnitID, page: casePath(id),
		title: r.t("directive_desk.origin.complaint") + " " + persian.ShowCode(c.Code),
	}
	if len(own) > 0 {
		o.executive = own[0].ID
	}
	return o, err
}

func (w *web) meetingDirectiveNew(r *req) error {
	o, err := r.orderOnMeeting()
	if err != nil {
		return err
	}
	return w.directiveNewPage(r, o, views.OfficeForm{}, nil)
}

func (w *web) complaintDirectiveNew(r *req) error {
	o, err := r.orderOnComplaint()
	if err != nil {
		return err
	}
	return w.directiveNewPage(r, o, views.OfficeForm{}, nil)
}

func (w *web) meetingDirectiveCreate(r *req) error {
	o, err := r.orderOnMeeting()
	if err != nil {
		return err
	}
	return w.directiveCreate(r, o)
}

func (w *web) complaintDirectiveCreate(r *req) error {
	o, err := r.orderOnComplaint()
	if err != nil {
		return err
	}
	return w.directiveCreate(r, o)
}

// directiveNewPage is the form of a directive.
func (w *web) directiveNewPage(r *req, o *orderOrigin, form views.OfficeForm, cause error) error {
	working, err := tenants.WorkingTimeOf(r.ctx, r.db)
	if err != nil {
		return err
	}
	usual := working.AddDays(r.now(), r.tenant.Settings.DirectiveDays)
	m := &views.DirectiveNew{
		Action: o.page + "/directives", Back: o.page, Origin: o.title, Person: o.person, Item: o.item,
		UsualDue: r.t("directive_desk.usual_due", "date", messages.Date(r.ctx, usual), "n", r.tenant.Settings.DirectiveDays),
	}
	units, err := tenants.Units(r.ctx, r.db)
	if err != nil {
		return err
	}
	chosen := idText(o.unit)
	if form.Typed != nil {
		chosen = form.Typed.Get("unit")
	}
	m.PartUnits = make([][]parts.Option, views.PartRows)
	for i := range m.PartUnits {
		m.PartUnits[i] = choose(units, form.Typed.Get("part_unit_"+strconv.Itoa(i)), func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	}
	m.Units = choose(units, chosen, func(u tenants.Unit) (string, string) { return idText(u.ID), r.in(u.NameFA, u.NameEN) })
	if err := r.issuers(o, form, m); err != nil {
		return err
	}
	m.Form = r.cameBack(form, cause)
	p := r.frame("directive_desk.new")
	return r.page(parts.Desk, p, views.DirectiveNewPage(p, m))
}

// issuers names the executive who orders, or offers them to choose from.
func (r *req) issuers(o *orderOrigin, form views.OfficeForm, m *views.DirectiveNew) error {
	if o.executive != 0 {
		e, err := directives.ExecutiveByID(r.ctx, r.db, o.executive)
		if err == nil {
			m.Issuer = r.in(e.PostFA, e.PostEN)
		}
		return err
	}
	list, err := r.executiveOptions(form.Typed.Get("executive"))
	if len(list) == 1 {
		list[0].Selected = true
	}
	m.Executives = list
	return err
}

// directiveCreate issues a directive with its scan. The scan is received before
// the transaction; its original stays with the staff.
func (w *web) directiveCreate(r *req, o *orderOrigin) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	p := &parcel{shelf: f.id("shelf"), remove: f.list("remove")}
	var toShow int64
	p.got, err = r.receiveAs(f, files.Field, files.Upload{KeepOriginal: true})
	if err == nil {
		err = r.write(func(tx *tenants.Tx) (err error) {
			toShow, err = r.issue(tx, f, o, p)
			return err
		})
	}
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		if err := r.shelve(p); err != nil {
			return err
		}
		return w.directiveNewPage(r, o, views.OfficeForm{Act: "directive", Typed: f.values, Shelf: p.shelf, Shelved: p.items}, err)
	}
	if err != nil {
		return err
	}
	if toShow != 0 {
		return r.done(redactionPath(toShow) + "?issued=1")
	}
	r.flash(parts.Success, "meeting_desk.done.directive")
	return r.done(o.page)
}

// issue writes the directive with its scan; toShow is the directive whose scan
// the citizen may be shown, once somebody has looked at what is on it.
func (r *req) issue(tx *tenants.Tx, f form, o *orderOrigin, p *parcel) (toShow int64, err error) {
	due, err := f.moment("due")
	if err != nil {
		return 0, err
	}
	list, rows, err := f.partOrders()
	if err != nil {
		return 0, err
	}
	in := directives.Issuance{
		OriginKind: o.kind, OriginID: o.id, ExecutiveID: o.executive, CitizenID: o.citizen, UnitID: f.id("unit"), Text: f.text("text"),
		Priority: directives.Priority(f.text("priority")), Public: f.yes("public"), DueAt: due,
		Confidential: f.yes("confidential"), Parts: list, ComplaintID: o.complaint,
	}
	if in.ExecutiveID == 0 {
		e, err := directives.ExecutiveByID(r.ctx, tx, f.id("executive"))
		if fault.Is(err, fault.NotFound) || err == nil && !e.Active {
			return 0, fault.Field("executive", "meeting.new.error")
		}
		if err != nil {
			return 0, err
		}
		in.ExecutiveID = e.ID
	}
	if err := o.hold(r, tx, &in); err != nil {
		return 0, err
	}
	d, err := o.give(r, tx, in)
	if err != nil {
		return 0, atRows(err, rows)
	}
	scan, err := r.attachScan(tx, d.ID, p)
	if err != nil {
		return 0, err
	}
	if scan != nil && scan.IsImage() && d.Public {
		toShow = d.ID
	}
	return toShow, r.settle(tx, d.ID)
}

// atRows puts the errors of parts to the rows of the form that they came from.
func atRows(err error, rows []int) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	moved := fault.Fields{}
	for field, key := range fault.As(err).Fields {
		at := strings.LastIndexByte(field, '_')
		if n, bad := strconv.Atoi(field[at+1:]); bad == nil && n < len(rows) && strings.HasPrefix(field, "part_") {
			field = field[:at+1] + strconv.Itoa(rows[n])
		}
		moved.Add(field, key)
	}
	return moved.Err()
}

// attachScan makes the file that came with the form the scan of the directive;
// nil when none came. Nothing of it is public: a handwritten order may name
// others, so the copy for the citizen is made and published by hand.
func (r *req) attachScan(tx *tenants.Tx, id int64, p *parcel) (*files.File, error) {
	if err := r.deliverLast(tx, p, id); err != nil {
		return nil, err
	}
	all, err := files.Of(r.ctx, tx, files.Subject{Kind: "directive", ID: id}, false)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	scan := &all[len(all)-1]
	if scan.EventID != nil {
		if err := files.Publish(r.ctx, tx, scan.Subject(), *scan.EventID, false); err != nil {
			return nil, err
		}
	}
	return scan, directives.AttachScan(r.ctx, tx, id, scan.ID)
}
