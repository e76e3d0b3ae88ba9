package meetings_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// offered makes a line of one with a seat kept in the first session: somebody
// who waits for any session, or for that one.
func (o *office) offered(session bool) (*meetings.ListedWait, meetings.OpenSession) {
	o.t.Helper()
	all := o.full()
	first, id := o.session(all[0].SessionID), int64(0)
	if session {
		id = first.ID
	}
	w := o.join(o.person(), id)
	o.do(officer, cancel(all[0].ID, meetings.ByCitizen, ""))
	o.offer()
	got := o.wait(w.ID)
	if got.State != meetings.WaitOffered || *got.OfferedSessionID != first.ID {
		o.t.Fatalf("%s, %v", got.State, got.OfferedSessionID)
	}
	return got, meetings.OpenSession{Session: *first}
}

// told counts the messages of a kind to somebody in the line.
func (o *office) told(id int64, kind string) int {
	n := 0
	o.view(func(ctx context.Context, r tenants.Reader) error {
		var tasks []tenants.Task
		if err := r.Select(&tasks).Where("task.kind = ?", kind).Scan(ctx); err != nil {
			return err
		}
		for _, task := range tasks {
			var f meetings.WaitFact
			if err := task.IDs(&f); err != nil {
				return err
			}
			if f.WaitID == id {
				n++
			}
		}
		return nil
	})
	return n
}

func TestAnOfferOfACancelledSessionIsTakenBack(t *testing.T) {
	o := newOffice(t)
	w, s := o.offered(false)
	o.do(officer, callOff(s.ID))
	got := o.wait(w.ID)
	if got.State != meetings.WaitWaiting || got.OfferedSessionID != nil || got.Position != w.Position || o.told(w.ID, "meeting.wait_kept") != 1 {
		t.Fatalf("%+v, told %d", got.Wait, o.told(w.ID, "meeting.wait_kept"))
	}
	o.refuse(fault.Conflict, "booking.conflict.offer_over", citizen, accept(w.ID))
}

func TestWhoWaitsForACancelledSessionWaitsForAny(t *testing.T) {
	o := newOffice(t)
	all := o.full()
	w := o.join(o.person(), all[0].SessionID)
	o.do(officer, callOff(all[0].SessionID))
	if got := o.wait(w.ID); got.State != meetings.WaitWaiting || got.SessionID != nil || o.told(w.ID, "meeting.wait_kept") != 1 {
		t.Fatalf("%+v", got.Wait)
	}
	o.offer() // does not end the wait as that for a session gone by
	if got := o.wait(w.ID); !got.Live() {
		t.Fatalf("%+v", got.Wait)
	}
}

func TestAnOfferMovesWithItsSession(t *testing.T) {
	o := newOffice(t)
	w, s := o.offered(true)
	o.do(officer, change(s.ID, meetings.SessionChange{StartsAt: s.StartsAt.Add(time.Hour), Reason: "سفر"}))
	got := o.wait(w.ID)
	if got.State != meetings.WaitOffered || !got.StartsAt.Equal(w.StartsAt.Add(time.Hour)) || o.told(w.ID, "meeting.wait_changed") != 1 {
		t.Fatalf("%s %v, told %d", got.State, got.StartsAt, o.told(w.ID, "meeting.wait_changed"))
	}
	o.do(citizen, accept(w.ID))
}

func TestAnOfferGoesBackWhenItsSlotIsDropped(t *testing.T) {
	o := newOffice(t)
	all := o.full()
	last := all[0]
	for _, m := range all {
		if m.SessionID == last.SessionID && m.SlotNumber > last.SlotNumber {
			last = m
		}
	}
	w := o.join(o.person(), 0)
	o.do(officer, cancel(last.ID, meetings.ByCitizen, ""))
	o.offer()
	s := o.session(last.SessionID)
	o.do(officer, change(s.ID, meetings.SessionChange{EndsAt: s.EndsAt.Add(-time.Minute), Reason: "کوتاه"}))
	if got := o.wait(w.ID); got.State != meetings.WaitWaiting || o.told(w.ID, "meeting.wait_kept") != 1 {
		t.Fatalf("%+v", got.Wait)
	}
}

func TestADrawFollowsItsSession(t *testing.T) {
	o := newOffice(t)
	id, d := o.drawn()
	w := o.join(o.person(), id)
	s := o.session(id)
	o.do(officer, change(id, meetings.SessionChange{StartsAt: s.StartsAt.Add(time.Hour), Reason: "سفر"}))
	o.view(func(ctx context.Context, r tenants.Reader) error {
		p, err := meetings.DrawByID(ctx, r, d.ID)
		if err == nil && !p.ClosesAt.Equal(d.ClosesAt.Add(time.Hour)) {
			t.Errorf("the draw closes at %s", p.ClosesAt)
		}
		return err
	})
	if got := o.wait(w.ID); got.State != meetings.WaitEntered || o.told(w.ID, "meeting.wait_changed") != 1 {
		t.Fatalf("%+v", got.Wait)
	}
	o.do(officer, callOff(id))
	if got := o.wait(w.ID); got.State != meetings.WaitWaiting || got.SessionID != nil || o.told(w.ID, "meeting.wait_kept") != 1 {
		t.Fatalf("%+v", got.Wait)
	}
	o.Clock.Advance(d.ClosesAt.Add(2 * time.Hour).Sub(o.Clock.Now()))
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error { return meetings.HoldDraw(ctx, tx, d.ID) })
	if got := o.wait(w.ID); !got.Live() {
		t.Fatalf("the empty draw touched who waits: %+v", got.Wait)
	}
}

func TestAHeldSeatIsAskedForAgainAfterAMove(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	o.do(citizen, hold(77, s.ID, 1))
	o.do(officer, change(s.ID, meetings.SessionChange{StartsAt: s.StartsAt.Add(time.Hour), Reason: "سفر"}))
	for _, c := range o.claims() {
		if c.DraftID != nil && *c.DraftID == 77 {
			t.Fatal("the hold stands at a time that nobody has seen")
		}
	}
	o.do(citizen, hold(77, s.ID, 1))
	o.do(officer, callOff(s.ID))
	if n := len(o.claims()); n != 0 {
		t.Fatalf("%d claims in a cancelled session", n)
	}
}

func TestAPriorityEndsWithAnOrdinaryReschedule(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	m := o.booked(list[0].ID, 1)
	o.do(officer, change(list[0].ID, meetings.SessionChange{StartsAt: list[0].StartsAt.Add(time.Hour), Reason: "سفر"}))
	if o.priority(m.ID) == nil {
		t.Fatal("no priority after a move")
	}
	o.do(citizen, reschedule(m.ID, list[1].ID, 1))
	o.refuse(fault.Conflict, "meeting.conflict.no_priority", citizen, rebook(m.ID, list[1].ID, 2))
}

func TestADateThatAWindowCancelledIsOpenedAgain(t *testing.T) {
	o := newOffice(t)
	m := o.booked(o.sessions()[0].ID, 1)
	w := o.window()
	start := o.session(m.SessionID).StartsAt
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error { return meetings.RetireWindow(ctx, tx, w.ID, false) })
	if s := o.session(m.SessionID); s.State != meetings.SessionCancelled {
		t.Fatalf("%s", s.State)
	}
	again := *w
	again.ID, again.Active = 0, false
	o.do(officer, save(&again, false))
	s := o.session(m.SessionID)
	if s.State != meetings.SessionOpen || !s.StartsAt.Equal(start) || s.WindowID != again.ID || s.CalendarSequence < 2 {
		t.Fatalf("%+v", s)
	}
	o.do(citizen, rebook(m.ID, s.ID, 1))
}
