package web

import (
	"encoding/json"
	"strconv"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// A form of several steps is kept on our side between them, bound to the
// browser that fills it in, so that nothing typed or sent is lost.

// loadDraft reads the draft of the address into content and gives its id;
// another visitor's is NotFound like one that never was.
func (r *req) loadDraft(kind string, content any) (int64, error) {
	id, err := r.id("id")
	if err != nil {
		return 0, err
	}
	stored, err := citizens.LoadDraft(r.ctx, r.db, id, r.holder())
	if err != nil {
		return 0, err
	}
	if stored.Kind != kind || json.Unmarshal(stored.Content, content) != nil {
		return 0, fault.New(fault.NotFound, "error.not_found")
	}
	return id, nil
}

// saveDraft writes the draft, drops the files that were taken out and adds
// those received; a refused file leaves the rest as it was typed.
func (r *req) saveDraft(kind string, id int64, content any, got []*files.Received, remove []string) (int64, error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return 0, fault.Wrap(err, "web.saveDraft")
	}
	stored := &citizens.Draft{ID: id, Kind: kind, Holder: r.holder(), Content: raw}
	save := func(got []*files.Received) error {
		return r.write(func(tx *tenants.Tx) error {
			stored.ID = id // the transaction may run again
			if err := citizens.SaveDraft(r.ctx, tx, stored); err != nil {
				return err
			}
			if err := r.dropFiles(tx, stored.ID, remove); err != nil {
				return err
			}
			return r.saveFiles(tx, got, files.Place{Subject: files.Subject{Kind: files.KindDraft, ID: stored.ID}, Public: true, Limit: files.CitizenFiles})
		})
	}
	err = save(got)
	if fault.Is(err, fault.Invalid) { // too many files: keep the words all the same
		if again := save(nil); again != nil {
			return 0, again
		}
	}
	return stored.ID, err
}

func (r *req) dropFiles(tx *tenants.Tx, draft int64, remove []string) error {
	for _, name := range remove {
		id, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			continue
		}
		if err := files.Drop(r.ctx, tx, draft, id); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// complaintDraftFile and meetingDraftFile show a file that waits in a form of
// this browser.
func (w *web) complaintDraftFile(r *req) error { return r.draftFile(citizens.DraftComplaint) }

func (w *web) meetingDraftFile(r *req) error { return r.draftFile(citizens.DraftMeeting) }

// draftFile streams a file of the draft of the address to the browser that
// fills the form in; for everybody else there is none.
func (r *req) draftFile(kind string) error {
	var content json.RawMessage
	draft, err := r.loadDraft(kind, &content)
	if err != nil {
		return err
	}
	id, err := r.id("file")
	if err != nil {
		return err
	}
	f, err := files.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	if f.Subject() != (files.Subject{Kind: files.KindDraft, ID: draft}) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return r.sendFile(f)
}
