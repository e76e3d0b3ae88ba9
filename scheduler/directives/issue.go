package directives

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Issuance is what an executive orders. A zero DueAt means the organization's
// usual number of working days; an empty Priority means Normal.
type Issuance struct {
	OriginKind  string
	OriginID    int64
	ExecutiveID int64
	CitizenID   *int64
	UnitID      int64
	Text        string
	ScanID      *int64
	Priority    Priority
	Public      bool
	DueAt       time.Time
	// Confidential keeps the directive to those whom discreet names; it is never
	// Public.
	Confidential bool
	// ComplaintID is a case that waits for the directive beside its origin.
	ComplaintID *int64
	Parts       []PartOrder
}

// Issue writes a directive with its parts. Field errors: text, unit, due,
// priority, confidential, and of part n from 0 part_unit_n, part_text_n,
// part_due_n. Facts: directive.issued, directive.part_issued.
func Issue(ctx context.Context, tx *tenants.Tx, in Issuance) (*Directive, error) {
	if in.Priority == "" {
		in.Priority = Normal
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	if in.DueAt.IsZero() {
		in.DueAt = working.AddDays(tx.Now(), tx.Tenant().Settings.DirectiveDays)
	}
	if err := in.check(ctx, tx); err != nil {
		return nil, err
	}
	d := &Directive{
		ID: tenants.NewID(), OriginKind: in.OriginKind, OriginID: in.OriginID, ExecutiveID: in.ExecutiveID,
		CitizenID: in.CitizenID, UnitID: in.UnitID, Text: in.Text, ScanID: in.ScanID, Priority: in.Priority,
		Public: in.Public, State: Issued, IssuedAt: tx.Now(), Version: 1, Confidential: in.Confidential,
	}
	d.wind(in.DueAt.UTC(), tx.Now(), working)
	if err := tx.Insert(ctx, d); err != nil {
		return nil, err
	}
	if err := d.hold(ctx, tx, in.ComplaintID); err != nil {
		return nil, err
	}
	err = d.leave(ctx, tx, step{
		act: "directive:issue", detail: in.OriginKind, fact: "directive.issued",
		event: timeline.Event{Kind: "directive.issued", Text: d.Text, DueAt: &d.DueAt, Public: true},
	})
	if err != nil {
		return nil, err
	}
	return d, d.giveParts(ctx, tx, in.Parts, working)
}

// check cleans the text and collects what is wrong. The executive comes from
// the meeting or the account, not from a form, so a wrong one is NotFound.
func (in *Issuance) check(ctx context.Context, tx *tenants.Tx) error {
	if !slices.Contains([]string{OnMeeting, OnComplaint, OnCommittee}, in.OriginKind) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if _, err := ExecutiveByID(ctx, tx, in.ExecutiveID); err != nil {
		return err
	}
	bad := fault.Fields{}
	text, err := words(in.Text, "text", "directive.error.text", MaxText)
	if err != nil {
		bad.Add("text", fault.As(err).Fields["text"])
	}
	in.Text = text
	unit, err := tenants.UnitByID(ctx, tx, in.UnitID)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !unit.Active:
		bad.Add("unit", "directive.error.unit")
	case err != nil:
		return err
	}
	if !in.DueAt.After(tx.Now()) {
		bad.Add("due", "directive.error.due")
	}
	if !slices.Contains(Priorities(), in.Priority) {
		bad.Add("priority", "directive.error.priority")
	}
	if in.Confidential && in.Public {
		bad.Add("confidential", "order.error.confidential_public")
	}
	if err := in.checkParts(ctx, tx, bad); err != nil {
		return err
	}
	return bad.Err()
}

// Notify notes that the unit has been told; called by the job that told it,
// any number of times.
func Notify(ctx context.Context, tx *tenants.Tx, id int64) error {
	d, err := lock(ctx, tx, id)
	if err != nil || d.State != Issued {
		return err
	}
	d.State = Notified
	return d.write(ctx, tx, step{
		act:   "directive:notify",
		event: timeline.Event{Kind: "directive.notified", FromState: string(Issued), Public: true},
	}, "state")
}
