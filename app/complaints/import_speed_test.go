package complaints_test

import (
	"strconv"
	"testing"
)

// BenchmarkImport is ten thousand lines, from the upload to the last case.
func BenchmarkImport(b *testing.B) {
	w := newImporting(b)
	for i := range b.N {
		w.imported(w.lines("s"+strconv.Itoa(i)+"-", 10_000), false)
	}
}
