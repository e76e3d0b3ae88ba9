package tenants

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Clock tells the time. It is injected everywhere; only boot and tests make one.
type Clock func() time.Time

// SystemClock is the machine's clock.
func SystemClock() time.Time { return kept(time.Now()) }

// kept is an instant as both databases keep it: UTC, whole microseconds. Every
// clock is read through it, because what is hashed (the audit) or sealed must be
// what is read again.
func kept(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

// epoch of identifiers: 2025-01-01 UTC in milliseconds.
const idEpoch = 1_735_689_600_000

var lastID atomic.Int64

// NewID makes a row identifier: 41 bits of milliseconds and 22 random bits,
// rising within one process, so that the same plain schema serves both
// databases and a row's id is known before it is written. It is no secret.
func NewID() int64 {
	for {
		last := lastID.Load()
		id := max((time.Now().UnixMilli()-idEpoch)<<22|rand.Int64N(1<<22), last+1) //nolint:gosec // not a secret
		if lastID.CompareAndSwap(last, id) {
			return id
		}
	}
}

var started = time.Now()

// uptime measures how long something takes, whatever the clock says.
func uptime() time.Duration { return time.Since(started) }
