package web

import (
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views/parts"
)

// parcel is the files that come with an act: those of this form, and those of
// an earlier try that wait on the shelf (a draft of this browser).
type parcel struct {
	got    []*files.Received
	shelf  int64    // of the draft; 0 when nothing waits
	remove []string // files to take off the shelf
	items  []parts.FileItem
}

// parcel takes in the files of a form. It is never nil.
func (r *req) parcel(f form) (*parcel, error) {
	p := &parcel{shelf: f.id("shelf"), remove: f.list("remove")}
	var refused error
	p.got, refused = r.receive(f, files.Field)
	return p, refused
}

// deliver puts the files to the event that they belong to; the citizen sees
// them when the event is to be seen.
func (r *req) deliver(tx *tenants.Tx, p *parcel, e *timeline.Event) error {
	to := files.Place{Subject: files.Subject{Kind: e.SubjectKind, ID: e.SubjectID}, EventID: &e.ID, Public: e.Public, Limit: files.CitizenFiles}
	if p.shelf != 0 {
		if err := r.fromShelf(tx, p, to); err != nil {
			return err
		}
	}
	return r.saveFiles(tx, p.got, to)
}

func (r *req) fromShelf(tx *tenants.Tx, p *parcel, to files.Place) error {
	_, err := citizens.LockDraft(r.ctx, tx, p.shelf, r.holder())
	if fault.Is(err, fault.NotFound) { // its day is over
		return fault.Field(files.Field, "desk.error.shelf")
	}
	if err != nil {
		return err
	}
	if err := r.dropFiles(tx, p.shelf, p.remove); err != nil {
		return err
	}
	if _, err := files.Attach(r.ctx, tx, p.shelf, to.Subject, to.EventID); err != nil {
		return err
	}
	if !to.Public { // on the shelf they were the visitor's own
		if _, err := tx.Set(r.ctx, (*files.File)(nil), "public = ?", []any{false}, "event_id = ?", *to.EventID); err != nil {
			return err
		}
	}
	return citizens.DropDraft(r.ctx, tx, p.shelf, r.holder())
}

// shelve keeps the good files of a form that comes back, so that nobody has to
// choose them again.
func (r *req) shelve(p *parcel) error {
	if len(p.got) == 0 && p.shelf == 0 {
		return nil
	}
	id, err := r.saveDraft(citizens.DraftComplaint, p.shelf, struct{}{}, p.got, p.remove)
	if fault.Is(err, fault.NotFound) {
		id, err = r.saveDraft(citizens.DraftComplaint, 0, struct{}{}, p.got, nil)
	}
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	p.shelf = id
	waiting, err := files.Of(r.ctx, r.db, files.Subject{Kind: files.KindDraft, ID: id}, false)
	for i := range waiting {
		p.items = append(p.items, parts.FileItem{ID: idText(waiting[i].ID), Name: waiting[i].Name, Size: waiting[i].Size})
	}
	return err
}
