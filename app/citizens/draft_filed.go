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
