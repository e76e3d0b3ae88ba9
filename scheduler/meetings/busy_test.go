package meetings_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// busy keeps the executive elsewhere at the times.
func (o *office) busy(url string, list ...meetings.Span) {
	o.t.Helper()
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.SaveBusy(ctx, tx, o.executive.ID, url, list)
	})
}

func (o *office) busyTimes() (list []meetings.Span) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		list, err = meetings.BusyTimes(ctx, r, o.executive.ID, o.Clock.Now(), o.Clock.Now().AddDate(1, 0, 0))
		return err
	})
	return list
}

// Citizens are not offered a time at which the executive is elsewhere and may not
// take it; staff see it and may.
func TestBusyTimesAreForStaffOnly(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	second := s.Slots[1]
	o.booked(s.ID, 1)
	o.busy("", meetings.Span{From: second.StartsAt.Add(-48 * time.Hour), Until: second.StartsAt.Add(-47 * time.Hour)},
		meetings.Span{From: second.StartsAt.Add(time.Minute), Until: second.EndsAt.Add(time.Minute)}, // the second and the third
		meetings.Span{From: s.EndsAt.Add(time.Hour), Until: s.EndsAt.Add(2 * time.Hour)})
	for i, slot := range o.sessions()[0].Slots {
		want := 1
		if i < 3 {
			want = 0
		}
		if slot.Free != want || slot.Busy != (i == 1 || i == 2) {
			t.Errorf("slot %d: %d free, busy %v", slot.Number, slot.Free, slot.Busy)
		}
	}
	in := o.booking(o.person(), s.ID, 2)
	o.refuse(fault.Conflict, "meeting.conflict.busy", citizen, book(in))
	o.refuse(fault.Conflict, "meeting.conflict.busy", citizen, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Hold(ctx, tx, 1, s.ID, 3)
		return err
	})
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, err := meetings.DeskSessions(ctx, r, o.executive.ID)
		if slot := list[0].Slots[1]; slot.Free != 1 || !slot.Busy {
			t.Errorf("the desk sees %+v", slot)
		}
		return err
	})
	in.Channel = meetings.Phone
	o.do(officer, book(in))
}

func TestACitizenDoesNotMoveToABusyTime(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 1)
	o.busy("", meetings.Span{From: s.Slots[4].StartsAt, Until: s.Slots[4].EndsAt})
	move := func(ctx context.Context, tx *tenants.Tx) error { return meetings.Reschedule(ctx, tx, m.ID, s.ID, 5) }
	o.refuse(fault.Conflict, "meeting.conflict.busy", citizen, move)
	o.do(officer, move)
}

// Who waits is not offered a busy time either.
func TestTheLineIsNotOfferedABusyTime(t *testing.T) {
	o := newOffice(t)
	list := o.full()
	w := o.join(o.person(), list[0].SessionID)
	slot := o.read(list[0].ID)
	o.busy("", meetings.Span{From: slot.StartsAt, Until: slot.EndsAt})
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.Cancel(ctx, tx, list[0].ID, meetings.ByOffice, "بیماری")
	})
	o.offer()
	if got := o.wait(w.ID).State; got != meetings.WaitWaiting {
		t.Errorf("state %s", got)
	}
}

func TestCollisionsNameSessionsAndBookings(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	first, last := o.booked(s.ID, 1), o.booked(s.ID, 16)
	o.view(func(ctx context.Context, r tenants.Reader) error {
		c, err := meetings.Collide(ctx, r, o.executive.ID, []meetings.Span{{From: s.StartsAt.Add(-time.Hour), Until: s.StartsAt.Add(time.Minute)}})
		if len(c.Sessions) != 1 || c.Sessions[0].ID != s.ID || len(c.Meetings) != 1 || c.Meetings[0].ID != first.ID {
			t.Errorf("%+v; the other is %d", c, last.ID)
		}
		return err
	})
}

// Times that overlap are kept as one; a new calendar replaces the old one.
func TestBusyTimesAreUnitedAndReplaced(t *testing.T) {
	o := newOffice(t)
	at := o.Clock.Now().Add(24 * time.Hour)
	hours := func(from, until int) meetings.Span {
		return meetings.Span{From: at.Add(time.Duration(from) * time.Hour), Until: at.Add(time.Duration(until) * time.Hour)}
	}
	o.busy("", hours(4, 5), hours(0, 2), hours(1, 3), hours(3, 4))
	if got := o.busyTimes(); len(got) != 1 || !got[0].From.Equal(at) || !got[0].Until.Equal(at.Add(5*time.Hour)) {
		t.Fatalf("%v", got)
	}
	o.busy("", hours(8, 9))
	if got := o.busyTimes(); len(got) != 1 || !got[0].From.Equal(at.Add(8*time.Hour)) {
		t.Fatalf("%v", got)
	}
	remove := func(ctx context.Context, tx *tenants.Tx) error { return meetings.RemoveBusy(ctx, tx, o.executive.ID) }
	o.do(officer, remove)
	if got := o.busyTimes(); len(got) != 0 {
		t.Errorf("%v are left", got)
	}
	o.refuse(fault.NotFound, "error.not_found", officer, remove)
}

// What an hourly reading finds takes the place of what stood; with a problem, the
// old times stay; and a calendar that was changed meanwhile is left alone.
func TestRereading(t *testing.T) {
	o := newOffice(t)
	at := o.Clock.Now().Add(24 * time.Hour)
	o.busy("https://calendar.example.ir/a.ics", meetings.Span{From: at, Until: at.Add(time.Hour)})
	addresses := func() (list []meetings.BusyCalendar) {
		o.view(func(ctx context.Context, r tenants.Reader) (err error) {
			list, err = meetings.BusyAddresses(ctx, r)
			return err
		})
		return list
	}
	c := addresses()[0]
	reread := func(list []meetings.Span, problem string) {
		o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return c.Reread(ctx, tx, list, problem) })
	}
	reread(nil, "fetch.error.unreachable")
	if got := addresses()[0]; got.Problem != "fetch.error.unreachable" || len(o.busyTimes()) != 1 {
		t.Errorf("%+v", got)
	}
	o.Clock.Advance(time.Hour)
	reread([]meetings.Span{{From: at.Add(2 * time.Hour), Until: at.Add(3 * time.Hour)}, {From: at.Add(5 * time.Hour), Until: at.Add(6 * time.Hour)}}, "")
	if got := addresses()[0]; got.Problem != "" || got.Entries != 2 || !got.ReadAt.Equal(o.Clock.Now()) || len(o.busyTimes()) != 2 {
		t.Errorf("%+v", got)
	}
	o.busy("https://calendar.example.ir/b.ics")
	reread([]meetings.Span{{From: at, Until: at.Add(time.Hour)}}, "")
	if len(o.busyTimes()) != 0 {
		t.Error("an old address was written over the new one")
	}
	o.busy("")
	if len(addresses()) != 0 {
		t.Error("a file is read again")
	}
}
