package complaints

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Fact of the outbox: what the jobs need to re-read what happened.
type fact struct {
	ComplaintID ID    `json:"complaint_id"`
	EventID     int64 `json:"event_id"`
	Level       int   `json:"level,omitempty"`
}

// record ends every command in the same way: the event is appended, the clocks
// are wound from the events, the row is written, the act is audited, and the
// fact is enqueued when telling is true.
func record(ctx context.Context, tx *tenants.Tx, c *Complaint, e *timeline.Event, telling bool) (*timeline.Event, error) {
	if err := c.leaveOffice(ctx, tx); err != nil {
		return nil, err
	}
	e.SubjectKind, e.SubjectID, e.Cycle, e.ToState = "complaint", c.ID, c.Cycle, string(c.State)
	if err := timeline.Append(ctx, tx, e); err != nil {
		return nil, err
	}
	if err := wind(ctx, tx, c); err != nil {
		return nil, err
	}
	if err := c.turn(ctx, tx, e); err != nil {
		return nil, err
	}
	c.Version++
	if err := tx.Update(ctx, c); err != nil {
		return nil, fault.Wrap(err, "complaints.record")
	}
	if err := audit.Record(ctx, tx, e.Kind, "complaint", c.ID, ""); err != nil {
		return nil, err
	}
	if telling {
		if err := tx.Enqueue(ctx, e.Kind, fact{ComplaintID: c.ID, EventID: e.ID}); err != nil {
			return nil, err
		}
	}
	if err := c.tellSender(ctx, tx, e); err != nil {
		return nil, err
	}
	return e, c.carry(ctx, tx, e)
}

// event starts an event that leaves the case's present state.
func (c *Complaint) event(kind, text string, public bool) *timeline.Event {
	return &timeline.Event{Kind: "complaint." + kind, FromState: string(c.State), Text: text, Public: public}
}

// wind recomputes the cached deadlines of the case from its events.
func wind(ctx context.Context, tx *tenants.Tx, c *Complaint) error {
	events, err := timeline.Of(ctx, tx, c.Subject(), false)
	if err != nil {
		return err
	}
	class, err := tenants.SLAClassByID(ctx, tx, c.SLAClassID)
	if err != nil {
		return err
	}
	hours, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return err
	}
	changes, err := c.classChanges(ctx, tx, events)
	if err != nil {
		return err
	}
	clocks := Wind(events, class, hours, tx.Tenant().Settings, changes...)
	c.keep(clocks)
	if watched, err := c.watched(ctx, tx); err != nil || watched {
		c.NextClockAt = nil // the clock of its lead or parent runs for it
		return err
	}
	climbed, err := c.climbed(ctx, tx, clocks)
	c.NextClockAt = c.nextClock(class, clocks, climbed)
	return err
}

// keep caches the clocks in the row.
func (c *Complaint) keep(clocks Clocks) {
	c.PromisedAt, c.UnitDueAt, c.DueAt = clocks.Promised, clocks.UnitDue, clocks.Due
	c.AskedUntil = clocks.AskedUntil
}
