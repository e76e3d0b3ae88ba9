package meetings_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func skip(id int64, n int, reason string) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return meetings.Skip(ctx, tx, id, n, reason) }
}

// waiting books and checks in the slots of the first session, in this order.
func (o *office) waiting(slots ...int) (list []*meetings.Meeting) {
	o.t.Helper()
	s := o.sessions()[0]
	for _, slot := range slots {
		list = append(list, o.booked(s.ID, slot))
	}
	o.Clock.Set(s.StartsAt)
	for _, m := range list {
		o.do(officer, on(meetings.CheckIn, m.ID))
	}
	return list
}

// queue lists the numbers of the session of m in the order of their calls.
func (o *office) queue(m *meetings.Meeting) (numbers []int) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		days, err := meetings.Day(ctx, r, 0, m.StartsAt)
		for i := range days {
			if days[i].ID == m.SessionID {
				for _, w := range days[i].Queue() {
					numbers = append(numbers, *w.QueueNumber)
				}
			}
		}
		return err
	})
	return numbers
}

func (o *office) wantQueue(m *meetings.Meeting, want ...int) {
	o.t.Helper()
	if got := o.queue(m); !slices.Equal(got, want) {
		o.t.Fatalf("queue %v, want %v", got, want)
	}
}

func TestQueueIsInTheOrderOfTheSlots(t *testing.T) {
	o := newOffice(t)
	list := o.waiting(5, 2, 9)
	o.wantQueue(list[0], 2, 5, 9)
}

func TestSkippingMovesBehindTheNext(t *testing.T) {
	o := newOffice(t)
	list := o.waiting(1, 2, 3, 4)
	first := list[0]
	o.wrong("behind", "meeting.error.behind", officer, skip(first.ID, 0, "دیر می‌رسد"))
	o.wrong("reason", "meeting.error.reason", officer, skip(first.ID, 1, ""))
	o.do(officer, skip(first.ID, 1, "همراهش در راه است"))
	o.wantQueue(first, 2, 1, 3, 4)
	o.do(officer, skip(list[1].ID, 20, "بیرون است"))
	o.wantQueue(first, 1, 3, 4, 2)
	o.refuse(fault.Conflict, "meeting.conflict.last", officer, skip(list[1].ID, 1, "باز هم"))
	for range 40 { // the room between two neighbours never ends
		o.do(officer, skip(o.first(first), 1, "جا به جا"))
	}
	if got := o.queue(first); len(got) != 4 {
		t.Fatalf("%v", got)
	}
	o.view(func(ctx context.Context, r tenants.Reader) error {
		lines, err := audit.Of(ctx, r, "meeting", first.ID, 50)
		if !slices.ContainsFunc(lines, func(e audit.Entry) bool { return e.Act == "meeting:skip" && e.Detail == "behind 1" }) {
			t.Errorf("%+v", lines)
		}
		return err
	})
	if slices.Contains(o.events(first.ID, true), "meeting.skipped") {
		t.Error("the citizen reads the office's reason")
	}
}

// first is who is called next.
func (o *office) first(m *meetings.Meeting) (id int64) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		days, err := meetings.Day(ctx, r, 0, m.StartsAt)
		for i := range days {
			if days[i].ID == m.SessionID {
				id = days[i].Queue()[0].ID
			}
		}
		return err
	})
	return id
}

func TestUrgentComesFirst(t *testing.T) {
	o := newOffice(t)
	list := o.waiting(1, 2, 3)
	last := list[2]
	o.wrong("reason", "meeting.error.reason", officer, because(meetings.PutFirst, last.ID, " "))
	o.do(officer, because(meetings.PutFirst, last.ID, "بیمار است"))
	o.wantQueue(last, 3, 1, 2)
	if !o.read(last.ID).PutFirst {
		t.Error("not marked")
	}
	o.refuse(fault.Conflict, "meeting.conflict.first", officer, because(meetings.PutFirst, last.ID, "باز هم"))
	o.do(officer, callNext(last.SessionID))
	o.wantState(last.ID, meetings.Called)
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, because(meetings.PutFirst, last.ID, "باز هم"))
}

func TestCallOutOfTurnNeedsAReason(t *testing.T) {
	o := newOffice(t)
	list := o.waiting(1, 2)
	o.wrong("reason", "meeting.error.reason", officer, on(meetings.Call, list[1].ID))
	o.do(officer, because(meetings.CallOut, list[1].ID, "باید زود برود"))
	o.do(officer, on(meetings.Call, list[1].ID)) // once more
	o.view(func(ctx context.Context, r tenants.Reader) error {
		lines, err := audit.Of(ctx, r, "meeting", list[1].ID, 2)
		if lines[0].Detail != "again" || lines[1].Detail != "out of turn" {
			t.Fatalf("%+v", lines)
		}
		return err
	})
}

func TestWaitsFollowTheTalksOfTheSession(t *testing.T) {
	o := newOffice(t)
	list := o.waiting(1, 2, 3, 4, 5)
	about := func(i int) meetings.Estimate {
		var w meetings.Estimate
		o.view(func(ctx context.Context, r tenants.Reader) (err error) {
			m := o.read(list[i].ID)
			w, _, err = meetings.WaitOf(ctx, r, &m.Meeting)
			return err
		})
		return w
	}
	if w := about(2); w.Before != 2 || w.About != 30*time.Minute { // two slots of a quarter of an hour
		t.Fatalf("%+v", w)
	}
	for range 2 {
		o.do(officer, callNext(list[0].SessionID))
		called := o.calledIn(list)
		o.Clock.Advance(5 * time.Minute)
		o.do(officer, finish(called, meetings.Minutes{Text: "گفته شد", PeopleMet: 1}))
	}
	if w := about(4); w.Before != 2 || w.About != 10*time.Minute {
		t.Fatalf("%+v", w)
	}
	o.do(officer, callNext(list[0].SessionID))
	o.Clock.Advance(4 * time.Minute)
	if w := about(3); w.Before != 0 || w.About != 5*time.Minute {
		t.Fatalf("%+v", w)
	}
	var none bool
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		m := o.read(list[0].ID)
		_, none, err = meetings.WaitOf(ctx, r, &m.Meeting)
		return err
	})
	if none {
		t.Error("who has been in waits")
	}
}

func (o *office) calledIn(list []*meetings.Meeting) int64 {
	o.t.Helper()
	for _, m := range list {
		if o.read(m.ID).State == meetings.Called {
			return m.ID
		}
	}
	o.t.Fatal("nobody is called")
	return 0
}

func (o *office) walkIn(session int64) (*meetings.Meeting, error) {
	c := o.person()
	var m *meetings.Meeting
	err := o.try(officer, func(ctx context.Context, tx *tenants.Tx) (err error) {
		m, err = meetings.AddWalkIn(ctx, tx, meetings.WalkIn{CitizenID: c.ID, NationalID: c.NationalID, SessionID: session, Subject: "بی‌نوبت"})
		return err
	})
	return m, err
}

func TestWalkInsComeBehindAllSeats(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	if _, err := o.walkIn(s.ID); !fault.Is(err, fault.Conflict) || fault.As(err).Key != "meeting.conflict.not_today" {
		t.Fatalf("before the day: %v", err)
	}
	booked := o.waiting(16)[0]
	for i := range 6 {
		m, err := o.walkIn(s.ID)
		if err != nil || *m.QueueNumber != 17+i || m.State != meetings.CheckedIn || !m.WalkIn {
			t.Fatalf("%+v %v", m, err)
		}
	}
	o.wantQueue(booked, 16, 17, 18, 19, 20, 21, 22)
	if _, err := o.walkIn(s.ID); !fault.Is(err, fault.Conflict) || fault.As(err).Key != "meeting.conflict.walk_in_full" {
		t.Fatalf("a seventh: %v", err)
	}
	if n := len(o.claims()); n != 1 {
		t.Errorf("%d seats are taken", n)
	}
	o.Clock.Set(s.EndsAt)
	if _, err := o.walkIn(s.ID); !fault.Is(err, fault.Conflict) || fault.As(err).Key != "meeting.conflict.session_closed" {
		t.Fatalf("after the end: %v", err)
	}
}

func TestWalkInsHaveTheQuotaOfAll(t *testing.T) {
	o := newOffice(t)
	m := o.waiting(1)[0]
	var id string
	o.view(func(ctx context.Context, r tenants.Reader) error {
		c, err := citizens.ByID(ctx, r, m.CitizenID)
		id = c.NationalID
		return err
	})
	o.refuse(fault.TooMany, "meeting.limit.quota", officer, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.AddWalkIn(ctx, tx, meetings.WalkIn{CitizenID: m.CitizenID, NationalID: id, SessionID: m.SessionID, Subject: "دوباره"})
		return err
	})
}

func TestOnePressIsDoneOnce(t *testing.T) {
	o := newOffice(t)
	a := o.writer()
	once := func(key string) (first bool) {
		o.do(a, func(ctx context.Context, tx *tenants.Tx) (err error) {
			first, err = meetings.Once(ctx, tx, key)
			return err
		})
		return first
	}
	if !once("0123456789") || once("0123456789") || !once("0123456780") || !once("") || !once("") {
		t.Error("a press counts twice, or not at all")
	}
	o.wrong("act_key", "error.invalid", a, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Once(ctx, tx, "x")
		return err
	})
	o.Clock.Advance(3 * dayLong)
	o.do(a, func(ctx context.Context, tx *tenants.Tx) error {
		n, err := meetings.PurgeDayActs(ctx, tx)
		if n != 2 {
			t.Errorf("%d forgotten", n)
		}
		return err
	})
}
