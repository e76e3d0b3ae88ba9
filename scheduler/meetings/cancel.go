package meetings

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Cancel ends a meeting that has not begun and frees the seat. The citizen, or
// staff on the citizen's word, needs no reason; the office does, and may also
// send home who has checked in. A request that nobody has approved is no meeting
// yet: staff refuse it, the citizen may still take it back. Field error: reason.
// Conflict: meeting.conflict.refuse_instead. Fact: meeting.cancelled.
func Cancel(ctx context.Context, tx *tenants.Tx, id int64, by By, reason string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if m.State == Requested && tx.Actor().Kind != tenants.Citizen {
		return fault.New(fault.Conflict, "meeting.conflict.refuse_instead")
	}
	switch {
	case tx.Actor().Kind == tenants.Citizen || by == ByCitizen:
		by = ByCitizen
		if !m.CanCancel(tx.Now()) {
			return fault.New(fault.Conflict, "meeting.conflict.state")
		}
		if reason = persian.Clean(reason); reason != "" {
			reason, err = reasoned(reason)
		}
	default:
		by = ByOffice
		if err := m.in(Approved, CheckedIn); err != nil {
			return err
		}
		reason, err = reasoned(reason)
	}
	if err != nil {
		return err
	}
	m.CancelledBy = by
	return m.end(ctx, tx, Cancelled, reason, &step{
		act: "meeting:cancel", detail: string(by), fact: "meeting.cancelled", event: timeline.Event{Kind: "meeting.cancelled"},
	})
}
