package web

import (
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
)

// publicDirectives are the orders of the meeting that the citizen may see, each
// with the copies of its scan and, once it is done, with the result and its
// documents.
func (r *req) publicDirectives(meeting int64, story []timeline.Event) ([]views.PublicDirective, error) {
	all, err := directives.Of(r.ctx, r.db, tenants.Actor{Kind: tenants.Citizen}, directives.OnMeeting, meeting)
	if err != nil {
		return nil, err
	}
	var list []views.PublicDirective
	for i := range all {
		d := &all[i]
		if !d.Public {
			continue
		}
		shown, err := files.Of(r.ctx, r.db, files.Subject{Kind: "directive", ID: d.ID}, true)
		if err != nil {
			return nil, err
		}
		may, err := directives.MayObject(r.ctx, r.db, &d.Directive)
		if err != nil {
			return nil, err
		}
		scans, documents := scansAndDocuments(&d.Directive, shown)
		list = append(list, views.PublicDirective{Listed: *d, Scans: scans, Result: d.Result(story), Documents: documents, MayObject: may})
	}
	return list, nil
}

// scansAndDocuments parts the public files of a directive: copies of the order
// itself, and what the accepted report brought.
func scansAndDocuments(d *directives.Directive, shown []files.File) (scans, documents []files.File) {
	for i := range shown {
		f := &shown[i]
		switch {
		case d.ScanID != nil && (f.ID == *d.ScanID || f.OriginalID != nil && *f.OriginalID == *d.ScanID):
			scans = append(scans, *f)
		case !d.Open():
			documents = append(documents, *f)
		}
	}
	return scans, documents
}
