package persian

import "testing"

func TestFixedHolidaysOfAYear(t *testing.T) {
	want := map[Date]bool{}
	for _, d := range []Date{
		{1403, 1, 1}, {1403, 1, 2}, {1403, 1, 3}, {1403, 1, 4}, {1403, 1, 12}, {1403, 1, 13}, {1403, 3, 14},
		{1403, 3, 15}, {1403, 11, 22}, {1403, 12, 29}, {1403, 12, 30},
	} {
		want[d], want[d.AddYears(1)] = true, true // 1404 is a common year: 30 Esfand falls on the 29th
	}
	for d := (Date{1403, 1, 1}); d.Year < 1405; d = d.AddDays(1) {
		fa, en, ok := FixedHoliday(d)
		if ok != want[d] || ok != (fa != "") || ok != (en != "") {
			t.Errorf("FixedHoliday(%v) = %q, %q, %v", d, fa, en, ok)
		}
	}
}

func TestNoHolidayOnDaysThatDoNotExist(t *testing.T) {
	for _, d := range []Date{{1404, 12, 30}, {}, {1405, 13, 1}} {
		if fa, _, ok := FixedHoliday(d); ok {
			t.Errorf("%v is %s", d, fa)
		}
	}
}
