package meetings_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

const rivals = 64

// race runs the rivals at once and wants exactly one to succeed and all others
// to be refused because the slot is taken.
func race(t *testing.T, run func(i int) error) {
	t.Helper()
	errs := make([]error, rivals)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range rivals {
		all.Go(func() {
			<-start
			errs[i] = run(i)
		})
	}
	close(start)
	all.Wait()
	won := 0
	for i, err := range errs {
		switch {
		case err == nil:
			won++
		case !fault.Is(err, fault.Conflict) || fault.As(err).Key != "meeting.conflict.slot_taken":
			t.Errorf("rival %d: %v", i, err)
		}
	}
	if won != 1 {
		t.Fatalf("%d of %d got the seat", won, rivals)
	}
}

// oneSeat fails the test unless exactly one live meeting has the slot.
func (o *office) oneSeat(session int64, slot int) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, _, err := meetings.List(ctx, r, meetings.Filter{Limit: 1000})
		n := 0
		for _, m := range list {
			if m.Live() && m.SessionID == session && m.SlotNumber == slot {
				n++
			}
		}
		if n != 1 {
			o.t.Fatalf("%d meetings on one seat", n)
		}
		return err
	})
}

func TestRaceOfHoldsThenBookings(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	bookings := make([]meetings.Booking, rivals)
	for i, c := range o.crowd(rivals) {
		bookings[i] = o.booking(c, s.ID, 5)
		bookings[i].DraftID = int64(100 + i)
	}
	race(t, func(i int) error {
		if err := o.try(citizen, hold(bookings[i].DraftID, s.ID, 5)); err != nil {
			return err
		}
		return o.try(citizen, book(bookings[i]))
	})
	o.oneSeat(s.ID, 5)
}

func TestRaceOfDirectBookings(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	bookings := make([]meetings.Booking, rivals)
	for i, c := range o.crowd(rivals) {
		bookings[i] = o.booking(c, s.ID, 5)
	}
	race(t, func(i int) error { return o.try(citizen, book(bookings[i])) })
	o.oneSeat(s.ID, 5)
}

// hall adds a Monday session with one slot of many seats.
func (o *office) hall(seats int) meetings.OpenSession {
	o.t.Helper()
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.AddWindow(ctx, tx, o.executive.ID, tenants.WindowSpec{
			Weekday: 2, From: 480, Until: 540, SlotMinutes: 60, Seats: seats, SiteFA: "سالن", SiteEN: "Hall",
		})
		if err == nil {
			_, err = meetings.Generate(ctx, tx)
		}
		return err
	})
	return o.sessions()[1]
}

func TestRaceOfReschedulings(t *testing.T) {
	o := newOffice(t)
	hall := o.hall(rivals)
	moving := make([]*meetings.Meeting, rivals)
	for i := range moving {
		moving[i] = o.booked(hall.ID, 1)
	}
	s := o.sessions()[0]
	race(t, func(i int) error { return o.try(citizen, reschedule(moving[i].ID, s.ID, 5)) })
	o.oneSeat(s.ID, 5)
	if n := len(o.claims()); n != rivals {
		t.Fatalf("%d seats for %d meetings", n, rivals)
	}
}

// Meetings that all want each other's seats at once neither double up nor hang.
func TestMovesInACircle(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	ring := make([]*meetings.Meeting, 8)
	for i := range ring {
		ring[i] = o.booked(s.ID, i+1)
	}
	var all sync.WaitGroup
	for i := range ring {
		all.Go(func() {
			err := o.try(officer, reschedule(ring[i].ID, s.ID, ring[(i+1)%len(ring)].SlotNumber))
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Errorf("move %d: %v", i, err)
			}
		})
	}
	all.Wait()
	o.consistent(t)
}

// One person in many sessions at once still gets one meeting.
func TestRaceAgainstTheQuota(t *testing.T) {
	o := newOffice(t)
	o.hall(rivals)
	list := o.sessions()
	c := o.person()
	var won sync.Map
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			err := o.try(citizen, book(o.booking(c, list[i%len(list)].ID, 1)))
			if err == nil {
				won.Store(i, true)
			} else if !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.Conflict) {
				t.Errorf("booking %d: %v", i, err)
			}
		})
	}
	all.Wait()
	n := 0
	won.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Fatalf("%d meetings of one person", n)
	}
}

// Approvals side by side give different numbers.
func TestRaceOfApprovals(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	s := o.sessions()[0]
	list := make([]*meetings.Meeting, 16)
	for i := range list {
		list[i] = o.booked(s.ID, i+1)
	}
	var all sync.WaitGroup
	for i := range list {
		for range 2 { // two officers press at once
			all.Go(func() {
				if err := o.try(officer, on(meetings.Approve, list[i].ID)); err != nil && !fault.Is(err, fault.Conflict) {
					t.Errorf("approval %d: %v", i, err)
				}
			})
		}
	}
	all.Wait()
	o.consistent(t)
	for _, m := range list {
		if n := len(o.tasks(m.ID, "meeting.approved")); n != 1 {
			t.Fatalf("approved %d times", n)
		}
	}
}

// Nobody is called twice and nobody into a full room, however many desks press
// "next" while the talks end one after the other.
func TestRaceOfCalls(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	for i := range 8 {
		o.booked(s.ID, i+1)
	}
	o.Clock.Set(s.StartsAt)
	o.view(func(ctx context.Context, r tenants.Reader) error {
		days, err := meetings.Day(ctx, r, 0, s.StartsAt)
		for _, m := range days[0].Meetings {
			o.do(officer, on(meetings.CheckIn, m.ID))
		}
		return err
	})
	seen := map[int64]bool{}
	for range 8 {
		var all sync.WaitGroup
		called := make([]int64, 4)
		for i := range called {
			all.Go(func() {
				var m *meetings.Meeting
				err := o.try(officer, func(ctx context.Context, tx *tenants.Tx) (err error) {
					m, err = meetings.CallNext(ctx, tx, s.ID)
					return err
				})
				switch {
				case err == nil:
					called[i] = m.ID
				case !fault.Is(err, fault.Conflict):
					t.Errorf("call %d: %v", i, err)
				}
			})
		}
		all.Wait()
		called = slices.DeleteFunc(called, func(id int64) bool { return id == 0 })
		if len(called) != 1 || seen[called[0]] {
			t.Fatalf("called %v after %v", called, seen)
		}
		seen[called[0]] = true
		o.do(officer, on(meetings.MarkAbsent, called[0]))
	}
}

// Minutes with a directive in one transaction, beside bookings with the same
// executive: both take several locks, and none may fail for it.
func TestMinutesBesideBookings(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	var called []*meetings.Meeting
	for i := range 12 {
		called = append(called, o.booked(list[0].ID, i+1))
	}
	bookings := make([]meetings.Booking, 12)
	for i := range bookings {
		bookings[i] = o.booking(o.person(), list[1].ID, i+1)
	}
	o.Clock.Set(list[0].StartsAt)
	for _, m := range called {
		o.do(officer, on(meetings.CheckIn, m.ID))
	}
	var all sync.WaitGroup
	all.Go(func() { // one room, one talk after the other
		for i, m := range called {
			if err := o.try(officer, on(meetings.Call, m.ID)); err != nil {
				t.Errorf("call %d: %v", i, err)
			}
			if err := o.try(officer, o.minutesWithDirective(m.ID)); err != nil {
				t.Errorf("minutes %d: %v", i, err)
			}
		}
	})
	for i := range bookings {
		all.Go(func() {
			if err := o.try(citizen, book(bookings[i])); err != nil {
				t.Errorf("booking %d: %v", i, err)
			}
		})
	}
	all.Wait()
}

func (o *office) minutesWithDirective(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		if err := meetings.Finish(ctx, tx, id, meetings.Minutes{Text: "بررسی شود", PeopleMet: 1}); err != nil {
			return err
		}
		unit, err := tenants.UnitOfKind(ctx, tx, tenants.UnitExecutive)
		if err != nil {
			return err
		}
		_, err = directives.Issue(ctx, tx, directives.Issuance{
			OriginKind: directives.OnMeeting, OriginID: id, ExecutiveID: o.executive.ID, UnitID: unit.ID, Text: "انجام شود",
		})
		if err != nil {
			return err
		}
		return meetings.SettleAfterDirective(ctx, tx, id)
	}
}
