package web

import (
	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// hold makes sure that the case of the directive does not close under it: one
// that has closed meanwhile takes no directive, and waits for none from elsewhere.
func (o *orderOrigin) hold(r *req, tx *tenants.Tx, in *directives.Issuance) error {
	id := in.ComplaintID
	if o.kind == directives.OnComplaint {
		id = &o.id
	}
	if id == nil {
		return nil
	}
	open, err := complaints.MayWait(r.ctx, tx, *id)
	if err != nil || open {
		return err
	}
	in.ComplaintID = nil
	if o.kind == directives.OnComplaint {
		return fault.New(fault.Conflict, "complaint.conflict.state")
	}
	return nil
}

// give issues the directive where it belongs.
func (o *orderOrigin) give(r *req, tx *tenants.Tx, in directives.Issuance) (*directives.Directive, error) {
	if o.sitting {
		return committees.Decide(r.ctx, tx, o.id, in)
	}
	return directives.Issue(r.ctx, tx, in)
}
