package directives

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Acknowledge notes that the unit's head has seen the order, once: the whole
// directive of the lead unit, else the unit's part. NotFound for other units,
// Forbidden for who is no head of the unit.
func Acknowledge(ctx context.Context, tx *tenants.Tx, id int64) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	a, now := tx.Actor(), tx.Now()
	p, err := d.shareOf(ctx, tx, a)
	if err != nil {
		return err
	}
	if !a.Leads {
		return fault.New(fault.Forbidden, "order.forbidden.head")
	}
	if p != nil {
		if p.SeenAt != nil || !d.Open() {
			return errState()
		}
		p.SeenBy, p.SeenAt = &a.ID, &now
		return p.write(ctx, tx, d, partStep{act: "seen"}, "seen_by", "seen_at")
	}
	if d.SeenAt != nil || !d.Open() {
		return errState()
	}
	d.SeenBy, d.SeenAt = &a.ID, &now
	return d.write(ctx, tx, step{act: "directive:acknowledge", event: timeline.Event{Kind: "directive.seen", FromState: string(d.State)}}, "seen_by", "seen_at")
}

// shareOf is the actor's unit's part, nil when the unit leads; NotFound for
// units that have no share.
func (d *Directive) shareOf(ctx context.Context, tx *tenants.Tx, a tenants.Actor) (*Part, error) {
	if a.Kind != tenants.Staff || d.Confidential && !a.Leads {
		return nil, errUnknown()
	}
	if a.UnitID == d.UnitID {
		return nil, nil //nolint:nilnil // the lead unit has the whole
	}
	p := new(Part)
	return p, tx.Lock(ctx, p, "part.directive_id = ? AND part.unit_id = ?", d.ID, a.UnitID)
}

// Note is a word of a unit about the work under way. The citizen reads it when
// it is public and the directive is. Field error: text.
func Note(ctx context.Context, tx *tenants.Tx, id int64, text string, public bool) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	p, err := d.shareOf(ctx, tx, tx.Actor())
	if err != nil {
		return err
	}
	if !d.Open() {
		return errState()
	}
	if text, err = words(text, "text", "order.error.note", MaxReason); err != nil {
		return err
	}
	unit := d.UnitID
	if p != nil {
		unit = p.UnitID
	}
	e := &timeline.Event{
		SubjectKind: "directive", SubjectID: d.ID, Kind: "directive.note", Cycle: d.Returns, UnitID: &unit,
		FromState: string(d.State), ToState: string(d.State), Text: text, Public: public && d.Public,
	}
	if err := timeline.Append(ctx, tx, e); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "directive:note", "directive", d.ID, "")
}

// Show lets the citizen see the directive from now on, or no longer, with a
// reason. Who may: see Accept. A confidential directive is shown to no citizen.
// Field error: reason.
func Show(ctx context.Context, tx *tenants.Tx, id int64, public bool, reason string) error {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := mustIssue(ctx, tx, d); err != nil {
		return err
	}
	if d.Public == public || d.Confidential {
		return errState()
	}
	if reason, err = words(reason, "reason", "directive.error.reason", MaxReason); err != nil {
		return err
	}
	d.Public = public
	act, kind := "directive:hide", "directive.hidden"
	if public {
		act, kind = "directive:show", "directive.shown"
	}
	if err := audit.Record(ctx, tx, act, "directive", d.ID, reason); err != nil {
		return err
	}
	d.Version++
	if err := tx.Update(ctx, d, "public", "version"); err != nil {
		return err
	}
	return timeline.Append(ctx, tx, &timeline.Event{
		SubjectKind: "directive", SubjectID: d.ID, Kind: kind, Cycle: d.Returns, UnitID: &d.UnitID,
		FromState: string(d.State), ToState: string(d.State), Text: reason,
	})
}
