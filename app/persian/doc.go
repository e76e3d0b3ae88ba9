// Package persian holds what is true of Persian text and Iranian numbers for everybody: digits, letters,
// Solar Hijri dates, identity and telephone numbers, tracking codes and Persian order.
//
// It is a leaf: it imports nothing of ours, keeps no state and never reads the clock. Dates and digits are
// converted here at the edge; the rest of the program stores UTC instants, Gregorian dates and ASCII digits.
package persian

// Tehran's offset changed many times before 2023, so the zone table travels inside the binary.
import _ "time/tzdata"
