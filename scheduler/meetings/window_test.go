package meetings_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func TestSessionsOfTheSundayWindow(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	if len(list) != 2 { // 1 and 8 Azar; 15 Azar lies behind the horizon
		t.Fatalf("%d sessions", len(list))
	}
	s := list[0]
	if got := persian.LongDateTimeEN(s.StartsAt); got != "Sunday, 1 Azar 1405, 8:00" {
		t.Fatalf("first session %s", got)
	}
	if len(s.Slots) != 16 || s.Free() != 16 || s.SiteFA == "" {
		t.Fatalf("%d slots, %d free, at %q", len(s.Slots), s.Free(), s.SiteFA)
	}
	for i, slot := range s.Slots {
		if slot.Number != i+1 || !slot.StartsAt.Equal(s.StartsAt.Add(time.Duration(i)*15*time.Minute)) {
			t.Fatalf("slot %d: %+v", i, slot)
		}
	}
	if !s.Slots[15].EndsAt.Equal(s.EndsAt) {
		t.Fatal("the last slot ends with the session")
	}
}

func generate(n *int) command {
	return func(ctx context.Context, tx *tenants.Tx) (err error) {
		*n, err = meetings.Generate(ctx, tx)
		return err
	}
}

func TestGenerateMayRunAnyNumberOfTimes(t *testing.T) {
	o := newOffice(t)
	var made int
	o.do(tenants.SystemActor(), generate(&made))
	if made != 0 {
		t.Fatalf("%d sessions twice", made)
	}
	o.Clock.Advance(7 * dayLong)
	o.do(tenants.SystemActor(), generate(&made))
	if made != 1 {
		t.Fatalf("%d new sessions a week later", made)
	}
}

func TestHolidaysAndClosuresAreSkipped(t *testing.T) {
	o := newOffice(t)
	o.A.Settings.Calendar.Closures = []string{"2026-12-20"} // 29 Azar
	err := o.Root.UnscopedSaveHolidays(t.Context(), []tenants.Holiday{{Day: "2026-12-27", NameFA: "تعطیل", NameEN: "Holiday"}})
	if err != nil {
		t.Fatal(err)
	}
	o.Clock.Advance(17 * dayLong)
	var made int
	o.do(tenants.SystemActor(), generate(&made))
	if made != 1 { // 20 and 27 December are closed, 3 January is not
		t.Fatalf("%d sessions", made)
	}
}

func TestASessionOnADayClosedLaterIsNotOffered(t *testing.T) {
	o := newOffice(t)
	first := o.sessions()[0]
	o.A.Settings.Calendar.Closures = []string{"2026-11-22"}
	if list := o.sessions(); len(list) != 1 || list[0].ID == first.ID {
		t.Fatalf("%d sessions", len(list))
	}
	o.refuse(fault.Conflict, "meeting.conflict.session_closed", citizen, book(o.booking(o.person(), first.ID, 1)))
}

func TestWindowMustMakeSense(t *testing.T) {
	o := newOffice(t)
	good := tenants.WindowSpec{Weekday: 2, From: 480, Until: 600, SlotMinutes: 20, Seats: 2, SiteFA: "دفتر", SiteEN: "Office"}
	add := func(id int64, s tenants.WindowSpec) command {
		return func(ctx context.Context, tx *tenants.Tx) error {
			_, err := meetings.AddWindow(ctx, tx, id, s)
			return err
		}
	}
	for _, c := range []struct {
		field, key string
		change     func(*tenants.WindowSpec)
	}{
		{"weekday", "meeting.error.weekday", func(s *tenants.WindowSpec) { s.Weekday = 7 }},
		{"from", "meeting.error.hours", func(s *tenants.WindowSpec) { s.Until = s.From }},
		{"slot", "meeting.error.slot_minutes", func(s *tenants.WindowSpec) { s.SlotMinutes = 121 }},
		{"seats", "meeting.error.seats", func(s *tenants.WindowSpec) { s.Seats = 0 }},
		{"site", "meeting.error.site", func(s *tenants.WindowSpec) { s.SiteEN = "" }},
	} {
		bad := good
		c.change(&bad)
		o.wrong(c.field, c.key, officer, add(o.executive.ID, bad))
	}
	o.refuse(fault.NotFound, "error.not_found", officer, add(1, good))
	o.do(officer, add(o.executive.ID, good))
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, err := meetings.Windows(ctx, r, o.executive.ID)
		if len(list) != 2 || list[1].Weekday != 2 {
			t.Fatalf("windows %+v", list)
		}
		return err
	})
}

// Every start lies ahead, within the days, on the weekday and hour of the
// window, on an open day, and none is missing.
func TestStartsFollowTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := meetings.Window{
			Weekday: rapid.IntRange(0, 6).Draw(t, "weekday"), FromMinute: rapid.IntRange(0, 1400).Draw(t, "minute"),
		}
		from := time.Date(2026, 3, 1, 0, rapid.IntRange(0, 60*24*300).Draw(t, "from"), 0, 0, time.UTC)
		days := rapid.IntRange(0, 40).Draw(t, "days")
		var c tenants.Calendar
		for i := range 7 {
			c.Week[i] = []tenants.Interval{{From: 0, Until: 1440}}
		}
		closed := from.AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "closed")).In(persian.Tehran)
		c.Closures = []string{closed.Format(time.DateOnly)}
		working := tenants.NewWorkingTime(c, nil)
		want := 0
		local := from.In(persian.Tehran)
		for i := range days + 1 {
			y, m, d := local.Date()
			at := time.Date(y, m, d+i, w.FromMinute/60, w.FromMinute%60, 0, 0, persian.Tehran)
			if persian.WeekdayIndex(at.Weekday()) == w.Weekday && at.After(from) && !at.After(from.AddDate(0, 0, days)) && !working.Closed(at) {
				want++
			}
		}
		list := w.Starts(from, days, working)
		if len(list) != want {
			t.Fatalf("%d starts, want %d", len(list), want)
		}
		for _, start := range list {
			at := start.In(persian.Tehran)
			if persian.WeekdayIndex(at.Weekday()) != w.Weekday || at.Hour()*60+at.Minute() != w.FromMinute || working.Closed(at) {
				t.Fatalf("start %s", at)
			}
		}
	})
}
