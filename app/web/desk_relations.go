package web

import (
	"cmp"

	"github.com/a-h/templ"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// The acts on how a case stands to others: its cluster, its parts, another
// organization; and what the page shows of them.

// deskMergerCreate puts the case into the cluster of another.
func (w *web) deskMergerCreate(r *req) error {
	return w.act(r, complaints.ActMerge, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		lead, err := complaints.HeadOf(r.ctx, tx, r.principal.actor, cmp.Or(f.text("code"), f.text("similar")))
		if err != nil {
			return nil, err
		}
		return complaints.Merge(r.ctx, tx, id, lead)
	})
}

// deskUnmergingCreate takes the case out of its cluster.
func (w *web) deskUnmergingCreate(r *req) error {
	return w.act(r, complaints.ActUnmerge, func(tx *tenants.Tx, id complaints.ID, _ form) (*timeline.Event, error) {
		return complaints.Unmerge(r.ctx, tx, id)
	})
}

// deskChildCreate opens a part for another unit.
func (w *web) deskChildCreate(r *req) error {
	return w.act(r, complaints.ActChild, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		due, err := f.moment("due")
		if err != nil {
			return nil, err
		}
		return complaints.OpenChild(r.ctx, tx, id, complaints.Part{UnitID: f.id("unit"), Text: f.text("text"), DueAt: due})
	})
}

// deskTransferCreate sends the case to another organization.
func (w *web) deskTransferCreate(r *req) error {
	neighbours, err := w.Root.UnscopedNeighbours(r.ctx, r.tenant)
	if err != nil {
		return err
	}
	return w.act(r, complaints.ActSend, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		var to *tenants.Tenant
		for i := range neighbours {
			if neighbours[i].Slug == f.text("to") {
				to = &neighbours[i]
			}
		}
		return complaints.Send(r.ctx, tx, id, to, f.text("reason"))
	})
}

// deskRefusalCreate gives the case back to the organization that sent it.
func (w *web) deskRefusalCreate(r *req) error {
	return w.act(r, complaints.ActRefuse, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Refuse(r.ctx, tx, id, f.text("reason"))
	})
}

// relationForms prepares the acts on the case's relations.
func (r *req) relationForms(d *dossier, m *views.DeskForms) error {
	m.Relations = d.Known.Relations(&d.Complaint, r.tenant.Settings, r.can)
	if m.Can(complaints.ActMerge) && m.Office {
		list, err := complaints.Similar(r.ctx, r.db, r.principal.actor, &d.Complaint)
		if err != nil {
			return err
		}
		for i := range list {
			o := other(&list[i])
			m.Similar = append(m.Similar, parts.Choice{Value: o.Code, Label: o.Code, Hint: o.Text, Note: r.t("desk.state." + string(o.State)), Checked: m.Typed.Get("similar") == o.Code})
		}
	}
	if m.Can(complaints.ActChild) {
		for _, u := range d.unitList {
			if u.Kind == tenants.UnitExecutive && u.ID != d.UnitID {
				m.ChildUnits = append(m.ChildUnits, parts.Option{Value: idText(u.ID), Label: r.in(u.NameFA, u.NameEN), Selected: m.Act == complaints.ActChild && m.Typed.Get("unit") == idText(u.ID)})
			}
		}
	}
	return r.sendForm(d, m)
}

// sendForm offers the organizations that take cases, and shows what goes.
func (r *req) sendForm(d *dossier, m *views.DeskForms) error {
	if !m.Can(complaints.ActSend) {
		return nil
	}
	list, err := r.w.Root.UnscopedNeighbours(r.ctx, r.tenant)
	if err != nil {
		return err
	}
	m.Neighbours = choose(list, m.Typed.Get("to"), func(t tenants.Tenant) (string, string) { return t.Slug, r.in(t.NameFA, t.NameEN) })
	if len(list) == 0 {
		m.Drop(complaints.ActSend)
		return nil
	}
	m.Going = append([]parts.Fact{{Label: r.t("desk.message"), Value: d.Text}}, r.whereFacts(d)...)
	if !d.Anonymous() {
		m.Going = append(m.Going, r.citizenFacts(d)...)
	}
	for i := range d.files {
		if d.files[i].Public {
			m.GoingFiles = append(m.GoingFiles, fileItem(d.ID, &d.files[i]))
		}
	}
	return nil
}

// fillRelations shows the cases that this one stands to, and its way between
// organizations.
func (r *req) fillRelations(d *dossier, m *views.DeskCase) error {
	names, err := r.complainants(d)
	if err != nil {
		return err
	}
	for i := range d.Relatives {
		o := &d.Relatives[i]
		line := r.relative(d, o, names)
		switch {
		case d.LeadID != nil && o.ID == *d.LeadID:
			m.Relations.Lead = &line
		case d.ParentID != nil && o.ID == *d.ParentID:
			m.Relations.Parent = &line
		case o.LeadID != nil && *o.LeadID == d.ID:
			m.Relations.Members = append(m.Relations.Members, line)
		default:
			m.Relations.Children = append(m.Relations.Children, line)
		}
	}
	m.Relations.Follows, m.Relations.Rests = d.Follows(), d.Rests()
	if d.Arrival == nil && !d.happened("complaint.transfer_arrived") && !d.happened("complaint.transfer_refused") && d.Fact != complaints.Transferred {
		return nil
	}
	list, err := complaints.Transfers(r.ctx, r.db, d.ID)
	for i := range list {
		m.Relations.Transfers = append(m.Relations.Transfers, r.trail(&list[i]))
	}
	return err
}

// trail is one transfer as the desk sees it.
func (r *req) trail(t *complaints.Transfer) views.DeskTransfer {
	line := views.DeskTransfer{
		Out: t.Direction == complaints.TransferOut, Organization: r.in(t.OtherFA, t.OtherEN), State: t.State, Reason: t.Reason, At: t.At, ChangedAt: t.ChangedAt,
	}
	if t.OtherCode != "" {
		line.Code = persian.ShowCode(t.OtherCode)
	}
	if line.Out && t.State == complaints.TransferArrived && t.OtherState != "" {
		line.OtherState = r.t("desk.state." + string(t.OtherState))
	}
	if !line.Out && t.State == complaints.TransferArrived {
		until := t.RefuseUntil(r.tenant.Settings)
		line.RefuseUntil = &until
	}
	return line
}

// complainants reads the names of those whose cases are in the cluster.
func (r *req) complainants(d *dossier) (map[int64]citizens.Citizen, error) {
	var ids []int64
	for i := range d.Relatives {
		if who := d.Relatives[i].CitizenID; who != nil {
			ids = append(ids, *who)
		}
	}
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // nobody is named
	}
	return citizens.ByIDs(r.ctx, r.db, ids)
}

// relative is one related case; its page is linked for whoever may see it.
func (r *req) relative(d *dossier, o *complaints.Complaint, names map[int64]citizens.Citizen) views.DeskRelative {
	line := views.DeskRelative{
		Code: persian.ShowCode(o.Code), Unit: r.unitName(d, o.UnitID), Text: other(o).Text, State: o.State, Cycle: o.Cycle,
		Answer: o.Result, DueAt: o.DueAt, Waited: o.Open() && !o.Rests(), Rests: o.Rests(), Who: r.t("desk.nameless"),
	}
	switch {
	case o.CitizenID == nil:
	case o.Confidential: // asked for on its own page, with a reason
		line.Who = r.t("confidential.masked")
	default:
		line.Who = names[*o.CitizenID].Name
	}
	for i := range d.events { // a part that was answered is still the unit's work
		if e := &d.events[i]; e.Kind == "complaint.child_opened" && e.RefID != nil && *e.RefID == o.ID && e.UnitID != nil && o.Rests() {
			line.Unit = r.unitName(d, *e.UnitID)
		}
	}
	if a := r.principal.actor; a.SeesAll || a.Covers(o.UnitID) {
		line.Href = casePath(o.ID)
	}
	return line
}

// relationLink leads from an event to the case it is about, nil for others.
func (r *req) relationLink(d *dossier, e *timeline.Event) templ.Component {
	if e.RefID == nil {
		return nil
	}
	for i := range d.Relatives {
		if o := &d.Relatives[i]; o.ID == *e.RefID {
			line := r.relative(d, o, nil)
			return views.RelationLink(r.t("relations.about"), line.Code, line.Href)
		}
	}
	return nil
}

// related tells whether there are other cases or organizations to read about.
func (d *dossier) related() bool {
	return d.LeadID != nil || d.ParentID != nil || d.CameFromAfar() ||
		d.happened("complaint.member_joined") || d.happened("complaint.promoted") || d.happened("complaint.child_opened")
}
