package meetings_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func (o *office) join(c citizens.Citizen, session int64) *meetings.Wait {
	o.t.Helper()
	var w *meetings.Wait
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) (err error) {
		w, err = meetings.Join(ctx, tx, o.booking(c, session, 0))
		return err
	})
	return w
}

func (o *office) offer() {
	o.t.Helper()
	o.do(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Offer(ctx, tx, o.executive.ID)
		return err
	})
}

func (o *office) wait(id int64) (w *meetings.ListedWait) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		w, err = meetings.WaitByID(ctx, r, id)
		return err
	})
	return w
}

func accept(id int64) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Accept(ctx, tx, id)
		return err
	}
}

// full books every free seat.
func (o *office) full() (list []*meetings.Meeting) {
	o.t.Helper()
	for _, s := range o.sessions() {
		for _, slot := range s.Slots {
			for range slot.Free {
				list = append(list, o.booked(s.ID, slot.Number))
			}
		}
	}
	return list
}

func TestTheFirstInLineGetsTheOfferAndKeepsCodeAndID(t *testing.T) {
	o := newOffice(t)
	all := o.full()
	first, second := o.join(o.person(), 0), o.join(o.person(), 0)
	o.offer()
	if o.wait(first.ID).State != meetings.WaitWaiting {
		t.Fatal("offered what is not free")
	}
	gone := all[len(all)-1]
	o.do(citizen, cancel(gone.ID, meetings.ByCitizen, ""))
	o.offer()
	w := o.wait(first.ID)
	if w.State != meetings.WaitOffered || *w.OfferedSessionID != gone.SessionID || o.wait(second.ID).State != meetings.WaitWaiting {
		t.Fatalf("%+v", w)
	}
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", officer, book(o.booking(o.person(), gone.SessionID, gone.SlotNumber)))
	o.do(citizen, accept(first.ID))
	if m := o.wantState(first.ID, meetings.Approved); m.Code != first.Code || m.SlotNumber != gone.SlotNumber {
		t.Fatalf("%+v", m)
	}
	o.refuse(fault.Conflict, "booking.conflict.offer_over", citizen, accept(first.ID))
	o.consistent(t)
}

func TestAnOfferLapsesToTheNext(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Booking.ReleaseMost = 600
	all := o.full()
	first, second := o.join(o.person(), 0), o.join(o.person(), 0)
	gone := all[len(all)-1]
	o.do(citizen, cancel(gone.ID, meetings.ByCitizen, ""))
	o.offer()
	o.Clock.Advance(2 * time.Hour)
	o.refuse(fault.Conflict, "booking.conflict.offer_over", citizen, accept(first.ID))
	o.refuse(fault.Conflict, "meeting.conflict.slot_taken", citizen, book(o.booking(o.person(), gone.SessionID, gone.SlotNumber)))
	o.offer()
	if o.wait(first.ID).State != meetings.WaitLapsed || o.wait(second.ID).State != meetings.WaitOffered {
		t.Fatal("not handed on")
	}
	o.do(citizen, on(meetings.Withdraw, second.ID))
	if o.wait(second.ID).State != meetings.WaitLeft {
		t.Fatal("still there")
	}
}

func TestNobodyWaitsTwiceAndBookingLeavesTheLine(t *testing.T) {
	o := newOffice(t)
	c := o.person()
	w := o.join(c, 0)
	o.refuse(fault.Conflict, "booking.conflict.waiting", citizen, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Join(ctx, tx, o.booking(c, 0, 0))
		return err
	})
	o.offer() // holds the first seat
	s := o.sessions()[0]
	o.do(citizen, book(o.booking(c, s.ID, 9)))
	if got := o.wait(w.ID); got.State != meetings.WaitLeft {
		t.Fatalf("%s", got.State)
	}
	if n := len(o.claims()); n != 1 {
		t.Fatalf("%d seats", n)
	}
}

func TestOffersRestAtNight(t *testing.T) {
	at := func(h, m int) time.Time { return time.Date(2026, 11, 22, h, m, 0, 0, persian.Tehran) }
	for _, c := range []struct{ now, want time.Time }{
		{at(9, 0), at(11, 0)}, {at(21, 30), at(24+9, 30)}, {at(23, 0), at(24+10, 0)}, {at(3, 0), at(10, 0)}, {at(20, 0), at(22, 0)},
	} {
		if got := meetings.OfferDeadline(c.now, 2*time.Hour); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.now, got.In(persian.Tehran), c.want)
		}
	}
}

func TestAReleasedSeatComesBackAtARandomTime(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Booking.ReleaseLeast, o.A.Settings.Booking.ReleaseMost = 5, 45
	s := o.sessions()[0]
	seen := map[time.Time]bool{}
	for i := range 8 {
		m := o.booked(s.ID, i+1)
		o.do(citizen, cancel(m.ID, meetings.ByCitizen, ""))
	}
	for _, c := range o.claims() {
		d := c.HeldUntil.Sub(o.Clock.Now())
		if d < 5*time.Minute || d > 45*time.Minute {
			t.Fatalf("%s", d)
		}
		seen[*c.HeldUntil] = true
	}
	if len(seen) < 3 || o.sessions()[0].Free() != 8 {
		t.Fatalf("%d times, %d free", len(seen), o.sessions()[0].Free())
	}
	o.Clock.Advance(45*time.Minute + time.Second)
	if o.sessions()[0].Free() != 16 {
		t.Fatal("not back")
	}
	o.do(citizen, book(o.booking(o.person(), s.ID, 1)))
}

// together runs n at once.
func together(n int, run func(i int)) {
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			run(i)
		})
	}
	close(start)
	all.Wait()
}

// Sweeps beside each other, acceptances of everybody at once and the public
// rushing in: as many meetings as seats, none twice.
func TestRaceOfOffersAndAcceptances(t *testing.T) {
	o := newOffice(t)
	waits := make([]*meetings.Wait, rivals)
	for i, c := range o.crowd(rivals) {
		waits[i] = o.join(c, o.sessions()[0].ID)
	}
	others := o.crowd(rivals)
	s := o.sessions()[0]
	together(8, func(int) { o.offer() })
	errs := make([]error, 2*rivals)
	together(2*rivals, func(i int) {
		if i < rivals {
			errs[i] = o.try(citizen, accept(waits[i].ID))
			return
		}
		errs[i] = o.try(citizen, book(o.booking(others[i-rivals], s.ID, i%16+1)))
	})
	won := 0
	for i, err := range errs {
		if err == nil {
			won++
			if i >= rivals {
				t.Errorf("the public took an offered seat")
			}
		} else if !fault.Is(err, fault.Conflict) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if won != 16 {
		t.Fatalf("%d won 16 seats", won)
	}
	o.consistent(t)
}

// drawn makes the sessions of a window be drawn, and gives the first.
func (o *office) drawn() (session int64, draw meetings.OpenDraw) {
	o.t.Helper()
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		list, err := meetings.Windows(ctx, tx, o.executive.ID)
		if err != nil {
			return err
		}
		if err := meetings.SetDraw(ctx, tx, list[0].ID, true); err != nil {
			return err
		}
		open, err := meetings.OpenDraws(ctx, tx, o.executive.ID)
		draw = open[0]
		return err
	})
	return draw.SessionID, draw
}

// Sixty-four enter at once, the draw is held by eight workers at once: sixteen
// seats, the rest in line in drawn order, and anybody can recompute it.
func TestADrawIsHeldOnceAndCanBeRecomputed(t *testing.T) {
	o := newOffice(t)
	session, draw := o.drawn()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		if id, err := meetings.DrawOf(ctx, r, o.session(session)); id != draw.ID {
			t.Errorf("the session's draw is %d, want %d: %v", id, draw.ID, err)
		}
		return nil
	})
	o.refuse(fault.Conflict, "booking.conflict.draw", officer, book(o.booking(o.person(), session, 1)))
	people := o.crowd(rivals)
	together(rivals, func(i int) {
		if err := o.try(citizen, func(ctx context.Context, tx *tenants.Tx) error {
			_, err := meetings.Join(ctx, tx, o.booking(people[i], session, 0))
			return err
		}); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	})
	o.do(tenants.SystemActor(), on(meetings.HoldDraw, draw.ID)) // too early: nothing
	o.Clock.Set(draw.ClosesAt)
	o.refuse(fault.Conflict, "booking.conflict.draw_closed", citizen, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Join(ctx, tx, o.booking(o.person(), session, 0))
		return err
	})
	together(8, func(int) {
		if err := o.try(tenants.SystemActor(), on(meetings.HoldDraw, draw.ID)); err != nil {
			t.Errorf("draw: %v", err)
		}
	})
	var page *meetings.DrawPage
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		page, err = meetings.DrawByID(ctx, r, draw.ID)
		return err
	})
	if len(page.Lines) != rivals || page.Seed == "" {
		t.Fatalf("%+v", page)
	}
	tickets := make([]int, rivals)
	for i := range tickets {
		tickets[i] = i + 1
	}
	order := meetings.DrawOrder(page.Seed, tickets)
	for i, l := range page.Lines {
		if l.Ticket != order[i] || l.Place != i+1 || l.Seat != (i < 16) {
			t.Fatalf("line %d: %+v", i, l)
		}
	}
	var line []meetings.ListedWait
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		line, _, err = meetings.Line(ctx, r, o.executive.ID, 0, 100)
		return err
	})
	if len(line) != rivals-16 || !slices.IsSortedFunc(line, func(a, b meetings.ListedWait) int { return *a.Place - *b.Place }) {
		t.Fatalf("%d in line", len(line))
	}
	o.consistent(t)
}

// Two officers approve each of sixty-four requests at once, staff book the rest:
// each is approved once.
func TestRaceOfStaffBookings(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	people := o.crowd(rivals)
	race(t, func(i int) error {
		in := o.booking(people[i], s.ID, 5)
		in.Channel = meetings.Phone
		return o.try(officer, book(in))
	})
	o.oneSeat(s.ID, 5)
}

func TestTheQuotaOfALegalPerson(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	company := meetings.Party{PartyKind: meetings.PartyCompany, PartyName: "شرکت نمونه", PartyID: "10380284790"}
	in := o.booking(o.person(), list[0].ID, 1)
	in.Party = company
	o.do(citizen, book(in))
	again := o.booking(o.person(), list[0].ID, 2)
	again.Party = company
	o.refuse(fault.TooMany, "meeting.limit.quota", citizen, book(again))
	again.Party.PartyID = "10380284792"
	o.wrong("party_id", "booking.error.party_id", citizen, book(again))
	again.Party = meetings.Party{PartyKind: meetings.PartyGroup, PartyName: "اهالی", PartyPeople: 1}
	o.wrong("party_people", "booking.error.party_people", citizen, book(again))
}

func TestAnAppealIsWrittenOnceAndDecided(t *testing.T) {
	o := newOffice(t)
	for _, accepted := range []bool{true, false} {
		s := o.sessions()[0]
		m := o.booked(s.ID, 1)
		o.Clock.Set(m.StartsAt)
		o.do(officer, on(meetings.MarkAbsent, m.ID))
		o.wrong("reason", "meeting.error.reason", citizen, because(meetings.Appeal, m.ID, " "))
		o.do(citizen, because(meetings.Appeal, m.ID, "بیمار بودم"))
		o.refuse(fault.Conflict, "booking.conflict.appeal", citizen, because(meetings.Appeal, m.ID, "دوباره"))
		if accepted {
			o.do(officer, on(meetings.AcceptAppeal, m.ID))
			if got := o.read(m.ID); got.Reason != "بیمار بودم" {
				t.Fatal(got.Reason)
			}
		} else {
			o.do(officer, because(meetings.RefuseAppeal, m.ID, "گواهی ندارد"))
		}
		o.refuse(fault.Conflict, "meeting.conflict.state", officer, on(meetings.AcceptAppeal, m.ID))
	}
}

func TestTriageAsksAnswersAndEnds(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Approval = true
	s := o.sessions()[1]
	m := o.booked(s.ID, 1)
	o.wrong("text", "booking.error.ask", officer, because(meetings.Ask, m.ID, ""))
	o.do(officer, because(meetings.Ask, m.ID, "سند مالکیت"))
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Bring(ctx, tx, m.ID, "پیوست شد")
		return err
	})
	if o.read(m.ID).Waiting() {
		t.Fatal("still asked")
	}
	o.do(officer, because(meetings.Ask, m.ID, "نقشه"))
	o.do(tenants.SystemActor(), because(meetings.EndAsked, m.ID, "نرسید"))
	o.wantState(m.ID, meetings.Requested)
	o.Clock.Advance(3 * dayLong)
	o.do(tenants.SystemActor(), because(meetings.EndAsked, m.ID, "نرسید"))
	o.wantState(m.ID, meetings.Refused)
	other := o.booked(o.sessions()[1].ID, 2)
	o.do(officer, because(meetings.AnswerRequest, other.ID, "علمک جابه‌جا شد"))
	if got := o.wantState(other.ID, meetings.Refused); got.Outcome != meetings.Answered || got.Reason == "" {
		t.Fatalf("%+v", got)
	}
	o.refuse(fault.Conflict, "meeting.conflict.state", officer, because(meetings.AnswerRequest, other.ID, "باز"))
	o.consistent(t)
}
