package citizens

import (
	"context"
	"encoding/json"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Filed is what became of a draft that was submitted: the answer to whoever
// sends it again because the first answer was lost on its way.
type Filed struct {
	Subject int64  `json:"filed"` // id of the complaint or meeting
	Page    string `json:"page"`  // that the visitor was led to
	Desk    bool   `json:"desk,omitempty"`
	Said    string `json:"said,omitempty"` // what was told once, sealed by the web
}

// TakeForm takes the number of a form that is filled in at one go, and tells
// whether nobody has taken it before; whoever takes it at the same time waits for
// the end of this transaction, which must call FileDraft.
func TakeForm(ctx context.Context, tx *tenants.Tx, id int64, kind, holder string) (bool, error) {
	d := &Draft{ID: id, Kind: kind, Holder: holder, Content: json.RawMessage("{}"), CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(DraftLife)}
	fresh, err := tx.InsertNew(ctx, d)
	return fresh, fault.Wrap(err, "citizens.TakeForm")
}

// FileDraft ends a draft in the transaction that does what it asks for: what was
// typed is forgotten, and only what became of it is kept for the rest of its life.
func FileDraft(ctx context.Context, tx *tenants.Tx, id int64, holder string, f Filed) error {
	d, err := LockDraft(ctx, tx, id, holder)
	if err != nil {
		return err
	}
	if d.Content, err = json.Marshal(f); err != nil {
		return fault.Wrap(err, "citizens.FileDraft")
	}
	return fault.Wrap(tx.Update(ctx, d, "content"), "citizens.FileDraft")
}

// FiledDraft tells what became of the visitor's draft; NotFound unless it was
// submitted.
func FiledDraft(ctx context.Context, r tenants.Reader, id int64, holder string) (Filed, error) {
	d := new(Draft)
	if err := r.Select(d).Where(ownDraft, id, holder, r.Now()).Scan(ctx); err != nil {
		return Filed{}, tenants.Err(err)
	}
	f := d.filed()
	if f.Subject == 0 {
		return Filed{}, fault.New(fault.NotFound, "error.not_found")
	}
	return f, nil
}

func (d *Draft) filed() (f Filed) {
	_ = json.Unmarshal(d.Content, &f) // what is typed has no such field
	return f
}

// open is the draft unless it was submitted.
func (d *Draft) open() (*Draft, error) {
	if d.filed().Subject != 0 {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return d, nil
}
