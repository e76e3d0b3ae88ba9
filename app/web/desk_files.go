package web

import (
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/scheduler/directives"
)

// officeFile sends a file of anything that the person may see: a case, a
// meeting, a directive with its original scan.
func (w *web) officeFile(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := files.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	if err := r.mayOpen(f.Subject()); err != nil {
		return err
	}
	if err := r.sawFile(f); err != nil {
		return err
	}
	return r.sendFile(f)
}

// mayOpen is nil when the person may see what the file belongs to, else
// NotFound: a file that one may not see is like none.
func (r *req) mayOpen(s files.Subject) error {
	switch {
	case s.Kind == "complaint" && r.can("complaint:read"):
		_, err := complaints.ByID(r.ctx, r.db, r.principal.actor, s.ID)
		return err
	case s.Kind == "meeting" && r.can("meeting:read"):
		return nil
	case s.Kind == inbound.FileKind && r.can("inbound:handle"):
		_, err := inbound.ByID(r.ctx, r.db, s.ID)
		return err
	case s.Kind == "directive" && r.can("directive:read"):
		d, err := directives.ByID(r.ctx, r.db, s.ID)
		if err != nil {
			return err
		}
		return r.maySee(d)
	}
	return fault.New(fault.NotFound, "error.not_found")
}
