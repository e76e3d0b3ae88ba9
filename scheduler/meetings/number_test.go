package meetings_test

import (
	"context"
	"testing"

	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// The wizard, the list, the message and the wall say one number: the seat's.
func TestTheHeldSeatHasTheNumberOfTheMeeting(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	var held *meetings.SeatClaim
	var shown int
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		if held, err = meetings.Hold(ctx, tx, 77, s.ID, 10); err != nil {
			return err
		}
		shown, err = meetings.NumberOf(ctx, tx, held)
		return err
	})
	in := o.booking(o.person(), s.ID, 10)
	in.DraftID = 77
	o.do(citizen, book(in))
	from, until := s.Numbers(9)
	if got := o.read(*o.claims()[0].MeetingID); shown != 10 || *got.QueueNumber != 10 || from != 10 || until != 10 {
		t.Fatalf("held %d, booked %d, offered %d–%d", shown, *got.QueueNumber, from, until)
	}
}

func TestSeatsOfOneSlotHaveNumbersOfTheirOwn(t *testing.T) {
	o := newOffice(t)
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*meetings.Slot)(nil), "seats = 3", nil, "number > 0")
		return err
	})
	s := o.sessions()[0]
	a, b, c := o.booked(s.ID, 2), o.booked(s.ID, 1), o.booked(s.ID, 2)
	from, until := s.Numbers(1)
	if *o.read(a.ID).QueueNumber != 4 || *o.read(b.ID).QueueNumber != 1 || *o.read(c.ID).QueueNumber != 5 || from != 4 || until != 6 {
		t.Fatalf("%d %d %d, offered %d–%d", *o.read(a.ID).QueueNumber, *o.read(b.ID).QueueNumber, *o.read(c.ID).QueueNumber, from, until)
	}
}

func TestAFreedSeatGivesItsNumberAgain(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 3)
	o.do(citizen, cancel(m.ID, meetings.ByCitizen, ""))
	if again := o.booked(s.ID, 3); o.read(m.ID).QueueNumber != nil || *o.read(again.ID).QueueNumber != 3 {
		t.Fatal("the number stays with the cancelled meeting")
	}
}

// Numbers given in the order of approval, as they once were, do not stand in
// the way of anybody.
func TestATakenNumberGoesOnAfterTheLastSeat(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	old := o.booked(s.ID, 9)
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*meetings.Meeting)(nil), "queue_number = 1", nil, "id = ?", old.ID)
		return err
	})
	first, second := o.booked(s.ID, 1), o.booked(s.ID, 2)
	if *o.read(first.ID).QueueNumber != len(s.Slots)+1 || *o.read(second.ID).QueueNumber != 2 {
		t.Fatalf("%d, %d", *o.read(first.ID).QueueNumber, *o.read(second.ID).QueueNumber)
	}
}
