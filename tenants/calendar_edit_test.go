package tenants_test

import (
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/tenants"
)

func keyOf(err error) string { return fault.As(err).Key }

func fieldOf(err error, field string) string {
	if err == nil {
		return ""
	}
	return fault.As(err).Fields[field]
}

func TestAClosureCoversOnlyWhatIsToCome(t *testing.T) {
	w := dbtest.New(t) // Saturday 2026-11-21, 09:00 in Tehran
	ctx := t.Context()
	closeDay := func(c tenants.Closure) error {
		return w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tenants.Close(ctx, tx, &c) })
	}
	for name, c := range map[string]tenants.Closure{
		"yesterday":         {Day: "2026-11-20", UntilMinute: 1440, NameFA: "برف"},
		"over this morning": {Day: "2026-11-21", UntilMinute: 540, NameFA: "برف"},
		"no day":            {Day: "2026-11-31", UntilMinute: 1440, NameFA: "برف"},
		"in three years":    {Day: "2029-11-21", UntilMinute: 1440, NameFA: "برف"},
	} {
		c.Kind = tenants.ClosureAdHoc
		if err := closeDay(c); fieldOf(err, "day") == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := closeDay(tenants.Closure{Day: "2026-11-25", FromMinute: 600, UntilMinute: 600, Kind: tenants.ClosureAdHoc}); fieldOf(err, "until") == "" || fieldOf(err, "name_fa") == "" {
		t.Errorf("an empty closure without a name: %v", err)
	}
	if err := closeDay(tenants.Closure{Day: "2026-11-21", UntilMinute: 1440, NameFA: "برف", Kind: tenants.ClosureAdHoc}); err != nil {
		t.Fatal(err)
	}
	list, err := tenants.Closures(ctx, w.DB(t), tenants.ClosureAdHoc, "2026-11-21", "2026-11-21")
	if err != nil || len(list) != 1 || list[0].FromMinute != 540 {
		t.Fatalf("%+v, %v", list, err)
	}
	hours, err := tenants.WorkingTimeOf(ctx, w.DB(t))
	if err != nil || hours.Between(dbtest.Start.Add(-time.Hour), dbtest.Start.Add(5*time.Hour)) != time.Hour {
		t.Fatalf("the hour before the closure, or more than it, is not counted: %v", err)
	}
	other, err := tenants.WorkingTimeOf(ctx, w.For(t, w.B))
	if err != nil || other.Between(dbtest.Start, dbtest.Start.Add(time.Hour)) != time.Hour {
		t.Fatal("the closure closes another organization")
	}
}

func TestAClosureIsTakenBackForTheRest(t *testing.T) {
	w := dbtest.New(t)
	ctx := t.Context()
	c := tenants.Closure{Day: "2026-11-22", UntilMinute: 1440, NameFA: "آلودگی هوا", Kind: tenants.ClosureAdHoc}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return tenants.Close(ctx, tx, &c) })
	w.Clock.Set(time.Date(2026, 11, 22, 6, 30, 0, 0, time.UTC)) // 10:00 of that day
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tenants.Reopen(ctx, tx, c.ID)
		return err
	})
	db := w.DB(t)
	left, err := tenants.ClosureByID(ctx, db, c.ID)
	if err != nil || left.UntilMinute != 600 {
		t.Fatalf("%+v, %v", left, err)
	}
	hours, err := tenants.WorkingTimeOf(ctx, db)
	if err != nil || hours.Between(db.Now(), db.Now().Add(12*time.Hour)) != 4*time.Hour+30*time.Minute {
		t.Fatal("the rest of the day is not open again")
	}
	w.Clock.Advance(24 * time.Hour)
	err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tenants.Reopen(ctx, tx, c.ID)
		return err
	})
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("a closure that is over was taken back: %v", err)
	}
}

func TestAWeekIsInForceFromTomorrowOn(t *testing.T) {
	w := dbtest.New(t)
	ctx := t.Context()
	set := func(day string, week [7][]tenants.Interval) error {
		return w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return tenants.SetWeek(ctx, tx, &tenants.CalendarWeek{FromDay: day, Calendar: tenants.Calendar{Week: week}})
		})
	}
	if err := set("2026-11-21", office().Week); fieldOf(err, "from_day") == "" {
		t.Errorf("in force today: %v", err)
	}
	if err := set("2026-11-22", [7][]tenants.Interval{}); fieldOf(err, "day_0") != "calendar.error.never_open" {
		t.Errorf("never open: %v", err)
	}
	if err := set("2026-11-22", [7][]tenants.Interval{1: {span(600, 500)}, 2: {span(1, 2)}}); fieldOf(err, "day_1") == "" {
		t.Errorf("a broken day: %v", err)
	}
	if err := set("2026-11-23", office().Week); err != nil {
		t.Fatal(err)
	}
	if err := set("2026-11-23", office().Week); err != nil {
		t.Fatalf("a planned week cannot be replaced: %v", err)
	}
	hours, err := tenants.WorkingTimeOf(ctx, w.DB(t))
	if err != nil || len(hours.Day(at(22, 0, 0))) != 1 || len(hours.Day(at(23, 0, 0))) != 2 {
		t.Fatalf("the week is not in force from its day on: %v", err)
	}
}

func TestARevisedClassIsANewVersion(t *testing.T) {
	w := dbtest.New(t)
	ctx := t.Context()
	classes, err := tenants.SLAClasses(ctx, w.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	old := classes[0]
	revise := func(id int64, change func(*tenants.SLAClass)) (next *tenants.SLAClass, err error) {
		err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			c := old
			c.Rungs = append([]tenants.Rung{}, old.Rungs...)
			change(&c)
			next, err = tenants.Revise(ctx, tx, id, c)
			return err
		})
		return next, err
	}
	for field, change := range map[string]func(*tenants.SLAClass){
		"respond":      func(c *tenants.SLAClass) { c.RespondMinutes = 0 },
		"first_action": func(c *tenants.SLAClass) { c.FirstActionMinutes = c.RespondMinutes + 1 },
		"hours":        func(c *tenants.SLAClass) { c.Hours = "moon" },
		"pause":        func(c *tenants.SLAClass) { c.PauseCapMinutes = -1 },
		"interims":     func(c *tenants.SLAClass) { c.InterimLimit = 99 },
		"rungs":        func(c *tenants.SLAClass) { c.Rungs = nil },
		"name_fa":      func(c *tenants.SLAClass) { c.NameFA = strings.Repeat("ن", 121) },
	} {
		if _, err := revise(old.ID, change); fieldOf(err, field) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	next, err := revise(old.ID, func(c *tenants.SLAClass) {
		c.Hours = "working"
		c.Rungs = []tenants.Rung{{AfterMinutes: 600, Role: "executive", Points: 4, Channel: tenants.ChannelDesk}, {AfterMinutes: 0, Role: "unit_head", Points: 1}}
	})
	if err != nil {
		t.Fatal(err)
	}
	if next.Version != old.Version+1 || next.Code != old.Code || next.Rungs[0].Role != "unit_head" || next.Rungs[1].Level != 2 || !next.Rungs[1].Silent() {
		t.Errorf("%+v", next)
	}
	db := w.DB(t)
	kept, err := tenants.SLAClassByID(ctx, db, old.ID)
	if err != nil || kept.Current || kept.Hours != old.Hours || kept.RespondMinutes != old.RespondMinutes {
		t.Errorf("the old version is another: %+v, %v", kept, err)
	}
	topics, err := tenants.Topics(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		if topic.SLAClassID == old.ID {
			t.Error("a topic keeps the old version")
		}
	}
	if _, err := revise(old.ID, func(*tenants.SLAClass) {}); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old version was revised: %v", err)
	}
}

func TestAFileOfHolidays(t *testing.T) {
	now := dbtest.Start
	raw := "\xef\xbb\xbfتاریخ,مناسبت\n1405/12/10,ولادت\n۱۴۰۵/۱۲/۱۱,\n1405/13/01,هیچ\n2027-03-03,روز میلادی,Day\n1405/12/10,باز هم\n1400/01/01,گذشته\n1406/01/01,نوروز\n"
	lines, err := tenants.ParseHolidays([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	tenants.JudgeHolidays(lines, map[string]bool{"2027-03-21": true}, now)
	want := []string{"", "calendar.error.name", "holiday.error.date", "", "holiday.skip.twice", "calendar.error.past", "holiday.skip.known"}
	if len(lines) != len(want) {
		t.Fatalf("%+v", lines)
	}
	for i, l := range lines {
		if l.Problem+l.Skip != want[i] || l.Line != i+2 {
			t.Errorf("line %d: %q %q, want %q", l.Line, l.Problem, l.Skip, want[i])
		}
	}
	for name, raw := range map[string]string{
		"too large": strings.Repeat("1", tenants.MaxHolidayFile+1), "binary": "\xff\xfe\x00", "too many": strings.Repeat("1405/12/10,x\n", tenants.MaxHolidayLines+1),
	} {
		if _, err := tenants.ParseHolidays([]byte(raw)); fieldOf(err, "file") == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzHolidays(f *testing.F) {
	f.Add([]byte("1405/12/10,ولادت\n"))
	f.Add([]byte("a;b\"\n\"c"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		lines, err := tenants.ParseHolidays(raw)
		if err == nil && len(lines) > tenants.MaxHolidayLines {
			t.Fatal("too many")
		}
		tenants.JudgeHolidays(lines, nil, dbtest.Start)
	})
}
