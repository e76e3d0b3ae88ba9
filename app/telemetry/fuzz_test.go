package telemetry_test

import (
	"strings"
	"testing"

	"pasokh/app/telemetry"
)

// Nothing of a person survives, whatever stands around it.
func FuzzScrub(f *testing.F) {
	for _, seed := range []string{"", `pq: duplicate key "x"`, "dial tcp: ", "\xff", "«", "'", "۰۹", "a@b", "x-"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, secret := range []string{"0499370899", "۰۹۱۲۳۴۵۶۷۸۹", "sara@example.ir", "محمدی"} {
			got := telemetry.Scrub(before + " " + secret + " " + after)
			if strings.Contains(got, secret) && !strings.Contains(before+after, secret) {
				t.Fatalf("%q keeps %q", got, secret)
			}
		}
	})
}
