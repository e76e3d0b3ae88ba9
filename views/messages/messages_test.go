package messages

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pasokh/app/persian"
)

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	for _, key := range Keys(FA) {
		if !Has(EN, key) {
			t.Errorf("%q is in fa only", key)
		}
	}
	for _, key := range Keys(EN) {
		base, plural := strings.CutSuffix(key, ".one")
		if plural && Has(EN, base) {
			continue // an English singular needs no Persian twin
		}
		if !Has(FA, key) {
			t.Errorf("%q is in en only", key)
		}
	}
}

func TestLanguagesHaveTheSamePlaceholders(t *testing.T) {
	names := func(text string) []string {
		found := placeholder.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for _, key := range Keys(EN) {
		fa, ok := catalogue[FA][strings.TrimSuffix(key, ".one")]
		if !ok {
			continue // the test above reports it
		}
		if strings.HasSuffix(key, ".one") {
			continue // "one case" may leave {n} out
		}
		if got, want := names(catalogue[EN][key]), names(fa); !slices.Equal(got, want) {
			t.Errorf("%q: en has %v, fa has %v", key, got, want)
		}
	}
}

func TestPersianIsWrittenWithPersianLetters(t *testing.T) {
	for _, key := range Keys(FA) {
		text := catalogue[FA][key]
		if strings.TrimSpace(text) == "" {
			t.Errorf("%q is empty", key)
		}
		if strings.ContainsAny(text, "يك٠١٢٣٤٥٦٧٨٩") {
			t.Errorf("%q has Arabic letters or digits: %s", key, text)
		}
	}
}

func TestT(t *testing.T) {
	ctx := context.Background()
	en := With(ctx, EN)
	for _, c := range []struct{ got, want string }{
		{T(ctx, "time.days", "n", 1234), "۱٬۲۳۴ روز"},
		{T(en, "time.days", "n", 1234), "1,234 days"},
		{T(en, "time.days", "n", 1), "1 day"},
		{T(ctx, "time.days", "n", "3"), "3 روز"},
		{T(ctx, "no.such"), "‹no.such›"},
		{In(EN, "time.just_now"), "just now"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if Dir(ctx) != "rtl" || Dir(en) != "ltr" {
		t.Errorf("directions are %s and %s", Dir(ctx), Dir(en))
	}
}

func TestDurationsInWords(t *testing.T) {
	fa := context.Background()
	en := With(fa, EN)
	now := time.Date(2026, 11, 22, 8, 30, 0, 0, persian.Tehran)
	for _, c := range []struct{ got, want string }{
		{Duration(fa, 5*time.Hour), "۵ ساعت"},
		{Duration(en, 5*time.Hour), "5 hours"},
		{Duration(fa, 51*time.Hour), "۲ روز و ۳ ساعت"},
		{Duration(en, 25*time.Hour), "1 day and 1 hour"},
		{Duration(fa, 20*time.Second), "کمتر از یک دقیقه"},
		{Duration(fa, 80*time.Hour), "۳ روز"},
		{Remaining(fa, now.Add(5*time.Hour), now), "۵ ساعت مانده"},
		{Remaining(fa, now.Add(-50*time.Hour), now), "۲ روز از مهلت گذشته"},
		{Remaining(fa, now.Add(44*time.Hour), now), "۱ روز و ۲۰ ساعت مانده"},
		{Remaining(en, now.Add(-50*time.Hour), now), "2 days overdue"},
		{Ago(fa, now.Add(-3*time.Hour), now), "۳ ساعت پیش"},
		{Ago(fa, now.Add(-10*time.Second), now), "لحظاتی پیش"},
		{Ago(fa, now.Add(-60*day), now), ShortDate(fa, now.Add(-60*day))},
		{Ahead(fa, now.Add(3*time.Hour), now), "۳ ساعت دیگر"},
		{Ahead(en, now.Add(5*time.Minute), now), "in 5 minutes"},
		{Ahead(fa, now.Add(-time.Minute), now), "به‌زودی"},
		{Clock(fa, now), "۸:۳۰"},
		{Percent(fa, 87), "۸۷٪"},
		{Percent(en, 87), "87%"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDatesAreWrittenInTheLanguage(t *testing.T) {
	fa := context.Background()
	at := time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC) // Sunday 1 Azar 1405, 8:30 in Tehran
	if got := DateTime(fa, at); !strings.Contains(got, "آذر ۱۴۰۵") {
		t.Errorf("fa: %s", got)
	}
	if got := Date(With(fa, EN), at); !strings.Contains(got, "2026") && !strings.Contains(got, "1405") {
		t.Errorf("en: %s", got)
	}
}

func TestLoadRefusesDuplicates(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, fsys := range map[string]fstest.MapFS{
		"in one file":  {"fa/a.json": file(`{"x":"۱","x":"۲"}`)},
		"in two files": {"fa/a.json": file(`{"x":"۱"}`), "fa/b.json": file(`{"x":"۲"}`)},
		"nested":       {"fa/a.json": file(`{"x":{"y":"۲"}}`)},
		"broken":       {"fa/a.json": file(`{"x":"۱"`)},
	} {
		if _, err := load(fsys, FA); err == nil {
			t.Errorf("%s: loaded without an error", name)
		}
	}
}
