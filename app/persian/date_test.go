package persian

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyDate draws from the range for which NewDate takes dates.
func anyDate(t *rapid.T) Date {
	year, month := rapid.IntRange(firstYear, lastYear).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month")
	return Date{year, month, rapid.IntRange(1, DaysInMonth(year, month)).Draw(t, "day")}
}

func gregorian(d Date) string {
	y, m, day := d.Gregorian()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// testdata/icu.tsv is made by testdata/generate.mjs, which explains its lines.
func TestAgreesWithICU(t *testing.T) {
	table, err := os.ReadFile("testdata/icu.tsv")
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		counts[f[0]]++
		switch f[0] {
		case "year":
			checkYear(t, f[1], f[2], f[3])
		case "day":
			checkDay(t, f[1], f[2], f[3])
		}
	}
	if counts["year"] != 151 || counts["day"] < 500 {
		t.Errorf("the table is not whole: %v", counts)
	}
}

func checkYear(t *testing.T, year, start, length string) {
	y, err := strconv.Atoi(year)
	if err != nil {
		t.Fatal(err)
	}
	if got := gregorian(Date{y, 1, 1}); got != start {
		t.Errorf("%d begins on %s, want %s", y, got, start)
	}
	if IsLeap(y) != (length == "366") {
		t.Errorf("IsLeap(%d) = %v, the year has %s days", y, IsLeap(y), length)
	}
}

func checkDay(t *testing.T, solar, want, weekday string) {
	d, err := ParseDate(solar)
	if err != nil {
		t.Fatal(err)
	}
	if got := gregorian(d); got != want || strconv.Itoa(int(d.Weekday())) != weekday || d.String() != solar {
		t.Errorf("%s is %s, %v, want %s, %s", solar, got, d.Weekday(), want, weekday)
	}
	at, err := time.Parse(time.DateOnly, want)
	if err != nil {
		t.Fatal(err)
	}
	if DateOf(at) != d {
		t.Errorf("DateOf(%s) = %s, want %s", want, DateOf(at), solar)
	}
}

func TestNewDateIsStrict(t *testing.T) {
	for _, d := range []Date{{1403, 12, 30}, {1404, 12, 29}, {1405, 6, 31}, {1200, 1, 1}, {1500, 12, 29}} {
		if got, err := NewDate(d.Year, d.Month, d.Day); err != nil || got != d {
			t.Errorf("NewDate(%s) = %v, %v", d, got, err)
		}
	}
	for _, d := range []Date{
		{1404, 12, 30}, {1405, 7, 31}, {1405, 1, 32}, {1405, 0, 1}, {1405, 13, 1}, {1405, 1, 0}, {1405, 1, -1},
		{2026, 1, 1}, {5, 8, 30}, {1199, 12, 29}, {1501, 1, 1}, {},
	} {
		if got, err := NewDate(d.Year, d.Month, d.Day); !errors.Is(err, ErrDate) || got != (Date{}) {
			t.Errorf("NewDate(%s) = %v, %v", d, got, err)
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, s := range []string{
		"۱۴۰۵/۸/۳۰", "1405-08-30", "1405.8.30", "١٤٠٥/٨/٣٠", " 1405 / 8 / 30 ", "1405 8 30", "1405\u20138\u201330",
		"۱۴۰۵\u066b۸\u066b۳۰", "1405\u060d8\u060d30", "\u200f۱۴۰۵/۰۸/۳۰\u200e",
	} {
		if got, err := ParseDate(s); err != nil || got != (Date{1405, 8, 30}) {
			t.Errorf("ParseDate(%q) = %v, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"", "1405", "1405/8", "1405/8/31", "1404/12/30", "2026/11/21", "05/8/30", "30/8/1405", "1405/8/30/1",
		"1405//8/30", "1405/8/301", "14050830", "-1405/8/30", "1405/8/+3", "x", "1405/8/30 10:00",
	} {
		if got, err := ParseDate(s); !errors.Is(err, ErrDate) {
			t.Errorf("ParseDate(%q) = %v, %v", s, got, err)
		}
	}
}

func TestDateRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t)
		if got := DateOf(d.Time(rapid.IntRange(0, 23).Draw(t, "hour"), 59, time.UTC)); got != d {
			t.Errorf("%v through time.Time is %v", d, got)
		}
		for _, shown := range []string{d.String(), ShortDate(d), ShortDateEN(d)} {
			if got, err := ParseDate(shown); err != nil || got != d {
				t.Errorf("ParseDate(%q) = %v, %v", shown, got, err)
			}
		}
		n := rapid.IntRange(-40000, 40000).Draw(t, "n")
		moved := d.AddDays(n)
		if moved.AddDays(-n) != d || moved.Before(d) != (n < 0) || moved.After(d) != (n > 0) || moved.Equal(d) != (n == 0) {
			t.Errorf("%v moved by %d is %v", d, n, moved)
		}
		if got := moved.Weekday(); got != time.Weekday(floorMod(int(d.Weekday())+n, 7)) {
			t.Errorf("%v is a %v, %d days later %v", d, d.Weekday(), n, got)
		}
	})
}

func TestDayAfterDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t)
		want := Date{d.Year, d.Month, d.Day + 1}
		if want.Day > DaysInMonth(d.Year, d.Month) {
			want = d.MonthStart().AddMonths(1)
		}
		if got := d.AddDays(1); got != want {
			t.Errorf("after %v comes %v, want %v", d, got, want)
		}
	})
}

func TestAddMonthsClamps(t *testing.T) {
	for _, c := range []struct {
		from Date
		n    int
		want Date
	}{
		{Date{1405, 6, 31}, 1, Date{1405, 7, 30}},
		{Date{1405, 6, 31}, 6, Date{1405, 12, 29}},
		{Date{1402, 6, 31}, 18, Date{1403, 12, 30}},
		{Date{1405, 1, 31}, -1, Date{1404, 12, 29}},
		{Date{1405, 8, 30}, 0, Date{1405, 8, 30}},
		{Date{1405, 8, 30}, -20, Date{1403, 12, 30}},
		{Date{1403, 12, 30}, 12, Date{1404, 12, 29}},
	} {
		if got := c.from.AddMonths(c.n); got != c.want {
			t.Errorf("%v plus %d months is %v, want %v", c.from, c.n, got, c.want)
		}
	}
	if got := (Date{1403, 12, 30}).AddYears(5); got != (Date{1408, 12, 30}) {
		t.Errorf("five years after a leap day is %v", got)
	}
}

func TestDateOfUsesTheLocation(t *testing.T) {
	at := time.Date(2026, 11, 21, 21, 0, 0, 0, time.UTC) // half past midnight in Tehran
	if got := DateOf(at); got != (Date{1405, 8, 30}) {
		t.Errorf("in UTC it is %v", got)
	}
	if got := DateOf(at.In(Tehran)); got != (Date{1405, 9, 1}) {
		t.Errorf("in Tehran it is %v", got)
	}
	DateOf(time.Time{}) // before the calendar begins: no panic
}

func TestTimeInGaps(t *testing.T) {
	for _, c := range []struct {
		d            Date
		hour, minute int
		want         string
	}{
		{Date{1405, 9, 1}, 8, 30, "2026-11-22T08:30:00+03:30"},
		{Date{1401, 1, 2}, 0, 0, "2022-03-22T01:00:00+04:30"}, // this midnight did not exist
		{Date{1401, 1, 2}, 0, 30, "2022-03-22T01:00:00+04:30"},
		{Date{1401, 1, 2}, 1, 0, "2022-03-22T01:00:00+04:30"},
		{Date{1402, 1, 2}, 0, 0, "2023-03-22T00:00:00+03:30"}, // no clock changes any more
		{Date{1405, 9, 1}, 24, 0, "2026-11-23T00:00:00+03:30"},
	} {
		if got := c.d.Time(c.hour, c.minute, Tehran).Format(time.RFC3339); got != c.want {
			t.Errorf("%v %d:%02d is %s, want %s", c.d, c.hour, c.minute, got, c.want)
		}
	}
	for d := (Date{1300, 1, 1}); d.Year < 1450; d = d.AddDays(1) {
		if midnight := d.Time(0, 0, Tehran); DateOf(midnight) != d {
			t.Errorf("%v begins at %v", d, midnight)
		}
	}
}
