package meetings_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// window reads the Sunday window of the office.
func (o *office) window() (w *meetings.Window) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, err := meetings.Windows(ctx, r, o.executive.ID)
		w = &list[0]
		return err
	})
	return w
}

func save(w *meetings.Window, keep bool) command {
	return func(ctx context.Context, tx *tenants.Tx) error {
		fresh := *w
		err := meetings.SaveWindow(ctx, tx, &fresh, keep)
		if err == nil {
			*w = fresh
		}
		return err
	}
}

func (o *office) session(id int64) (s *meetings.Session) {
	o.t.Helper()
	o.view(func(ctx context.Context, r tenants.Reader) (err error) {
		s, err = meetings.SessionByID(ctx, r, id)
		return err
	})
	return s
}

func TestPatterns(t *testing.T) {
	working := tenants.NewWorkingTime(tenants.Calendar{Week: [7][]tenants.Interval{{{From: 0, Until: 1440}}, {{From: 0, Until: 1440}}, {{From: 0, Until: 1440}}, {{From: 0, Until: 1440}}, {{From: 0, Until: 1440}}}}, nil)
	from := persian.Date{Year: 1405, Month: 8, Day: 30}.Time(9, 0, persian.Tehran) // a Saturday
	for name, c := range map[string]struct {
		p    meetings.Pattern
		want []string
	}{
		"weekly": {meetings.Pattern{LastDay: "2026-12-06"}, []string{"1405-09-01", "1405-09-08", "1405-09-15"}},
		"every second week": {
			meetings.Pattern{Kind: meetings.Weeks, Every: 2, Anchor: "2026-11-25"}, []string{"1405-09-01", "1405-09-15", "1405-09-29", "1405-10-13"}},
		"second of the month": {meetings.Pattern{Kind: meetings.Monthly, Nth: 2}, []string{"1405-09-08", "1405-10-13"}},
		"last of the month":   {meetings.Pattern{Kind: meetings.Monthly, Nth: meetings.LastOfMonth}, []string{"1405-09-29"}},
		"single dates":        {meetings.Pattern{Kind: meetings.Dates, Dates: []string{"2026-11-24", "2026-12-01", "2027-05-01"}}, []string{"1405-09-03", "1405-09-10"}},
	} {
		w := meetings.Window{Weekday: 1, FromMinute: 480, Pattern: c.p}
		var got []string
		for _, start := range w.Starts(from, 48, working) {
			got = append(got, persian.DateOf(start.In(persian.Tehran)).String())
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	}
}

// The sessions of a window admit as many without a booking as it says, those
// that stand already, too; nil is the organization's number.
func TestAWindowsRoomForWalkIns(t *testing.T) {
	o := newOffice(t)
	w, one, tooMany := o.window(), 1, meetings.MaxWalkIns+1
	w.Rules.WalkIns = &tooMany
	o.wrong("walk_ins", "planning.error.number", officer, save(w, false))
	w.Rules.WalkIns = &one
	o.do(officer, save(w, false))
	s := o.sessions()[0]
	o.Clock.Set(s.StartsAt)
	if _, err := o.walkIn(s.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.walkIn(s.ID); fault.As(err).Key != "meeting.conflict.walk_in_full" {
		t.Errorf("a second one: %v", err)
	}
	later := o.sessions()
	if room := later[len(later)-1].WalkInRoom; room == nil || *room != 1 {
		t.Errorf("a later session admits %v", room)
	}
	w.Rules.WalkIns = nil
	o.do(officer, save(w, false))
	if room := o.session(later[len(later)-1].ID).WalkInRoom; room != nil {
		t.Errorf("it still admits %d", *room)
	}
}

func TestTheRulesOfAWindow(t *testing.T) {
	o := newOffice(t)
	w := o.window()
	two, lead, yes := 2, 0, true
	w.Rules = meetings.Rules{
		Buffer: 5, Quotas: meetings.Quotas{Web: 1, Phone: 1, Urgent: 1}, LeadHours: &lead, Approval: &yes, Companions: &two,
		Questions: []string{"شمارهٔ اشتراک"},
	}
	o.do(officer, save(w, false))
	s := o.sessions()[0]
	if len(s.Slots) != 12 || !s.Slots[1].StartsAt.Equal(s.StartsAt.Add(20*time.Minute)) || s.Free() != 1 {
		t.Fatalf("%d slots, %d free", len(s.Slots), s.Free())
	}
	in := func(slot int, change func(*meetings.Booking)) command {
		b := o.booking(o.person(), s.ID, slot)
		b.Answers = map[string]string{"شمارهٔ اشتراک": "۱۲۳"}
		change(&b)
		return book(b)
	}
	as := func(c meetings.Channel) func(*meetings.Booking) { return func(b *meetings.Booking) { b.Channel = c } }
	o.wrong("companions", "planning.error.companions_most", citizen, in(1, func(b *meetings.Booking) { b.Companions = 3 }))
	o.wrong("answer_1", "planning.error.answer", citizen, in(1, func(b *meetings.Booking) { b.Answers = nil }))
	o.do(citizen, in(1, as(meetings.Web)))
	if left := o.sessions()[0].Free(); left != 0 {
		t.Fatalf("%d left of a full quota", left)
	}
	o.refuse(fault.Conflict, "meeting.conflict.channel_full", citizen, in(2, as(meetings.Web)))
	o.refuse(fault.Conflict, "meeting.conflict.channel_full", citizen, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := meetings.Hold(ctx, tx, 99, s.ID, 2)
		return err
	})
	o.do(officer, in(2, as(meetings.Phone)))
	o.refuse(fault.Conflict, "meeting.conflict.channel_full", officer, in(3, as(meetings.Phone)))
	urgent := func(b *meetings.Booking) { b.Channel, b.Urgent = meetings.Phone, true }
	o.do(officer, in(3, urgent))
	o.refuse(fault.Conflict, "meeting.conflict.channel_full", officer, in(4, urgent))
	o.do(officer, in(4, as(meetings.InPerson)))
	o.do(officer, in(5, as(meetings.InPerson)))
}

func TestRegistrationOpensAtItsInstant(t *testing.T) {
	o := newOffice(t)
	w := o.window()
	w.Rules = meetings.Rules{OpenDays: 3, OpenMinute: 10 * 60} // Thursday, 10:00, for Sunday
	o.do(officer, save(w, false))
	first := o.sessions()
	if len(first) != 1 {
		t.Fatalf("%d sessions are open", len(first))
	}
	o.Clock.Advance(5*dayLong + 59*time.Minute) // Thursday, 9:59
	if n := len(o.sessions()); n != 0 {
		t.Fatalf("%d before the instant", n)
	}
	o.Clock.Advance(time.Minute)
	if n := len(o.sessions()); n != 1 {
		t.Fatalf("%d at the instant", n)
	}
}

func TestAWindowForSomeTopicsAndDistricts(t *testing.T) {
	o := newOffice(t)
	w := o.window()
	w.Rules = meetings.Rules{Topics: []int64{7}, Districts: []int64{8}}
	o.do(officer, save(w, false))
	b := o.booking(o.person(), o.sessions()[0].ID, 1)
	o.wrong("topic", "planning.error.topic_not_served", citizen, book(b))
	o.wrong("district", "planning.error.district_not_served", officer, book(b))
	b.TopicID, b.DistrictID = 7, 8
	o.do(citizen, book(b))
	if list := meetings.Serving(o.sessions(), 9, 0); len(list) != 0 {
		t.Fatal("another topic is served")
	}
}

func TestAnEditMakesSessionsWithoutBookingsAnew(t *testing.T) {
	o := newOffice(t)
	w := o.window()
	w.Weekday = 3 // Tuesday
	o.do(officer, save(w, false))
	list := o.sessions()
	if len(list) != 2 || persian.WeekdayIndex(list[0].StartsAt.In(persian.Tehran).Weekday()) != 3 {
		t.Fatalf("%d sessions, first %s", len(list), list[0].StartsAt)
	}
	var made int
	o.do(tenants.SystemActor(), generate(&made))
	if made != 0 {
		t.Fatalf("%d more", made)
	}
}

func TestAPreviewNamesTheBookingsThatBreak(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	stays, moves, lost := o.booked(s.ID, 1), o.booked(s.ID, 2), o.booked(s.ID, 16)
	w := o.window()
	w.SlotMinutes = 20
	o.view(func(ctx context.Context, r tenants.Reader) error {
		p, err := meetings.PreviewWindow(ctx, r, w)
		if err != nil {
			return err
		}
		broken := p.Broken()
		if len(broken) != 2 || broken[0].ID != moves.ID || broken[0].To == nil || broken[1].ID != lost.ID || broken[1].To != nil {
			t.Fatalf("broken: %+v", broken)
		}
		return nil
	})
	o.do(officer, save(w, false))
	if m := o.read(stays.ID); m.State != meetings.Approved || !m.StartsAt.Equal(stays.StartsAt) {
		t.Fatalf("stays: %+v", m.Meeting)
	}
	if m := o.read(moves.ID); m.State != meetings.Approved || !m.StartsAt.Equal(s.StartsAt.Add(20*time.Minute)) || *m.QueueNumber != 2 {
		t.Fatalf("moves: %+v", m.Meeting)
	}
	if m := o.read(lost.ID); m.State != meetings.Cancelled || m.CancelledBy != meetings.ByOffice {
		t.Fatalf("lost: %+v", m.Meeting)
	}
}

func TestSessionsWithBookingsMayStayAsTheyAre(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()[0]
	m := o.booked(s.ID, 16)
	w := o.window()
	w.SlotMinutes = 20
	o.do(officer, save(w, true))
	if got := o.read(m.ID); got.State != meetings.Approved || !got.StartsAt.Equal(m.StartsAt) {
		t.Fatalf("%+v", got.Meeting)
	}
	list := o.sessions()
	if len(list[0].Slots) != 16 || len(list[1].Slots) != 12 {
		t.Fatalf("%d and %d slots", len(list[0].Slots), len(list[1].Slots))
	}
	var made int
	o.do(tenants.SystemActor(), generate(&made))
	if made != 0 || len(o.sessions()) != 2 {
		t.Fatal("the kept session was made again")
	}
}

func TestARetiredWindow(t *testing.T) {
	o := newOffice(t)
	s := o.sessions()
	m := o.booked(s[0].ID, 1)
	w := o.window()
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error { return meetings.RetireWindow(ctx, tx, w.ID, true) })
	if got := o.read(m.ID); got.State != meetings.Approved || len(o.sessions()) != 1 {
		t.Fatalf("%s, %d sessions", got.State, len(o.sessions()))
	}
}

func TestAnExecutiveIsInOnePlace(t *testing.T) {
	o := newOffice(t)
	w := *o.window()
	w.ID, w.FromMinute, w.UntilMinute = 0, 600, 660
	o.wrong("from", "planning.error.overlap", officer, save(&w, false))
	w.FromMinute, w.UntilMinute = 720, 780
	o.do(officer, save(&w, false))
	second := o.sessions()[1]
	o.wrong("starts", "planning.error.overlap", officer, func(ctx context.Context, tx *tenants.Tx) error {
		return meetings.ChangeSession(ctx, tx, second.ID, meetings.SessionChange{StartsAt: second.StartsAt.Add(-time.Hour), Reason: "جلسه"})
	})
	// Past every check, the database refuses.
	err := o.try(officer, func(ctx context.Context, tx *tenants.Tx) error {
		s := *o.session(second.ID)
		s.StartsAt = s.StartsAt.Add(-time.Hour)
		return tx.Update(ctx, &s, "starts_at")
	})
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("the database let it pass: %v", err)
	}
}

// Many who put the executive somewhere at once: one wins, all others are told.
func TestRaceForAnExecutive(t *testing.T) {
	o := newOffice(t)
	base := *o.window()
	var all sync.WaitGroup
	var won sync.Map
	for i := range 12 {
		all.Go(func() {
			w := base
			w.ID, w.Weekday, w.FromMinute, w.UntilMinute = 0, 4, 480+10*i, 600+10*i
			err := o.try(officer, save(&w, false))
			if err == nil {
				won.Store(i, true)
			} else if fault.As(err).Fields["from"] != "planning.error.overlap" && !fault.Is(err, fault.Conflict) {
				t.Errorf("window %d: %v", i, err)
			}
		})
	}
	all.Wait()
	n := 0
	won.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Fatalf("%d windows at one time", n)
	}
}
