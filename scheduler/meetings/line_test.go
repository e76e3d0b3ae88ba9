package meetings_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// lastHeld books all seats but one, which a wizard holds until its time is over.
func (o *office) lastHeld() (session int64, slot int) {
	o.t.Helper()
	s := o.sessions()[0]
	o.do(citizen, hold(77, s.ID, 16))
	o.full()
	return s.ID, 16
}

func TestAnExpiredHoldIsTheLinesBeforeThePublics(t *testing.T) {
	o := newOffice(t)
	session, slot := o.lastHeld()
	w := o.join(o.person(), session)
	o.Clock.Advance(10*time.Minute + time.Second)
	for _, s := range o.sessions() {
		if s.ID == session && s.Free() != 0 {
			t.Fatal("shown to the public")
		}
	}
	public := book(o.booking(o.person(), session, slot))
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, public)
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, hold(78, session, slot))
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", officer, public)
	o.offer()
	if o.wait(w.ID).State != meetings.WaitOffered {
		t.Fatal("not offered")
	}
	o.do(citizen, accept(w.ID))
	o.consistent(t)
}

func TestASeatTheLineDoesNotTakeIsThePublics(t *testing.T) {
	o := newOffice(t)
	session, slot := o.lastHeld()
	o.Clock.Advance(10*time.Minute + time.Second)
	o.do(citizen, book(o.booking(o.person(), session, slot))) // nobody waits
	o = newOffice(t)
	session, slot = o.lastHeld()
	o.join(o.person(), o.sessions()[1].ID) // waits for another
	o.Clock.Advance(10*time.Minute + time.Second)
	o.do(citizen, book(o.booking(o.person(), session, slot)))
	o = newOffice(t)
	session, slot = o.lastHeld()
	o.join(o.person(), session)
	o.Clock.Advance(13 * time.Minute) // no sweep came
	o.do(citizen, book(o.booking(o.person(), session, slot)))
}

func TestAnExpiredHoldWaitsForTheMorning(t *testing.T) {
	o := newOffice(t)
	o.Clock.Set(time.Date(2026, 11, 21, 21, 51, 0, 0, persian.Tehran))
	session, slot := o.lastHeld()
	w := o.join(o.person(), session)
	o.Clock.Advance(10*time.Minute + time.Second)
	o.offer()
	o.Clock.Advance(time.Hour)
	o.offer()
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, book(o.booking(o.person(), session, slot)))
	o.Clock.Set(time.Date(2026, 11, 22, 8, 1, 0, 0, persian.Tehran))
	o.offer()
	if o.wait(w.ID).State != meetings.WaitOffered {
		t.Fatal("lost over night")
	}
}

func TestAnOfferOfADroppedSlotGoesBackToTheLine(t *testing.T) {
	o := newOffice(t)
	all := o.full()
	s := o.session(all[15].SessionID)
	w := o.join(o.person(), s.ID)
	o.do(citizen, cancel(all[15].ID, meetings.ByCitizen, ""))
	o.offer()
	o.do(officer, change(s.ID, meetings.SessionChange{EndsAt: s.StartsAt.Add(2 * time.Hour), Reason: "جلسهٔ فوری"}))
	o.refuse(fault.Conflict, "booking.conflict.offer_over", citizen, accept(w.ID))
	if got := o.wait(w.ID); got.State != meetings.WaitWaiting || got.OfferedSlot != nil {
		t.Fatalf("%+v", got.Wait)
	}
	o.offer()
	if o.wait(w.ID).State != meetings.WaitWaiting {
		t.Fatal("offered a seat of a dropped slot")
	}
	o.consistent(t)
}

func TestADrawPassesOverDroppedSlots(t *testing.T) {
	o := newOffice(t)
	session, draw := o.drawn()
	s := o.session(session)
	for range 12 {
		o.join(o.person(), session)
	}
	o.do(officer, change(session, meetings.SessionChange{EndsAt: s.StartsAt.Add(2 * time.Hour), Reason: "جلسهٔ فوری"}))
	o.Clock.Set(draw.ClosesAt)
	o.do(tenants.SystemActor(), on(meetings.HoldDraw, draw.ID))
	if n := len(o.claims()); n != 8 {
		t.Fatalf("%d seats of 8", n)
	}
	o.consistent(t)
}

// second adds another executive.
func (o *office) second() *directives.Executive {
	o.t.Helper()
	e := &directives.Executive{ID: tenants.NewID(), Code: "deputy", PostFA: "معاون", PostEN: "Deputy", NameFA: "آ", NameEN: "A", Active: true}
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error { return tx.Insert(ctx, e) })
	return e
}

func TestADrawGoesWithItsSessionToAnotherExecutive(t *testing.T) {
	o := newOffice(t)
	session, draw := o.drawn()
	w := o.join(o.person(), session)
	e := o.second()
	o.do(officer, change(session, meetings.SessionChange{ExecutiveID: e.ID, Reason: "جانشین"}))
	o.Clock.Set(draw.ClosesAt)
	o.do(tenants.SystemActor(), on(meetings.HoldDraw, draw.ID))
	if m := o.wantState(w.ID, meetings.Approved); m.ExecutiveID != e.ID {
		t.Fatalf("%+v", m.Meeting)
	}
}

// A session that is handed over gives nobody a second meeting with the one who
// takes it: who has one already chooses another time with the one they asked for.
func TestAHandOverKeepsTheQuotaOfThePerson(t *testing.T) {
	o := newOffice(t)
	e := o.second()
	list := o.sessions()
	c := o.person()
	first := o.booking(c, list[0].ID, 1)
	var kept, lost *meetings.Meeting
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		kept, err = meetings.Book(ctx, tx, first)
		return err
	})
	o.do(officer, change(list[0].ID, meetings.SessionChange{ExecutiveID: e.ID, Reason: "جانشین"}))
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		lost, err = meetings.Book(ctx, tx, o.booking(c, list[1].ID, 1))
		return err
	})
	o.do(officer, change(list[1].ID, meetings.SessionChange{ExecutiveID: e.ID, Reason: "جانشین"}))
	o.wantState(kept.ID, meetings.Approved)
	if m := o.wantState(lost.ID, meetings.Cancelled); m.ExecutiveID != o.executive.ID {
		t.Fatal("the priority is for the wrong executive")
	}
	p := o.priority(lost.ID)
	if len(p.Seats) == 0 {
		t.Fatal("no seats kept")
	}
	o.do(citizen, rebook(lost.ID, p.Seats[0].SessionID, p.Seats[0].SlotNumber))
	o.consistent(t)
}

func TestAPriorityIsNoSecondMeeting(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	c := o.person()
	var m *meetings.Meeting
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		m, err = meetings.Book(ctx, tx, o.booking(c, list[0].ID, 3))
		return err
	})
	o.do(officer, callOff(list[0].ID))
	o.do(citizen, book(o.booking(c, list[1].ID, 9)))
	kept := o.priority(m.ID).Seats[0]
	o.refuse(fault.TooMany, "meeting.limit.quota", citizen, rebook(m.ID, kept.SessionID, kept.SlotNumber))
	o.consistent(t)
}

func TestRebookingLeavesTheLine(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	c := o.person()
	var m *meetings.Meeting
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		m, err = meetings.Book(ctx, tx, o.booking(c, list[0].ID, 3))
		return err
	})
	o.do(officer, callOff(list[0].ID))
	w := o.join(c, 0)
	kept := o.priority(m.ID).Seats[0]
	o.do(citizen, rebook(m.ID, kept.SessionID, kept.SlotNumber))
	if got := o.wait(w.ID); got.State != meetings.WaitLeft {
		t.Fatal(got.State)
	}
}

// Five hundred who wait for one session do not keep a seat of another from whom
// it suits.
func TestALongLineForOneSessionBlocksNoOther(t *testing.T) {
	o := newOffice(t)
	all := o.full()
	for _, c := range o.crowd(210) {
		o.join(c, all[0].SessionID)
	}
	w := o.join(o.person(), 0)
	last := all[len(all)-1]
	o.do(citizen, cancel(last.ID, meetings.ByCitizen, ""))
	o.offer()
	if o.wait(w.ID).State != meetings.WaitOffered {
		t.Fatal("starved")
	}
}

// A window with fewer seats takes a released seat away instead of falling over it.
func TestFewerSeatsWithAReleasedOne(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Booking.ReleaseMost = 45
	hall := o.hall(2)
	stays, gone := o.booked(hall.ID, 1), o.booked(hall.ID, 1)
	w := o.join(o.person(), hall.ID)
	o.do(citizen, cancel(gone.ID, meetings.ByCitizen, ""))
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		list, err := meetings.Windows(ctx, tx, o.executive.ID)
		if err != nil {
			return err
		}
		in := list[slices.IndexFunc(list, func(w meetings.Window) bool { return w.Seats == 2 })]
		in.Seats = 1
		return meetings.SaveWindow(ctx, tx, &in, false)
	})
	o.offer()
	if o.wait(w.ID).State != meetings.WaitWaiting || o.read(stays.ID).State != meetings.Approved {
		t.Fatal("a seat that is no more was offered")
	}
	o.consistent(t)
}
