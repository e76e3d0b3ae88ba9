package jobs

import (
	"context"
	"time"

	"pasokh/tenants"
)

// What came due while nobody handed anything over, because workers, Redis or the
// database were away, is not handed over all at once: the gateways would refuse
// it, and what people do now would wait behind it. Codes, and tasks for which a
// person waits, go at once.

const (
	// missed is how late a task is that nobody was there for.
	missed = 30 * time.Second
	// spreadOver is how long the last of a large pile waits.
	spreadOver = 30 * time.Second
	// handful of late tasks goes at once, and in every second.
	handful = 20
)

// spread hands the late ones out bit by bit.
type spread struct {
	since time.Time // what was due before is late
	from  time.Time
	rate  float64 // tasks a second
	given int
}

func isLate(row *tenants.DueTask, since time.Time) bool {
	return (row.Urgency == tenants.Usual || row.Urgency == tenants.InBulk) && row.DueAt.Before(since)
}

// spreadFor tells whether a relay that last came round then has to hand out bit by
// bit what is due; nil when it has not.
func (r *relay) spreadFor(ctx context.Context, now time.Time, due []tenants.DueTask) (*spread, error) {
	if !r.came.IsZero() && now.Sub(r.came) <= missed {
		return r.spread, nil
	}
	s := &spread{since: now.Add(-missed), from: now}
	late := 0
	for i := range due {
		if isLate(&due[i], s.since) {
			late++
		}
	}
	if late <= handful {
		return nil, nil //nolint:nilnil // nothing to spread
	}
	if late >= batch { // there are more than were read
		all, err := r.deps.Root.UnscopedOutboxState(ctx, now)
		if err != nil {
			return nil, err
		}
		late = max(late, all.Due)
	}
	s.rate = max(handful, float64(late)/spreadOver.Seconds())
	return s, nil
}

// holds tells whether the task is late and its turn has not come. When the time
// is over, all have come.
func (s *spread) holds(row *tenants.DueTask, now time.Time) bool {
	if s == nil || !isLate(row, s.since) {
		return false
	}
	passed := now.Sub(s.from)
	return passed < spreadOver && s.given >= handful+int(s.rate*passed.Seconds())
}

// gave counts one that was handed over.
func (s *spread) gave(row *tenants.DueTask) {
	if s != nil && isLate(row, s.since) {
		s.given++
	}
}
