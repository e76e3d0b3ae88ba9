package inbound

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// FileKind is the kind of subject of files that came in and belong to no case
// yet. Identifiers are unique over all tables, so that none is a form's draft.
const FileKind = files.KindDraft

// Files is what the files of a message belong to.
func (m *Message) Files() files.Subject { return files.Subject{Kind: FileKind, ID: m.ID} }

func lockWaiting(ctx context.Context, tx *tenants.Tx, id int64) (*Message, error) {
	m := new(Message)
	if err := tx.Lock(ctx, m, "came.id = ?", id); err != nil {
		return nil, err
	}
	if m.State != Waiting {
		return nil, fault.New(fault.Conflict, "inbound.conflict.state")
	}
	return m, nil
}

// Attach puts what came in to a case that the person sees, with its files. Field
// error: code.
func Attach(ctx context.Context, tx *tenants.Tx, id int64, typed string) (*Message, error) {
	m, err := lockWaiting(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	unknown := fault.Field("code", "inbound.error.code")
	code, ok := persian.ParseCode(typed)
	if !ok {
		return nil, unknown
	}
	c, err := complaints.ByCode(ctx, tx, code)
	if err == nil {
		c, err = complaints.ByID(ctx, tx, tx.Actor(), c.ID)
	}
	if fault.Is(err, fault.NotFound) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	text := m.Text
	if text == "" {
		text = m.Title
	}
	if text == "" {
		text = "—"
	}
	e, err := complaints.Complete(ctx, tx, c.ID, text)
	if err != nil {
		return nil, err
	}
	if _, err := files.Move(ctx, tx, m.Files(), files.Subject{Kind: "complaint", ID: c.ID}, &e.ID); err != nil {
		return nil, err
	}
	m.State, m.Outcome, m.ComplaintID, m.EventID = Attached, "by_hand", &c.ID, &e.ID
	return m, m.handled(ctx, tx, "inbound.attached")
}

// Filed notes that a case was made of what came in, and gives it the files.
func Filed(ctx context.Context, tx *tenants.Tx, id, complaint int64, event *int64) error {
	m, err := lockWaiting(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := files.Move(ctx, tx, m.Files(), files.Subject{Kind: "complaint", ID: complaint}, event); err != nil {
		return err
	}
	m.State, m.Outcome, m.ComplaintID, m.EventID = Attached, "filed", &complaint, event
	return m.handled(ctx, tx, "inbound.filed")
}

// Finish takes what came in off the list. Field error: note.
func Finish(ctx context.Context, tx *tenants.Tx, id int64, note string) error {
	m, err := lockWaiting(ctx, tx, id)
	if err != nil {
		return err
	}
	if m.Note = cut(persian.Clean(note), 500); m.Note == "" {
		return fault.Field("note", "inbound.error.note")
	}
	m.State = Done
	return m.handled(ctx, tx, "inbound.done")
}

func (m *Message) handled(ctx context.Context, tx *tenants.Tx, act string) error {
	now, who := tx.Now(), tx.Actor().ID
	m.SettledAt, m.StaffID = &now, &who
	if err := tx.Update(ctx, m, "state", "outcome", "complaint_id", "event_id", "note", "staff_id", "settled_at"); err != nil {
		return err
	}
	return audit.Record(ctx, tx, act, "inbound", m.ID, m.Note)
}
