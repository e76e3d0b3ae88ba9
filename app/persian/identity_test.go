package persian

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNationalID(t *testing.T) {
	for in, want := range map[string]string{
		"0499370899": "0499370899", "0790419904": "0790419904", "1583250689": "1583250689",
		"0684159414": "0684159414", "0013542419": "0013542419",
		"0010001239":             "0010001239", // go-persian-tools refuses it
		"13542419":               "0013542419",
		"499370899":              "0499370899",
		"۰۴۹۹۳۷۰۸۹۹":             "0499370899",
		"٠٤٩٩٣٧٠٨٩٩":             "0499370899",
		" 049-937089\u20139 ":    "0499370899",
		"\u200e0499370899\u200c": "0499370899",
		"":                       "",
		"1111111111":             "", "0000000000": "", "00000000": "", "1234567890": "",
		"0499370898":  "",
		"3542419":     "", // seven digits are not padded
		"04993708990": "",
		"049937089a":  "",
		"+499370899":  "",
		"0010000001":  "", // empty serial
	} {
		got, ok := NationalID(in)
		if got != want || ok != (want != "") {
			t.Errorf("NationalID(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestNationalIDCatchesOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id, ok := NationalID(rapid.StringMatching(`[0-9]{10}`).Draw(t, "id"))
		if !ok {
			t.Skip("not an identity number")
		}
		at, digit := rapid.IntRange(0, 8).Draw(t, "at"), rapid.IntRange(0, 9).Draw(t, "digit")
		other := id[:at] + string(rune('0'+digit)) + id[at+1:]
		// Remainders 1 and 10 share the check digit 1, so a change between them is the one that may pass.
		if _, ok := NationalID(other); ok && other != id && id[9] != '1' {
			t.Fatalf("%s and %s are both valid", id, other)
		}
	})
}

func TestLegalID(t *testing.T) {
	for in, want := range map[string]string{
		"10380284790": "10380284790", "14007650912": "14007650912",
		"۱۰۳۸۰۲۸۴۷۹۰": "10380284790", "1038 0284 790": "10380284790",
		"10380284792": "", "1038028479": "", "": "", "10300000005": "", "1038028479x": "",
	} {
		got, ok := LegalID(in)
		if got != want || ok != (want != "") {
			t.Errorf("LegalID(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	for last := range 10 {
		if _, ok := LegalID("1030000000" + string(rune('0'+last))); ok {
			t.Errorf("an empty serial passes with check digit %d", last)
		}
	}
}

func TestPostalCode(t *testing.T) {
	for in, want := range map[string]string{
		"1619735744": "1619735744", "۱۶۱۹۷-۳۵۷۴۴": "1619735744", "1111100000": "1111100000",
		"1619235744": "", "1019735744": "", "161973574": "", "16197357440": "", "": "",
	} {
		got, ok := PostalCode(in)
		if got != want || ok != (want != "") {
			t.Errorf("PostalCode(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzNationalID(f *testing.F) {
	for _, s := range []string{"0499370899", "۱۳۵۴۲۴۱۹", "1111111111", "", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, ok := NationalID(s)
		if !ok {
			if id != "" {
				t.Errorf("NationalID(%q) = %q without ok", s, id)
			}
			return
		}
		if len(id) != 10 || strings.Trim(id, "0123456789") != "" {
			t.Errorf("NationalID(%q) = %q", s, id)
		}
		if again, ok := NationalID(id); !ok || again != id {
			t.Errorf("NationalID(%q) = %q, %v", id, again, ok)
		}
		if shown, ok := NationalID(ToPersian(id)); !ok || shown != id {
			t.Errorf("%q is not read back from Persian digits", id)
		}
	})
}
