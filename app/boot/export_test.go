package boot

// The tests load the demonstration several times, without its past; the tests
// of the past itself write it directly.
func init() { withHistory = false }
