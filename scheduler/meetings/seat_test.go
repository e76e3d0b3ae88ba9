package meetings_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func TestAHoldKeepsTheSeatUntilItExpires(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.do(citizen, hold(1, s.ID, 3))
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, hold(2, s.ID, 3))
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, book(o.booking(o.person(), s.ID, 3)))
	o.Clock.Advance(time.Duration(o.A.Settings.HoldMinutes)*time.Minute - time.Second)
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, hold(2, s.ID, 3))
	o.Clock.Advance(time.Second)
	o.do(citizen, hold(2, s.ID, 3))
}

func TestAnExpiredHoldCountsAsFree(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.do(citizen, hold(1, s.ID, 3))
	if free := o.sessions()[0].Free(); free != 15 {
		t.Fatalf("%d free", free)
	}
	o.view(func(ctx context.Context, r tenants.Reader) error {
		mine, err := meetings.OpenSessions(ctx, r, o.executive.ID, 1)
		if mine[0].Free() != 16 {
			t.Fatal("the own hold counts as free")
		}
		return err
	})
	o.Clock.Advance(10 * time.Minute)
	if free := o.sessions()[0].Free(); free != 16 {
		t.Fatalf("%d free", free)
	}
	o.do(citizen, book(o.booking(o.person(), s.ID, 3)))
	if free := o.sessions()[0].Free(); free != 15 {
		t.Fatalf("%d free", free)
	}
}

func TestHoldingAgainNeitherDoublesNorProlongs(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.do(citizen, hold(1, s.ID, 3))
	until := *o.claims()[0].HeldUntil
	o.Clock.Advance(5 * time.Minute)
	o.do(citizen, hold(1, s.ID, 3))
	if list := o.claims(); len(list) != 1 || !list[0].HeldUntil.Equal(until) {
		t.Fatalf("%+v", list)
	}
	o.do(citizen, hold(1, s.ID, 4))
	if list := o.claims(); len(list) != 1 || list[0].SlotNumber != 4 {
		t.Fatalf("%+v", list)
	}
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) error { return meetings.Release(ctx, tx, 1) })
	if list := o.claims(); len(list) > 0 {
		t.Fatalf("%+v", list)
	}
}

func TestHeldByTellsTheCountdown(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.do(citizen, hold(1, s.ID, 3))
	held := func() (err error) {
		o.view(func(ctx context.Context, r tenants.Reader) error {
			_, err = meetings.HeldBy(ctx, r, 1)
			return nil
		})
		return err
	}
	if err := held(); err != nil {
		t.Fatal(err)
	}
	o.Clock.Advance(10 * time.Minute)
	if err := held(); !fault.Is(err, fault.NotFound) {
		t.Fatalf("an expired hold is none: %v", err)
	}
}

func TestBookingTurnsTheHoldIntoTheSeat(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.do(citizen, hold(1, s.ID, 3))
	in := o.booking(o.person(), s.ID, 3)
	in.DraftID = 1
	o.do(citizen, book(in))
	list := o.claims()
	if len(list) != 1 || list[0].MeetingID == nil || list[0].DraftID != nil || list[0].HeldUntil != nil {
		t.Fatalf("%+v", list)
	}
}

func TestALateBookingGetsItsSeatWhileItIsFree(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	for slot, taken := range map[int]bool{3: false, 4: true} {
		o.do(citizen, hold(int64(slot), s.ID, slot))
		o.Clock.Advance(11 * time.Minute)
		in := o.booking(o.person(), s.ID, slot)
		in.DraftID = int64(slot)
		if !taken {
			o.do(citizen, book(in))
			continue
		}
		o.do(citizen, hold(99, s.ID, slot))
		o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, book(in))
	}
}

func TestBookingAnotherSlotThanHeldGivesTheHoldUp(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.do(citizen, hold(1, s.ID, 3))
	in := o.booking(o.person(), s.ID, 5)
	in.DraftID = 1
	o.do(citizen, book(in))
	if list := o.claims(); len(list) != 1 || list[0].SlotNumber != 5 {
		t.Fatalf("%+v", list)
	}
}

func TestSlotsOfSeveralSeatsFillUp(t *testing.T) {
	o := newOffice(t)
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.AddWindow(ctx, tx, o.executive.ID, tenants.WindowSpec{Weekday: 2, From: 480, Until: 540, SlotMinutes: 60, Seats: 3, SiteFA: "سالن", SiteEN: "Hall"})
		if err == nil {
			_, err = meetings.Generate(ctx, tx)
		}
		return err
	})
	hall := o.sessions()[1]
	for range 3 {
		o.booked(hall.ID, 1)
	}
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, book(o.booking(o.person(), hall.ID, 1)))
	if free := o.sessions()[1].Free(); free != 0 {
		t.Fatalf("%d free", free)
	}
}

func TestHoldOfNothing(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.refuse(fault.NotFound, "error.not_found", citizen, hold(1, 42, 1))
	o.refuse(fault.NotFound, "error.not_found", citizen, hold(1, s.ID, 17))
}

func TestPurgeRemovesExpiredHoldsOnly(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.booked(s.ID, 1)
	o.do(citizen, hold(1, s.ID, 2))
	o.Clock.Advance(13 * time.Minute)
	o.do(citizen, hold(2, s.ID, 3))
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		n, err := meetings.PurgeHolds(ctx, tx)
		if n != 1 {
			t.Fatalf("%d removed", n)
		}
		return err
	})
	if list := o.claims(); len(list) != 2 {
		t.Fatalf("%+v", list)
	}
}

// The rooms' locks only make the line orderly; this is what forbids the second
// booking, whoever writes it.
func TestTheDatabaseItselfRefusesASecondClaim(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m, other := o.booked(s.ID, 1), o.booked(s.ID, 2)
	until := o.Clock.Now().Add(time.Hour)
	draft := int64(1)
	for name, c := range map[string]*meetings.SeatClaim{
		"another meeting on the seat": {SessionID: s.ID, SlotNumber: 1, Seat: 1, MeetingID: &other.ID},
		"a hold of the seat":          {SessionID: s.ID, SlotNumber: 1, Seat: 1, DraftID: &draft, HeldUntil: &until},
		"a second seat of a meeting":  {SessionID: s.ID, SlotNumber: 3, Seat: 1, MeetingID: &m.ID},
		"a seat of no slot":           {SessionID: s.ID, SlotNumber: 17, Seat: 1, DraftID: &draft, HeldUntil: &until},
	} {
		t.Run(name, func(t *testing.T) {
			err := o.try(officer, func(ctx context.Context, tx *tenants.Tx) error { return tx.Insert(ctx, c) })
			if !fault.Is(err, fault.Conflict) {
				t.Fatalf("the database took it: %v", err)
			}
		})
	}
}
