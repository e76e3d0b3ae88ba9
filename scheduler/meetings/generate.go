package meetings

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Generate makes the sessions of all active windows for as many days ahead as
// the organization set, and tells how many are new. It may run any number of
// times. Where the executive is in another session already, none is made.
func Generate(ctx context.Context, tx *tenants.Tx) (int, error) {
	var windows []Window
	err := tx.Select(&windows).Join("JOIN ? ON executive.id = win.executive_id AND executive.active",
		tx.From((*directives.Executive)(nil))).Where("win.active").Order("win.id").Scan(ctx)
	if err != nil {
		return 0, tenants.Err(err)
	}
	if err := adoptSites(ctx, tx, windows); err != nil {
		return 0, err
	}
	return generate(ctx, tx, windows)
}

func generate(ctx context.Context, tx *tenants.Tx, windows []Window) (int, error) {
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return 0, err
	}
	known, err := knownSessions(ctx, tx)
	if err != nil {
		return 0, err
	}
	made := 0
	for i := range windows {
		w := &windows[i]
		for _, start := range w.Starts(tx.Now(), tx.Tenant().Settings.SessionsAhead, working) {
			s, slots := w.session(start)
			if old := known.dropped(s); old != nil && known.clash(s) == nil {
				if err := w.revive(ctx, tx, old, start); err != nil {
					return made, err
				}
				made++
				continue
			}
			if known.has(s) || known.clash(s) != nil {
				continue
			}
			isNew, err := tx.InsertNew(ctx, s) // another worker may have written it meanwhile
			if err != nil {
				return made, err
			}
			if !isNew {
				continue
			}
			if err := tx.Insert(ctx, &slots); err != nil {
				return made, err
			}
			if s.Draw {
				if err := commitDraw(ctx, tx, s); err != nil {
					return made, err
				}
			}
			known = append(known, *s)
			made++
		}
	}
	return made, nil
}

// agenda is the sessions that have not ended, of all executives.
type agenda []Session

func knownSessions(ctx context.Context, r tenants.Reader) (agenda, error) {
	var list []Session
	err := r.Select(&list).Where("session.starts_at > ?", r.Now().Add(-day)).Order("session.starts_at", "session.id").Scan(ctx)
	return list, tenants.Err(err)
}

// has tells whether the date of the series is there already: at its time, moved
// or cancelled.
func (a agenda) has(s *Session) bool {
	for i := range a {
		o := &a[i]
		if o.ExecutiveID == s.ExecutiveID && o.StartsAt.Equal(s.StartsAt) {
			return true
		}
		if o.WindowID == s.WindowID && o.plannedOn(s.StartsAt) && o.Cause != CauseWindow {
			return true
		}
	}
	return false
}

// dropped is a date of the executive at exactly this start that a change of a
// window cancelled.
func (a agenda) dropped(s *Session) *Session {
	for i := range a {
		o := &a[i]
		if o.ExecutiveID == s.ExecutiveID && o.StartsAt.Equal(s.StartsAt) && o.State == SessionCancelled && o.Cause == CauseWindow {
			return o
		}
	}
	return nil
}

// revive opens such a date again as one of the window; who had a place there
// has a priority and may choose it again.
func (w *Window) revive(ctx context.Context, tx *tenants.Tx, s *Session, start time.Time) error {
	if err := tx.Lock(ctx, s, "session.id = ?", s.ID); err != nil || s.State == SessionOpen {
		return err
	}
	c := &reshaping{session: s, before: *s, cause: CauseWindow}
	if err := c.read(ctx, tx); err != nil {
		return err
	}
	fresh := w.Draw && !s.Draw
	s.State, s.Cause, s.Reason, s.Changed, s.WindowID, s.Draw = SessionOpen, "", "", false, w.ID, s.Draw || w.Draw
	s.WalkInRoom = w.Rules.WalkIns
	if err := tx.Update(ctx, s, "window_id", "draw", "walk_in_room"); err != nil {
		return err
	}
	if fresh {
		if err := commitDraw(ctx, tx, s); err != nil {
			return err
		}
	}
	if _, err := w.reshape(ctx, tx, c, start); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "meeting_session:reopen", "meeting_session", s.ID, "window")
}

// plannedOn tells whether the window made the session for the day of start.
func (s *Session) plannedOn(start time.Time) bool {
	at := s.StartsAt
	if s.PlannedAt != nil {
		at = *s.PlannedAt
	}
	return persian.DateOf(at.In(persian.Tehran)) == persian.DateOf(start.In(persian.Tehran))
}

// clash is another open session in which the executive is at that time.
func (a agenda) clash(s *Session) *Session {
	for i := range a {
		o := &a[i]
		if o.ID != s.ID && o.ExecutiveID == s.ExecutiveID && o.State == SessionOpen && overlap(o, s) {
			return o
		}
	}
	return nil
}

func overlap(a, b *Session) bool { return a.StartsAt.Before(b.EndsAt) && b.StartsAt.Before(a.EndsAt) }

// clashes finds an open session of the executive in the time, other than the
// named one; the executive is locked, so none can come in between.
func clashes(ctx context.Context, r tenants.Reader, executiveID int64, from, until time.Time, but int64) (bool, error) {
	n, err := r.Select((*Session)(nil)).Where("session.executive_id = ? AND session.state = ? AND session.id <> ?", executiveID, SessionOpen, but).
		Where("session.starts_at < ? AND session.ends_at > ?", until, from).Count(ctx)
	return n > 0, tenants.Err(err)
}
