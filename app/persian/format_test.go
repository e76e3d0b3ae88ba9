package persian

import (
	"testing"
	"time"
)

func TestDateFormats(t *testing.T) {
	d := Date{1405, 9, 1}
	// A time of day in UTC whose day in Tehran is the next one would betray a missing conversion.
	at := time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)
	night := time.Date(2026, 11, 21, 20, 35, 0, 0, time.UTC)
	for _, c := range []struct{ name, got, want string }{
		{"LongDate", LongDate(d), "یکشنبه ۱ آذر ۱۴۰۵"},
		{"LongDateEN", LongDateEN(d), "Sunday, 1 Azar 1405"},
		{"ShortDate", ShortDate(d), "۱۴۰۵/۰۹/۰۱"},
		{"ShortDateEN", ShortDateEN(d), "1405/09/01"},
		{"Clock", Clock(at), "۸:۳۰"},
		{"ClockEN", ClockEN(at), "8:30"},
		{"LongDateTime", LongDateTime(at), "یکشنبه ۱ آذر ۱۴۰۵، ساعت ۸:۳۰"},
		{"LongDateTimeEN", LongDateTimeEN(at), "Sunday, 1 Azar 1405, 8:30"},
		{"after midnight in Tehran", LongDateTime(night), "یکشنبه ۱ آذر ۱۴۰۵، ساعت ۰:۰۵"},
		{"ZWNJ in Tuesday", LongDate(Date{1405, 8, 26}), "سه\u200cشنبه ۲۶ آبان ۱۴۰۵"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	for month, want := range map[int]string{0: "", 1: "فروردین", 7: "مهر", 12: "اسفند", 13: "", -1: ""} {
		if got := MonthName(month); got != want {
			t.Errorf("MonthName(%d) = %q, want %q", month, got, want)
		}
	}
	if MonthNameEN(10) != "Dey" || MonthNameEN(13) != "" || WeekdayName(7) != "" || WeekdayName(-1) != "" {
		t.Error("names outside the calendar")
	}
}

func TestWeekBeginsOnSaturday(t *testing.T) {
	week := []time.Weekday{time.Saturday, time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	for i, day := range week {
		if got := WeekdayIndex(day); got != i {
			t.Errorf("WeekdayIndex(%v) = %d, want %d", day, got, i)
		}
	}
}
