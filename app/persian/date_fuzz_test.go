package persian_test

import (
	"testing"
	"time"

	"pasokh/app/persian"
)

// Whatever is read as a date is one, and is read again from what it writes.
func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"1405/8/30", "۱۴۰۵-۱۲-۳۰", "1405.8.1", "1405/13/1", "0000/1/1", "1405/00/00", "۱۴۰٥ ؍ ٨ ؍ 1", "\u200f1405/1/31"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		d, err := persian.ParseDate(typed)
		if err != nil {
			return
		}
		if again, err := persian.ParseDate(d.String()); err != nil || again != d {
			t.Fatalf("%q is %v, and then %v, %v", typed, d, again, err)
		}
		if back := persian.DateOf(d.Time(12, 0, time.UTC)); back != d {
			t.Fatalf("%q is %v, by way of its instant %v", typed, d, back)
		}
	})
}
