package tenants

import (
	"fmt"
	"slices"
	"strings"

	"pasokh/app/persian"
)

// The years for which SeedHolidays knows the fixed solar holidays.
const (
	firstHolidayYear = 1400
	lastHolidayYear  = 1410
)

// lunar lists the holidays of the lunar calendar that are established
// (iran.md §4). They move by eleven days a year and with the sighting of the
// moon, and no rule gives them: all that is missing here, from Mordad 1405 on,
// is data that the platform admin enters when the official calendar is out.
var lunar = []struct {
	day    persian.Date
	fa, en string
}{
	{persian.Date{Year: 1404, Month: 1, Day: 11}, "عید سعید فطر", "Eid al-Fitr"},
	{persian.Date{Year: 1404, Month: 2, Day: 4}, "شهادت امام جعفر صادق (ع)", "Martyrdom of Imam Sadegh"},
	{persian.Date{Year: 1404, Month: 3, Day: 16}, "عید سعید قربان", "Eid al-Adha"},
	{persian.Date{Year: 1404, Month: 3, Day: 24}, "عید سعید غدیر خم", "Eid al-Ghadir"},
	{persian.Date{Year: 1404, Month: 4, Day: 14}, "تاسوعای حسینی", "Tasua"},
	{persian.Date{Year: 1404, Month: 4, Day: 15}, "عاشورای حسینی", "Ashura"},
	{persian.Date{Year: 1404, Month: 5, Day: 23}, "اربعین حسینی", "Arbaeen"},
	{persian.Date{Year: 1404, Month: 5, Day: 31}, "رحلت رسول اکرم (ص) و شهادت امام حسن مجتبی (ع)", "Passing of the Prophet"},
	{persian.Date{Year: 1404, Month: 6, Day: 2}, "شهادت امام رضا (ع)", "Martyrdom of Imam Reza"},
	{persian.Date{Year: 1404, Month: 10, Day: 13}, "ولادت امام علی (ع)", "Birth of Imam Ali"},
	{persian.Date{Year: 1404, Month: 10, Day: 27}, "مبعث رسول اکرم (ص)", "Mab'ath"},
	{persian.Date{Year: 1405, Month: 3, Day: 6}, "عید سعید قربان", "Eid al-Adha"},
	{persian.Date{Year: 1405, Month: 4, Day: 3}, "تاسوعای حسینی", "Tasua"},
	{persian.Date{Year: 1405, Month: 4, Day: 4}, "عاشورای حسینی", "Ashura"},
}

// SeedHolidays gives the official holidays with which a new database starts, in
// the order of their days: the fixed solar ones of 1400 to 1410 and the lunar
// ones that are established. Save them with Root.UnscopedSaveHolidays.
func SeedHolidays() []Holiday {
	var list []Holiday
	last := persian.Date{Year: lastHolidayYear + 1, Month: 1, Day: 1}
	for d := (persian.Date{Year: firstHolidayYear, Month: 1, Day: 1}); d.Before(last); d = d.AddDays(1) {
		if fa, en, ok := persian.FixedHoliday(d); ok {
			list = append(list, holidayOn(d, fa, en))
		}
	}
	for _, h := range lunar {
		list = append(list, holidayOn(h.day, h.fa, h.en))
	}
	slices.SortFunc(list, func(a, b Holiday) int { return strings.Compare(a.Day, b.Day) })
	return list
}

func holidayOn(d persian.Date, fa, en string) Holiday {
	y, m, day := d.Gregorian()
	return Holiday{Day: fmt.Sprintf("%04d-%02d-%02d", y, int(m), day), NameFA: fa, NameEN: en}
}
