package tenants_test

import (
	"slices"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/tenants"
)

func TestSeedHolidays(t *testing.T) {
	days := map[string]string{}
	for _, h := range tenants.SeedHolidays() {
		if days[h.Day] != "" {
			t.Errorf("%s stands twice", h.Day)
		}
		if h.NameFA == "" || h.NameEN == "" {
			t.Errorf("%s has no name", h.Day)
		}
		days[h.Day] = h.NameEN
	}
	for day, name := range map[string]string{
		"2021-03-21": "Nowruz",
		"2026-03-21": "Nowruz",
		"2025-03-20": "Last day of the year", // 30 Esfand of the leap year 1403
		"2026-05-27": "Eid al-Adha",
		"2026-06-25": "Ashura",
		"2032-02-11": "Victory of the Islamic Revolution",
	} {
		if days[day] != name {
			t.Errorf("%s is %q, want %q", day, days[day], name)
		}
	}
	if days["2025-03-19"] != "Nationalisation of the Oil Industry" || days["2026-11-22"] != "" {
		t.Error("a plain day or a fixed day is wrong")
	}
}

func TestSeedHolidaysCanBeSavedTwice(t *testing.T) {
	w := dbtest.Empty(t)
	for range 2 {
		if err := w.Root.UnscopedSaveHolidays(t.Context(), tenants.SeedHolidays()); err != nil {
			t.Fatal(err)
		}
	}
	list, err := w.Root.UnscopedHolidays(t.Context(), "2026-03-21", "2026-12-21")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(list, func(a, b tenants.Holiday) int {
		if a.Day < b.Day {
			return -1
		}
		return 1
	}) || len(list) != 11 {
		t.Errorf("%d holidays from Farvardin to Azar 1405, want 11: %v", len(list), list)
	}
}
