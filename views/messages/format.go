package messages

import (
	"context"
	"time"

	"pasokh/app/persian"
)

const day = 24 * time.Hour

// Number writes n with the digits and thousands separator of ctx's language.
func Number(ctx context.Context, n int) string { return number(Of(ctx), int64(n)) }

// Digits writes the digits in s in the script of ctx's language; for numbers
// that are not counts (phone numbers, years, clock times). Codes stay ASCII:
// do not pass them here.
func Digits(ctx context.Context, s string) string {
	if Of(ctx) == FA {
		return persian.ToPersian(s)
	}
	return s
}

// Percent writes a whole percentage: «۸۷٪», "87%".
func Percent(ctx context.Context, n int) string {
	if Of(ctx) == FA {
		return persian.Number(int64(n)) + "٪"
	}
	return grouped(int64(n)) + "%"
}

// Date is the long date of t in Tehran: «یکشنبه ۱ آذر ۱۴۰۵».
func Date(ctx context.Context, t time.Time) string {
	if Of(ctx) == FA {
		return persian.LongDate(persian.DateOf(t.In(persian.Tehran)))
	}
	return persian.LongDateEN(persian.DateOf(t.In(persian.Tehran)))
}

// DateTime is the long date and clock time of t in Tehran:
// «یکشنبه ۱ آذر ۱۴۰۵، ساعت ۸:۳۰».
func DateTime(ctx context.Context, t time.Time) string {
	if Of(ctx) == FA {
		return persian.LongDateTime(t)
	}
	return persian.LongDateTimeEN(t)
}

// ShortDate is the date of t in Tehran in figures, for tables: «۱۴۰۵/۰۹/۰۱».
func ShortDate(ctx context.Context, t time.Time) string {
	if Of(ctx) == FA {
		return persian.ShortDate(persian.DateOf(t.In(persian.Tehran)))
	}
	return persian.ShortDateEN(persian.DateOf(t.In(persian.Tehran)))
}

// Clock is the time of day of t in Tehran: «۸:۳۰».
func Clock(ctx context.Context, t time.Time) string {
	if Of(ctx) == FA {
		return persian.Clock(t)
	}
	return persian.ClockEN(t)
}

// Duration says d in words with at most two units: «۲ روز و ۳ ساعت»,
// "2 days and 3 hours". The second unit is left out when the first is three or
// more, and the sign of d is ignored.
func Duration(ctx context.Context, d time.Duration) string { return words(ctx, d, 3) }

// Remaining says how far now is from due: «۵ ساعت مانده»,
// «۲ روز از مهلت گذشته».
func Remaining(ctx context.Context, due, now time.Time) string {
	d := due.Sub(now)
	if d < 0 {
		return T(ctx, "time.overdue", "duration", words(ctx, d, 2))
	}
	return T(ctx, "time.remaining", "duration", words(ctx, d, 2))
}

// Ago says how long before now t was: «لحظاتی پیش», «۳ ساعت پیش»; after thirty
// days it is the short date.
func Ago(ctx context.Context, t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return T(ctx, "time.just_now")
	case d >= 30*day:
		return ShortDate(ctx, t)
	}
	return T(ctx, "time.ago", "duration", words(ctx, d, 1))
}

// Ahead says how long after now t is: «۵ دقیقهٔ دیگر»; a moment that has come
// or comes within the minute is «به‌زودی».
func Ahead(ctx context.Context, t, now time.Time) string {
	d := t.Sub(now)
	if d < time.Minute {
		return T(ctx, "time.soon")
	}
	return T(ctx, "time.ahead", "duration", words(ctx, d, 1))
}

// words writes d in days, hours or minutes. The next smaller unit follows while
// the first counts less than whole.
func words(ctx context.Context, d time.Duration, whole int) string {
	d = d.Abs()
	units := []struct {
		key  string
		size time.Duration
	}{{"time.days", day}, {"time.hours", time.Hour}, {"time.minutes", time.Minute}}
	for i, u := range units {
		n := int(d / u.size)
		if n == 0 {
			continue
		}
		first := T(ctx, u.key, "n", n)
		if n >= whole || i+1 == len(units) {
			return first
		}
		next := units[i+1]
		m := int(d % u.size / next.size)
		if m == 0 {
			return first
		}
		return T(ctx, "time.and", "first", first, "second", T(ctx, next.key, "n", m))
	}
	return T(ctx, "time.under_minute")
}
