package sheet_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"

	"pasokh/app/sheet"
)

// No cell begins as a formula, whatever unseen stands before it, and only an
// apostrophe was added.
func FuzzSafe(f *testing.F) {
	for _, seed := range []string{"=1+1", "\u200e=1", "\u00ad=x", "\u2066=x", " \t=x", "\r\n=x", "-12", "+x", "＝1", "'=1", "|x", "\u3000=x", "\u200b@x", "\ufe62x", "\ufe66x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		got := sheet.Safe(cell)
		if got != cell && got != "'"+cell {
			t.Fatalf("%q became %q", cell, got)
		}
		lead := strings.TrimLeftFunc(got, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
		})
		number := strings.Trim(strings.TrimLeft(lead, "+-"), "0123456789") == ""
		if strings.ContainsAny(lead[:min(1, len(lead))], "=+-@|%") && !number || strings.HasPrefix(lead, "＝") {
			t.Fatalf("%q begins as a formula", got)
		}
		var b bytes.Buffer
		if err := sheet.WriteCSV(&b, [][]string{{cell, "x"}}); err != nil {
			t.Fatal(err)
		}
		row, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).Read()
		if err != nil || len(row) != 2 {
			t.Fatalf("%q: %q %v", cell, row, err)
		}
	})
}
