package complaints_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
)

func officeHours(spans ...tenants.Interval) tenants.WorkingTime {
	var c tenants.Calendar
	for i := range 5 {
		c.Week[i] = spans
	}
	return tenants.NewWorkingTime(c, nil)
}

func local(t time.Time) string { return t.In(persian.Tehran).Format("2006-01-02 15:04") }

func TestNextCallIsOnAnotherDayAtTheFarthestHour(t *testing.T) {
	hours := officeHours(tenants.Interval{From: 7*60 + 30, Until: 14*60 + 30})
	morning := time.Date(2026, 11, 21, 8, 0, 0, 0, persian.Tehran) // Saturday
	tried := []time.Time{morning}
	for _, want := range []string{"2026-11-22 13:55", "2026-11-23 11:00", "2026-11-24 09:15"} {
		next := complaints.NextCall(hours, tried)
		if got := local(next); got != want {
			t.Fatalf("after %d tries %s, want %s", len(tried), got, want)
		}
		tried = append(tried, next)
	}
}

func TestNextCallSkipsTheWeekend(t *testing.T) {
	hours := officeHours(tenants.Interval{From: 8 * 60, Until: 14 * 60})
	wednesday := time.Date(2026, 11, 25, 8, 5, 0, 0, persian.Tehran)
	if got := local(complaints.NextCall(hours, []time.Time{wednesday})); got[:10] != "2026-11-28" {
		t.Errorf("after Wednesday comes %s, want Saturday", got)
	}
}

func TestNobodyIsCalledAtNightByAnOfficeThatNeverCloses(t *testing.T) {
	var c tenants.Calendar
	for i := range c.Week {
		c.Week[i] = []tenants.Interval{{From: 0, Until: 24 * 60}}
	}
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, persian.Tehran)
	next := complaints.NextCall(tenants.NewWorkingTime(c, nil), []time.Time{noon}).In(persian.Tehran)
	if next.Hour() < 8 || next.Hour() >= 20 {
		t.Errorf("called at %s", local(next))
	}
}

func TestNextCallIsAlwaysLaterOpenAndElsewhereInTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c tenants.Calendar
		for i := range c.Week {
			for at := 0; len(c.Week[i]) < 3 && at < 22*60; {
				from := rapid.IntRange(at, 22*60).Draw(t, "from")
				until := rapid.IntRange(from+1, 24*60).Draw(t, "until")
				if rapid.Bool().Draw(t, "open") {
					c.Week[i] = append(c.Week[i], tenants.Interval{From: from, Until: until})
				}
				at = until + 1
			}
		}
		hours := tenants.NewWorkingTime(c, nil)
		first := time.Date(2026, 11, 21, 0, 0, 0, 0, persian.Tehran).Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(t, "first")) * time.Minute)
		tried := []time.Time{first}
		for range rapid.IntRange(1, 5).Draw(t, "tries") {
			next := complaints.NextCall(hours, tried)
			last := persian.DateOf(tried[len(tried)-1].In(persian.Tehran))
			if !persian.DateOf(next.In(persian.Tehran)).After(last) {
				t.Fatalf("%s is not after %s", local(next), last)
			}
			if someOpen(c) && hours.Between(next, next.Add(time.Minute)) <= 0 {
				t.Fatalf("%s is not working time", local(next))
			}
			if again := complaints.NextCall(hours, tried); !again.Equal(next) {
				t.Fatal("the same tries give another time")
			}
			tried = append(tried, next)
		}
	})
}

func someOpen(c tenants.Calendar) bool {
	for _, day := range c.Week {
		for _, span := range day {
			if span.Until-span.From >= 30 {
				return true
			}
		}
	}
	return false
}
