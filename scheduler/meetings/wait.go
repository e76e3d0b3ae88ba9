package meetings

import (
	"context"
	"slices"
	"time"

	"pasokh/tenants"
)

// Estimate is how long somebody who is there still has to wait, as far as anybody
// can tell.
type Estimate struct {
	Before int           // who comes first
	About  time.Duration // in steps of five minutes; 0 is now
}

// enoughTalks is how many talks of a session must be over before their length
// tells more than that of the slots.
const enoughTalks = 2

// waitStep is as exact as an estimate can be.
const waitStep = 5 * time.Minute

// Queue lists who waits in the order of their calls.
func (s *DaySession) Queue() []*Listed {
	var list []*Listed
	for i := range s.Meetings {
		if s.Meetings[i].State == CheckedIn {
			list = append(list, &s.Meetings[i])
		}
	}
	slices.SortFunc(list, func(a, b *Listed) int { return inOrder(&a.Meeting, &b.Meeting) })
	return list
}

// InQueue lists all of the session: who is called, who waits in the order of
// their calls, and the others by their slots.
func (s *DaySession) InQueue() []Listed {
	list := make([]Listed, 0, len(s.Meetings))
	for _, m := range s.Meetings {
		if m.State == Called {
			list = append(list, m)
		}
	}
	for _, m := range s.Queue() {
		list = append(list, *m)
	}
	for _, m := range s.Meetings {
		if m.State != Called && m.State != CheckedIn {
			list = append(list, m)
		}
	}
	return list
}

// Talk is how long one talk of the session takes: the middle of those that are
// over, else the length of a slot.
func (s *DaySession) Talk() time.Duration {
	var over []time.Duration
	slot := time.Duration(0)
	for i := range s.Meetings {
		m := &s.Meetings[i]
		slot = m.EndsAt.Sub(m.StartsAt)
		if m.in(Held, FollowUp, Closed) == nil && m.CalledAt != nil && m.EndedAt != nil && m.EndedAt.After(*m.CalledAt) {
			over = append(over, m.EndedAt.Sub(*m.CalledAt))
		}
	}
	if len(over) < enoughTalks {
		return slot
	}
	slices.Sort(over)
	return over[len(over)/2]
}

// Waits estimates for all who wait in the session, by the meetings' IDs.
func (s *DaySession) Waits(now time.Time) map[int64]Estimate {
	talk, ahead := s.Talk(), time.Duration(0)
	for i := range s.Meetings {
		if m := &s.Meetings[i]; m.State == Called && m.CalledAt != nil {
			ahead += max(0, talk-now.Sub(*m.CalledAt))
		}
	}
	ahead = max(ahead, s.StartsAt.Sub(now))
	waits := map[int64]Estimate{}
	for before, m := range s.Queue() {
		about := (ahead + time.Duration(before)*talk + waitStep - 1).Truncate(waitStep)
		waits[m.ID] = Estimate{Before: before, About: about}
	}
	return waits
}

// WaitOf estimates for one meeting; ok is false when they are not in a queue.
func WaitOf(ctx context.Context, r tenants.Reader, m *Meeting) (w Estimate, ok bool, err error) {
	if m.State != CheckedIn {
		return w, false, nil
	}
	s := DaySession{}
	if err := r.Select(&s.Session).Where("session.id = ?", m.SessionID).Scan(ctx); err != nil {
		return w, false, tenants.Err(err)
	}
	err = listed(r, &s.Meetings).Where("meeting.session_id = ?", m.SessionID).
		Where("meeting.state NOT IN (?, ?)", Refused, Cancelled).Order("meeting.id").Scan(ctx)
	w, ok = s.Waits(r.Now())[m.ID]
	return w, ok, tenants.Err(err)
}
