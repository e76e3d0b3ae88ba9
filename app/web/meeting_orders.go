package web

import (
	"slices"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
)

// publicDirectives are the orders of a meeting or case that the citizen may see,
// each with the copies of its scan and, once it is done, with the result and its
// documents.
func (r *req) publicDirectives(kind string, id int64, story []timeline.Event) ([]views.PublicDirective, error) {
	all, err := directives.Of(r.ctx, r.db, tenants.Actor{Kind: tenants.Citizen}, kind, id)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(d directives.Listed) bool { return !d.Public })
	may, err := directives.Words(r.ctx, r.db, all)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	shown, err := files.OfEach(r.ctx, r.db, "directive", ids, true)
	list := make([]views.PublicDirective, len(all))
	for i := range all {
		d := &all[i]
		own := slices.DeleteFunc(slices.Clone(shown), func(f files.File) bool { return f.SubjectID != d.ID })
		scans, documents := scansAndDocuments(&d.Directive, own)
		word := may[d.ID]
		list[i] = views.PublicDirective{Listed: *d, Scans: scans, Result: d.Result(story), Documents: documents, MayObject: word.Object, MaySurvey: word.Survey}
	}
	return list, err
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

// meetingSurveyCreate takes the citizen's word on the final result of an order.
func (w *web) meetingSurveyCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	id, err := r.id("id")
	if err != nil {
		return err
	}
	score, _ := f.number("score")
	typed := views.MeetingForms{Survey: f.text("survey"), Surveyed: id}
	return w.meetingAct(r, typed, "order.survey_done", func(tx *tenants.Tx, m *meetings.Listed) error {
		d, err := directives.ByID(r.ctx, tx, id)
		if err != nil {
			return err
		}
		if d.OriginKind != directives.OnMeeting || d.OriginID != m.ID {
			return fault.New(fault.NotFound, "error.not_found")
		}
		return directives.Rate(r.ctx, tx, id, score, typed.Survey)
	})
}
