package persian

import (
	"fmt"
	"time"
)

// Tehran is the civil time of Iran: UTC+03:30 without clock changes since 1402, with them before.
var Tehran = mustLoad("Asia/Tehran")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic("persian: embedded time zones are missing: " + err.Error()) // the import in doc.go forbids it
	}
	return loc
}

var monthNames = [...][2]string{
	{"فروردین", "Farvardin"}, {"اردیبهشت", "Ordibehesht"}, {"خرداد", "Khordad"},
	{"تیر", "Tir"}, {"مرداد", "Mordad"}, {"شهریور", "Shahrivar"},
	{"مهر", "Mehr"}, {"آبان", "Aban"}, {"آذر", "Azar"},
	{"دی", "Dey"}, {"بهمن", "Bahman"}, {"اسفند", "Esfand"},
}

var weekdayNames = [...]string{
	time.Sunday: "یکشنبه", time.Monday: "دوشنبه", time.Tuesday: "سه\u200cشنبه", time.Wednesday: "چهارشنبه",
	time.Thursday: "پنجشنبه", time.Friday: "جمعه", time.Saturday: "شنبه",
}

// MonthName is the Persian name of month 1-12, and "" for any other number.
func MonthName(month int) string { return monthName(month, 0) }

// MonthNameEN is the name of month 1-12 in Latin letters, "Azar", and "" for any other number.
func MonthNameEN(month int) string { return monthName(month, 1) }

func monthName(month, language int) string {
	if month < 1 || month > len(monthNames) {
		return ""
	}
	return monthNames[month-1][language]
}

// WeekdayName is the Persian name of a weekday as CLDR spells it, and "" for no weekday. In English use
// day.String().
func WeekdayName(day time.Weekday) string {
	if day < time.Sunday || day > time.Saturday {
		return ""
	}
	return weekdayNames[day]
}

// WeekdayIndex counts the days of the Iranian week: 0 Saturday to 6 Friday.
func WeekdayIndex(day time.Weekday) int { return floorMod(int(day)+1, 7) }

// LongDate is the form for prose and headings: «یکشنبه ۱ آذر ۱۴۰۵».
func LongDate(d Date) string {
	return ToPersian(fmt.Sprintf("%s %d %s %d", WeekdayName(d.Weekday()), d.Day, MonthName(d.Month), d.Year))
}

// LongDateEN is LongDate on an English page: "Sunday, 1 Azar 1405".
func LongDateEN(d Date) string {
	return fmt.Sprintf("%s, %d %s %d", d.Weekday(), d.Day, MonthNameEN(d.Month), d.Year)
}

// ShortDate is the form for tables and inputs: «۱۴۰۵/۰۹/۰۱».
func ShortDate(d Date) string { return ToPersian(ShortDateEN(d)) }

// ShortDateEN is ShortDate in ASCII digits: "1405/09/01".
func ShortDateEN(d Date) string { return fmt.Sprintf("%04d/%02d/%02d", d.Year, d.Month, d.Day) }

// Clock is the time of day in Tehran, on 24 hours: «۸:۳۰».
func Clock(t time.Time) string { return ToPersian(ClockEN(t)) }

// ClockEN is Clock in ASCII digits: "8:30".
func ClockEN(t time.Time) string {
	t = t.In(Tehran)
	return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute())
}

// LongDateTime is day and time in Tehran: «یکشنبه ۱ آذر ۱۴۰۵، ساعت ۸:۳۰».
func LongDateTime(t time.Time) string {
	return LongDate(DateOf(t.In(Tehran))) + "، ساعت " + Clock(t)
}

// LongDateTimeEN is LongDateTime on an English page: "Sunday, 1 Azar 1405, 8:30".
func LongDateTimeEN(t time.Time) string {
	return LongDateEN(DateOf(t.In(Tehran))) + ", " + ClockEN(t)
}
