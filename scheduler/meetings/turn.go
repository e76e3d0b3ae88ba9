package meetings

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// placeGap is left between neighbours, so that somebody can be put between them.
const placeGap = 1024

// minutesGap keeps the slots of a session apart, whatever the queue numbers.
const minutesGap = 1 << 24

// MaxBehind is the most that one can be moved behind.
const MaxBehind = 20

// ownPlace is where one stands by the booking: by the slot, then by the number.
func (m *Meeting) ownPlace(s *Session) *int64 {
	place := int64(m.StartsAt.Sub(s.StartsAt)/time.Minute) * minutesGap
	if m.QueueNumber != nil {
		place += int64(*m.QueueNumber) * placeGap
	}
	return &place
}

func (m *Meeting) place() int64 {
	if m.QueuePlace == nil {
		return 0
	}
	return *m.QueuePlace
}

// inOrder sorts those who wait as they are called.
func inOrder(a, b *Meeting) int {
	return cmp.Or(cmp.Compare(a.place(), b.place()), a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.ID, b.ID))
}

// waitingIn lists who waits in a session in the order of their calls. The
// session is locked: all who change the order come through that lock.
func waitingIn(ctx context.Context, tx *tenants.Tx, sessionID int64) ([]*Meeting, error) {
	var list []*Meeting
	err := tx.Select(&list).Where("meeting.session_id = ? AND meeting.state = ?", sessionID, CheckedIn).Scan(ctx)
	slices.SortFunc(list, inOrder)
	return list, tenants.Err(err)
}

// lockTurn locks a session and one of those who wait in it, and lists the
// others in their order.
func lockTurn(ctx context.Context, tx *tenants.Tx, id int64) (m *Meeting, others []*Meeting, at int, err error) {
	seen := new(Meeting)
	if err := tx.Select(seen).Where("meeting.id = ?", id).Scan(ctx); err != nil {
		return nil, nil, 0, tenants.Err(err)
	}
	if err := tx.Lock(ctx, new(Session), "session.id = ?", seen.SessionID); err != nil {
		return nil, nil, 0, err
	}
	if m, err = lock(ctx, tx, id); err != nil {
		return nil, nil, 0, err
	}
	if others, err = waitingIn(ctx, tx, m.SessionID); err != nil {
		return nil, nil, 0, err
	}
	at = slices.IndexFunc(others, func(o *Meeting) bool { return o.ID == id })
	if at >= 0 {
		others = slices.Delete(others, at, at+1)
	}
	return m, others, at, nil
}

// Park sends who was called back to the end of the queue: they did not come in,
// or the talk goes on later. The room is free, and those who wait come first.
func Park(ctx context.Context, tx *tenants.Tx, id int64) error {
	m, others, _, err := lockTurn(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(Called); err != nil {
		return err
	}
	m.State = CheckedIn
	if n := len(others); n > 0 {
		place := max(m.place(), others[n-1].place()+placeGap)
		m.QueuePlace = &place
	}
	return m.write(ctx, tx, &step{
		act:   "meeting:park",
		event: timeline.Event{Kind: "meeting.parked", FromState: string(Called)},
	}, "state", "queue_place")
}

// Skip moves one who waits behind the next n, with a reason. Field errors:
// behind, reason. Conflict: meeting.conflict.last when nobody comes after.
func Skip(ctx context.Context, tx *tenants.Tx, id int64, n int, reason string) error {
	m, others, at, err := lockTurn(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(CheckedIn); err != nil {
		return err
	}
	bad := fault.Fields{}
	if n < 1 || n > MaxBehind {
		bad.Add("behind", "meeting.error.behind")
	}
	reason, err = reasoned(reason)
	if err != nil {
		bad.Add("reason", fault.As(err).Fields["reason"])
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if at == len(others) {
		return fault.New(fault.Conflict, "meeting.conflict.last")
	}
	to := min(at+n, len(others))
	if err := m.putBehind(ctx, tx, others, to); err != nil {
		return err
	}
	m.PutFirst = false
	return m.write(ctx, tx, &step{
		act: "meeting:skip", detail: fmt.Sprintf("behind %d", to-at),
		event: timeline.Event{Kind: "meeting.skipped", FromState: string(CheckedIn), Text: reason},
	}, "queue_place", "put_first")
}

// putBehind gives m a place behind the first n of the others, and makes room
// where two stand too close.
func (m *Meeting) putBehind(ctx context.Context, tx *tenants.Tx, others []*Meeting, n int) error {
	place := others[n-1].place() + placeGap
	if n < len(others) {
		before, after := others[n-1].place(), others[n].place()
		if after-before < 2 {
			for _, o := range others[n:] {
				moved := o.place() + 2*placeGap
				o.QueuePlace = &moved
				if err := tx.Update(ctx, o, "queue_place"); err != nil {
					return err
				}
			}
			after = others[n].place()
		}
		place = before + (after-before)/2
	}
	m.QueuePlace = &place
	return nil
}

// PutFirst puts one who waits before all others: an emergency, an old or ill
// person. Field error: reason. Conflict: meeting.conflict.first.
func PutFirst(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	m, others, at, err := lockTurn(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.in(CheckedIn); err != nil {
		return err
	}
	if at == 0 {
		return fault.New(fault.Conflict, "meeting.conflict.first")
	}
	if reason, err = reasoned(reason); err != nil {
		return err
	}
	place := others[0].place() - placeGap
	m.QueuePlace, m.PutFirst = &place, true
	return m.write(ctx, tx, &step{
		act: "meeting:put_first", detail: fmt.Sprintf("past %d", at),
		event: timeline.Event{Kind: "meeting.put_first", FromState: string(CheckedIn), Text: reason},
	}, "queue_place", "put_first")
}
