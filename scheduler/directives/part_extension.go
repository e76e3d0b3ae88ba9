package directives

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// PartExtension is a helping unit's request for more time for its part; the
// unit that leads decides it. Its states are those of Extension.
type PartExtension struct {
	tenants.BaseModel `bun:"table:directive_part_extensions,alias:extension"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	PartID    int64
	State     string
	OldDueAt  time.Time
	NewDueAt  time.Time
	Reason    string
	AskedBy   int64
	AskedAt   time.Time
	Answer    string
	DecidedBy *int64
	DecidedAt *time.Time
}

// PartExtensions lists the requests about parts, oldest first.
func PartExtensions(ctx context.Context, r tenants.Reader, parts []int64) ([]PartExtension, error) {
	var list []PartExtension
	if len(parts) == 0 {
		return nil, nil
	}
	err := r.Select(&list).Where("extension.part_id IN (?)", tenants.In(parts)).Order("extension.part_id", "extension.id").Scan(ctx)
	return list, tenants.Err(err)
}

// AskPartExtension asks for a later due time of a part. One after the whole's
// can be granted only when the unit that leads has been given as much. Only staff of the part's unit, one request
// at a time. Field errors: due, reason. Fact: directive.part_extension_asked.
func AskPartExtension(ctx context.Context, tx *tenants.Tx, id int64, due time.Time, reason string) error {
	d, p, err := partOfUnit(ctx, tx, id)
	if err != nil {
		return err
	}
	if !d.Open() || p.In() {
		return errState()
	}
	bad := fault.Fields{}
	if !due.After(p.DueAt) || !due.After(tx.Now()) {
		bad.Add("due", "order.error.extension_due")
	}
	if reason, err = words(reason, "reason", "directive.error.reason", MaxReason); err != nil {
		bad.Add("reason", fault.As(err).Fields["reason"])
	}
	if err := bad.Err(); err != nil {
		return err
	}
	fresh, err := tx.InsertNew(ctx, &PartExtension{
		ID: tenants.NewID(), PartID: p.ID, State: ExtensionAsked, OldDueAt: p.DueAt, NewDueAt: due.UTC(),
		Reason: reason, AskedBy: tx.Actor().ID, AskedAt: tx.Now(),
	})
	if err != nil {
		return err
	}
	if !fresh {
		return fault.New(fault.Conflict, "order.conflict.extension")
	}
	return p.write(ctx, tx, d, partStep{act: "extension_asked", fact: true, text: reason})
}

// GrantPartExtension moves the due time of a part to the one asked for. Only
// staff of the unit that leads. Conflict when it lies after the due time of the
// whole. Field error: reason. Fact: directive.part_extension_decided.
func GrantPartExtension(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	d, p, e, reason, err := decidingPart(ctx, tx, id, reason)
	if err != nil {
		return err
	}
	switch {
	case !e.NewDueAt.After(tx.Now()):
		return fault.New(fault.Conflict, "order.conflict.part_extension_past")
	case e.NewDueAt.After(d.DueAt):
		return fault.New(fault.Conflict, "order.conflict.part_extension_late")
	}
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	if err := e.decide(ctx, tx, ExtensionGranted, reason); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, "directive:part_due", "directive", d.ID, moved(p.DueAt, e.NewDueAt)); err != nil {
		return err
	}
	p.wind(e.NewDueAt, tx.Now(), working)
	if p.In() {
		p.NextClockAt = nil
	}
	return p.write(ctx, tx, d, partStep{act: "extension_decided", fact: true, text: reason}, "due_at", "next_clock_at", "reminded_level")
}

// RefusePartExtension leaves the due time of a part as it is. Who may: see
// GrantPartExtension. Field error: reason. Fact: directive.part_extension_decided.
func RefusePartExtension(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	d, p, e, reason, err := decidingPart(ctx, tx, id, reason)
	if err != nil {
		return err
	}
	if err := e.decide(ctx, tx, ExtensionRefused, reason); err != nil {
		return err
	}
	return p.write(ctx, tx, d, partStep{act: "extension_decided", fact: true, text: reason})
}

func decidingPart(ctx context.Context, tx *tenants.Tx, id int64, reason string) (*Directive, *Part, *PartExtension, string, error) {
	d, p, err := partOfLead(ctx, tx, id)
	if err != nil {
		return nil, nil, nil, "", err
	}
	if !d.Open() {
		return nil, nil, nil, "", errState()
	}
	e := new(PartExtension)
	err = tx.Lock(ctx, e, "extension.part_id = ? AND extension.state = 'asked'", p.ID)
	if fault.Is(err, fault.NotFound) {
		err = errState()
	}
	if err != nil {
		return nil, nil, nil, "", err
	}
	reason, err = words(reason, "reason", "directive.error.reason", MaxReason)
	return d, p, e, reason, err
}

func (e *PartExtension) decide(ctx context.Context, tx *tenants.Tx, state, answer string) error {
	now := tx.Now()
	e.State, e.Answer, e.DecidedAt = state, answer, &now
	if a := tx.Actor(); a.Kind == tenants.Staff {
		e.DecidedBy = &a.ID
	}
	return tx.Update(ctx, e, "state", "answer", "decided_by", "decided_at")
}

// lapse ends the requests that wait about the parts of a directive.
func (d *Directive) lapse(ctx context.Context, tx *tenants.Tx) error {
	var list []PartExtension
	own := tx.Select((*Part)(nil)).Column("id").Where("part.directive_id = ?", d.ID)
	if err := tx.LockAll(ctx, &list, "extension.state = 'asked' AND extension.part_id IN (?)", own); err != nil {
		return err
	}
	for i := range list {
		if err := list[i].decide(ctx, tx, ExtensionLapsed, ""); err != nil {
			return err
		}
	}
	return nil
}
