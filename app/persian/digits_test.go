package persian

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestToASCII(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"۰۱۲۳۴۵۶۷۸۹":               "0123456789",
		"\u0660\u0661٢٣٤٥٦٧٨٩":     "0123456789",
		"۱\u066c۲۳۴\u066b۵":        "1,234.5",
		"پلاک ۱۲، واحد 3":          "پلاک 12، واحد 3",
		"not a number: \U0001d7ce": "not a number: \U0001d7ce",
	} {
		if got := ToASCII(in); got != want {
			t.Errorf("ToASCII(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDigitsThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[ -~]*`).Draw(t, "s")
		shown := ToPersian(s)
		if strings.ContainsAny(shown, "0123456789") {
			t.Fatalf("ToPersian(%q) = %q keeps ASCII digits", s, shown)
		}
		if got := ToASCII(shown); got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestNumber(t *testing.T) {
	for in, want := range map[int64]string{
		0: "۰", 7: "۷", 999: "۹۹۹", 1234: "۱٬۲۳۴", 1234567: "۱٬۲۳۴٬۵۶۷",
		-12:           "\u200e\u2212۱۲",
		-1000:         "\u200e\u2212۱٬۰۰۰",
		math.MinInt64: "\u200e\u2212۹٬۲۲۳٬۳۷۲٬۰۳۶٬۸۵۴٬۷۷۵٬۸۰۸",
	} {
		if got := Number(in); got != want {
			t.Errorf("Number(%d) = %q, want %q", in, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		in   float64
		want string
	}{
		{0, "۰٪"}, {100, "۱۰۰٪"}, {97.2, "۹۷٫۲٪"}, {92.23, "۹۲٫۲٪"}, {66.6667, "۶۶٫۷٪"}, {99.96, "۱۰۰٪"},
		{-3.5, "\u200e\u2212۳٫۵٪"}, {-0.01, "۰٪"},
		{math.NaN(), "—"}, {math.Inf(1), "—"},
	} {
		if got := Percent(c.in); got != c.want {
			t.Errorf("Percent(%v) = %q, want %q", c.in, got, c.want)
		}
	}
}
