package directives_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// week is Saturday to Wednesday, 07:30 to 14:30, without holidays.
func week() tenants.WorkingTime {
	var c tenants.Calendar
	for i := range 5 {
		c.Week[i] = []tenants.Interval{{From: 450, Until: 870}}
	}
	return tenants.NewWorkingTime(c, nil)
}

func TestReminderIsOneWorkingDayBefore(t *testing.T) {
	for _, c := range []struct{ due, want string }{
		{"1405-09-03 14:30", "1405-09-02 14:30"}, // Tuesday → Monday
		{"1405-09-07 14:30", "1405-09-04 14:30"}, // Saturday → Wednesday
	} {
		if got := directives.RemindAt(at(t, c.due), week()); !got.Equal(at(t, c.want)) {
			t.Errorf("%s: reminder at %s", c.due, persian.LongDateTimeEN(got))
		}
	}
	closed := tenants.NewWorkingTime(tenants.Calendar{}, nil)
	if got := directives.RemindAt(at(t, "1405-09-03 14:30"), closed); !got.Equal(at(t, "1405-09-02 14:30")) {
		t.Errorf("without working days: %s", got)
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := persian.ParseDate(s[:10])
	if err != nil {
		t.Fatal(err)
	}
	clock, err := time.Parse("15:04", s[11:])
	if err != nil {
		t.Fatal(err)
	}
	return d.Time(clock.Hour(), clock.Minute(), persian.Tehran)
}

// However often and whenever the sweep looks, each notice goes out at most once,
// in order, none early, and no reminder after the due time.
func TestNoticesAreSentOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		due := time.Date(2026, 12, 1, 11, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 60*24*30).Draw(t, "due")) * time.Minute)
		now := due.AddDate(0, 0, -12)
		level := directives.LevelNone
		var sent []directives.Level
		for _, minutes := range rapid.SliceOfN(rapid.IntRange(1, 60*24*4), 1, 20).Draw(t, "looks") {
			now = now.Add(time.Duration(minutes) * time.Minute)
			fire, next, again := directives.Notices(level, directives.LevelExecutive, due, now, week())
			for _, l := range fire {
				if l == directives.LevelReminder && !now.Before(due) {
					t.Fatal("a reminder after the due time")
				}
				if l >= directives.LevelOverdue && now.Before(due) {
					t.Fatal("an overdue notice before the due time")
				}
			}
			if again != nil && !again.After(now) {
				t.Fatal("the next look lies in the past")
			}
			sent, level = append(sent, fire...), next
		}
		if !slices.IsSorted(sent) || len(slices.Compact(slices.Clone(sent))) != len(sent) {
			t.Fatalf("sent %v", sent)
		}
		if !now.Before(due.Add(24*time.Hour)) && !slices.Contains(sent, directives.LevelManager) {
			t.Fatalf("the manager was not told: %v", sent)
		}
		if told := slices.Contains(sent, directives.LevelExecutive); told == now.Before(due.Add(72*time.Hour)) {
			t.Fatalf("the executive: %v", sent)
		}
	})
}

func (o *office) levels(id int64) []directives.Level {
	o.t.Helper()
	var list []directives.Level
	for _, kind := range []string{"directive.reminder", "directive.overdue"} {
		for _, f := range o.facts(kind, id) {
			list = append(list, f.Level)
		}
	}
	return list
}

func (o *office) wantLevels(id int64, want ...directives.Level) {
	o.t.Helper()
	o.do(tenants.SystemActor(), sweep(id))
	o.do(tenants.SystemActor(), sweep(id)) // at once again: nothing doubles
	if got := o.levels(id); !slices.Equal(got, want) {
		o.t.Fatalf("levels %v, want %v", got, want)
	}
}

func TestSweepRemindsThenClimbsToTheExecutive(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.wantLevels(d.ID)
	o.Clock.Set(*d.NextClockAt)
	o.wantLevels(d.ID, directives.LevelReminder)
	o.Clock.Set(d.DueAt)
	o.wantLevels(d.ID, directives.LevelReminder, directives.LevelOverdue)
	o.Clock.Advance(24 * time.Hour)
	o.wantLevels(d.ID, directives.LevelReminder, directives.LevelOverdue, directives.LevelManager)
	o.Clock.Advance(48 * time.Hour)
	o.wantLevels(d.ID, directives.LevelReminder, directives.LevelOverdue, directives.LevelManager, directives.LevelExecutive)
	if got := o.read(d.ID); got.NextClockAt != nil || !got.Overdue(o.Clock.Now()) {
		t.Fatalf("%+v", got)
	}
	if public := o.events(d.ID, true); slices.Contains(public, "directive.overdue") {
		t.Fatal("the ladder is none of the citizen's timeline")
	}
}

func TestSweepAfterALongSleepLeavesTheReminderOut(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.Clock.Set(d.DueAt.AddDate(0, 0, 2))
	o.wantLevels(d.ID, directives.LevelOverdue, directives.LevelManager)
}

func TestReportStopsTheClockAndReturnStartsIt(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.do(o.as("expert"), report(d.ID, "انجام شد"))
	o.Clock.Set(d.DueAt.AddDate(0, 0, 2))
	o.wantLevels(d.ID)
	o.do(o.as("ceo"), giveBack(d.ID, "کامل نیست"))
	o.wantLevels(d.ID, directives.LevelOverdue, directives.LevelManager)
}

func TestChangeOfDueResetsTheClock(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.Clock.Set(d.DueAt)
	o.wantLevels(d.ID, directives.LevelOverdue)
	later := d.DueAt.AddDate(0, 0, 7)
	o.do(o.as("ceo"), changeDue(d.ID, later, "قطعه نرسیده است"))
	o.wantLevels(d.ID, directives.LevelOverdue)
	o.Clock.Set(later)
	o.wantLevels(d.ID, directives.LevelOverdue, directives.LevelOverdue)
}

func TestDueListFindsWhatTheSweepMustSee(t *testing.T) {
	o := newOffice(t)
	d := o.issue()
	o.Clock.Set(d.DueAt)
	due, err := o.Root.UnscopedDueDirectives(t.Context(), o.Clock.Now(), 10)
	if err != nil || len(due) != 1 || due[0].ID != d.ID {
		t.Fatalf("%v: %v", due, err)
	}
	o.done(d.ID)
	if due, err = o.Root.UnscopedDueDirectives(t.Context(), o.Clock.Now(), 10); err != nil || len(due) > 0 {
		t.Fatalf("%v: %v", due, err)
	}
}
