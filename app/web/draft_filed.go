package web

import (
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// answerAgain gives whoever submits a form a second time, because the first
// answer was lost on its way, that answer; err when it was not submitted.
func (r *req) answerAgain(subject string, err error) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	id, wrong := r.id("id")
	if wrong != nil {
		return err
	}
	filed, wrong := citizens.FiledDraft(r.ctx, r.db, id, r.holder())
	if fault.Is(wrong, fault.NotFound) || (wrong == nil && filed.Desk) { // no citizen's
		return err
	}
	if wrong != nil {
		return wrong
	}
	if err := r.track(timeline.Subject{Kind: subject, ID: filed.Subject}); err != nil {
		return err
	}
	return r.done(filed.Page)
}

// fileDraft ends the draft that has become a complaint or meeting.
func (r *req) fileDraft(tx *tenants.Tx, draft, subject int64, page string) error {
	return citizens.FileDraft(r.ctx, tx, draft, r.holder(), citizens.Filed{Subject: subject, Page: page})
}
