package tenants_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pasokh/app/persian"
	"pasokh/tenants"
)

// at is a moment in Tehran: Azar 1405 begins on Sunday 22 November 2026.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, time.November, day, hour, minute, 0, 0, persian.Tehran)
}

func span(from, until int) tenants.Interval { return tenants.Interval{From: from, Until: until} }

// office works 08:00-12:00 and 13:00-16:00 from Saturday to Wednesday, and
// 08:00-12:00 on Thursday.
func office() tenants.Calendar {
	var c tenants.Calendar
	for i := range 5 {
		c.Week[i] = []tenants.Interval{span(480, 720), span(780, 960)}
	}
	c.Week[5] = []tenants.Interval{span(480, 720)}
	return c
}

func TestWorkingTime(t *testing.T) {
	plain := tenants.NewWorkingTime(office(), nil)
	closed := plain.WithClosures(tenants.Closure{Day: "2026-11-23", FromMinute: 0, UntilMinute: 600, Kind: tenants.ClosureAdHoc})
	holiday := tenants.NewWorkingTime(office(), []tenants.Holiday{{Day: "2026-11-23"}})
	open := office()
	open.WorksHoliday = true
	short := tenants.CalendarWeek{FromDay: "2026-11-24"}
	for i := range 5 {
		short.Calendar.Week[i] = []tenants.Interval{span(480, 600)}
	}
	cases := []struct {
		name  string
		hours tenants.WorkingTime
		from  time.Time
		add   time.Duration
		want  time.Time
	}{
		{"within the morning", plain, at(22, 9, 0), time.Hour, at(22, 10, 0)},
		{"to the end of the morning, not past the break", plain, at(22, 9, 0), 3 * time.Hour, at(22, 12, 0)},
		{"over the break", plain, at(22, 11, 0), 2 * time.Hour, at(22, 14, 0)},
		{"over the night", plain, at(22, 15, 0), 2 * time.Hour, at(23, 9, 0)},
		{"from before the office opens", plain, at(22, 5, 0), time.Hour, at(22, 9, 0)},
		{"Thursday ends at noon, Friday is off", plain, at(26, 11, 0), 2 * time.Hour, at(28, 9, 0)},
		{"nothing to add", plain, at(26, 20, 0), 0, at(26, 20, 0)},
		{"a late start", closed, at(22, 15, 0), 2 * time.Hour, at(23, 11, 0)},
		{"a holiday", holiday, at(22, 15, 0), 2 * time.Hour, at(24, 9, 0)},
		{"an office that works on holidays", tenants.NewWorkingTime(open, []tenants.Holiday{{Day: "2026-11-23"}}), at(22, 15, 0), 2 * time.Hour, at(23, 9, 0)},
		{"another week from Tuesday on", plain.WithWeeks(short), at(23, 15, 0), 4 * time.Hour, at(25, 9, 0)},
		{"more than a year of it", plain, at(21, 8, 0), 39 * 60 * time.Hour, at(19, 12, 0).AddDate(0, 0, 60*7)},
	}
	for _, c := range cases {
		if got := c.hours.Add(c.from, c.add); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.name, got.In(persian.Tehran), c.want)
		}
		if got := c.hours.Between(c.from, c.want); got != c.add {
			t.Errorf("%s: %s lie between, want %s", c.name, got, c.add)
		}
	}
}

func TestAUnitThatWorksRoundTheClock(t *testing.T) {
	w := tenants.NewWorkingTime(office(), nil)
	if got := w.Of(7); got.RoundTheClock() || !got.Add(at(26, 23, 0), time.Hour).Equal(at(28, 9, 0)) {
		t.Error("a plain unit does not follow the week")
	}
}

// random draws a calendar that is never closed for good: a random week, perhaps
// a second one, holidays and closures.
func random(t *rapid.T) tenants.WorkingTime {
	day := rapid.Custom(func(t *rapid.T) []tenants.Interval {
		var list []tenants.Interval
		last := -1
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			if last > 1400 {
				break
			}
			from := rapid.IntRange(last+1, 1420).Draw(t, "from")
			last = rapid.IntRange(from+1, min(from+400, 1440)).Draw(t, "until")
			list = append(list, span(from, last))
		}
		return list
	})
	week := func(name string) (w [7][]tenants.Interval) {
		for i := range w {
			w[i] = day.Draw(t, name)
		}
		w[rapid.IntRange(0, 6).Draw(t, name+" always")] = []tenants.Interval{span(540, 660)}
		return w
	}
	date := rapid.Custom(func(t *rapid.T) string {
		return at(22, 0, 0).AddDate(0, 0, rapid.IntRange(-5, 40).Draw(t, "day")).Format(time.DateOnly)
	})
	c := tenants.Calendar{Week: week("week"), WorksHoliday: rapid.Bool().Draw(t, "works on holidays")}
	var holidays []tenants.Holiday
	for range rapid.IntRange(0, 4).Draw(t, "holidays") {
		holidays = append(holidays, tenants.Holiday{Day: date.Draw(t, "holiday")})
	}
	w := tenants.NewWorkingTime(c, holidays)
	for range rapid.IntRange(0, 3).Draw(t, "closures") {
		from := rapid.IntRange(0, 1439).Draw(t, "closed from")
		kind := rapid.SampledFrom([]string{tenants.ClosureAdHoc, tenants.ClosureHoliday}).Draw(t, "kind")
		w = w.WithClosures(tenants.Closure{Day: date.Draw(t, "closed"), FromMinute: from, UntilMinute: rapid.IntRange(from+1, 1440).Draw(t, "closed until"), Kind: kind})
	}
	if rapid.Bool().Draw(t, "a second week") {
		w = w.WithWeeks(tenants.CalendarWeek{FromDay: date.Draw(t, "from day"), Calendar: tenants.Calendar{Week: week("second"), WorksHoliday: rapid.Bool().Draw(t, "then works on holidays")}})
	}
	return w
}

func moment(t *rapid.T, name string) time.Time {
	return at(22, 0, 0).Add(time.Duration(rapid.IntRange(-5*1440, 30*1440).Draw(t, name)) * time.Minute)
}

// naive is working time minute by minute, with no arithmetic to be wrong in.
type naive struct{ hours tenants.WorkingTime }

func (n naive) works(minute time.Time) bool {
	local := minute.In(persian.Tehran)
	of := 60*local.Hour() + local.Minute()
	for _, i := range n.hours.Day(local) {
		if i.From <= of && of < i.Until {
			return true
		}
	}
	return false
}

func (n naive) add(from time.Time, d time.Duration) time.Time {
	for ; d > 0; from = from.Add(time.Minute) {
		if n.works(from) {
			d -= time.Minute
		}
	}
	return from
}

func (n naive) between(from, until time.Time) (sum time.Duration) {
	for ; from.Before(until); from = from.Add(time.Minute) {
		if n.works(from) {
			sum += time.Minute
		}
	}
	return sum
}

func TestWorkingTimeAgreesWithCountingMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := random(t)
		from := moment(t, "from")
		d := time.Duration(rapid.IntRange(0, 3000).Draw(t, "minutes")) * time.Minute
		until := from.Add(time.Duration(rapid.IntRange(0, 20*1440).Draw(t, "later")) * time.Minute)
		if got, want := w.Add(from, d), (naive{w}).add(from, d); !got.Equal(want) {
			t.Fatalf("Add gives %s, counting %s", got, want)
		}
		if got, want := w.Between(from, until), (naive{w}).between(from, until); got != want {
			t.Fatalf("Between gives %s, counting %s", got, want)
		}
	})
}

func TestWorkingTimeIsMonotoneAndAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := random(t)
		from, later := moment(t, "from"), moment(t, "later")
		if later.Before(from) {
			from, later = later, from
		}
		a := time.Duration(rapid.IntRange(1, 4000).Draw(t, "a")) * time.Minute
		b := time.Duration(rapid.IntRange(1, 4000).Draw(t, "b")) * time.Minute
		if w.Add(later, a).Before(w.Add(from, a)) {
			t.Fatal("a later start ends earlier")
		}
		if !w.Add(from, a).Before(w.Add(from, a+b)) {
			t.Fatal("more time does not end later")
		}
		if got, want := w.Add(w.Add(from, a), b), w.Add(from, a+b); !got.Equal(want) {
			t.Fatalf("in two steps %s, in one %s", got, want)
		}
		if got := w.Between(from, w.Add(from, a)); got != a {
			t.Fatalf("%s added, %s between", a, got)
		}
	})
}

// Whatever is entered at an instant, working time before it stays what it was:
// every deadline that had passed, or was wound to before it, stays.
func TestWhatIsEnteredNowLeavesThePast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := random(t)
		now := moment(t, "now")
		day := now.AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "ahead")).In(persian.Tehran).Format(time.DateOnly)
		from := rapid.IntRange(0, 1439).Draw(t, "closed from")
		c := tenants.Closure{
			Day: day, FromMinute: from, UntilMinute: rapid.IntRange(from+1, 1440).Draw(t, "closed until"), NameFA: "برف",
			Kind: rapid.SampledFrom([]string{tenants.ClosureAdHoc, tenants.ClosureHoliday}).Draw(t, "kind"),
		}
		if c.Check(now) != nil {
			t.Skip("refused")
		}
		after := before.WithClosures(c)
		week := tenants.CalendarWeek{FromDay: now.In(persian.Tehran).AddDate(0, 0, 1).Format(time.DateOnly), Calendar: office()}
		if err := week.Check(now); err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "and a week") {
			after = after.WithWeeks(week)
		}
		start := now.Add(-time.Duration(rapid.IntRange(0, 10*1440).Draw(t, "since")) * time.Minute)
		d := time.Duration(rapid.IntRange(1, 4000).Draw(t, "minutes")) * time.Minute
		was, is := before.Add(start, d), after.Add(start, d)
		if !was.After(now) && !is.Equal(was) {
			t.Fatalf("a deadline that passed at %s is now at %s (entered at %s)", was, is, now)
		}
		if was.After(now) && !is.After(now) {
			t.Fatal("a deadline to come has passed by being entered")
		}
		if before.Between(start, now) != after.Between(start, now) {
			t.Fatal("working time that has passed is another")
		}
		if back := before.WithClosures(c).Without(c, now); rest(c, now) == c.FromMinute && !back.Add(start, d).Equal(was) && !known(before, c) {
			t.Fatal("a closure that is taken back leaves something")
		}
	})
}

// known tells whether the day was a holiday or closed there already, so that
// taking the closure back may open what was closed twice.
func known(w tenants.WorkingTime, c tenants.Closure) bool {
	day, _ := time.ParseInLocation(time.DateOnly, c.Day, persian.Tehran)
	return c.Kind == tenants.ClosureHoliday && w.Closed(day)
}

// rest is the minute up to which the closure has been in force at now.
func rest(c tenants.Closure, now time.Time) int {
	if local := now.In(persian.Tehran); local.Format(time.DateOnly) == c.Day {
		return 60*local.Hour() + local.Minute()
	}
	return c.FromMinute
}

func TestIntervalsAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "",
		"۷:۳۰ تا ۱۴:۳۰":                    "07:30-14:30",
		"8-12، 13-16":                      "08:00-12:00 13:00-16:00",
		"۸–۱۲; ۱۳:۱۵—۱۶":                   "08:00-12:00 13:15-16:00",
		"0-24":                             "00:00-24:00",
		"8.30 to 12":                       "08:30-12:00",
		"12-8":                             "!calendar.error.interval_backwards",
		"8-12, 11-13":                      "!calendar.error.interval_overlap",
		"8-12, 12-13":                      "!calendar.error.interval_overlap",
		"8-25":                             "!calendar.error.interval",
		"صبح":                              "!calendar.error.interval",
		"1-2,3-4,5-6,7-8,9-10,11-12,13-14": "!calendar.error.intervals_many",
	} {
		got := ""
		list, err := tenants.ParseIntervals(text)
		for _, i := range list {
			if got != "" {
				got += " "
			}
			got += i.String()
		}
		if err != nil {
			got = "!" + keyOf(err)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
