package meetings_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// winners runs the rivals at once; as many as there are places win, and all
// others are refused with one of the keys.
func (o *office) winners(n, places int, run func(i int) error, keys ...string) {
	o.t.Helper()
	var mu sync.Mutex
	won := 0
	together(n, func(i int) {
		err := run(i)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			won++
		case !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.TooMany) || !slices.Contains(keys, fault.As(err).Key):
			o.t.Errorf("rival %d: %v", i, err)
		}
	})
	if won != places {
		o.t.Fatalf("%d of %d won %d places", won, n, places)
	}
	o.consistent(o.t)
}

const (
	takenKey = "meeting.conflict.slot_taken"
	stateKey = "meeting.conflict.state"
)

// Sixty-four officers decide one request at once, half of them for it.
func TestRaceOfOneDecision(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	m := o.booked(o.sessions()[0].ID, 1)
	o.winners(rivals, 1, func(i int) error {
		if i%2 == 0 {
			return o.try(officer, on(meetings.Approve, m.ID))
		}
		return o.try(officer, because(meetings.Refuse, m.ID, "دلیل"))
	}, stateKey)
}

// Approvals beside moves of the same meetings and a change of their session:
// they lock the same rows, in the same order.
func TestRaceOfApprovalsAndChanges(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	s := o.sessions()[0]
	var list []*meetings.Meeting
	for i := range 8 {
		list = append(list, o.booked(s.ID, i+1))
	}
	together(rivals, func(i int) {
		m := list[i%8]
		var err error
		switch i / 8 {
		case 0, 1, 2:
			err = o.try(officer, on(meetings.Approve, m.ID))
		case 3, 4, 5:
			err = o.try(officer, reschedule(m.ID, s.ID, 9+i%8))
		case 6:
			err = o.try(officer, change(s.ID, meetings.SessionChange{StartsAt: s.StartsAt.Add(dayLong), Reason: "د"}))
		default:
			err = o.try(citizen, cancel(m.ID, meetings.ByCitizen, ""))
		}
		if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
			t.Errorf("%d: %v", i, err)
		}
	})
	o.consistent(t)
}

// displaced are people whose session was called off.
func (o *office) displaced(n int) (list []*meetings.Meeting) {
	o.t.Helper()
	hall := o.hall(n)
	for range n {
		list = append(list, o.booked(hall.ID, 1))
	}
	o.do(officer, callOff(hall.ID))
	return list
}

// Sixty-four with a priority, and as many of the public, want one seat.
func TestRaceOfRebookings(t *testing.T) {
	o := newOffice(t)
	list := o.displaced(rivals)
	others := o.crowd(rivals)
	var at meetings.OpenSession
	var slot int
	for _, s := range o.sessions() {
		for _, sl := range s.Slots {
			if sl.Seats == 1 && sl.Free == 1 {
				at, slot = s, sl.Number
			}
		}
	}
	if slot == 0 { // all are kept: then for the one who has it
		p := o.priority(list[0].ID)
		at.ID, slot = p.Seats[0].SessionID, p.Seats[0].SlotNumber
	}
	o.winners(2*rivals, 1, func(i int) error {
		if i < rivals {
			return o.try(citizen, rebook(list[i].ID, at.ID, slot))
		}
		return o.try(citizen, book(o.booking(others[i-rivals], at.ID, slot)))
	}, takenKey)
}

// One priority pressed sixty-four times, for different seats.
func TestRaceOfOnePriority(t *testing.T) {
	o := newOffice(t)
	m := o.displaced(1)[0]
	next := o.sessions()[0]
	o.winners(rivals, 1, func(i int) error { return o.try(citizen, rebook(m.ID, next.ID, i%16+1)) }, "meeting.conflict.no_priority", takenKey)
}

func TestRaceOfWalkIns(t *testing.T) {
	o := newOffice(t)
	room := 10
	o.A.Settings.WalkInRoom = &room
	s := o.sessions()[0]
	people := o.crowd(rivals)
	o.Clock.Set(s.StartsAt)
	walkIn := func(i int) error {
		return o.try(officer, func(ctx context.Context, tx *tenants.Tx) error {
			_, err := meetings.AddWalkIn(ctx, tx, meetings.WalkIn{CitizenID: people[i].ID, NationalID: people[i].NationalID, SessionID: s.ID, Subject: "علمک"})
			return err
		})
	}
	o.winners(rivals, room, walkIn, "meeting.conflict.walk_in_full")
}

func TestRaceOfOneWalkIn(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	c := o.person()
	o.Clock.Set(s.StartsAt)
	o.winners(rivals, 1, func(i int) error {
		if i%2 == 0 { // at the counter and on the phone
			in := o.booking(c, s.ID, i%8+9)
			in.Channel = meetings.Phone
			return o.try(officer, book(in))
		}
		return o.try(officer, func(ctx context.Context, tx *tenants.Tx) error {
			_, err := meetings.AddWalkIn(ctx, tx, meetings.WalkIn{CitizenID: c.ID, NationalID: c.NationalID, SessionID: s.ID, Subject: "علمک"})
			return err
		})
	}, "meeting.limit.quota")
}

// Sixty-four book while the session is handed over: nobody is left with a
// meeting with the one and a seat with the other.
func TestRaceOfBookingsAndAHandOver(t *testing.T) {
	o := newOffice(t)
	e := o.second()
	s := o.sessions()[0]
	people := o.crowd(rivals)
	together(rivals, func(i int) {
		var err error
		if i == rivals/2 {
			err = o.try(officer, change(s.ID, meetings.SessionChange{ExecutiveID: e.ID, Reason: "جانشین"}))
		} else {
			err = o.try(citizen, book(o.booking(people[i], s.ID, i%16+1)))
		}
		if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
			t.Errorf("%d: %v", i, err)
		}
	})
	o.consistent(t)
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, _, err := meetings.List(ctx, r, meetings.Filter{Limit: 1000})
		for _, m := range list {
			if m.Live() && m.ExecutiveID != e.ID {
				t.Fatalf("a meeting stayed with the other: %+v", m.Meeting)
			}
		}
		return err
	})
}

// The quota of a channel holds against sixty-four at once, holds included.
func TestRaceAgainstTheQuotaOfAChannel(t *testing.T) {
	o := newOffice(t)
	w := o.window()
	w.Rules.Quotas.Web = 3
	o.do(officer, save(w, false))
	s := o.sessions()[0]
	people := o.crowd(rivals)
	o.winners(rivals, 3, func(i int) error { return o.try(citizen, book(o.booking(people[i], s.ID, i%16+1))) },
		takenKey, "meeting.conflict.channel_full")
}
