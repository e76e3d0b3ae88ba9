package complaints

import (
	"context"
	"slices"
	"time"

	"pasokh/tenants"
)

// handOn makes the oldest member the lead of the others: its first citizen took
// the matter back, the others did not. The units that had it have it on.
func (c *Complaint) handOn(ctx context.Context, tx *tenants.Tx, members []*Complaint) error {
	heir := members[0]
	e := heir.event("promoted", "", false)
	e.RefID, heir.LeadID = &c.ID, nil
	if _, err := record(ctx, tx, heir, e, false); err != nil {
		return err
	}
	for _, m := range members[1:] {
		moved := m.event("lead_changed", "", false)
		moved.RefID, m.LeadID = &heir.ID, &heir.ID
		if _, err := record(ctx, tx, m, moved, false); err != nil {
			return err
		}
	}
	if !heir.in(Referred, InProgress) {
		return nil
	}
	legs, err := Legs(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	order := Order{UnitID: heir.UnitID}
	if heir.UnitDueAt != nil && heir.UnitDueAt.After(tx.Now()) {
		order.DueAt = *heir.UnitDueAt
	}
	for _, l := range legs {
		ended := l.EndedAt != nil && tx.Now().Sub(*l.EndedAt) < time.Second // by this very closure
		if ended && l.State == "withdrawn" && l.UnitID != order.UnitID && !slices.Contains(order.Others, l.UnitID) {
			order.Others = append(order.Others, l.UnitID)
		}
	}
	_, err = refer(ctx, tx, heir, order)
	return err
}
