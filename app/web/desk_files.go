package web

import (
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/app/inspection"
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
	case s.Kind == inbound.FileKind:
		return r.mayOpenHeld(s.ID)
	case s.Kind == "directive" && r.can("directive:read"):
		d, err := directives.ByID(r.ctx, r.db, s.ID)
		if err != nil {
			return err
		}
		return r.maySee(d)
	}
	return fault.New(fault.NotFound, "error.not_found")
}

// mayOpenHeld judges files that no form holds: of something that came in, of an
// item of an inspection, or the evidence of a violation.
func (r *req) mayOpenHeld(id int64) error {
	if r.can("inspection:read") {
		if _, gone := inspection.ItemByID(r.ctx, r.db, r.principal.actor, id); !fault.Is(gone, fault.NotFound) {
			return gone
		}
	}
	if r.can("violation:read") {
		if _, gone := inspection.ViolationByID(r.ctx, r.db, r.principal.actor, id); !fault.Is(gone, fault.NotFound) {
			return gone
		}
	}
	if r.can("inbound:handle") {
		_, gone := inbound.ByID(r.ctx, r.db, id)
		return gone
	}
	return fault.New(fault.NotFound, "error.not_found")
}
