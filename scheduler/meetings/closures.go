package meetings

import (
	"context"

	"pasokh/app/audit"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// FollowCalendar brings the sessions to come in line with holidays and closures
// that were entered after they were made: on a closed day they are cancelled, of
// a closure of some hours the slots in it are dropped, and what a closure had
// cancelled is open again when the closure is taken back. It tells how many
// sessions changed, and may run any number of times.
func FollowCalendar(ctx context.Context, tx *tenants.Tx) (int, error) {
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return 0, err
	}
	list, err := knownSessions(ctx, tx)
	if err != nil {
		return 0, err
	}
	changed := 0
	for i := range list {
		if !list[i].StartsAt.After(tx.Now()) {
			continue
		}
		done, err := list[i].follow(ctx, tx, working)
		if err != nil {
			return changed, err
		}
		if done {
			changed++
		}
	}
	return changed, nil
}

// follow does it for one session.
func (s *Session) follow(ctx context.Context, tx *tenants.Tx, working tenants.WorkingTime) (bool, error) {
	closed, cut := working.Closed(s.StartsAt), working.Cut(s.StartsAt, s.EndsAt)
	open := s.State == SessionOpen
	if open == !closed && !(open && cut) || !open && s.Cause != CauseClosure {
		return false, nil
	}
	if err := standStill(ctx, tx, s.ExecutiveID); err != nil {
		return false, err
	}
	if err := tx.Lock(ctx, s, "session.id = ?", s.ID); err != nil {
		return false, err
	}
	if (s.State == SessionOpen) != open {
		return false, nil // somebody was quicker
	}
	if !open {
		return s.reopen(ctx, tx)
	}
	reason := messages.In(messages.FA, "planning.closure_reason")
	if !closed {
		return s.cutOut(ctx, tx, working, reason)
	}
	lost, err := s.cancel(ctx, tx, CauseClosure, reason)
	if err != nil {
		return false, err
	}
	return true, propose(ctx, tx, s.ExecutiveID, lost)
}

// cutOut drops the slots that fall into the closed hours.
func (s *Session) cutOut(ctx context.Context, tx *tenants.Tx, working tenants.WorkingTime, reason string) (bool, error) {
	c := &reshaping{session: s, before: *s, cause: CauseClosure, reason: reason}
	if err := c.read(ctx, tx); err != nil {
		return false, err
	}
	dropped, left := 0, 0
	for i := range c.slots {
		slot := &c.slots[i]
		switch {
		case slot.Dropped:
		case working.Cut(slot.StartsAt, slot.EndsAt):
			slot.Dropped = true
			dropped++
		default:
			left++
		}
	}
	if dropped == 0 {
		return false, nil
	}
	if left == 0 {
		lost, err := s.cancel(ctx, tx, CauseClosure, reason)
		if err != nil {
			return false, err
		}
		return true, propose(ctx, tx, s.ExecutiveID, lost)
	}
	if err := c.write(ctx, tx); err != nil {
		return false, err
	}
	return true, audit.Record(ctx, tx, "meeting_session:change", "meeting_session", s.ID, "closure")
}

// reopen opens what a closure had cancelled, unless the executive is elsewhere
// by now. Who had a place there has a priority and chooses.
func (s *Session) reopen(ctx context.Context, tx *tenants.Tx) (bool, error) {
	busy, err := clashes(ctx, tx, s.ExecutiveID, s.StartsAt, s.EndsAt, s.ID)
	if err != nil || busy {
		return false, err
	}
	s.State, s.Cause, s.Reason = SessionOpen, "", ""
	s.CalendarSequence++
	if err := tx.Update(ctx, s, "state", "cause", "reason", "calendar_sequence"); err != nil {
		return false, err
	}
	return true, audit.Record(ctx, tx, "meeting_session:reopen", "meeting_session", s.ID, "closure")
}
