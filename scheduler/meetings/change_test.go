package meetings_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func change(id int64, in meetings.SessionChange) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return meetings.ChangeSession(ctx, tx, id, in) }
}

func callOff(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.CancelSession(ctx, tx, id, "مأموریت مدیر")
	}
}

func rebook(id, session int64, slot int) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return meetings.Rebook(ctx, tx, id, session, slot) }
}

func (o *office) priority(id int64) (p *meetings.Priority) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		p, err = meetings.PriorityOf(ctx, r, id)
		return err
	})
	return p
}

func TestAMovedSessionTakesItsCitizensAlong(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 3)
	start := s.StartsAt.Add(dayLong + time.Hour)
	o.do(officer, change(s.ID, meetings.SessionChange{StartsAt: start, Reason: "مأموریت"}))
	got := o.read(m.ID)
	if !got.StartsAt.Equal(m.StartsAt.Add(dayLong+time.Hour)) || got.State != meetings.Approved || got.CalendarSequence <= m.CalendarSequence {
		t.Fatalf("%+v", got.Meeting)
	}
	var made int
	o.do(tenants.SystemActor(), generate(&made))
	if made != 0 {
		t.Fatal("the series made the moved date again")
	}
	// Whom the new time does not suit chooses another first, beyond the limit.
	o.A.Settings.RescheduleLimit = 0
	if p := o.priority(m.ID); p.Displaced {
		t.Fatal("nothing was lost")
	}
	next := o.sessions()[1]
	o.do(citizen, rebook(m.ID, next.ID, 2))
	if got := o.read(m.ID); got.SessionID != next.ID || got.Code != m.Code || got.Reschedules != 0 {
		t.Fatalf("%+v", got.Meeting)
	}
	o.refuse(fault.Conflict, "meeting.conflict.no_priority", citizen, rebook(m.ID, next.ID, 3))
}

func TestAShortenedSessionDropsItsLastSlots(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	stays, lost := o.booked(s.ID, 1), o.booked(s.ID, 16)
	o.do(officer, change(s.ID, meetings.SessionChange{EndsAt: s.StartsAt.Add(time.Hour), Reason: "جلسهٔ فوری"}))
	if m := o.read(stays.ID); m.State != meetings.Approved || m.CalendarSequence != stays.CalendarSequence {
		t.Fatalf("%+v", m.Meeting)
	}
	if m := o.read(lost.ID); m.State != meetings.Cancelled || m.CancelledBy != meetings.ByOffice || m.Reason == "" {
		t.Fatalf("%+v", m.Meeting)
	}
	o.refuse(fault.Conflict, "meeting.conflict.session_closed", citizen, book(o.booking(o.person(), s.ID, 10)))
}

func TestACancelledSessionGivesPriority(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	s, next := list[0], list[1]
	o.A.Settings.QuotaDays = 30
	m, other := o.booked(s.ID, 3), o.booked(s.ID, 4)
	o.do(officer, callOff(s.ID))
	got := o.read(m.ID)
	if got.State != meetings.Cancelled || got.CancelledBy != meetings.ByOffice || got.QueueNumber != nil {
		t.Fatalf("%+v", got.Meeting)
	}
	p := o.priority(m.ID)
	if !p.Displaced || len(p.Seats) != 2 || p.Seats[0].SessionID != next.ID {
		t.Fatalf("%+v", p)
	}
	kept := p.Seats[0]
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, book(o.booking(o.person(), next.ID, kept.SlotNumber)))
	// Seats beyond the horizon are there for them too, in one tap.
	o.do(citizen, rebook(m.ID, p.Seats[1].SessionID, p.Seats[1].SlotNumber))
	got = o.read(m.ID)
	if got.State != meetings.Approved || got.SessionID != p.Seats[1].SessionID || got.Code != m.Code || got.QueueNumber == nil || got.CancelledBy != "" {
		t.Fatalf("%+v", got.Meeting)
	}
	// The other kept seat is free again.
	o.do(citizen, book(o.booking(o.person(), next.ID, kept.SlotNumber)))
	o.Clock.Advance(meetings.PriorityFor)
	o.refuse(fault.Conflict, "meeting.conflict.no_priority", citizen, rebook(other.ID, next.ID, 9))
}

func TestOnesOwnCancellationGivesNoPriority(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	m := o.booked(list[0].ID, 3)
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.Cancel(ctx, tx, m.ID, meetings.ByCitizen, "")
	})
	o.refuse(fault.Conflict, "meeting.conflict.no_priority", citizen, rebook(m.ID, list[1].ID, 1))
}

func TestASessionOfAnotherExecutive(t *testing.T) {
	o := newOffice(t)
	second := directives.Executive{ID: tenants.NewID(), Code: "deputy", PostFA: "معاون", PostEN: "Deputy", NameFA: "آ", NameEN: "A", Active: true}
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error { return tx.Insert(ctx, &second) })
	s := o.sessions()[0]
	m := o.booked(s.ID, 3)
	o.do(officer, change(s.ID, meetings.SessionChange{ExecutiveID: second.ID, Reason: "جانشین"}))
	if got := o.read(m.ID); got.ExecutiveID != second.ID || got.State != meetings.Approved || got.PostFA != second.PostFA {
		t.Fatalf("%+v", got.Meeting)
	}
}

func TestAChangeMustMakeSense(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	for field, in := range map[string]meetings.SessionChange{
		"starts": {StartsAt: s.StartsAt.Add(-30 * dayLong)}, "ends": {EndsAt: s.EndsAt.Add(time.Hour)},
	} {
		in.Reason = "دلیل"
		if err := o.try(officer, change(s.ID, in)); fault.As(err).Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	o.wrong("reason", "meeting.error.reason", officer, change(s.ID, meetings.SessionChange{EndsAt: s.StartsAt.Add(time.Hour)}))
	o.wrong("ends", "planning.error.no_slots", officer, change(s.ID, meetings.SessionChange{EndsAt: s.StartsAt.Add(time.Minute), Reason: "د"}))
	o.do(officer, callOff(s.ID))
	o.refuse(fault.Conflict, "meeting.conflict.session_over", officer, callOff(s.ID))
}

func followCalendar(ctx context.Context, tx *tenants.Tx) error {
	_, err := meetings.FollowCalendar(ctx, tx)
	return err
}

func TestAClosureThatComesLater(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 3)
	c := &tenants.Closure{Day: "2026-11-22", UntilMinute: 24 * 60, Kind: tenants.ClosureAdHoc, NameFA: "آلودگی هوا"}
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error { return tenants.Close(ctx, tx, c) })
	o.do(tenants.SystemActor(), followCalendar)
	if got := o.read(m.ID); got.State != meetings.Cancelled || len(o.priority(m.ID).Seats) == 0 {
		t.Fatalf("%+v", got.Meeting)
	}
	if got := o.session(s.ID); got.State != meetings.SessionCancelled || got.Cause != meetings.CauseClosure {
		t.Fatalf("%+v", got)
	}
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tenants.Reopen(ctx, tx, c.ID)
		return err
	})
	o.do(tenants.SystemActor(), followCalendar)
	if got := o.session(s.ID); got.State != meetings.SessionOpen {
		t.Fatal("the day is open again, the session is not")
	}
}

func TestAClosureOfSomeHours(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	stays, lost := o.booked(s.ID, 16), o.booked(s.ID, 1)
	c := &tenants.Closure{Day: "2026-11-22", UntilMinute: 10 * 60, Kind: tenants.ClosureAdHoc, NameFA: "برف"}
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error { return tenants.Close(ctx, tx, c) })
	o.do(tenants.SystemActor(), followCalendar)
	if o.read(stays.ID).State != meetings.Approved || o.read(lost.ID).State != meetings.Cancelled {
		t.Fatal("a late start ends the early slots only")
	}
}
