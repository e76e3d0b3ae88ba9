package meetings_test

import (
	"testing"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
)

func TestReschedulingKeepsTheCodeAndMovesTheRest(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	m := o.booked(list[0].ID, 1)
	other := o.booked(list[1].ID, 9)
	o.do(citizen, reschedule(m.ID, list[1].ID, 4))
	got := o.wantState(m.ID, meetings.Approved)
	if got.Code != m.Code || got.CalendarUID != m.CalendarUID || got.CalendarSequence != m.CalendarSequence+1 || got.Reschedules != 1 {
		t.Fatalf("%+v", got)
	}
	if !got.StartsAt.Equal(list[1].Slots[3].StartsAt) || *got.QueueNumber != 4 || *o.read(other.ID).QueueNumber != 9 {
		t.Fatalf("starts %s with number %d", got.StartsAt, *got.QueueNumber)
	}
	reminders := o.tasks(m.ID, "meeting.reminder")
	if len(reminders) != 2 {
		t.Fatalf("%d reminders", len(reminders))
	}
	for _, task := range reminders {
		n := meetings.HoursBefore
		if task.Ref == meetings.DayBefore.Ref(m.ID) {
			n = meetings.DayBefore
		}
		if !task.RunAt.Equal(n.At(got.StartsAt)) || task.DoneAt != nil {
			t.Fatalf("reminder %s at %s", task.Ref, task.RunAt)
		}
	}
	o.booked(list[0].ID, 1) // the old seat is free
	if n := len(o.tasks(m.ID, "meeting.rescheduled")); n != 1 {
		t.Fatalf("%d facts", n)
	}
}

func TestReschedulingWithinTheSessionTakesTheNumberOfTheNewSeat(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 1)
	o.booked(s.ID, 2)
	o.do(citizen, reschedule(m.ID, s.ID, 7))
	if got := o.read(m.ID); *got.QueueNumber != 7 || got.SlotNumber != 7 {
		t.Fatalf("%+v", got)
	}
}

func TestALostRaceLeavesTheMeetingWhereItWas(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m, taken := o.booked(s.ID, 1), o.booked(s.ID, 2)
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, reschedule(m.ID, s.ID, taken.SlotNumber))
	if got := o.read(m.ID); got.SlotNumber != 1 || len(o.claims()) != 2 {
		t.Fatalf("%+v", got)
	}
	o.refuse(fault.Conflict, "meeting.conflict.same_slot", citizen, reschedule(m.ID, s.ID, 1))
}

func TestRescheduleLimitBindsTheCitizen(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 1)
	for i := range o.A.Settings.RescheduleLimit {
		o.do(citizen, reschedule(m.ID, s.ID, 2+i))
	}
	o.refuse(fault.TooMany, "meeting.limit.reschedule", citizen, reschedule(m.ID, s.ID, 9))
	if got := o.read(m.ID); got.CanReschedule(o.Clock.Now(), o.A.Settings) {
		t.Fatal("the page would offer it")
	}
	o.do(officer, reschedule(m.ID, s.ID, 9))
	if got := o.read(m.ID); got.Reschedules != o.A.Settings.RescheduleLimit {
		t.Fatalf("%d", got.Reschedules)
	}
}

func TestARequestMovesWithoutANumber(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	list := o.sessions()
	m := o.booked(list[0].ID, 1)
	o.do(citizen, reschedule(m.ID, list[1].ID, 1))
	if got := o.wantState(m.ID, meetings.Requested); got.QueueNumber != nil {
		t.Fatalf("%+v", got)
	}
	if n := len(o.tasks(m.ID, "meeting.reminder")); n > 0 {
		t.Fatal("a request has no reminder")
	}
}

func TestReschedulingObeysTheQuota(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.QuotaDays = 5
	list := o.sessions()
	c := o.person()
	o.do(citizen, book(o.booking(c, list[0].ID, 1)))
	id := *o.claims()[0].MeetingID
	o.do(citizen, book(o.booking(c, list[1].ID, 1)))
	o.refuse(fault.TooMany, "meeting.limit.quota", citizen, reschedule(id, list[1].ID, 2))
	o.do(citizen, reschedule(id, list[0].ID, 2))
}

func TestReschedulingEndsWithTheStart(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	m := o.booked(list[0].ID, 1)
	o.Clock.Set(m.StartsAt)
	o.refuse(fault.Conflict, "meeting.conflict.state", citizen, reschedule(m.ID, list[1].ID, 1))
	o.refuse(fault.NotFound, "error.not_found", citizen, reschedule(1, list[1].ID, 1))
}
