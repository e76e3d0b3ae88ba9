package meetings

import (
	"context"

	"pasokh/app/audit"
	"pasokh/tenants"
)

// CancelSession calls one session off, with a reason that its citizens read;
// they get a priority. Field error: reason. Conflict:
// meeting.conflict.session_over. Fact: meeting.displaced.
func CancelSession(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	s, err := lockSession(ctx, tx, id, 0)
	if err != nil {
		return err
	}
	if reason, err = reasoned(reason); err != nil {
		return err
	}
	lost, err := s.cancel(ctx, tx, CauseOffice, reason)
	if err != nil {
		return err
	}
	return propose(ctx, tx, s.ExecutiveID, lost)
}

// cancel calls the locked session off; the caller proposes other seats.
func (s *Session) cancel(ctx context.Context, tx *tenants.Tx, cause Cause, reason string) ([]*Priority, error) {
	c := &reshaping{session: s, before: *s, cause: cause, reason: reason}
	if err := c.read(ctx, tx); err != nil {
		return nil, err
	}
	s.State, s.Cause, s.Reason = SessionCancelled, cause, reason
	if err := c.save(ctx, tx); err != nil {
		return nil, err
	}
	var lost []*Priority
	for i := range c.meetings {
		p, err := c.meetings[i].displace(ctx, tx, cause, reason)
		if err != nil {
			return nil, err
		}
		lost = append(lost, p)
	}
	return lost, audit.Record(ctx, tx, "meeting_session:cancel", "meeting_session", s.ID, string(cause))
}
