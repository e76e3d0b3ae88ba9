package web

import (
	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/tenants"
)

// sawSecret puts on record that the person opened a confidential case; opening it
// again within minutes is the same visit.
func (r *req) sawSecret(id complaints.ID) error {
	return r.write(func(tx *tenants.Tx) error {
		return audit.Opened(r.ctx, tx, "complaint.opened_confidential", "complaint", id, "")
	})
}

// sawFile puts on record that the person took a file of a confidential case, or
// one that somebody brought to a meeting: those are papers of identity.
func (r *req) sawFile(f *files.File) error {
	switch f.SubjectKind {
	case "meeting":
	case "complaint":
		c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, f.SubjectID)
		if err != nil || !c.Confidential {
			return err
		}
	default:
		return nil
	}
	return r.write(func(tx *tenants.Tx) error {
		return audit.Opened(r.ctx, tx, "file.opened", f.SubjectKind, f.SubjectID, "file "+idText(f.ID))
	})
}

// sawIdentity puts on record that the person was shown a whole national ID by
// their role alone; the page itself has read whether it stands there already.
func (r *req) sawIdentity(f *complaints.Folder) error {
	if !f.Unnoted(r.can) {
		return nil
	}
	return r.write(func(tx *tenants.Tx) error { return complaints.NoteIdentity(r.ctx, tx, f.ID) })
}
