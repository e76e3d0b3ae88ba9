package jobs

import (
	"context"
	"time"

	"pasokh/app/persian"
	"pasokh/tenants"
)

// holidaysAhead is how far the official holidays are written down.
const holidaysAhead = 2 * 366

// writeHolidays writes the holidays that are the same in every Solar Hijri year
// and are not known yet, two years ahead. Lunar ones are entered by people.
func writeHolidays(ctx context.Context, d *Deps) error {
	today := d.Root.Clock()().In(persian.Tehran)
	last := today.AddDate(0, 0, holidaysAhead)
	known, err := d.Root.UnscopedHolidays(ctx, today.Format(time.DateOnly), last.Format(time.DateOnly))
	if err != nil {
		return err
	}
	stands := make(map[string]bool, len(known))
	for _, h := range known {
		stands[h.Day] = true
	}
	var missing []tenants.Holiday
	for n := range holidaysAhead {
		at := today.AddDate(0, 0, n)
		fa, en, ok := persian.FixedHoliday(persian.DateOf(at))
		if day := at.Format(time.DateOnly); ok && !stands[day] {
			missing = append(missing, tenants.Holiday{Day: day, NameFA: fa, NameEN: en})
		}
	}
	return d.Root.UnscopedSaveHolidays(ctx, missing)
}
